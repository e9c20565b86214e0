# SPDX-License-Identifier: Apache-2.0
"""The names and tags of a library as a table to find mistyped words in, kept as long as nothing changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synth.library import spelling
from synth.library.database import Database

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from synth.packing import Bytes


class WordTable:
    """Answers which sounds have a word that is nearly another."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stamp = -1
        self._names: Bytes | None = None
        self._owners: NDArray[np.int64] | None = None

    def similar(self, word: str) -> list[int]:
        """The sounds whose names or tags hold the word with fewest mistakes, if that is few enough."""
        import numpy as np

        most = spelling.allowed(word)
        if not most:
            return []
        names, owners = self._table()
        if not len(owners):
            return []
        counts = spelling.mistakes(word, names)
        least = int(counts.min())
        return [] if least > most else [int(owner) for owner in np.unique(owners[counts == least])]

    def _table(self) -> tuple[Bytes, NDArray[np.int64]]:
        import numpy as np

        stamp = self._database.stamp
        if self._names is None or self._owners is None or stamp != self._stamp:
            with self._database.reading() as connection:
                found = connection.execute(
                    "SELECT DISTINCT sound, name FROM slots UNION SELECT sound, tag FROM sound_tags"
                ).fetchall()
            self._names = spelling.table([row[1] for row in found])
            self._owners = np.array([row[0] for row in found], np.int64)
            self._stamp = stamp
        return self._names, self._owners
