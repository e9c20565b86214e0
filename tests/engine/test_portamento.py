# SPDX-License-Identifier: Apache-2.0
"""Portamento and glissando: how fast they go, from where, and in which modes."""

import numpy as np
import pytest
from measuring import NATIVE_RATE, cents, frames_of, frequency, native_engine, pitch_track, plain, tempered

from synth.engine import Engine

PORTAMENTO_SWITCH, PORTAMENTO_TIME = 65, 5
RETAIN, FOLLOW = FINGERED, FULL_TIME = 0, 1

# Semitones a second near the target, by portamento time.
SPEED = {10: 90, 20: 60, 30: 41, 40: 31, 50: 21, 60: 14, 70: 9.3, 80: 6.0, 90: 3.3, 99: 0.55}


def control(controller, value):
    return bytes((0xB0, controller, value))


def gliding(time, mode=RETAIN, *, mono=False, glissando=False, patch=None, on=True):
    engine = native_engine(patch)
    engine.set_function("mono", int(mono), frame=0)
    engine.set_function("portamento_mode", mode, frame=0)
    engine.set_function("portamento_time", time, frame=0)
    engine.set_function("glissando", int(glissando), frame=0)
    engine.midi(control(PORTAMENTO_SWITCH, 127 if on else 0), frame=0)
    return engine


def semitones(sound):
    """Seconds and MIDI note numbers, period by period."""
    at, hertz = pitch_track(sound)
    return at / NATIVE_RATE, 69 + cents(hertz, tempered(69)) / 100


def after_another_key(engine, first, second, seconds, overlap=False):
    """The sound from the second note on; the first is gone unless they overlap."""
    start = frames_of(0.3)
    engine.note_on(first, 100, frame=0)
    if not overlap:
        engine.note_off(first, frame=start - 2000)
    engine.note_on(second, 100, frame=start)
    if overlap:
        engine.note_off(first, frame=start + 1)
    return engine.render_native(start + frames_of(seconds))[start:]


@pytest.mark.parametrize(("time", "per_second"), SPEED.items())
@pytest.mark.parametrize("target", [95, 91])
def test_speed_near_the_target(time, per_second, target):
    sound = after_another_key(gliding(time), 93, target, 2 / per_second + 0.15)
    seconds, notes = semitones(sound)
    inside = np.abs(notes - 93) < 1.9
    inside[: np.argmax(np.abs(notes - 93) > 0.02)] = False
    slope = np.polyfit(seconds[inside], notes[inside], 1)[0]
    slack = 0.12 if time < 30 else 0.05  # few steps
    assert slope == pytest.approx(np.sign(target - 93) * per_second, rel=slack)
    assert notes[-1] == pytest.approx(target, abs=0.02)


def test_each_quarter_octave_of_distance_adds_the_same_speed():
    sound = after_another_key(gliding(60), 57, 93, 1.5)
    seconds, notes = semitones(sound)
    distance = 93 - notes
    for quarters in (0, 1, 3, 6):
        inside = (distance > 3 * quarters + 0.2) & (distance < 3 * quarters + 2.8)
        assert np.polyfit(seconds[inside], notes[inside], 1)[0] == pytest.approx(14 * (quarters + 1), rel=0.08)


def test_time_0_is_no_glide():
    assert frequency(after_another_key(gliding(0), 57, 69, 0.2)) == pytest.approx(tempered(69), rel=0.001)


@pytest.mark.parametrize("on", [True, False])
def test_only_while_the_pedal_is_down(on):
    _, notes = semitones(after_another_key(gliding(90, on=on), 57, 81, 0.1))
    assert (notes[2] < 70) == on


def test_time_by_controller_5():
    """MIDI's 0 to 127 become 0 to 99: 77 is 60."""
    engine = gliding(99)
    engine.midi(control(PORTAMENTO_TIME, 77), frame=0)
    assert np.array_equal(after_another_key(engine, 57, 69, 0.3), after_another_key(gliding(60), 57, 69, 0.3))


def test_the_first_note_has_nothing_to_glide_from():
    for mode in (RETAIN, FOLLOW):
        engine = gliding(90, mode)
        engine.note_on(81, 100, frame=0)
        assert frequency(engine.render_native(9000)[500:]) == pytest.approx(tempered(81), rel=0.001)


def test_retain_starts_at_the_pitch_of_the_last_key_and_leaves_other_notes_alone():
    patch = plain()
    patch.op[0].envelope.rates = [99, 99, 99, 25]  # a long release
    both = after_another_key(gliding(80, RETAIN, patch=patch), 57, 81, 0.3)
    start = frames_of(0.3)
    first = native_engine(patch)
    first.note_on(57, 100, frame=0)
    first.note_off(57, frame=start - 2000)
    _, new = semitones(both - first.render_native(2 * start)[start:])
    assert new[0] == pytest.approx(57, abs=1)
    assert new[-1] > 60


def test_follow_draws_released_notes_along():
    patch = plain()
    patch.op[0].envelope.rates = [99, 99, 99, 25]
    sound = after_another_key(gliding(50, FOLLOW, patch=patch), 69, 81, 1.2)
    old = quiet_second(patch, FOLLOW, 50)
    retained = quiet_second(patch, RETAIN, 50)
    assert frequency(old[-8000:]) == pytest.approx(tempered(81), rel=0.001)
    assert frequency(retained[-8000:]) == pytest.approx(tempered(69), rel=0.001)
    assert frequency(sound[-8000:]) == pytest.approx(tempered(81), rel=0.001)


def quiet_second(patch, mode, time):
    """The released first note alone: the second one is so soft that only the first is heard."""
    patch = patch.copy()
    patch.op[0].velocity_sensitivity = 7
    engine = gliding(time, mode, patch=patch)
    engine.note_on(69, 127, frame=0)
    engine.note_off(69, frame=10_000)
    engine.note_on(81, 1, frame=11_000)
    return engine.render_native(11_000 + frames_of(1.2))


def test_held_notes_do_not_follow():
    engine = gliding(50, FOLLOW)
    engine.note_on(69, 127, frame=0)
    engine.note_on(81, 127, frame=9000)
    engine.note_off(81, frame=30_000)
    assert frequency(engine.render_native(60_000)[40_000:]) == pytest.approx(tempered(69), rel=0.001)


# ---- glissando -----------------------------------------------------------------------


@pytest.mark.parametrize(("first", "second"), [(60, 72), (84, 72)])
def test_glissando_sounds_semitones_only(first, second):
    seconds, notes = semitones(after_another_key(gliding(90, glissando=True), first, second, 2.5))
    plateau = np.abs(np.diff(notes, append=notes[-1])) < 0.02
    steps = notes[plateau]
    assert np.abs(steps - np.round(steps)).max() < 0.03
    visited = sorted(set(np.round(steps).astype(int)))
    assert visited == list(range(min(first, second), max(first, second) + 1))
    assert notes[-1] == pytest.approx(second, abs=0.03)
    assert seconds.size


def test_glissando_moves_three_times_as_fast():
    """2 semitones at 3.3 a second take 0.6 s, or 0.2 s in semitones."""
    smooth_at, smooth = semitones(after_another_key(gliding(90), 93, 95, 1.0))
    stepped_at, stepped = semitones(after_another_key(gliding(90, glissando=True), 93, 95, 1.0))
    arrival = smooth_at[np.argmax(smooth > 94.97)], stepped_at[np.argmax(stepped > 94.97)]
    assert arrival[0] == pytest.approx(3 * arrival[1], rel=0.1)


# ---- mono ------------------------------------------------------------------------------


def test_fingered_glides_only_when_keys_overlap():
    _, detached = semitones(after_another_key(gliding(80, FINGERED, mono=True), 57, 81, 0.1))
    _, legato = semitones(after_another_key(gliding(80, FINGERED, mono=True), 57, 81, 0.1, overlap=True))
    assert detached[2] == pytest.approx(81, abs=0.02)
    assert legato[2] < 70


def test_full_time_glides_always():
    _, detached = semitones(after_another_key(gliding(80, FULL_TIME, mono=True), 57, 81, 0.1))
    _, legato = semitones(after_another_key(gliding(80, FULL_TIME, mono=True), 57, 81, 0.1, overlap=True))
    assert detached[2] < 70
    assert legato[2] < 70


def test_following_in_no_time_starts_on_the_new_pitch():
    """Portamento time 0 is instantaneous in every mode, and the first frame already has the new pitch."""

    def play(portamento):
        engine = Engine(voices=1, parts=1)
        engine.set_function("portamento_mode", 1)
        engine.midi(bytes((0xB0, 5, 0, 0xB0, 65, portamento)))
        engine.note_on(36, 100, frame=0)
        engine.note_off(36, frame=2000)
        engine.note_on(84, 100, frame=40_000)
        return engine.render(44_000)[40_000:]

    assert np.array_equal(play(127), play(0))
