# SPDX-License-Identifier: Apache-2.0
"""Curves in braille: every character is two dots wide and four high."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DOTS_WIDE: Final = 2
DOTS_HIGH: Final = 4
BLANK: Final = 0x2800
DOT: Final = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""What each dot adds to the blank: by column, then row from the top."""


def bands(lows: NDArray[np.floating[Any]], highs: NDArray[np.floating[Any]], height: int) -> list[list[str]]:
    """Bands from low to high, both (k, n): k pictures of `height` strings.

    There is a value for each column of dots, an even number of them; 0 is the bottom, 1 the top. Where a column takes
    in the first value of the next, a band is a line without gaps.
    """
    top = DOTS_HIGH * height - 1
    rows = np.arange(top + 1)[:, None]
    bottom_row, top_row = (top - np.rint(values[:, None].clip(0.0, 1.0) * top) for values in (lows, highs))
    dots = ((rows >= top_row) & (rows <= bottom_row)).reshape(len(lows), height, DOTS_HIGH, -1, DOTS_WIDE)
    cells = BLANK + (dots * np.transpose(DOT)[:, None, :]).sum(axis=(2, 4))
    return [["".join(map(chr, row)) for row in picture] for picture in cells.tolist()]
