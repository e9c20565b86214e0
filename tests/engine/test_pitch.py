# SPDX-License-Identifier: Apache-2.0
"""Pitch by the numbers on the panel: keys, coarse, fine, detune, fixed frequencies, transpose, pitch envelope."""

import numpy as np
import pytest
from measuring import NATIVE_RATE, cents, fixed, frequency, pitch_track, plain, tempered

from synth import render_native
from synth.patch import PitchEnvelope

GRID = 1.5  # cents: 1/1024 octave and a 12-bit mantissa


def pitch(patch, note=60):
    return frequency(render_native(patch, note, 100, 30_000, 30_000)[500:])


@pytest.mark.parametrize("note", [21, 33, 45, 57, 60, 69, 81, 93, 108])
def test_keys_are_tempered(note):
    assert float(cents(pitch(plain(), note), tempered(note))) == pytest.approx(0, abs=GRID)


@pytest.mark.parametrize("coarse", range(32))
def test_coarse_is_the_harmonic(coarse):
    patch = plain()
    patch.op[0].frequency_coarse = coarse
    assert float(cents(pitch(patch), tempered(60) * (coarse or 0.5))) == pytest.approx(0, abs=GRID)


@pytest.mark.parametrize("fine", [0, 1, 25, 50, 75, 99])
def test_fine_is_a_percentage(fine):
    patch = plain()
    patch.op[0].frequency_fine = fine
    assert float(cents(pitch(patch), tempered(60) * (1 + fine / 100))) == pytest.approx(0, abs=GRID)


@pytest.mark.parametrize("detune", range(15))
def test_detune_is_1_17_cents_a_step(detune):
    patch = plain()
    patch.op[0].detune = detune
    expected = (detune - 7) * 1200 / 1024
    assert float(cents(pitch(patch, 72), pitch(plain(), 72))) == pytest.approx(expected, abs=0.85)


@pytest.mark.parametrize(("coarse", "hertz"), {1: 9.997, 2: 100.01, 3: 1000.1, 5: 9.997, 31: 1000.1}.items())
def test_fixed_frequency_has_four_decades(coarse, hertz):
    assert pitch(fixed(coarse, 0)) == pytest.approx(hertz, rel=0.002)


def test_fixed_frequency_knows_no_keys_and_no_pitch_envelope():
    patch = fixed()
    still = render_native(patch, 60, 100, 9000, 9000)
    patch.pitch_envelope = PitchEnvelope(levels=(99, 0, 99, 0))
    patch.transpose = 0
    assert np.array_equal(render_native(patch, 90, 100, 9000, 9000), still)


@pytest.mark.parametrize("transpose", [0, 12, 23, 24, 25, 36, 48])
def test_transpose(transpose):
    patch = plain()
    patch.transpose = transpose
    assert pitch(patch) == pytest.approx(pitch(plain(), 60 + transpose - 24), rel=1e-6)


# ---- pitch envelope --------------------------------------------------------------------

# Octaves a second by rate.
RATE = {0: 0.045, 10: 0.318, 20: 0.545, 30: 0.818, 40: 1.23, 50: 1.86, 60: 2.64, 70: 3.59, 80: 5.23, 90: 7.77, 99: 11.6}
# Octaves by level.
LEVEL = {50: 0.0, 51: 1 / 32, 66: 0.5, 82: 1.0, 34: -0.5, 18: -1.0, 89: 1.438}


@pytest.mark.parametrize(("rate", "octaves_per_second"), RATE.items())
def test_pitch_envelope_rate(rate, octaves_per_second):
    """From level 50 half an octave up, read off between a tenth and nine tenths of the way."""
    patch = plain()
    patch.pitch_envelope = PitchEnvelope(rates=(rate, 99, 99, 99), levels=(66, 66, 66, 50))
    frames = round((0.6 / octaves_per_second + 0.05) * NATIVE_RATE)
    at, hertz = pitch_track(render_native(patch, 93, 100, frames, frames))
    octaves = np.log2(hertz / tempered(93))
    inside = (octaves > 0.05) & (octaves < 0.45)
    slope = np.polyfit(at[inside] / NATIVE_RATE, octaves[inside], 1)[0]
    assert slope == pytest.approx(octaves_per_second, rel=0.03 if rate < 70 else 0.08)


@pytest.mark.parametrize(("level", "octaves"), LEVEL.items())
def test_pitch_envelope_level(level, octaves):
    patch = plain()
    patch.pitch_envelope = PitchEnvelope(levels=(level,) * 4)
    assert float(cents(pitch(patch, 72), tempered(72))) == pytest.approx(1200 * octaves, abs=2)


def test_pitch_envelope_begins_at_level_4_and_returns_there():
    patch = plain()
    patch.pitch_envelope = PitchEnvelope(rates=(50, 99, 99, 50), levels=(50, 50, 50, 82))
    patch.op[0].envelope.rates = [99, 99, 99, 30]
    sound = render_native(patch, 81, 100, 60_000, 120_000)
    for begin, octaves in ((0, 1), (50_000, 0), (110_000, 1)):
        measured = np.median(pitch_track(sound[begin : begin + 1500])[1])
        assert np.log2(measured / tempered(81)) == pytest.approx(octaves, abs=0.06)
