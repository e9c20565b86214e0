# SPDX-License-Identifier: Apache-2.0
"""How an operator's level follows the keys, in a line of characters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from synth.notes import note_name
from synth.plotting.curves import DX7_KEYS

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BARS: Final = " ▁▂▃▄▅▆▇█"
_EIGHTH: Final = 6.0  # dB of an eighth of a character
UNCHANGED: Final = _BARS[len(_BARS) // 2]
_FIRST, _LAST = note_name(DX7_KEYS[0]), note_name(DX7_KEYS[-1])


def scaling_line(decibels: NDArray[np.float32], width: int) -> str:
    """A bar for every few keys, between the names of the first and the last. decibels: of `DX7_KEYS`.

    Half a bar is an unchanged level, an eighth of one 6 dB.
    """
    keys = np.linspace(0, len(decibels) - 1, width - len(_FIRST) - len(_LAST)).round().astype(int)
    eighths = np.rint(decibels[keys] / _EIGHTH).astype(int) + len(_BARS) // 2
    return _FIRST + "".join(_BARS[eighth] for eighth in eighths.clip(0, len(_BARS) - 1)) + _LAST
