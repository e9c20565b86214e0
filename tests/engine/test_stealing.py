# SPDX-License-Identifier: Apache-2.0
"""When voices run out: who gives way, how softly, and that no note-off goes astray."""

import numpy as np
import pytest
from measuring import NATIVE_RATE, component, native_engine, plain, tempered

from synth import Engine
from synth.patch import Envelope

SUSTAIN = 64
FADE = 128  # native frames, 2.6 ms


def ringing(attack=99, release=30):
    patch = plain()
    patch.op[0].envelope = Envelope(rates=(attack, 99, 99, release), levels=(99, 99, 99, 0))
    return patch


def sounds(sound, *keys):
    """Which of these keys are heard in the last 8000 frames."""
    return [key for key in keys if abs(component(sound[-8000:], tempered(key) / NATIVE_RATE)) > 200]


def pedal(engine, value, frame):
    engine.midi(bytes((0xB0, SUSTAIN, value)), frame=frame)


def test_resting_voices_come_first():
    engine = native_engine(ringing(release=99), voices=3)
    for number, key in enumerate((60, 64, 67, 70, 74)):
        engine.note_on(key, 100, frame=4000 * number)
        if key != 60:
            engine.note_off(key, frame=4000 * number + 1000)
    engine.render_native(20_000)
    assert engine.stats().notes_stolen == 0


def test_the_quietest_released_note_goes_first():
    """60 is held, 64 was let go long ago, 67 just now."""
    engine = native_engine(ringing(), voices=3)
    for key in (60, 64, 67):
        engine.note_on(key, 100, frame=0)
    engine.note_off(64, frame=1000)
    engine.note_off(67, frame=9000)
    engine.note_on(72, 100, frame=10_000)
    assert sounds(engine.render_native(20_000), 60, 64, 67, 72) == [60, 67, 72]
    assert engine.stats().notes_stolen == 1


def test_then_the_notes_the_pedal_holds():
    engine = native_engine(ringing(), voices=3)
    pedal(engine, 127, 0)
    for number, key in enumerate((60, 64, 67)):
        engine.note_on(key, 100, frame=number)
    engine.note_off(67, frame=1000)
    engine.note_on(72, 100, frame=10_000)
    assert sounds(engine.render_native(20_000), 60, 64, 67, 72) == [60, 64, 72]


def test_a_released_note_goes_before_one_that_the_pedal_holds_though_it_be_louder():
    patch = ringing()
    patch.op[0].velocity_sensitivity = 7
    engine = native_engine(patch, voices=2)
    engine.note_on(60, 127, frame=0)
    engine.note_off(60, frame=1000)
    pedal(engine, 127, 1001)
    engine.note_on(64, 60, frame=2000)
    engine.note_off(64, frame=3000)
    engine.note_on(72, 100, frame=10_000)
    assert sounds(engine.render_native(20_000), 60, 64, 72) == [64, 72]


def test_then_the_oldest_held_note():
    engine = native_engine(ringing(), voices=3)
    for number, key in enumerate((64, 60, 67, 72, 76)):
        engine.note_on(key, 100, frame=1000 * number)
    assert sounds(engine.render_native(20_000), 60, 64, 67, 72, 76) == [67, 72, 76]


def test_hardware_drops_the_new_note_instead():
    engine = native_engine(ringing(), voices=3, steal=False)
    for number, key in enumerate((64, 60, 67, 72, 76)):
        engine.note_on(key, 100, frame=1000 * number)
    assert sounds(engine.render_native(20_000), 60, 64, 67, 72, 76) == [60, 64, 67]
    assert engine.stats().notes_dropped == 2


# ---- softly ------------------------------------------------------------------------


def largest_step(sound):
    return int(np.abs(np.diff(sound)).max())


@pytest.mark.parametrize("count", [1, 8, 16])
def test_stolen_notes_fade_out_without_a_click(count):
    """All of a chord is stolen on one frame by notes that swell up slowly."""
    engine = native_engine(ringing(attack=30), voices=count)
    for key in range(40, 40 + count):
        engine.note_on(key, 100, frame=0)
    for key in range(60, 60 + count):
        engine.note_on(key, 100, frame=60_000)
    sound = engine.render_native(61_000)
    assert engine.stats().notes_stolen == count
    assert largest_step(sound[59_990:]) <= 1.5 * largest_step(sound[50_000:59_990])


def test_what_was_stolen_is_gone_after_the_fade():
    engine = native_engine(ringing(), voices=1)
    engine.note_on(40, 100, frame=0)
    engine.note_on(90, 100, frame=5000)
    fresh = native_engine(ringing(), voices=1)
    fresh.note_on(90, 100, frame=5000)
    tail = slice(5000 + FADE, None)
    assert np.array_equal(engine.render_native(9000)[tail], fresh.render_native(9000)[tail])


@pytest.mark.parametrize("steal", [True, False])
def test_a_note_right_after_all_sound_off_makes_no_click(steal):
    engine = native_engine(ringing(attack=30), voices=1, steal=steal)
    engine.note_on(40, 100, frame=0)
    engine.midi(bytes((0xB0, 120, 0)), frame=60_000)
    engine.note_on(40, 100, frame=60_060)
    sound = engine.render_native(61_000)
    assert largest_step(sound[59_990:]) <= 1.5 * largest_step(sound[50_000:59_990])


# ---- note-offs after a theft ---------------------------------------------------------


def test_note_off_of_a_stolen_note_does_not_touch_the_thief():
    engine = native_engine(voices=1)
    engine.note_on(60, 100, frame=0)
    engine.note_on(64, 100, frame=1000)
    engine.note_off(60, frame=2000)
    assert sounds(engine.render_native(20_000), 60, 64) == [64]
    engine.note_off(64)
    assert not engine.render_native(9000)[4000:].any()


def test_a_note_stolen_by_its_own_repetition_ends_with_the_first_note_off():
    engine = native_engine(voices=1)
    engine.note_on(60, 100, frame=0)
    engine.note_on(60, 100, frame=1000)
    engine.note_off(60, frame=2000)
    engine.note_off(60, frame=3000)
    assert not engine.render_native(9000)[6000:].any()
    assert engine.stats().keys_held == 0


def test_pedal_up_after_a_theft_leaves_the_thief_alone():
    engine = native_engine(voices=1)
    pedal(engine, 127, 0)
    engine.note_on(60, 100, frame=0)
    engine.note_off(60, frame=100)
    engine.note_on(64, 100, frame=1000)
    pedal(engine, 0, 2000)
    assert sounds(engine.render_native(20_000), 60, 64) == [64]


def test_stolen_across_parts():
    """Part 1 takes the only voice of part 0; part 0's note-off finds nothing and does nothing."""
    engine = native_engine(voices=1)
    engine.note_on(60, 100, frame=0)
    engine.note_on(60, 100, part=1, frame=1000)
    engine.note_off(60, frame=2000)
    engine.render_native(3000)
    assert engine.stats().keys_held == 1
    engine.note_off(60, part=1)
    engine.render_native(3000)
    assert engine.stats().keys_held == 0


def test_stolen_mono_voice_comes_back_with_the_next_key():
    engine = native_engine(voices=1)
    engine.set_function("mono", 1, frame=0)
    engine.note_on(60, 100, frame=0)
    engine.note_on(70, 100, part=1, frame=1000)
    engine.note_on(64, 100, frame=2000)
    assert sounds(engine.render_native(20_000), 60, 64, 70) == [64]
    engine.note_off(64)
    engine.note_off(60)
    engine.note_off(70, part=1)
    engine.render_native(9000)
    assert engine.stats().keys_held == 0


@pytest.mark.parametrize("voices", [1, 2, 255, 256])
def test_polyphony(voices):
    """So many notes sound and not one more; together they are the sum of what they are alone."""

    def chord(keys, parts, polyphony):
        engine = Engine(voices=polyphony)
        for part in parts:
            engine.load(ringing(), part=part, frame=0)
            for key in keys:
                engine.note_on(key, 100, part=part, frame=0)
        return engine, engine.render_native(3000)

    keys, parts = (range(60, 61), range(voices)) if voices < 3 else (range(128), range(2))
    engine, together = chord(keys, parts, voices)
    assert engine.stats().voices_sounding == voices
    assert engine.stats().keys_held == voices
    assert engine.stats().notes_stolen == len(keys) * len(parts) - voices
    if voices != 255:
        assert np.array_equal(together, sum(chord(keys, [part], 256)[1] for part in parts))
