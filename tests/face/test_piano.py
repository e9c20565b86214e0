# SPDX-License-Identifier: Apache-2.0
"""The computer keyboard as a piano: when notes begin and end. Time is a number here, nobody waits."""

from __future__ import annotations

import pytest

from synth.face.piano import HELD_SECONDS, STRUCK_SECONDS, Piano, unshifted

C, E, G = 60, 64, 67


def hold(piano: Piano, note: int, start: float, delay: float, rate: float, seconds: float) -> list[tuple[bool, int]]:
    """A key held down as a terminal tells it: one byte, after `delay` repeats every 1/rate."""
    messages = piano.strike(note, start)
    now = start + delay
    while now < start + seconds:
        messages += piano.tick(now - 0.001)
        messages += piano.strike(note, now)
        now += 1 / rate
    return messages


def test_keys_lie_as_in_trackers() -> None:
    piano = Piano(octave=3)
    assert [piano.note(key) for key in "zsxm"] == [60, 61, 62, 71]
    assert [piano.note(key) for key in "q2w0"] == [72, 73, 74, 87]
    assert piano.note("p") is None
    assert piano.note("zs") is None


def test_a_struck_key_sounds_for_a_while() -> None:
    piano = Piano()
    assert piano.strike(C, 10.0) == [(True, C)]
    assert piano.tick(10.0 + STRUCK_SECONDS - 0.01) == []
    assert piano.tick(10.0 + STRUCK_SECONDS) == [(False, C)]
    assert piano.tick(99.0) == []


@pytest.mark.parametrize(("delay", "rate"), [(0.25, 30), (0.5, 33), (0.66, 25), (0.4, 50)])
def test_a_held_key_is_one_long_note_whatever_the_terminals_rhythm(delay: float, rate: float) -> None:
    piano = Piano()
    assert hold(piano, C, 10.0, delay, rate, seconds=3.0) == [(True, C), (False, C), (True, C)]  # learns the delay
    assert piano.tick(13.0 + 2 * HELD_SECONDS) == [(False, C)]
    assert hold(piano, C, 20.0, delay, rate, seconds=3.0) == [(True, C)]
    assert piano.tick(23.0 + 2 * HELD_SECONDS) == [(False, C)]


def test_a_melody_is_legato() -> None:
    piano = Piano()
    assert piano.strike(C, 10.0) == [(True, C)]
    assert piano.strike(E, 10.3) == [(False, C), (True, E)]


def test_keys_struck_together_are_a_chord_and_are_held_together() -> None:
    piano = Piano()
    hold(piano, C, 1.0, 0.5, 30, seconds=2.0)
    piano.tick(5.0)
    messages = piano.strike(C, 10.0) + piano.strike(E, 10.03) + hold(piano, G, 10.06, 0.5, 30, seconds=2.0)
    assert messages == [(True, C), (True, E), (True, G)]
    assert piano.tick(13.0) == [(False, C), (False, E), (False, G)]


def test_a_key_struck_again_sounds_again_at_once() -> None:
    piano = Piano()
    assert piano.strike(C, 10.0) == [(True, C)]
    for now in (10.12, 10.52, 10.77, 11.3):
        assert piano.strike(C, now) == [(False, C), (True, C)]
        assert piano.tick(now + 0.1) == []


def test_once_a_terminals_delay_is_known_only_fingers_of_just_that_rhythm_are_held_back() -> None:
    piano = Piano()
    hold(piano, C, 10.0, 0.5, 30, seconds=1.0)
    assert piano.tick(12.0) == [(False, C)]
    assert piano.strike(C, 13.0) == [(True, C)]
    assert piano.strike(C, 13.3) == [(False, C), (True, C)]
    assert piano.strike(C, 13.8) == []  # may be the first repeat
    assert piano.tick(13.87) == [(False, C), (True, C)]  # none followed: it was a finger


def test_shift_is_told_for_letters_and_the_digits_of_a_us_keyboard() -> None:
    assert [unshifted(key) for key in "zZ2@)?"] == [
        *[("z", False), ("z", True), ("2", False), ("2", True), ("0", True), ("?", False)]
    ]


def test_latched_notes_pile_up_until_struck_again() -> None:
    piano = Piano()
    assert piano.toggle_latch() == []
    assert piano.strike(C, 10.0) + piano.strike(E, 11.0) == [(True, C), (True, E)]
    assert piano.tick(99.0) == []
    assert piano.strike(C, 100.0) == [(False, C)]
    assert piano.toggle_latch() == [(False, E)]


def test_every_note_on_gets_its_note_off() -> None:
    piano = Piano()
    sounding: set[int] = set()
    now = 0.0
    messages = []
    for step in range(2000):
        now += (0.01, 0.033, 0.12, 0.5, 0.9)[step * 7 % 5]
        messages += piano.strike(60 + step * step % 5, now) if step % 50 else piano.toggle_latch()
    messages += piano.release()
    for is_on, note in messages:
        assert is_on != (note in sounding), "a note may only start when it is silent and end when it sounds"
        (sounding.add if is_on else sounding.discard)(note)
    assert not sounding
