# SPDX-License-Identifier: Apache-2.0
"""The measures themselves, on signals whose answers are known."""

import numpy as np
import pytest
from measures import (
    amplitude_track,
    crossing,
    envelope_difference,
    level_difference,
    mel_distance,
    nearest_tone,
    onset,
    pitch_difference,
    resolution,
)

RATE = 48_000
TIME = np.arange(RATE) / RATE
DICE = np.random.default_rng(1)


def tone(hertz=440.0, decibels_a_second=0.0):
    return np.sin(2 * np.pi * hertz * TIME + 0.3) * 10 ** (-decibels_a_second * TIME / 20)


def test_a_render_is_no_distance_from_itself():
    sound = tone() + tone(1234.5) + DICE.normal(0, 0.01, RATE)
    assert level_difference(sound, sound, RATE) == 0
    assert envelope_difference(sound, sound, RATE) == 0
    assert mel_distance(sound, sound, RATE, RATE) == 0
    assert pitch_difference(sound, sound, RATE) == 0


def test_one_decibel_is_one_decibel_of_level_and_none_of_spectrum():
    louder = tone() * 10 ** (1 / 20)
    assert level_difference(louder, tone(), RATE) == pytest.approx(1)
    assert envelope_difference(louder, tone(), RATE) == pytest.approx(1)
    assert mel_distance(louder, tone(), RATE, RATE) == pytest.approx(0, abs=1e-9)


def test_one_cent_is_one_cent():
    assert pitch_difference(tone(440 * 2 ** (1 / 1200)), tone(440), RATE) == pytest.approx(1, abs=0.01)


def test_onset():
    assert onset(np.where(TIME < 0.25, 0.09, 1.0), RATE) == pytest.approx(250, abs=0.03)


@pytest.mark.parametrize("fall", [0.0, 30.0, 200.0])
def test_a_tone_is_taken_out_of_its_company(fall):
    sound = tone(440.1, fall) + 1e-5 * tone(812.0, fall)
    found = nearest_tone(sound, RATE, 440, decays=fall > 0)
    assert found.cycles * RATE == pytest.approx(440.1, abs=1e-4)
    assert found.amplitude == pytest.approx(1, abs=1e-4)
    assert found.decay == pytest.approx(fall, abs=1e-3)
    assert found.sinad == pytest.approx(100, abs=0.1)
    assert found.worst_line(resolution(RATE)) == pytest.approx(-100, abs=0.1)


def test_a_crossing_is_found_between_samples():
    track = amplitude_track(tone(440, 40), RATE, 440, 0.01)
    assert crossing(track[1000:], 10 ** (-20 / 20), RATE) + 1000 / RATE == pytest.approx(0.5, abs=1e-4)
    assert np.isnan(crossing(track[1000:], 2.0, RATE))
