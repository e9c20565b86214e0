# SPDX-License-Identifier: Apache-2.0
"""Notes with bend, pressure and controllers of their own, measured in both kernels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measures import nearest_tone
from measuring import amplitude, cents, native_engine, pitch_track, plain, tempered

from synth import Engine, EngineError, Patch
from synth.patch import Envelope

RATE = 48000
KERNELS = ("chip", "clean")
OCTAVE = 16384
GRID = 1.5  # cents: the registers' steps, and how far the DX7's own tuning is from equal temperament


def engine_of(kernel="chip", patch=None, voices=8) -> Engine:
    engine = Engine(RATE, voices, 2, kernel)
    engine.load(plain() if patch is None else patch)
    return engine


def play(engine, note, velocity, member):
    """A note of a member, or of none."""
    if member is None:
        engine.note_on(note, velocity)
    else:
        engine.member_note(note, velocity, member)


def semitones(number: float) -> int:
    return round(number * OCTAVE / 12)


def note_of(engine: Engine, expected: float, frames: int = 12_000) -> float:
    """How far the tone is from this MIDI note, in cents."""
    samples = engine.render(frames)[2000:, 0]
    hertz = nearest_tone(samples, RATE, tempered(expected)).cycles * RATE
    return float(cents(hertz, tempered(expected)))


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("bend", [-36, -24.5, -0.04, 0, 0.04, 7, 12, 48])
def test_a_bend_takes_a_note_where_it_says(kernel, bend):
    engine = engine_of(kernel)
    engine.touch("bend", semitones(bend), member=3)
    engine.member_note(57, 100, 3)
    assert note_of(engine, 57 + bend) == pytest.approx(0, abs=GRID)


@pytest.mark.parametrize("kernel", KERNELS)
def test_it_sounds_so_from_its_first_frame_on(kernel):
    bent, usual = engine_of(kernel), engine_of(kernel)
    bent.touch("bend", OCTAVE, member=1)
    bent.member_note(60, 100, 1)
    usual.note_on(72, 100)
    assert np.array_equal(bent.render(600), usual.render(600))


@pytest.mark.parametrize("kernel", KERNELS)
def test_only_the_notes_of_the_member_move(kernel):
    engine = engine_of(kernel)
    engine.member_note(57, 100, 1)
    engine.member_note(81, 100, 2)
    engine.note_on(45, 100)
    engine.touch("bend", semitones(5), member=2)
    engine.touch("bend", semitones(9), member=4)
    samples = engine.render(14_000)[4000:, 0]
    for note in (57, 86, 45):
        tone = nearest_tone(samples, RATE, tempered(note))
        assert float(cents(tone.cycles * RATE, tempered(note))) == pytest.approx(0, abs=GRID)


def test_the_parts_bend_and_the_notes_add_up():
    engine = engine_of()
    engine.midi(b"\xe0\x00\x7f")  # two semitones up
    engine.touch("bend", semitones(-14), member=1)
    engine.member_note(69, 100, 1)
    assert note_of(engine, 57) == pytest.approx(0, abs=3)  # the DX7's two semitones are 198 cents


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_released_note_keeps_its_bend_when_the_member_plays_on(kernel):
    patch = plain()
    patch.op[0].envelope = Envelope(rates=(99, 99, 99, 30), levels=(99, 99, 99, 0))
    engine = engine_of(kernel, patch)
    engine.touch("bend", semitones(3), member=1)
    engine.member_note(57, 100, 1)
    engine.render(4000)
    engine.member_note(57, 0, 1)
    engine.touch("bend", semitones(-12), member=1)
    engine.member_note(90, 100, 1)
    samples = engine.render(12_000)[2000:, 0]
    for note in (60, 78):
        hertz = nearest_tone(samples, RATE, tempered(note), decays=True).cycles * RATE
        assert float(cents(hertz, tempered(note))) == pytest.approx(0, abs=2)


def test_a_note_under_the_pedal_keeps_its_bend():
    engine = engine_of()
    engine.midi(b"\xb0\x40\x7f")
    engine.touch("bend", semitones(3), member=1)
    engine.member_note(57, 100, 1)
    engine.render(2000)
    engine.member_note(57, 0, 1)
    engine.touch("bend", 0, member=1)
    assert note_of(engine, 60) == pytest.approx(0, abs=GRID)
    engine.midi(b"\xb0\x40\x00")
    engine.render(4000)
    assert engine.stats().keys_held == 0


def test_the_same_key_of_two_members_is_two_notes():
    engine = engine_of()
    for member in (1, 2):
        engine.member_note(60, 100, member)
    engine.note_on(60, 100)
    engine.render(64)
    assert engine.stats().keys_held == 3
    for member, left in ((2, 2), (2, 2), (None, 1), (1, 0)):
        play(engine, 60, 0, member)
        engine.render(64)
        assert engine.stats().keys_held == left


@pytest.mark.parametrize("name", ["aftertouch", "breath", "foot", "wheel"])
def test_pressure_of_a_note_is_its_own(name):
    """Assigned to the envelope bias, a source that rests silences; pressed, it lets sound through."""
    patch = plain()
    patch.op[0].amp_mod_sensitivity = 3
    engine = native_engine(patch)
    engine.set_function(f"{name}_range", 99, frame=0)
    engine.set_function(f"{name}_assign", 4, frame=0)
    engine.member_note(57, 100, 1, frame=300)
    engine.member_note(81, 100, 2, frame=300)
    quiet = amplitude(engine.render_native(12_000)[4000:])
    engine.touch(name, 127, member=2)
    engine.render_native(2000)
    loud = engine.render_native(12_000)
    assert amplitude(loud) > 30 * quiet
    assert float(cents(np.median(pitch_track(loud)[1]), tempered(81))) == pytest.approx(0, abs=3)


def test_a_slide_of_four_octaves_is_smooth():
    """A bend that grows in steps of 14 bits: no two periods differ by more than one tick's worth."""
    engine = native_engine()
    engine.member_note(33, 100, 1, frame=0)
    for step in range(1, 8193):
        engine.touch("bend", 8 * step, member=1, frame=2000 + 6 * step)
        if step % 1024 == 0:
            engine.render_native(1)
    pitch = pitch_track(engine.render_native(60_000)[1000:])[1]
    moves = cents(pitch[1:], 1.0) - cents(pitch[:-1], 1.0)
    assert cents(pitch[-1], tempered(81)) == pytest.approx(0, abs=40)  # a period is 56 frames: 31 cents a frame
    assert np.abs(moves).max() < 250


@pytest.mark.parametrize("kernel", KERNELS)
def test_members_change_no_bit_of_other_parts_and_notes(kernel):
    alone, beside = engine_of(kernel, voices=16), engine_of(kernel, voices=16)
    for engine in (alone, beside):
        engine.note_on(60, 100)
    beside.touch("bend", 999, member=1)
    beside.touch("aftertouch", 99, member=1)
    assert np.array_equal(alone.render(3000), beside.render(3000))


@pytest.mark.parametrize("kernel", KERNELS)
def test_an_untouched_note_of_a_member_sounds_like_any_other(kernel):
    patch = Patch.init_voice()
    patch.lfo.pitch_mod_depth, patch.pitch_mod_sensitivity = 50, 5
    patch.op[0].envelope = Envelope(rates=(70, 60, 50, 60), levels=(99, 80, 60, 0))
    patch.op[1].envelope = Envelope(rates=(70, 60, 50, 60), levels=(99, 80, 60, 30))
    patch.op[1].output_level = 70
    usual, member = engine_of(kernel, patch, voices=1), engine_of(kernel, patch, voices=1)
    for frames in (3000, 5000, 4000):  # again, so that a note finds what the one before left
        usual.note_on(60, 100)
        member.member_note(60, 100, 5)
        assert np.array_equal(usual.render(frames), member.render(frames))
        usual.note_off(60)
        member.member_note(60, 0, 5)
        assert np.array_equal(usual.render(RATE), member.render(RATE))


@pytest.mark.parametrize("switch", [b"\xb0\x7e\x01", b"\xb0\x44\x7f"])
def test_mono_notes_take_the_touch_of_the_key_they_sound(switch):
    engine = engine_of()
    engine.midi(switch)
    engine.touch("bend", semitones(1), member=1)
    engine.touch("bend", semitones(-2), member=2)
    engine.member_note(57, 100, 1)
    assert note_of(engine, 58) == pytest.approx(0, abs=GRID)
    engine.member_note(69, 100, 2)
    assert note_of(engine, 67) == pytest.approx(0, abs=GRID)
    engine.note_on(81, 100)
    assert note_of(engine, 81) == pytest.approx(0, abs=GRID)
    engine.note_off(81)
    engine.member_note(69, 0, 2)
    engine.touch("bend", semitones(4), member=1)
    assert note_of(engine, 61) == pytest.approx(0, abs=GRID)
    engine.member_note(57, 0, 1)
    engine.render(100)
    assert engine.stats().keys_held == 0


def test_a_panic_and_a_reset_of_controllers_take_the_touch_away():
    for forget in (Engine.panic, lambda engine: engine.midi(b"\xb0\x79\x00")):
        engine = engine_of()
        engine.touch("bend", semitones(7), member=1)
        engine.member_note(57, 100, 1)
        engine.render(500)
        forget(engine)
        engine.render(2000)
        if engine.stats().keys_held == 0:
            engine.member_note(57, 100, 1)
        assert note_of(engine, 57) == pytest.approx(0, abs=GRID)


def test_values_out_of_range_are_refused():
    engine = engine_of()
    for call in (
        lambda: engine.member_note(60, 100, 0),
        lambda: engine.member_note(60, 100, 17),
        lambda: engine.member_note(128, 100, 1),
        lambda: engine.member_note(60, 0, 1, 16),
        lambda: engine.touch("bend", 131_073, 1),
        lambda: engine.touch("breath", 128, 1),
        lambda: engine.touch("breath", -1, 1),
        lambda: engine.touch("timbre", 1, 1),
        lambda: engine.touch("bend", 1, 0),
    ):
        with pytest.raises((ValueError, TypeError, EngineError)):
            call()


members = st.one_of(st.none(), st.integers(1, 3))
deeds = st.one_of(
    st.tuples(st.just("on"), st.integers(58, 62), members),
    st.tuples(st.just("off"), st.integers(58, 62), members),
    st.tuples(st.just("bend"), st.integers(-131_072, 131_072), st.integers(1, 3)),
    st.tuples(st.just("aftertouch"), st.integers(0, 127), st.integers(1, 3)),
    st.tuples(st.just("control"), st.sampled_from([64, 66, 68, 120, 121, 123, 126, 127]), st.sampled_from([0, 1, 127])),
    st.tuples(st.just("load"), st.integers(0, 31), st.none()),
)


@settings(max_examples=150)
@given(story=st.lists(deeds, max_size=60), voices=st.integers(1, 6), steal=st.booleans())
def test_whatever_members_play_ends_with_their_keys(story, voices, steal):
    engine = Engine(8000, voices, 1, steal=steal)
    pressed = set()
    for what, value, more in story:
        if what == "on":
            play(engine, value, 100, more)
            pressed.add((value, more))
        elif what == "off":
            play(engine, value, 0, more)
        elif what == "control":
            engine.midi(bytes((0xB0, value, more)))
        elif what == "load":
            patch = Patch.init_voice()
            patch.algorithm = value
            engine.load(patch)
        else:
            engine.touch(what, value, more)
        engine.render(16)
    for pedal in (64, 66, 68):
        engine.midi(bytes((0xB0, pedal, 0)))
    for key, member in pressed:
        for _ in story:  # each press is a note
            play(engine, key, 0, member)
    engine.render(16)
    assert engine.stats().keys_held == 0
