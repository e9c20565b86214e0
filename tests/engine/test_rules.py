# SPDX-License-Identifier: Apache-2.0
"""Rules of the DX7 that no reference render shows: dropped notes, cut delays, one frame's events, the 16-bit pitch."""

import numpy as np
import pytest
from measuring import frequency, native_engine, plain

from synth import render_native, render_native_events
from synth.patch import Envelope, PitchEnvelope


def chord(keys, frame=0):
    return [(frame, "on", key, 100) for key in keys]


def trembling():
    """A voice whose every note-on would be heard in the others: the LFO starts over, its delay too."""
    patch = plain()
    patch.lfo.speed = 60
    patch.lfo.delay = 40
    patch.lfo.sync = True
    patch.lfo.pitch_mod_depth = 99
    patch.pitch_mod_sensitivity = 7
    return patch


def test_17th_note_is_dropped_before_anything_else_happens():
    sixteen = chord(range(40, 56))
    alone = render_native_events(trembling(), sixteen, 40_000)
    with_one_more = render_native_events(trembling(), [*sixteen, (20_000, "on", 80, 127)], 40_000)
    assert np.array_equal(alone, with_one_more)


def test_dropped_note_is_counted_and_its_note_off_does_nothing():
    engine = native_engine(steal=False)
    for key in range(40, 57):
        engine.note_on(key, 100, frame=0)
    engine.note_off(56, frame=1000)
    engine.render_native(2000)
    stats = engine.stats()
    assert (stats.notes_on, stats.notes_dropped, stats.keys_held) == (16, 1, 16)


def test_a_released_voice_is_free_though_it_still_sounds():
    patch = plain()
    patch.op[0].envelope = Envelope(rates=(99, 99, 99, 20), levels=(99, 99, 99, 0))
    engine = native_engine(patch, steal=False)
    for key in range(40, 56):
        engine.note_on(key, 100, frame=0)
    engine.note_off(47, frame=1000)
    engine.note_on(90, 100, frame=1001)
    engine.render_native(2000)
    assert engine.stats().notes_dropped == 0
    assert engine.stats().keys_held == 16


# ---- the delay of two inaudible levels ------------------------------------------

RATE_60_LONG = 2555  # frames of 479 envelope steps at rate 60: 0.052 s
RATE_60_SHORT = 80  # of 15 steps


def delayed():
    """Levels 4 and 1 are inaudible, so stage 1 is a delay; then the sound is there at once."""
    patch = plain()
    patch.op[0].envelope = Envelope(rates=(60, 99, 99, 99), levels=(0, 99, 99, 0))
    return patch


def onset(events, from_frame):
    sound = render_native_events(delayed(), events, from_frame + 6000)
    return int(np.flatnonzero(sound[from_frame:])[0])


def one_key_at_a_time(start, hold):
    frames = [start + n * (hold + 10) for n in range(16)]
    return [e for f in frames for e in ((f, "on", 60, 100), (f + hold, "off", 60, 0))]


def test_first_note_of_a_voice_has_the_short_delay():
    assert onset([(0, "on", 60, 100)], 0) == pytest.approx(RATE_60_SHORT, abs=32)


def test_next_note_of_a_voice_has_the_long_delay():
    played = one_key_at_a_time(0, 500)  # long enough for stage 1 to end by itself
    assert onset([*played, (20_000, "on", 60, 100)], 20_000) == pytest.approx(RATE_60_LONG, abs=32)


def test_key_up_during_stage_1_makes_the_next_delay_short():
    played = one_key_at_a_time(0, 500)
    cut = one_key_at_a_time(20_000, 1000)  # ends within the long delay
    assert onset([*played, *cut, (40_000, "on", 60, 100)], 40_000) == pytest.approx(RATE_60_SHORT, abs=32)


def test_key_up_after_stage_1_leaves_the_next_delay_long():
    played = one_key_at_a_time(0, 500)
    whole = one_key_at_a_time(20_000, 3000)
    assert onset([*played, *whole, (70_000, "on", 60, 100)], 70_000) == pytest.approx(RATE_60_LONG, abs=32)


# ---- several events on one frame -------------------------------------------------


def test_on_and_off_on_one_frame_make_no_sound():
    assert not render_native_events(plain(), [(50, "on", 60, 100), (50, "off", 60, 0)], 5000).any()


def test_off_and_on_on_one_frame_start_a_new_note_on_another_voice():
    patch = plain()
    patch.op[0].envelope = Envelope(rates=(99, 99, 99, 40), levels=(99, 99, 99, 0))
    first = [(0, "on", 60, 100), (3000, "off", 60, 0)]
    second = [(3000, "on", 60, 100)]
    together = render_native_events(patch, [*first, *second], 9000)
    assert np.array_equal(
        together,
        render_native_events(patch, first, 9000) + render_native_events(patch, second, 9000),
    )


def test_on_and_off_of_different_keys_on_one_frame_keep_their_order():
    """The off comes first and frees a voice; the other way round the note is dropped."""
    full = chord(range(40, 56))
    freed = render_native_events(plain(), [*full, (1000, "off", 40, 0), (1000, "on", 90, 100)], 8000)
    dropped = render_native_events(plain(), [*full, (1000, "on", 90, 100), (1000, "off", 40, 0)], 8000)
    without = render_native_events(plain(), [*full, (1000, "off", 40, 0)], 8000)
    assert np.array_equal(dropped, without)
    assert not np.array_equal(freed, without)


def test_velocity_0_is_a_note_off():
    by_velocity = render_native_events(plain(), [(0, "on", 60, 100), (3000, "on", 60, 0)], 6000)
    assert np.array_equal(by_velocity, render_native(plain(), 60, 100, 3000, 6000))


# ---- the voice's 16-bit pitch register -------------------------------------------


def test_pitch_beyond_16_bits_wraps_round():
    """Key 127 and four octaves of pitch envelope overflow the register: 3 Hz instead of the highest pitch."""
    patch = plain()
    patch.pitch_envelope = PitchEnvelope(levels=(99, 99, 99, 99))
    sound = render_native(patch, 127, 100, 100_000, 100_000)
    assert frequency(sound) == pytest.approx(3.0, rel=0.01)


def test_pitch_below_0_stays_at_0():
    patch = plain()
    patch.pitch_envelope = PitchEnvelope(levels=(0, 0, 0, 0))
    lowest = render_native(patch, 0, 100, 30_000, 30_000)
    assert np.array_equal(lowest, render_native(patch, 12, 100, 30_000, 30_000))
