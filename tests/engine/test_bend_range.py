# SPDX-License-Identifier: Apache-2.0
"""Registered parameter 0, the range of pitch bend: semitones and cents by data entry, cents by increment and decrement.

The DX7's ranges are whole semitones, 0 to 12; cents lie on straight lines between them."""

import numpy as np
import pytest
from measuring import cents, frequency, native_engine, tempered

# What the firmware's table makes of a wheel at its top, in cents: 3.50 lies halfway between 3 and 4.
TOP = {0: 0, 1: 101, 2: 198, 3: 300, 3.5: 348.5, 4: 397, 7: 697, 7.25: 721, 11: 1089, 12: 1200}
GRID = 2.0
BEND_RANGE = ((101, 0), (100, 0))
FINE, COARSE, NULL = ((101, 0), (100, 1)), ((101, 0), (100, 2)), ((101, 127), (100, 127))
UNREGISTERED = ((99, 0), (98, 0))
UP, DOWN = (96, 0), (97, 0)


def sound(controllers, wheel=127):
    engine = native_engine()
    for number, value in controllers:
        engine.midi(bytes((0xB0, number, value)))
    engine.midi(bytes((0xE0, 0, wheel)))
    engine.note_on(69, 100)
    return engine.render_native(24_000)[2000:]


def bent(controllers, wheel=127):
    """Cents from A = 440 after these controllers, with the wheel there."""
    return float(cents(frequency(sound(controllers, wheel)), tempered(69)))


@pytest.mark.parametrize(
    ("controllers", "semitones"),
    [
        ((), 2),
        ((*BEND_RANGE, (6, 0)), 0),
        ((*BEND_RANGE, (6, 7)), 7),
        ((*BEND_RANGE, (6, 12)), 12),
        ((*BEND_RANGE, (6, 24)), 12),  # a DX7 bends no farther
        ((*BEND_RANGE, (6, 12), (38, 50)), 12),
        ((*BEND_RANGE, (6, 3), (38, 50)), 3.5),
        ((*BEND_RANGE, (6, 3), (38, 50), (6, 7)), 7),  # data entry's upper byte clears the lower one
        ((*BEND_RANGE, (38, 0)), 2),
        ((*BEND_RANGE, (6, 7), (38, 25), (38, 25)), 7.25),
        (((100, 0), (101, 0), (6, 7)), 7),  # either byte of the number may come first
    ],
)
def test_data_entry(controllers, semitones):
    assert bent(controllers) == pytest.approx(TOP[semitones], abs=GRID)


@pytest.mark.parametrize(
    ("controllers", "semitones"),
    [
        ((*BEND_RANGE, *[UP] * 100), 3),  # a cent each, whatever their value
        ((*BEND_RANGE, *[(96, 127)] * 150), 3.5),
        ((*BEND_RANGE, *[DOWN] * 100), 1),
        ((*BEND_RANGE, *[DOWN] * 250), 0),
        ((*BEND_RANGE, (6, 11), *[UP] * 127), 12),
        ((*BEND_RANGE, (6, 3), (38, 99), UP), 4),
        ((*BEND_RANGE, (6, 4), DOWN, *[DOWN] * 49), 3.5),
    ],
)
def test_increment_and_decrement(controllers, semitones):
    assert bent(controllers) == pytest.approx(TOP[semitones], abs=GRID)


@pytest.mark.parametrize("entered", [(6, 12), (38, 50), UP, DOWN])
@pytest.mark.parametrize("number", [NULL, UNREGISTERED, UNREGISTERED[:1], UNREGISTERED[1:], ((121, 0),), ((100, 3),)])
def test_data_for_anything_else_changes_nothing(number, entered):
    assert np.array_equal(sound((*BEND_RANGE, (6, 2), *number, *[entered] * 90)), sound(()))


def test_a_range_stays_when_the_number_is_null_again_and_when_controllers_are_reset():
    assert bent((*BEND_RANGE, (6, 7), *NULL, (121, 0))) == pytest.approx(TOP[7], abs=GRID)


@pytest.mark.parametrize(
    ("controllers", "expected"),
    [
        ((*COARSE, UP), 100),
        ((*COARSE, DOWN, DOWN), -200),
        ((*COARSE, (6, 0), UP, DOWN, DOWN), -6400),
        ((*FINE, (6, 127), (38, 127), UP), 100),
        ((*FINE, (6, 0), DOWN), -100),
        ((*FINE, (6, 68), *[DOWN] * 512), 0),
    ],
)
def test_increment_and_decrement_of_tuning(controllers, expected):
    """Fine tuning by 1/8192 semitone, coarse tuning by a semitone; both stop at their ends."""
    assert bent(controllers, 64) == pytest.approx(expected, abs=GRID)


def test_the_function_parameter_is_the_same_range():
    engine = native_engine()
    for number, value in (*BEND_RANGE, (6, 3), (38, 50)):
        engine.midi(bytes((0xB0, number, value)), frame=0)
    engine.set_function("bend_range", 7, frame=0)
    engine.midi(bytes((0xE0, 0, 127)), frame=0)
    engine.note_on(69, 100, frame=0)
    pitch = cents(frequency(engine.render_native(24_000)[2000:]), tempered(69))
    assert float(pitch) == pytest.approx(TOP[7], abs=GRID)
