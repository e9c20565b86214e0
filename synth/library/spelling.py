# SPDX-License-Identifier: Apache-2.0
"""Finding words in names that are not quite there: letters missing, wrong, too many or exchanged.

For all names at once, in NumPy: the least number of mistakes with which the word lies anywhere inside a name
(Sellers' algorithm, with neighbours exchanged as one mistake). 31 000 names of ten letters take a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synth.packing import Bytes

WIDTH: Final = 24  # letters of a name that count
_LONGEST: Final = 16  # letters of a word that count


def table(names: Sequence[str]) -> Bytes:
    """Names in small letters as uint8 (n, WIDTH), padded with zeros."""
    rows = b"".join(name.lower().encode("ascii", "replace")[:WIDTH].ljust(WIDTH, b"\0") for name in names)
    return np.frombuffer(rows, np.uint8).reshape(len(names), WIDTH)


def allowed(word: str) -> int:
    """How many mistakes a word may have: none below 3 letters, one up to 6, then two."""
    return 0 if len(word) < 3 else 1 if len(word) < 7 else 2


def mistakes(word: str, names: Bytes) -> NDArray[np.int8]:
    """For each name of a `table` with how many mistakes the word is in it."""
    letters = word.lower().encode("ascii", "replace")[:_LONGEST]
    count, width = names.shape
    columns = np.ascontiguousarray(names.T)
    older = np.zeros((width + 1, count), np.int8)
    row = np.zeros((width + 1, count), np.int8)  # the word may begin anywhere
    for place, letter in enumerate(letters):
        fresh = np.empty_like(row)
        fresh[0] = place + 1
        other = (columns != letter).view(np.int8)
        np.minimum(row[:-1] + other, row[1:] + 1, out=fresh[1:])
        if place:
            swapped = (columns[1:] == letters[place - 1]) & (columns[:-1] == letter)
            np.minimum(fresh[2:], np.where(swapped, older[:-2] + 1, fresh[2:]), out=fresh[2:])
        for column in range(1, width + 1):  # a letter of the name that the word lacks
            np.minimum(fresh[column], fresh[column - 1] + 1, out=fresh[column])
        older, row = row, fresh
    result: NDArray[np.int8] = row.min(axis=0)
    return result
