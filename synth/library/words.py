# SPDX-License-Identifier: Apache-2.0
"""Names, tags and titles of banks as a table to find mistyped words in, kept as long as nothing changes."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Final

from synth.library import spelling
from synth.library.categories import CATEGORIES
from synth.library.database import Database
from synth.library.text import folded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from synth.packing import Bytes


_OF_TITLES: Final = 5  # letters from which on a mistyped word may be a title's, which brings a whole bank
_WORD: Final = re.compile(r"\w+")


class WordTable:
    """Answers which sounds have a word that is nearly another."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stamp = -1
        self._texts: list[str] = []
        self._letters: Bytes | None = None
        self._owners: NDArray[np.int64] | None = None  #: numbers of sounds; those of banks below zero

    def similar(self, word: str) -> list[int]:
        """The sounds whose names, tags or banks hold the `folded` word with fewest mistakes, if that is few enough."""
        _, owners = self._table()
        near = {int(owners[place]) for place in self._places(word)}
        banks = [-owner for owner in near if owner < 0]
        found = {owner for owner in near if owner > 0}
        with self._database.reading() as connection:
            for bank in banks:
                found |= {row[0] for row in connection.execute("SELECT sound FROM slots WHERE bank = ?", (bank,))}
        return sorted(found)

    def nearest(self, word: str) -> str:
        """The word that a mistyped one comes nearest to: a category, or one of those that `similar` goes by."""
        words: set[str] = {*CATEGORIES} | {
            found.lower() for place in self._places(word) for found in _WORD.findall(self._texts[place])
        }
        return difflib.get_close_matches(word.lower(), sorted(words), 1, 0)[0]

    def _places(self, word: str) -> list[int]:
        """Where in the table the word is with fewest mistakes, if that is few enough."""
        most = spelling.allowed(word)
        letters, owners = self._table()
        if not most or not len(owners):
            return []
        counts = spelling.mistakes(word, letters)
        if len(word) < _OF_TITLES:
            counts[owners < 0] = most + 1
        least = int(counts.min())
        return [] if least > most else [int(place) for place in (counts == least).nonzero()[0]]

    def _table(self) -> tuple[Bytes, NDArray[np.int64]]:
        import numpy as np

        stamp = self._database.stamp
        if self._letters is None or self._owners is None or stamp != self._stamp:
            with self._database.reading() as connection:
                found = connection.execute(
                    "SELECT DISTINCT sound, name FROM slots UNION SELECT sound, tag FROM sound_tags"
                    " UNION ALL SELECT -id, title FROM banks"
                ).fetchall()
            self._texts = [folded(row[1]) for row in found]
            self._letters = spelling.table(self._texts)
            self._owners = np.array([row[0] for row in found], np.int64)
            self._stamp = stamp
        return self._letters, self._owners
