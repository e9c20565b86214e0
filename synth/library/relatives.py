# SPDX-License-Identifier: Apache-2.0
"""Sounds of a library that are near another by their parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from synth.library import content, kinship
from synth.library.database import Database, LibraryError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synth.packing import Bytes


@dataclass(frozen=True, slots=True)
class _Group:
    """The voices of one algorithm."""

    algorithm: int  #: 0..31
    ids: NDArray[np.int64]
    operators: NDArray[np.float32]  #: (width, 6, n)
    norms: NDArray[np.float32]  #: (n,)
    common: NDArray[np.float32]  #: (c, n)


class Relatives:
    """The parameters of a library as `kinship` compares them, read once and kept as long as no sound is added."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stamp = (-1, -1)
        self._groups: list[_Group] = []
        self._where: dict[int, tuple[int, int]] = {}

    def nearest(self, sound: int, count: int) -> list[tuple[int, float]]:
        """The sounds nearest to another, and how far each is; 0 is the same but for the order of its operators.

        Raises:
            LibraryError: there is no such sound.
        """
        self._refresh()
        if sound not in self._where:
            raise LibraryError(f"the library has no sound {sound}; `sixop lib find` lists their numbers")
        number, row = self._where[sound]
        own = self._groups[number]
        operators, common = own.operators[:, :, row].T, own.common[:, row, None]
        near, ids, bound = np.empty(0, np.float32), np.empty(0, np.int64), np.inf
        # Wirings that differ least come first; once they differ by more than the farthest wanted, no nearer can follow.
        for least, group in sorted(
            ((kinship.least(own.algorithm, group.algorithm), group) for group in self._groups), key=lambda pair: pair[0]
        ):
            if least > bound:
                break
            squares = kinship.distances(operators, group.operators, group.norms, own.algorithm, group.algorithm)
            squares += np.square(group.common - common).sum(axis=0)
            nearer = np.flatnonzero((squares <= bound) & (group.ids != sound))
            near, ids = np.concatenate([near, squares[nearer]]), np.concatenate([ids, group.ids[nearer]])
            best = np.lexsort((ids, near))[:count]
            near, ids = near[best], ids[best]
            bound = near[-1] if len(near) == count > 0 else np.inf
        return [
            (number, float(np.sqrt(max(square, 0)))) for number, square in zip(ids.tolist(), near.tolist(), strict=True)
        ]

    def _refresh(self) -> None:
        with self._database.snapshot() as connection:
            row = connection.execute("SELECT count(*), coalesce(max(sound), 0) FROM voices").fetchone()
            stamp = (row[0], row[1])
            if stamp == self._stamp:
                return
            rows = connection.execute("SELECT sound, content FROM voices ORDER BY sound").fetchall()
        voices = content.as_rows([bytes(row[1]) for row in rows])
        ids = np.array([row[0] for row in rows], np.int64)
        self._groups = [
            _group(int(algorithm), ids[some], voices[some])
            for algorithm in np.unique(voices[:, content.ALGORITHM])
            for some in [voices[:, content.ALGORITHM] == algorithm]
        ]
        self._where = {
            int(sound): (number, row)
            for number, group in enumerate(self._groups)
            for row, sound in enumerate(group.ids)
        }
        self._stamp = stamp


def _group(algorithm: int, ids: NDArray[np.int64], voices: Bytes) -> _Group:
    operators = np.ascontiguousarray(kinship.operators(voices).transpose(2, 1, 0))
    norms = np.einsum("wjn,wjn->n", operators, operators)
    return _Group(algorithm, ids, operators, norms, np.ascontiguousarray(kinship.common(voices).T))
