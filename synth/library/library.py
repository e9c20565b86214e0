# SPDX-License-Identifier: Apache-2.0
"""Everything somebody owns: searched, sorted, marked.

with Library.open() as library:
    library.scan(["~/dx7"])
    for sound in library.find("warm pad category:strings sort:-rating", limit=20).sounds:
        print(sound.id, sound.name, sound.where)
    patch = library.patch(1)

Answers are plain frozen values. One library may be used by several threads, and its file by several programs at once.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from synth.library import content, importing, rows, search, storing
from synth.library.database import Database, LibraryError, at_home, default_path
from synth.library.editing import Editing
from synth.library.listening import Listening
from synth.library.query import Query, parse
from synth.library.records import File, Found, Shelf, Slot, Sound, Stats
from synth.library.text import folded, readable
from synth.library.words import WordTable

if TYPE_CHECKING:
    from synth.patch import Patch

_DIGITS: Final = 19  # of the largest number a sound may have
_COUNTS: Final = {
    "sounds": "SELECT count(*) FROM sounds",
    "slots": "SELECT count(*) FROM slots",
    "banks": "SELECT count(*) FROM banks",
    "files": "SELECT count(*) FROM files WHERE hash IS NOT NULL AND NOT missing",
    "missing": "SELECT count(*) FROM files WHERE missing",
    "foreign": "SELECT count(*) FROM files WHERE status = 'foreign'",
    "unreadable": "SELECT count(*) FROM files WHERE status = 'unreadable'",
    "repaired": "SELECT count(*) FROM files WHERE status = 'repaired' AND NOT missing",
    "analysed": "SELECT count(*) FROM analyses",
    "favourites": "SELECT count(*) FROM sounds WHERE mark = 1",
    "hidden": "SELECT count(*) FROM sounds WHERE mark = -1",
    "tags": "SELECT count(DISTINCT tag) FROM sound_tags",
    "lists": "SELECT count(*) FROM lists",
}


class Library(Editing, Listening):
    """A library; `open` it. What changes something is in `Editing`, what goes by ear in `Listening`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._words = WordTable(database)

    @classmethod
    def open(cls, path: str | os.PathLike[str] | None = None) -> Self:
        """The library in a file, made if it is not there; without a path, SIXOP_LIBRARY or the person's own.

        Raises:
            LibraryError: the file is of a newer sixop, of another program, damaged, or cannot be written.
        """
        return cls(Database(default_path() if path is None else at_home(path)))

    @property
    def path(self) -> Path:
        """Its file."""
        return self._database.path

    @property
    def stamp(self) -> int:
        """A number that changes whenever anybody changes the library."""
        return self._database.stamp

    # -- reading folders ---------------------------------------------------------

    def scan(
        self, paths: Sequence[str | os.PathLike[str]] = (), progress: importing.Progress | None = None
    ) -> importing.Imported:
        """Read folders and files, in this process; without any, those of earlier scans. `Job.scan` does it elsewhere.

        progress: called with what is done ("looking", "reading"), how many files of how many.

        Raises:
            LibraryError: a folder is not there, another program is scanning, or the library cannot be written.
        """
        return importing.scan(self._database, paths, progress)

    def forget(self) -> tuple[int, int]:
        """Remove files that are gone, and sounds that no file holds and nobody ever touched; how many of each."""
        with self._database.writing() as connection:
            return storing.forget_missing(connection)

    def files(self, status: Iterable[str] = ("read", "repaired"), missing: bool | None = None) -> list[File]:
        """Files of some states: "read", "repaired", "foreign", "unreadable"; with `missing` those gone or there."""
        with self._database.reading() as connection:
            return rows.files(connection, tuple(status), missing)

    # -- finding -----------------------------------------------------------------

    def find(self, query: str | Query = "", limit: int | None = 100, offset: int = 0) -> Found:
        """The sounds that fit a query (see `synth.library.query`), some of them from an offset on.

        Hidden sounds are left out unless the query asks for them. What cannot be understood in a query is left out;
        `parse(query).mistakes` tells.
        """
        with self._database.snapshot() as connection:
            made = self._statement(query)
            if made.words:  # they take longest, and are gone through once
                ids = _ids(connection, made)
                total, ids = len(ids), ids[offset : None if limit is None else offset + limit]
            else:
                counted = connection.execute(f"SELECT count(*) FROM sounds s WHERE {made.where}", made.values)
                total = counted.fetchone()[0]
                ids = _ids(connection, made, f" LIMIT {rows.most(limit):d} OFFSET {rows.most(offset):d}")
            return Found(total, tuple(rows.sounds(connection, ids)), tuple(made.corrected))

    def ids(self, query: str | Query = "", *, as_typed: bool = False) -> list[int]:
        """The numbers of all sounds that fit, in order: what arrow keys walk along.

        as_typed: no typing error is forgiven. Edits of all that fits want that.

        Raises:
            LibraryError: `as_typed`, and a word is nowhere.
        """
        with self._database.snapshot() as connection:
            made = self._statement(query)
            if as_typed and made.corrected:
                word = made.corrected[0]
                raise LibraryError(f"nothing holds {word!r}; did you mean {self._words.nearest(folded(word))!r}?")
            return _ids(connection, made)

    def _statement(self, query: str | Query) -> search.Statement:
        understood = parse(query) if isinstance(query, str) else query
        with self._database.reading() as connection:
            return search.statement(understood, connection, self._words.similar)

    def sounds(self, ids: Sequence[int]) -> list[Sound]:
        """Sounds by their numbers, in that order; what is no sound's number is left out."""
        with self._database.snapshot() as connection:
            return rows.sounds(connection, ids)

    def get(self, sound: int) -> Sound:
        """One sound.

        Raises:
            LibraryError: there is none of that number.
        """
        found = self.sounds([sound]) if -(2**63) <= sound < 2**63 else []
        if not found:
            raise LibraryError(f"the library has no sound {sound}; `sixop lib find` lists their numbers")
        return found[0]

    def resolve(self, wanted: str) -> Sound:
        """The sound that people mean by a number or by a name.

        Raises:
            LibraryError: there is none, or several could be meant.
        """
        wanted = readable(wanted).strip()
        number = wanted.removeprefix("#")
        if number.isdecimal() and len(number) <= _DIGITS:
            return self.get(int(number))
        like = re.sub(r"([\\%_])", r"\\\1", wanted)
        with self._database.reading() as connection:
            found = [
                row[0]
                for row in connection.execute(
                    "SELECT id FROM sounds WHERE name LIKE ? ESCAPE '\\' ORDER BY id LIMIT 6", (like,)
                )
            ]
        if len(found) == 1:
            return self.get(found[0])
        if found:
            shown = ", ".join(f"#{one}" for one in found[:5])
            raise LibraryError(f"{len(found)} sounds or more are called {wanted!r} ({shown}); give a number")
        raise LibraryError(f"no sound is called {wanted!r}; `sixop lib find {wanted}` looks for parts of names")

    def patch(self, sound: int, name: str | None = None) -> Patch:
        """The voice of a sound, to play, edit or save."""
        return self.patches([sound], None if name is None else [name])[0]

    def patches(self, sounds: Sequence[int], names: Sequence[str] | None = None) -> list[Patch]:
        """The voices of sounds, in their order, with their own names or others.

        Raises:
            LibraryError: one is no sound's number.
        """
        with self._database.snapshot() as connection:
            found: dict[int, tuple[str, bytes]] = {}
            for number in dict.fromkeys(sounds):
                row = connection.execute(
                    "SELECT name, content FROM sounds JOIN voices ON sound = id WHERE id = ?", (number,)
                ).fetchone()
                if row is None:
                    raise LibraryError(f"the library has no sound {number}; `sixop lib find` lists their numbers")
                found[number] = (row[0], bytes(row[1]))
        called = names or [found[number][0] for number in sounds]
        return [content.patch_of(found[number][1], name) for number, name in zip(sounds, called, strict=True)]

    # -- places ------------------------------------------------------------------

    def slots(self, sound: int) -> list[Slot]:
        """Every place where a sound is found, with its name there."""
        with self._database.reading() as connection:
            return rows.slots(connection, "p.sound = ?", (sound,))

    def bank(self, path: str, number: int = 1) -> list[Slot]:
        """The places of a bank of a file, in their order."""
        with self._database.reading() as connection:
            return rows.slots(connection, "f.shown = ? AND b.number = ?", (path, number))

    def banks(self, folder: str = "") -> list[Shelf]:
        """The banks of all files, or of those whose path begins so, by path: what a tree of folders shows."""
        with self._database.reading() as connection:
            return rows.shelves(connection, readable(folder))

    def duplicates(self, limit: int | None = None) -> list[tuple[Sound, list[Slot]]]:
        """Sounds found in several places, those with most first."""
        with self._database.snapshot() as connection:
            found = connection.execute(
                "SELECT sound FROM slots GROUP BY sound HAVING count(*) > 1 ORDER BY count(*) DESC, sound LIMIT ?",
                (rows.most(limit),),
            )
            ids = [row[0] for row in found]
            return [
                (sound, rows.slots(connection, "p.sound = ?", (sound.id,))) for sound in rows.sounds(connection, ids)
            ]

    def stats(self) -> Stats:
        """What the library holds."""
        with self._database.snapshot() as connection:
            counts = {name: connection.execute(query).fetchone()[0] for name, query in _COUNTS.items()}
            categories = connection.execute("SELECT category, count(*) FROM sounds GROUP BY category ORDER BY 2 DESC")
            return Stats(str(self.path), **counts, categories={row[0] or "none": row[1] for row in categories})

    # -- the end -----------------------------------------------------------------

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _ids(connection: sqlite3.Connection, made: search.Statement, some: str = "") -> list[int]:
    """The numbers of the sounds that a statement finds, in order."""
    found = connection.execute(f"SELECT s.id FROM sounds s WHERE {made.where} ORDER BY {made.order}{some}", made.values)
    return [row[0] for row in found]
