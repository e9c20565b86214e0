# SPDX-License-Identifier: Apache-2.0
"""Bringing the library up to what is in the folders.

A file whose size and time are as they were is passed over; one that changed is read again; one that vanished while
another with its content appeared has moved; what is gone stays, marked as missing. Sounds, and with them tags and
ratings, are never removed. Files are written to the library in transactions of many, and each is whole or as before,
so a scan that is stopped anywhere goes on where it was.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from synth.library import storing
from synth.library.database import Database, LibraryError, at_home
from synth.library.reading import ReadFile, read
from synth.library.walking import Seen, walk

Progress = Callable[[str, int, int], object]
"""What is being done ("looking", "reading", "analysing"), how much of it, of how much (0: not known)."""

_FILES_AT_ONCE: Final = 100  # in a transaction
_VOICES_AT_ONCE: Final = 4000
_OWN: Final = (b"", b"-wal", b"-shm", b"-journal", b"-scan", b"-scan-journal")  # the library's files
_RACE: Final = 2_000_000_000  # nanoseconds: a file so young when it was read may have changed with the same time


@dataclass(frozen=True, slots=True)
class Imported:
    """What a scan found."""

    files: int = 0  #: looked at
    unchanged: int = 0
    read: int = 0  #: files that gave voices
    moved: int = 0
    missing: int = 0  #: known files that are gone
    foreign: int = 0  #: without a DX7 voice
    unreadable: int = 0
    voices: int = 0  #: places read
    sounds: int = 0  #: that were not in the library
    absent: int = 0  #: folders of earlier scans that are not there now; their files are left as they are

    def as_dict(self) -> dict[str, int]:
        """As JSON has it."""
        return asdict(self)


def scan(
    database: Database, paths: Sequence[str | os.PathLike[str]] = (), progress: Progress | None = None
) -> Imported:
    """Read folders and files into the library; without any, those of earlier scans.

    Raises:
        LibraryError: a folder is not there; another program is scanning; the library cannot be written.
    """
    tell = progress or (lambda _what, _done, _total: None)
    with alone(database.path):
        roots = _roots(database, paths)
        there = [root for root in roots if os.path.lexists(root)]
        return replace(_Scan(database, there, tell).run(), absent=len(roots) - len(there))


def _roots(database: Database, paths: Sequence[str | os.PathLike[str]]) -> list[bytes]:
    given = [_real(path) for path in paths]
    for root in given:
        if not os.path.lexists(root):
            raise LibraryError(f"there is no {os.fsdecode(root)}; name a folder or a file that is there")
    with database.writing() as connection:
        known = [bytes(row[0]) for row in connection.execute("SELECT path FROM roots ORDER BY path")]
        new = [root for root in given if not _within(root, known)]
        connection.executemany("INSERT OR IGNORE INTO roots VALUES (?)", [(root,) for root in new])
    if not given and not known:
        raise LibraryError("no folder is known yet; name one: sixop lib scan FOLDER")
    return given or known


def _real(path: str | os.PathLike[str]) -> bytes:
    try:
        return os.fsencode(os.path.realpath(at_home(path)))
    except OSError as error:
        raise LibraryError(f"{path} cannot be found from here: the working directory is gone; go to another") from error


def _within(path: bytes, roots: Sequence[bytes]) -> bool:
    """True if a scan of some folders comes by a path, which hidden folders on the way prevent."""
    separator = os.sep.encode()
    folders = [root.rstrip(separator) + separator for root in roots]
    return any(path.startswith(top) and separator + b"." not in path[len(top) - 1 :] for top in folders)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Within: no other program scans or listens for this library. A program that dies lets go by itself."""
    with closing(sqlite3.connect(f"{path}-scan", timeout=0, isolation_level=None)) as guard:
        try:
            guard.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise LibraryError(f"{path}-scan cannot be written: {error}") from error
            raise LibraryError(
                "another program is scanning into this library or listening to it; wait until it has ended"
            ) from error
        yield


class _Scan:
    """One run over the folders."""

    def __init__(self, database: Database, roots: list[bytes], tell: Progress) -> None:
        self._database = database
        self._roots = roots
        self._tell = tell
        self._counts: dict[str, int] = dict.fromkeys(Imported.__slots__, 0)

    def run(self) -> Imported:
        seen = self._look()
        with self._database.reading() as connection:
            known = storing.known_files(connection)
        fresh = [one for one in seen if not self._unchanged(one, known.get(one.path))]
        gone = self._gone(seen, known)
        self._counts["files"] = len(seen)
        self._counts["unchanged"] += len(seen) - len(fresh)
        with self._database.writing() as connection:
            storing.return_missing(connection, [one.path for one in seen])
        self._read(fresh, gone)
        with self._database.writing() as connection:
            self._counts["missing"] = storing.mark_missing(connection, list(gone))
        return Imported(**self._counts)

    def _look(self) -> list[Seen]:
        seen: list[Seen] = []
        library = os.fsencode(self._database.path.resolve())
        own = {library + suffix for suffix in _OWN}
        for one in walk(self._roots):
            if one.path not in own:
                seen.append(one)
            if len(seen) % 256 == 0:
                self._tell("looking", len(seen), 0)
        return seen

    @staticmethod
    def _unchanged(one: Seen, known: storing.Known | None) -> bool:
        """True if size and time are as they were, and the time was old enough then to tell."""
        return (
            known is not None
            and not one.reason
            and (known.size, known.mtime) == (one.size, one.mtime)
            and known.scanned - one.mtime > _RACE
        )

    def _gone(self, seen: Iterable[Seen], known: dict[bytes, storing.Known]) -> dict[bytes, storing.Known]:
        """Known files below the roots that were not met; those in folders that cannot be looked into may be there."""
        seen = list(seen)
        here = {one.path for one in seen}
        closed = tuple(one.path + os.sep.encode() for one in seen if one.folder)
        below = tuple(root.rstrip(os.sep.encode()) + os.sep.encode() for root in self._roots)
        return {
            path: file
            for path, file in known.items()
            if path not in here
            and (path.startswith(below) or path in self._roots)
            and not path.startswith(closed)
            and not os.path.lexists(path)
        }

    def _read(self, fresh: Sequence[Seen], gone: dict[bytes, storing.Known]) -> None:
        lost: dict[bytes | None, bytes] = {file.hash: path for path, file in gone.items() if file.hash}
        batch: list[ReadFile] = []
        voices = 0
        for number, one in enumerate(fresh, 1):
            found = read(one)
            batch.append(found)
            voices += sum(len(bank.places) for bank in found.banks)
            if len(batch) >= _FILES_AT_ONCE or voices >= _VOICES_AT_ONCE or number == len(fresh):
                self._store(batch, lost, gone)
                batch, voices = [], 0
                self._tell("reading", number, len(fresh))

    def _store(self, batch: list[ReadFile], lost: dict[bytes | None, bytes], gone: dict[bytes, storing.Known]) -> None:
        with self._database.writing() as connection:
            for found in batch:
                path = lost.pop(found.hash, None) if found.hash else None
                if path is not None and storing.move(connection, path, found, time.time_ns()):
                    gone.pop(path)
                    self._counts["moved"] += 1
            counts: dict[str, Any] = storing.store(connection, batch, time.time_ns())
        for name, count in counts.items():
            self._counts[name] += count
