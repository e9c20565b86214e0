# SPDX-License-Identifier: Apache-2.0
"""The frequency of an operator in the three parameters of the board that make it: RATIO, RATIO_FINE and FINE.

Following the keys it is the note's times RATIO (0 is half), fixed it is 32.7 Hz times RATIO; both are raised by
RATIO_FINE/256 octaves and by FINE - 128 cents.
"""

import math
from typing import NamedTuple

from bridge import dx7
from bridge.curve import clamped, nearest
from bridge.profile import Profile

IN_TUNE = 128  # of the board's FINE
_FINE_STEP = 1200 / 256  # cents of one step of RATIO_FINE
_FINE_STEPS = tuple(256 * math.log2(1 + fine / 100) for fine in range(100))


class Frequency(NamedTuple):
    """Three parameters of the board that make a frequency together."""

    ratio: int
    ratio_fine: int
    fine: int
    error_cents: float  #: how far the wanted frequency is away, up or down


def ratio_frequency(coarse: int, fine: int, detune: int, profile: Profile) -> Frequency:
    """Of an operator that follows the keys."""
    return _tuned(coarse, _FINE_STEPS[fine], profile.detune_cents * (detune - dx7.NO_DETUNE))


def fixed_frequency(coarse: int, fine: int, detune: int, profile: Profile) -> Frequency:
    """Of an operator with a fixed frequency. What the board cannot reach downwards becomes its lowest, in tune."""
    hz = dx7.FIXED_LAWS[profile.fixed_frequency_law].hz(coarse, fine)
    lowest = profile.fixed_base_hz / 2
    if hz < lowest:
        return Frequency(0, 0, IN_TUNE, 1200 * math.log2(lowest / hz))
    ratio = min(255, int(hz / profile.fixed_base_hz))
    steps = 256 * math.log2(hz / (profile.fixed_base_hz * ratio or lowest))
    up = detune - dx7.NO_DETUNE
    return _tuned(ratio, steps, up * (profile.fixed_detune_up_cents if up > 0 else profile.fixed_detune_down_cents))


def _tuned(ratio: int, steps: float, cents: float) -> Frequency:
    """RATIO_FINE takes whole steps; what is left of them goes into FINE, with the detune."""
    ratio_fine = min(255, nearest(steps))
    wanted = (steps - ratio_fine) * _FINE_STEP + cents
    fine = clamped(IN_TUNE + wanted)
    return Frequency(ratio, ratio_fine, fine, abs(wanted - (fine - IN_TUNE)))
