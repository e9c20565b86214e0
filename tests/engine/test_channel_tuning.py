# SPDX-License-Identifier: Apache-2.0
"""Registered parameters: bend range, fine and coarse tuning of a channel."""

import numpy as np
import pytest
from measuring import cents, fixed, frequency, native_engine, plain, tempered

GRID = 1.5  # cents


def control(engine, *pairs, channel=0):
    for number, value in pairs:
        engine.midi(bytes((0xB0 | channel, number, value)))


def pitch(engine, note=69, channel=0):
    engine.note_on(note, 100, channel)
    return float(cents(frequency(engine.render_native(24_000)[2000:]), tempered(note)))


@pytest.mark.parametrize(
    ("entered", "expected"),
    [
        ([(100, 1), (6, 0)], -100),
        ([(100, 1), (6, 96)], 50),
        ([(100, 1), (6, 64), (38, 0)], 0),
        ([(100, 1), (6, 127), (38, 127)], 100),
        ([(100, 2), (6, 52)], -1200),
        ([(100, 2), (6, 65)], 100),
        ([(100, 2), (6, 64 + 24), (38, 5)], 2400),
        ([(100, 2), (6, 71), (100, 1), (6, 32)], 650),
        ([(100, 127), (6, 0)], 0),
        ([(100, 1), (99, 0), (6, 0)], 0),
        ([(100, 3), (6, 0)], 0),
        ([(100, 1), (121, 0), (6, 0)], 0),
        ([(100, 2), (6, 71), (121, 0)], 700),
    ],
)
def test_tuning_of_a_channel(entered, expected):
    engine = native_engine()
    control(engine, (101, 0), *entered)
    assert pitch(engine) == pytest.approx(expected, abs=GRID)


def test_other_channels_stay_in_tune():
    engine = native_engine()
    engine.load(plain(), 1)
    control(engine, (101, 0), (100, 2), (6, 71), channel=1)
    assert pitch(engine) == pytest.approx(0, abs=GRID)
    engine.panic()
    engine.render_native(2000)
    assert pitch(engine, channel=1) == pytest.approx(700, abs=GRID)


def test_sounding_notes_follow():
    engine = native_engine()
    assert pitch(engine) == pytest.approx(0, abs=GRID)
    control(engine, (101, 0), (100, 2), (6, 69))
    samples = engine.render_native(24_000)[2000:]
    assert float(cents(frequency(samples), tempered(74))) == pytest.approx(0, abs=GRID)


def test_bend_range():
    engine = native_engine()
    control(engine, (101, 0), (100, 0), (6, 12), (38, 50))
    engine.midi(bytes((0xE0, 127, 127)))
    assert pitch(engine) == pytest.approx(1200, abs=GRID)


@pytest.mark.parametrize(("note", "coarse"), [(127, 127), (0, 0), (120, 110), (3, 20)])
def test_what_goes_beyond_the_chips_pitch_stops_at_its_end(note, coarse):
    """No higher note may sound lower, nor a lower one higher, than the same note as it is."""
    sounds = []
    for value in (64, coarse):
        engine = native_engine()
        control(engine, (101, 0), (100, 2), (6, value))
        engine.note_on(note, 100)
        samples = engine.render_native(48_000)[2000:].astype(float)
        sounds.append(np.abs(np.fft.rfft(samples * np.hanning(len(samples)))).argmax())
    assert (sounds[1] >= sounds[0]) if coarse > 64 else (sounds[1] <= sounds[0])


def test_fixed_frequencies_know_no_tuning():
    engine = native_engine(fixed())
    control(engine, (101, 0), (100, 2), (6, 80))
    usual = native_engine(fixed())
    for either in (engine, usual):
        either.note_on(60, 100)
    assert np.array_equal(engine.render_native(5000), usual.render_native(5000))
