# SPDX-License-Identifier: Apache-2.0
"""The map of a library in characters: every sound a dot, in the colour of its category, and ways from dot to dot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from synth.diagrams.braille import DOT, DOTS_HIGH, DOTS_WIDE
from synth.library.categories import CATEGORIES

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIDEWAYS: Final = 2.0  # a step aside counts so much of a step ahead
_CLOSEST, _FARTHEST = 1.0, 64.0
COLOURS: Final = (
    "#c0bfbc", "#f66151", "#ffa348", "#f9f06b", "#8ff0a4", "#99c1f1", "#dc8add", "#cdab8f",
    "#e01b24", "#ff7800", "#f6d32d", "#33d17a", "#3584e4", "#9141ac", "#986a44", "#62a0ea",
    "#57e389", "#f8e45c", "#ffbe6f", "#c061cb", "#b5835a", "#5bc8af", "#ed333b", "#a0a0ff",
)  # fmt: skip
"""Of the categories in their order; the first is that of sounds without one."""


def colour_of(category: str) -> str:
    """The colour of a category."""
    known = list(CATEGORIES)
    return COLOURS[1 + known.index(category) % (len(COLOURS) - 1)] if category in known else COLOURS[0]


class Chart:
    """Places of sounds, and the part of them in view.

    ids: (n,). places: (n, 2) of -1..1, the second upwards. kinds: (n,) places of colours.
    """

    def __init__(
        self, ids: NDArray[np.int64], places: NDArray[np.float32], kinds: NDArray[np.int16], here: int | None
    ) -> None:
        self.ids = ids
        self.kinds = kinds
        self._places = places
        self._zoom = _CLOSEST
        self._middle = np.zeros(2, np.float32)
        found = np.flatnonzero(ids == here) if here is not None else np.empty(0, int)
        self.here: int = int(found[0]) if len(found) else 0  #: the sound under the cursor, by its place in `ids`

    def step(self, across: int, up: int) -> bool:
        """To the nearest sound in a direction; False if there is none."""
        aside, ahead = (self._places - self._places[self.here]).T
        if across:
            ahead, aside = aside * across, ahead
        else:
            ahead = ahead * up
        possible = (ahead > 0) & (np.abs(aside) <= ahead)
        if not possible.any():
            possible = ahead > 0
        if not possible.any():
            return False
        distance = np.where(possible, np.square(ahead) + np.square(_SIDEWAYS * aside), np.inf)
        self.here = int(distance.argmin())
        return True

    def zoom(self, factor: float) -> None:
        """Nearer or farther, around the cursor."""
        self._zoom = min(_FARTHEST, max(_CLOSEST, self._zoom * factor))

    def dots(self, width: int, height: int) -> NDArray[np.int64]:
        """Column and row (n, 2) of every sound, in dots of a picture so many dots wide and high; some lie outside."""
        here, room = self._places[self.here], 1.0 - 1.0 / self._zoom
        half = 1.0 / self._zoom
        ahead = np.abs(here - self._middle) > 0.7 * half  # the cursor nears the edge: the view follows
        self._middle = np.clip(np.where(ahead, here, self._middle), -room, room).astype(np.float32)
        shown = (self._places - self._middle) / half * (1, -1)
        return np.rint((shown + 1) / 2 * (width - 1, height - 1)).astype(np.int64)

    def at(self, column: int, row: int, width: int, height: int) -> int:
        """The sound nearest to a dot of the picture, by its place in `ids`."""
        return int(np.square(self.dots(width, height) - (column, row)).sum(axis=1).argmin())

    def picture(self, width: int, height: int) -> tuple[NDArray[np.uint8], NDArray[np.int16], tuple[int, int]]:
        """Braille patterns and colours (height, width) of so many characters, and the cursor's column and row."""
        dots = self.dots(width * DOTS_WIDE, height * DOTS_HIGH)
        inside = ((dots >= 0) & (dots < (width * DOTS_WIDE, height * DOTS_HIGH))).all(axis=1)
        x, y = dots[inside].T
        cell = y // DOTS_HIGH * width + x // DOTS_WIDE
        patterns = np.zeros(width * height, np.uint8)
        np.bitwise_or.at(patterns, cell, np.array(DOT, np.uint8)[x % DOTS_WIDE, y % DOTS_HIGH])
        votes = np.zeros((width * height, len(COLOURS)), np.int32)
        np.add.at(votes, (cell, self.kinds[inside]), 1)
        column, row = dots[self.here] // (DOTS_WIDE, DOTS_HIGH)
        colours = votes.argmax(axis=1).astype(np.int16)
        return patterns.reshape(height, width), colours.reshape(height, width), (int(column), int(row))
