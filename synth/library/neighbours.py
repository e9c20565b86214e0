# SPDX-License-Identifier: Apache-2.0
"""Sounds that are near another to the ear, and all of them on a map.

The vectors of `features` in one matrix: the nearest are a product and a sort (31 000 sounds: about 2 ms), the map is
its two main axes. That is exact and needs no index, so no library for neighbours is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from synth.library import analysis, features
from synth.library.database import Database, LibraryError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


class Neighbours:
    """The vectors of a library, read once and kept as long as no more sounds are analysed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._count = -1
        self._ids: NDArray[np.int64] = np.empty(0, np.int64)
        self._vectors: Floats = np.empty((0, features.VECTOR), np.float32)
        self._squares: Floats = np.empty(0, np.float32)
        self._map: Floats | None = None

    def nearest(self, sound: int, count: int) -> list[tuple[int, float]]:
        """The sounds most like another, and how far each is; about 1 is hardly to be told, 5 is another instrument.

        Raises:
            LibraryError: that sound has not been analysed.
        """
        self._refresh()
        row = int(np.searchsorted(self._ids, sound))
        if row >= len(self._ids) or self._ids[row] != sound:
            raise LibraryError(f"sound {sound} has not been listened to yet; `sixop lib analyse` does")
        products = np.einsum("nv,v->n", self._vectors, self._vectors[row])  # on this thread, which waits for no other
        squares = self._squares - 2 * products + self._squares[row]
        squares[row] = np.inf
        some = min(count, len(squares) - 1)
        if some <= 0:
            return []
        found = np.argpartition(squares, some - 1)[:some]
        found = found[np.lexsort((self._ids[found], squares[found]))]
        return [(int(self._ids[one]), float(np.sqrt(max(squares[one], 0)))) for one in found]

    def places(self) -> tuple[NDArray[np.int64], Floats]:
        """All analysed sounds, and where they are on the map, (n, 2), -1..1: neighbours sound alike.

        The axes are the two along which the sounds differ most, so that the map of a library is always the same.
        """
        self._refresh()
        if self._map is None:
            self._map = _principal(self._vectors)
        return self._ids, self._map

    def _refresh(self) -> None:
        with self._database.snapshot() as connection:
            count = connection.execute("SELECT count(*), coalesce(sum(sound), 0) FROM analyses").fetchone()
            count = count[0] * 2**40 + count[1]
            if count == self._count:
                return
            rows = connection.execute(
                "SELECT sound, vector FROM analyses WHERE version = ? ORDER BY sound", (features.VERSION,)
            ).fetchall()
        self._ids = np.array([row[0] for row in rows], np.int64)
        self._vectors = analysis.unpacked([row[1] for row in rows])
        self._squares = np.einsum("nv,nv->n", self._vectors, self._vectors)
        self._count, self._map = count, None


def _principal(vectors: Floats) -> Floats:
    """The first two principal components, scaled so that nearly all are within -1..1; each points where most is."""
    if len(vectors) < 2:
        return np.zeros((len(vectors), 2), np.float32)
    centred = vectors - vectors.mean(axis=0)
    _, axes = np.linalg.eigh(np.cov(centred.T.astype(np.float64)))
    main = axes[:, :-3:-1]
    main = main * np.sign(main[np.abs(main).argmax(axis=0), [0, 1]])
    places = centred @ main.astype(np.float32)
    return np.asarray(np.clip(places / np.maximum(np.percentile(np.abs(places), 99, axis=0), 1e-6), -1, 1), np.float32)
