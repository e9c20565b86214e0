# SPDX-License-Identifier: Apache-2.0
"""A library's file: opened, brought up to date, written in transactions that are whole or nothing.

The journal is written ahead (WAL), so that one program may scan while another searches, and a program that dies at
any point leaves what it had committed. An edit may wait long for another program; what is read has a connection and a
lock of its own, so that nobody who reads waits with it. What SQLite refuses becomes one sentence.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from synth.directories import directory
from synth.errors import SixopError
from synth.library import schema
from synth.library.text import folded

PATIENCE: Final = 10.0  # seconds to wait for another program that is writing
_OLDEST: Final = (3, 34, 0)  # of SQLite: the first with trigrams
_FULL: Final = "the disk is full; make room, nothing of the library is lost"


class LibraryError(SixopError, ValueError):
    """Something a library cannot do, with the reason and the remedy."""


def default_path() -> Path:
    """SIXOP_LIBRARY, or `library.db` among the person's data."""
    named = os.environ.get("SIXOP_LIBRARY")
    return at_home(named) if named else directory("library") / "library.db"


def at_home(path: str | os.PathLike[str]) -> Path:
    """A path with ``~`` as the person's folder, and ``~NAME`` as another's.

    Raises:
        LibraryError: there is nobody of that name.
    """
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise LibraryError(f"nobody's folder is {Path(path).parts[0]!r}; write {str(path)!r} without ~") from error


class Database:
    """Two connections, one to read and one to write, which threads share: each is for one thread at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._lock = threading.RLock()  # of the connection to read
        self._write_lock = threading.RLock()
        self._writer: int | None = None  # the thread that is within `writing`
        if sqlite3.sqlite_version_info < _OLDEST:
            raise LibraryError(f"SQLite {sqlite3.sqlite_version} is too old for a library; it needs 3.34 or newer")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(
                f"no library can be made at {path}: {error.strerror}; --db names another file"
            ) from error
        with self._translated():
            self._written = self._connected()
            self._read = self._connected()
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, PATIENCE, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        connection.create_function("folded", 1, folded, deterministic=True)  # triggers need it
        return connection

    def _prepare(self) -> None:
        with self._translated():
            self._refuse_others()
            self._file = self._file_there()
            self._written.execute("PRAGMA journal_mode = WAL")
            self._written.execute("PRAGMA synchronous = NORMAL")
            self._written.execute("PRAGMA foreign_keys = ON")
            for connection in (self._written, self._read):
                connection.execute("PRAGMA cache_size = -65536")  # kB
                connection.execute("PRAGMA temp_store = MEMORY")
            self._read.execute("PRAGMA query_only = ON")
        if schema.version(self._written) < schema.VERSION:
            with self.writing() as connection:  # another program may have been quicker
                self._refuse_others()
                schema.migrate(connection)

    def _file_there(self) -> tuple[int, int] | None:
        """What tells the file at the path from any other; None if there is none."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _refuse_others(self) -> None:
        if schema.is_foreign(self._written):
            raise LibraryError(f"{self.path} belongs to another program; --db names another file")
        found = schema.version(self._written)
        if found > schema.VERSION:
            raise LibraryError(
                f"{self.path} was written by a newer sixop (version {found} of the library, this one knows"
                f" {schema.VERSION}); update sixop or name another file with --db"
            )

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Within: a connection for this thread alone. Within `writing` of the same thread it is that one."""
        if self._writer == threading.get_ident():
            yield self._written
            return
        with self._lock, self._translated():
            yield self._read

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """As `reading`, and all that is read is of one moment, whatever others write meanwhile."""
        with self.reading() as connection:
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Within: a transaction, kept at the end and forgotten if anything fails.

        Raises:
            LibraryError: the file is no longer the one that was opened, so nobody would ever see what is written.
        """
        with self._write_lock, self._translated():
            self._written.execute("BEGIN IMMEDIATE")
            self._writer = threading.get_ident()
            try:
                if self._file_there() != self._file:
                    raise LibraryError(f"{self.path} was removed or replaced; start again to use what is there now")
                yield self._written
                self._written.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # a full disk has rolled back already
                    self._written.execute("ROLLBACK")
                raise
            finally:
                self._writer = None

    @property
    def stamp(self) -> int:
        """Changes whenever anybody writes, this program or another."""
        with self._lock, self._translated():
            return int(self._read.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Let go of the file. A second time does nothing."""
        with self._lock, suppress(sqlite3.Error):
            self._read.close()
        with self._write_lock, suppress(sqlite3.Error):
            self._written.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise LibraryError(self._sentence(error)) from error
        except OverflowError as error:
            raise LibraryError(
                "the library knows no number as large as that; `sixop lib find` lists its own"
            ) from error

    def _sentence(self, error: sqlite3.Error) -> str:
        text = str(error)
        if "full" in text:
            return f"{self.path} cannot be written: {_FULL}"
        if "locked" in text or "busy" in text:
            return f"{self.path} is being written by another program; try again when that has ended"
        if "not a database" in text or "malformed" in text:
            return f"{self.path} is no library or is damaged ({text}); move it away or name another file with --db"
        if "readonly" in text or "read-only" in text:
            return f"{self.path} may not be written; change its permissions or name another file with --db"
        if "I/O" in text:
            return f"{self.path} cannot be read or written ({text}); the disk may be full or failing"
        if "unable to open" in text:
            return f"{self.path} cannot be opened; check the path and its permissions, or name another file with --db"
        return f"{self.path}: {text}"
