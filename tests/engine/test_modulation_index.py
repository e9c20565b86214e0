# SPDX-License-Identifier: Apache-2.0
"""How far a modulator bends a carrier's phase, by output level: the table DX7 programmers know.

The table follows I = pi * 2 ** (33/16 - TL/8) radians with the firmware's total level TL. It is checked
twice: as the engine reports it, and as it is found in rendered sound, by its Bessel spectrum.
"""

import math

import numpy as np
import pytest
from measuring import component, plain
from synth._engine import lib

from synth import render_native

# Output level -> peak phase deviation in radians.
TABLE = {
    99: 13.123, 95: 9.2792, 90: 6.0168, 85: 3.9014, 80: 2.5298, 75: 1.6403, 70: 1.0636, 65: 0.6897,
    60: 0.4472, 50: 0.1880, 40: 0.0791, 30: 0.0332, 20: 0.0140, 10: 0.0032, 0: 0.0002,
}  # fmt: skip
TOTAL_LEVEL_BELOW_20 = (127, 122, 118, 114, 110, 107, 104, 102, 100, 98, 96, 94, 92, 90, 88, 86, 85, 84, 82, 81)


@pytest.mark.parametrize(("level", "radians"), TABLE.items())
def test_table(level, radians):
    # half a unit of the last digit that the table prints
    half = 0.5 * 10 ** -len(str(radians).partition(".")[2])
    assert lib.sx_modulation_index(level) == pytest.approx(radians, abs=half * 1.001)


@pytest.mark.parametrize("level", range(100))
def test_formula(level):
    total_level = TOTAL_LEVEL_BELOW_20[level] if level < 20 else 99 - level
    assert lib.sx_modulation_index(level) == pytest.approx(math.pi * 2 ** (33 / 16 - total_level / 8), rel=1e-12)


def bessel(order: int, x: float) -> float:
    """J_order(x) by its integral; the trapezoid rule is exact here to machine precision."""
    angle = np.linspace(0, 2 * np.pi, 256, endpoint=False)
    return float(np.mean(np.cos(order * angle - x * np.sin(angle))))


def sidebands(level: int) -> np.ndarray:
    """Magnitudes at the carrier, 9.77 kHz, and on both sides at 1 to 20 times the modulator's 100 Hz."""
    patch = plain()
    for operator, coarse, fine in ((patch.op[0], 3, 99), (patch.op[1], 2, 0)):
        operator.frequency_mode = 1
        operator.frequency_coarse, operator.frequency_fine = coarse, fine
        operator.output_level = 99
    patch.op[1].output_level = level
    sound = render_native(patch, 60, 100, 80_000, 80_000)[8000:]
    carrier, modulator = (increment(f) / 2**23 for f in (9772.4, 100.0))
    return np.array([abs(component(sound, carrier + n * modulator)) for n in range(-20, 21)])


def increment(hertz: float) -> int:
    """The phase step of a fixed frequency: 14-bit logarithm of 1/1024 octave, 12-bit mantissa."""
    decade, fine = divmod(round(100 * math.log10(hertz)), 100)
    logarithm = (136 * fine + 0x16AC + (0, 13606, 27212, 40820)[decade] | 1) >> 2
    return (round(2048 * 2 ** (logarithm % 1024 / 1024)) << logarithm // 1024) >> 5


@pytest.mark.parametrize("level", [99, 95, 90, 80, 70, 60, 50])
def test_measured_in_the_spectrum(level):
    measured = sidebands(level)

    def misfit(index: float) -> float:
        model = np.array([abs(bessel(n, index)) for n in range(-20, 21)])
        return float(np.sum((measured / measured.max() - model / model.max()) ** 2))

    expected = TABLE[level]
    found = min(expected * np.linspace(0.9, 1.1, 401), key=misfit)
    assert found == pytest.approx(expected, rel=0.01)


def test_level_0_does_not_modulate_at_all():
    """The formula's 0.0002 rad is below half a step of the phase (2 pi / 4096), and the register saturates: silence."""
    assert lib.sx_modulation_index(0) < math.pi / 4096
    silent = plain()
    silent.op[1].output_level = 0
    assert np.array_equal(render_native(silent, 60, 100, 9000, 9000), render_native(plain(), 60, 100, 9000, 9000))
