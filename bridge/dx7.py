# SPDX-License-Identifier: Apache-2.0
"""The DX7's own laws that a conversion needs (source: its firmware, v1.8, and measured envelope times)."""

import math
from collections.abc import Callable
from typing import NamedTuple

PITCH_SENSITIVITY = (0, 10, 20, 33, 55, 92, 153, 255)
"""Weights of PITCH MOD SENSITIVITY, of 255."""

NO_DETUNE = 7
FLAT_PITCH = 50  # the pitch envelope level of the key's own pitch
INAUDIBLE = 20  # envelope levels below this are silence, at which the envelope waits
CARRIER_DB = (0.0, 0.0, 6.0, 9.8, 12.0, 14.3, 15.8)
"""How far each of 0..6 carriers is turned down."""

DETUNE_CENTS = (2.0, 0.54)
"""A step of DETUNE at C2, and at A6: it is a fixed share of the logarithmic frequency, 0.97 cents at A4."""

DB_PER_BOARD_STEP = 0.75 * 99 / 255
"""A step of a DX7 level is 0.75 dB; the board's, if it is dB-linear over the same range (inferred)."""

_TICKS = 372.3  # per second: the LFO's steps
_FULL = 165 / 64 / 65536  # octaves per PITCH MOD DEPTH and weight
_DB_STEP = 20 * math.log10(2) / 256  # of the envelope
_WAIT_STEPS = 479  # of the envelope, between two inaudible levels
_SLOWEST_DB = 0.2819  # per second


def lfo_hz(speed: int) -> float:
    """Frequency of the LFO. speed: 0..99."""
    coarse = (660 * speed) >> 8
    increment = 11 if speed == 0 else coarse * (11 + (max(0, coarse - 160) >> 2))
    return increment * _TICKS / 65536


def lfo_delay_seconds(delay: int) -> tuple[float, float]:
    """How long the LFO is silent, and then how long it fades in. delay: 1..99."""
    rest = 99 - delay
    step = (((rest & 15) + 16) << 9) >> (7 - (rest >> 4))
    return 65536 / step / _TICKS, 65536 / max(256, step & ~255) / _TICKS


def vibrato_cents(depth: int, sensitivity: int) -> float:
    """How far the LFO bends the pitch up and down. depth: 0..99, sensitivity: 0..7."""
    return 1200 * _FULL * depth * PITCH_SENSITIVITY[sensitivity]


class FixedLaw(NamedTuple):
    """How coarse (0..31, of which the last two bits count) and fine (0..99) make the Hz of a fixed operator."""

    words: str
    hz: Callable[[int, int], float]


FIXED_LAWS = {
    "exponential": FixedLaw(
        "10^(coarse mod 4 + fine/100)",
        lambda coarse, fine: math.pow(10, coarse % 4 + fine / 100),
    ),
    "linear": FixedLaw(
        "10^(coarse mod 4) x (1 + fine x 8.772 / 99)",
        lambda coarse, fine: math.pow(10, coarse % 4) * (1 + fine * 8.772 / 99),
    ),
}
"""The DX7's own law, and a straight line between its ends, which others have taken it for."""


def silent_seconds(rate: int) -> float:
    """How long the envelope takes from one inaudible level to another. rate: 0..99."""
    fast = (rate * 164) >> 8
    return _WAIT_STEPS * _DB_STEP / (_SLOWEST_DB * (1 << (fast >> 2)) * (1 + (fast & 3) / 4))
