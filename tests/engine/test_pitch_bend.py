# SPDX-License-Identifier: Apache-2.0
"""The pitch bend wheel: its ranges in semitones, its steps, and that it moves with the firmware's tick."""

import numpy as np
import pytest
from measuring import TICK, cents, fixed, frequency, native_engine, plain, tempered

PITCH_BEND = 0xE0

# Full bend upwards in cents, by range: the firmware's table misses whole semitones by up to 11 cents.
FULL_BEND = {1: 101, 2: 198, 3: 300, 4: 397, 5: 494, 6: 595, 7: 697, 8: 794, 9: 895, 10: 992, 11: 1089, 12: 1200}
GRID = 2.0  # cents: pitch is stepped by 1/1024 octave, frequency by up to 0.85 cents more


def bent(value, patch=None, **functions):
    """The steady tone of note 69 after the wheel's most significant byte came in."""
    engine = native_engine(patch)
    for name, amount in functions.items():
        engine.set_function(name, amount, frame=0)
    engine.midi(bytes((PITCH_BEND, 0, value)), frame=0)
    engine.note_on(69, 100, frame=0)
    return engine.render_native(24_000)[1000:]


@pytest.mark.parametrize(("semitones", "expected"), FULL_BEND.items())
def test_full_bend_up(semitones, expected):
    assert cents(frequency(bent(127, bend_range=semitones)), tempered(69)) == pytest.approx(expected, abs=GRID)


@pytest.mark.parametrize(("semitones", "expected"), FULL_BEND.items())
def test_full_bend_down_has_one_step_of_the_wheel_more(semitones, expected):
    down = -1200 if semitones == 12 else -expected * 64 / 63
    assert cents(frequency(bent(0, bend_range=semitones)), tempered(69)) == pytest.approx(down, abs=GRID)


def test_two_semitones_are_the_range_of_a_fresh_engine():
    assert cents(frequency(bent(127)), tempered(69)) == pytest.approx(198, abs=GRID)


def test_range_0_does_not_bend():
    assert np.array_equal(bent(127, bend_range=0), bent(64))


def test_only_the_most_significant_byte_counts():
    engine = native_engine()
    engine.midi(bytes((PITCH_BEND, 127, 64)), frame=0)
    engine.note_on(69, 100, frame=0)
    assert np.array_equal(engine.render_native(24_000)[1000:], bent(64))


@pytest.mark.parametrize("step", [1, 2, 3, 4, 6, 12])
def test_steps_are_whole_semitones_over_an_octave(step):
    for value in (0, 20, 50, 64, 80, 110, 127):
        semitones = cents(frequency(bent(value, bend_range=2, bend_step=step)), tempered(69)) / 100
        wheel = 12 * (value - 64) / (63 if value > 64 else 64)
        assert semitones == pytest.approx(round(semitones / step) * step, abs=GRID / 100)
        assert abs(semitones - wheel) < step + GRID / 100


def test_fixed_frequency_does_not_bend():
    assert np.array_equal(bent(127, fixed()), bent(64, fixed()))


def test_a_sounding_note_bends_at_the_next_tick():
    engine = native_engine()
    still = native_engine()
    for e in (engine, still):
        e.note_on(69, 100, frame=0)
    engine.midi(bytes((PITCH_BEND, 0, 127)), frame=10_000)
    moving, steady = engine.render_native(12_000), still.render_native(12_000)
    first = np.flatnonzero(moving != steady)[0]
    tick = -(-10_000 // TICK) * TICK  # the first one not before the event
    assert tick <= first < tick + 4


def test_bend_of_another_channel_is_not_ours():
    engine = native_engine()
    engine.midi(bytes((PITCH_BEND | 1, 0, 127)), frame=0)
    engine.note_on(69, 100, frame=0)
    assert np.array_equal(engine.render_native(24_000)[1000:], bent(64))


def test_note_on_of_a_patch_loaded_with_the_wheel_held_is_bent_from_its_first_sample():
    held = native_engine()
    held.midi(bytes((PITCH_BEND, 0, 127)), frame=0)
    held.load(plain(), frame=5000)
    held.note_on(69, 100, frame=5000)
    sound = held.render_native(5130)[5000:]  # less than a tick
    engine = native_engine()
    engine.midi(bytes((PITCH_BEND, 0, 127)), frame=0)
    engine.note_on(69, 100, frame=5000)
    assert np.array_equal(sound, engine.render_native(5130)[5000:])
