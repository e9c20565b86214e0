# SPDX-License-Identifier: Apache-2.0
"""A new patch is for new notes: what sounds keeps its own, and a voice that is used again starts from silence."""

import numpy as np
import pytest
from measuring import native_engine, plain
from strategies import random_voices

from synth.patch import Envelope, PitchEnvelope


def moving():
    """A voice in which LFO, pitch envelope and envelopes are all at work."""
    patch = plain()
    patch.algorithm = 3
    patch.feedback = 6
    patch.lfo.speed = 70
    patch.lfo.delay = 20
    patch.lfo.pitch_mod_depth = 60
    patch.lfo.amp_mod_depth = 60
    patch.pitch_mod_sensitivity = 5
    patch.pitch_envelope = PitchEnvelope(rates=(60, 40, 50, 50), levels=(70, 40, 50, 30))
    for number, operator in enumerate(patch.op):
        operator.output_level = 90 - 3 * number
        operator.amp_mod_sensitivity = 2
        operator.envelope = Envelope(rates=(80, 40, 30, 35), levels=(99, 80, 60, 0))
    return patch


def drone():
    """Level 4 is full: this voice never falls silent by itself. Its notes leave the LFO alone."""
    patch = plain()
    patch.lfo.sync = False
    patch.op[0].envelope = Envelope(levels=(99, 99, 99, 99))
    return patch


def test_sounding_notes_keep_their_patch_to_the_last_sample():
    def play(changes):
        engine = native_engine(moving())
        engine.note_on(60, 100, frame=0)
        engine.note_on(67, 100, frame=3000)
        engine.note_off(60, frame=20_000)
        for number, voice in enumerate(changes):
            engine.load(voice.tobytes(), frame=4000 + 700 * number)
        return engine.render_native(50_000)

    assert np.array_equal(play(random_voices(1, 50)), play([]))


def test_new_notes_play_the_new_patch_beside_the_old():
    def play(old, new):
        engine = native_engine(moving())
        if old:
            engine.note_on(60, 100, frame=0)
        engine.load(plain(), frame=5000)
        if new:
            engine.note_on(72, 100, frame=6000)
        return engine.render_native(20_000)

    assert np.array_equal(play(True, True), play(True, False) + play(False, True))


def test_last_patch_loaded_on_a_frame_counts():
    engine = native_engine(moving())
    engine.load(drone(), frame=0)
    engine.load(plain(), frame=0)
    engine.note_on(60, 100, frame=0)
    alone = native_engine()
    alone.note_on(60, 100, frame=0)
    assert np.array_equal(engine.render_native(9000), alone.render_native(9000))


@pytest.mark.parametrize("steal", [True, False])
def test_a_voice_used_again_with_another_patch_starts_from_silence(steal):
    """Of the drone nothing is left but its fade of 128 frames."""

    def play(droned):
        engine = native_engine(drone(), voices=1, steal=steal)
        if droned:
            engine.note_on(40, 100, frame=0)
            engine.note_off(40, frame=1000)
        engine.load(moving(), frame=8000)
        engine.note_on(60, 100, frame=9000)
        return engine.render_native(20_000)[9128:]

    assert np.array_equal(play(droned=True), play(droned=False))


def test_a_resting_voice_of_another_part_is_as_good_as_new():
    """Even the envelope's memory of its last delay is gone."""
    delayed = plain()
    delayed.op[0].envelope = Envelope(rates=(60, 99, 99, 99), levels=(0, 99, 99, 0))

    def play(used):
        engine = native_engine(voices=1)
        engine.load(delayed, part=1, frame=0)
        if used:
            engine.note_on(60, 100, frame=0)
            engine.note_off(60, frame=2000)
        engine.note_on(60, 100, part=1, frame=8000)
        return engine.render_native(14_000)[8000:]

    assert np.array_equal(play(used=True), play(used=False))


def test_a_voice_used_again_with_the_same_patch_starts_where_it_was():
    """The DX7 never resets an envelope: with level 4 full the second attack begins at full level."""
    engine = native_engine(drone(), voices=1, steal=False)
    engine.note_on(60, 100, frame=0)
    engine.note_off(60, frame=5000)
    engine.note_on(60, 100, frame=10_000)
    sound = np.abs(engine.render_native(12_000))
    assert sound[6000:10_000].max() > 8000
    assert sound[10_000:10_100].max() > 8000


def test_loading_the_same_patch_again_and_again_uses_nothing_up():
    engine = native_engine(moving(), voices=2)
    for number in range(2000):
        engine.load(moving())
        engine.note_on(40 + number % 40, 100)
        engine.render_native(32)
        engine.note_off(40 + number % 40)
    assert engine.stats().notes_on == 2000
