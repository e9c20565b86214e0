# SPDX-License-Identifier: Apache-2.0
"""Curves in braille: every character is two dots wide and four high."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

DOTS_WIDE: Final = 2
DOTS_HIGH: Final = 4
BLANK: Final = 0x2800
DOT: Final = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""What each dot adds to the blank: by column, then row from the top."""


def curve(values: Sequence[float], width: int, height: int) -> list[str]:
    """A line through `values` (0 at the bottom to 1 at the top), as `height` strings of `width` characters.

    There is a value for each dot from left to right, 2 * width of them; fewer leave the right side empty.
    """
    cells = [[0] * width for _ in range(height)]
    top = DOTS_HIGH * height - 1
    before: int | None = None
    for x, value in enumerate(values[: DOTS_WIDE * width]):
        y = top - round(min(1.0, max(0.0, value)) * top)
        first, last = (y, y) if before is None else (min(y, before), max(y, before))
        for row in range(first, last + 1):
            cells[row // DOTS_HIGH][x // DOTS_WIDE] |= DOT[x % DOTS_WIDE][row % DOTS_HIGH]
        before = y
    return ["".join(chr(BLANK + cell) for cell in row) for row in cells]
