# SPDX-License-Identifier: Apache-2.0
"""The loudness measure weights frequencies as ITU-R BS.1770-4 says."""

from __future__ import annotations

import numpy as np
import pytest

from synth.loudness import SAMPLE_RATE, k_weighted_db, voice_loudness_db
from synth.patch import Patch


def sine(hertz: float, amplitude: float = 1.0) -> np.ndarray:
    return amplitude * np.sin(2 * np.pi * hertz * np.arange(SAMPLE_RATE) / SAMPLE_RATE)


# Full-scale sines. The standard's own check is 997 Hz at -3.01; 50 Hz is on the slope of its second-order
# high-pass at 38.1 Hz (Q 0.5), 8 kHz on the 4 dB plateau of its shelf.
@pytest.mark.parametrize(("hertz", "level"), [(997, -3.01), (50, -7.65), (8000, 0.3)])
def test_a_sine_reads_its_weighted_level(hertz: float, level: float):
    assert k_weighted_db(sine(hertz)) == pytest.approx(level, abs=0.15)


def test_half_the_amplitude_is_six_decibels_less():
    assert k_weighted_db(sine(997)) - k_weighted_db(sine(997, 0.5)) == pytest.approx(6.02, abs=0.01)


def test_silence_has_a_level():
    assert k_weighted_db(np.zeros(SAMPLE_RATE)) == pytest.approx(-120.7, abs=0.01)


def test_a_voice_is_measured_as_it_sounds():
    quiet = Patch.init_voice()
    quiet.op[0].output_level = 91  # 8 steps of 0.7526 dB
    assert voice_loudness_db(Patch.init_voice(), 60) - voice_loudness_db(quiet, 60) == pytest.approx(6.02, abs=0.05)
