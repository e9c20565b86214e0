# SPDX-License-Identifier: Apache-2.0
"""Velocity curves: what a keyboard sends, and what is played instead.

A curve is 128 bytes: `curve[sent]` is the velocity played, 1..127 for 1..127.
Index 0 holds 0, because a note-on of velocity 0 is a note-off and stays one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

HIGHEST: Final = 127
DX7_KEYBED: Final = (16, 109)
"""What a DX7's own keys send, from the softest touch to the hardest one."""

_SOFT = 0.6  # exponents: below 1 lifts what is played softly, above 1 lowers it
_HARD = 1 / _SOFT

_SHAPES: Final[dict[str, Callable[[float], float]]] = {
    "linear": lambda strength: strength,
    "soft": lambda strength: strength**_SOFT,
    "hard": lambda strength: strength**_HARD,
    "dx7-keybed": lambda strength: strength,
}
"""Strength 0..1 to strength 0..1."""

CURVES: Final = tuple(_SHAPES)
"""The names of curves."""

LINEAR: Final = bytes(range(HIGHEST + 1))


def velocity_curve(curve: str | int = "linear", limits: tuple[int, int] | None = None) -> bytes:
    """The 128 velocities of a curve.

    Args:
        curve: `linear`; `soft`, for a soft touch: louder, but at both ends; `hard`, for a hard one: softer in between;
            `dx7-keybed`, linear within what a DX7's own keyboard sends; a number of 1..127 is always played.
        limits: what is played for velocities 1 and 127, 1..127 each; the rest lies between. None is (1, 127), and
            (16, 109) for `dx7-keybed`.

    Raises:
        KeyError: there is no such curve.
    """
    if isinstance(curve, int):
        return bytes([0] + [curve] * HIGHEST)
    shape = _SHAPES[curve]
    low, high = limits or (DX7_KEYBED if curve == "dx7-keybed" else (1, HIGHEST))
    strengths = ((sent - 1) / (HIGHEST - 1) for sent in range(1, HIGHEST + 1))
    return bytes([0] + [round(low + (high - low) * shape(strength)) for strength in strengths])
