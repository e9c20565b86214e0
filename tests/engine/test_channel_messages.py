# SPDX-License-Identifier: Apache-2.0
"""Sustain, all sound off, all notes off, reset all controllers, panic: what silences and what lets go."""

import numpy as np
import pytest
from measuring import amplitude, cents, frequency, native_engine, plain, tempered

from synth.patch import Envelope

CHANNELS = range(16)


def control(controller, value=0, channel=0):
    return bytes((0xB0 | channel, controller, value))


SUSTAIN_ON, SUSTAIN_OFF = control(64, 127), control(64, 0)
ALL_SOUND_OFF, RESET_CONTROLLERS, ALL_NOTES_OFF = control(120), control(121), control(123)


def releasing(rate=50):
    """A sine that rings on for a while: 72 dB a second at rate 50."""
    patch = plain()
    patch.op[0].envelope = Envelope(rates=(99, 99, 99, rate), levels=(99, 99, 99, 0))
    return patch


def chord(engine, *keys, frame=None):
    for key in keys:
        engine.note_on(key, 100, frame=frame)


# ---- sustain -----------------------------------------------------------------------


def test_pedal_holds_released_keys_until_it_goes_up():
    engine = native_engine()
    engine.midi(SUSTAIN_ON, frame=0)
    engine.note_on(60, 100, frame=0)
    engine.note_off(60, frame=2000)
    engine.midi(SUSTAIN_OFF, frame=12_000)
    sound = engine.render_native(20_000)
    held = native_engine()
    held.note_on(60, 100, frame=0)
    held.note_off(60, frame=12_000)
    assert np.array_equal(sound, held.render_native(20_000))


def test_pedal_held_voices_are_free_for_new_notes_without_stealing():
    engine = native_engine(steal=False)
    engine.midi(SUSTAIN_ON, frame=0)
    for number in range(20):
        engine.note_on(40 + number, 100, frame=200 * number)
        engine.note_off(40 + number, frame=200 * number + 100)
    engine.render_native(5000)
    assert engine.stats().notes_on == 20
    assert engine.stats().notes_dropped == 0
    assert engine.stats().keys_held == 16


# ---- silence -----------------------------------------------------------------------


def test_all_sound_off_fades_within_3_ms_and_without_a_click():
    engine = native_engine(releasing(0))
    chord(engine, 60, 67, frame=0)
    engine.midi(ALL_SOUND_OFF, frame=5000)
    sound = engine.render_native(9000)
    assert not sound[5000 + 148 :].any()
    assert np.abs(np.diff(sound[4900:5200])).max() <= 1.2 * np.abs(np.diff(sound[2000:4900])).max()
    assert engine.stats().voices_sounding == 0
    assert engine.stats().keys_held == 0


def test_all_sound_off_silences_pedal_held_notes_too():
    engine = native_engine(releasing(0))
    engine.midi(SUSTAIN_ON, frame=0)
    chord(engine, 60, 67, frame=0)
    engine.note_off(60, frame=100)
    engine.midi(ALL_SOUND_OFF, frame=5000)
    assert not engine.render_native(9000)[5200:].any()


def test_all_sound_off_leaves_other_channels_sounding():
    engine = native_engine()
    engine.load(plain(), part=1, frame=0)
    engine.note_on(60, 100, frame=0)
    engine.note_on(67, 100, part=1, frame=0)
    engine.midi(ALL_SOUND_OFF, frame=5000)
    sound = engine.render_native(20_000)
    assert frequency(sound[6000:]) == pytest.approx(tempered(67), rel=0.001)


def test_all_notes_off_lets_every_key_go_and_the_release_sound():
    engine = native_engine(releasing())
    chord(engine, 60, 67, frame=0)
    engine.midi(ALL_NOTES_OFF, frame=5000)
    sound = engine.render_native(20_000)
    released = native_engine(releasing())
    chord(released, 60, 67, frame=0)
    released.note_off(60, frame=5000)
    released.note_off(67, frame=5000)
    assert np.array_equal(sound, released.render_native(20_000))
    assert sound[6000:].any()


def test_panic_silences_all_channels_and_resets_them():
    engine = native_engine(releasing(0))
    for part in CHANNELS:
        engine.load(releasing(0), part=part, frame=0)
        engine.midi(control(64, 127, part), frame=0)
        engine.midi(bytes((0xE0 | part, 0, 0)), frame=0)
        engine.note_on(60, 100, part=part, frame=0)
    engine.panic(frame=4000)
    assert not engine.render_native(9000)[4200:].any()
    assert engine.stats().keys_held == 0
    engine.note_on(69, 100)
    engine.note_off(69, frame=12_000)
    sound = engine.render_native(9000)
    assert frequency(sound[500:2500]) == pytest.approx(tempered(69), rel=0.001)
    assert engine.stats().keys_held == 0


# ---- reset all controllers -----------------------------------------------------------


def test_reset_controllers():
    """Wheels to rest, bend to the centre, expression full, both pedals up; volume stays as it is."""
    patch = plain()
    patch.lfo.wave = "square"
    patch.pitch_mod_sensitivity = 7
    engine = native_engine(patch)
    engine.set_function("aftertouch_range", 99, frame=0)
    engine.set_function("portamento_time", 99, frame=0)
    touched = (control(1, 127), control(2, 127), control(4, 127), control(64, 127), control(65, 127),
               bytes((0xD0, 127)), bytes((0xE0, 0, 127)))  # fmt: skip
    for message in (*touched, RESET_CONTROLLERS):
        engine.midi(message, frame=0)
    engine.note_on(57, 100, frame=0)
    engine.note_off(57, frame=1000)
    engine.note_on(81, 100, frame=3000)
    sound = engine.render_native(20_000)
    assert engine.stats().keys_held == 1
    assert float(cents(frequency(sound[3500:]), tempered(81))) == pytest.approx(0, abs=2)


# What the recommended practice RP-015 resets, and what it leaves: both must sound as if only the rest had come.
RESET = {
    "wheel": (["b0017f"], []),
    "bend": (["e0007f"], []),
    "channel pressure": (["d07f"], []),
    "key pressure": (["a0457f"], []),
    "expression": (["b00b20"], []),
    "sustain": (["b0407f"], []),
    "portamento": (["b0417f"], []),
    "sostenuto": (["b0427f"], []),
    "soft": (["b0437f"], []),
    "legato": (["b0447f"], []),
    "the registered number": (["b06500", "b06402"], []),
    "not volume": (["b00740"], ["b00740"]),
    "not tuning": (["b06500", "b06402", "b00646"], ["b06500", "b06402", "b00646", "b0657f", "b0647f"]),
    "not the bend range": (["b06500", "b06400", "b00607"], ["b06500", "b06400", "b00607", "b0657f", "b0647f"]),
    "not mono": (["b07e01"], ["b07e01"]),
}


AFTERWARDS = ((1000, "b00646"), (1000, "e0307f"), (2000, "905164"), (6000, "804500"), (9000, "805100"))


@pytest.mark.parametrize(("before", "left"), RESET.values(), ids=RESET)
def test_reset_controllers_by_rp_015(before, left):
    def sound(*messages):
        patch = plain()
        patch.lfo.wave = "square"
        patch.pitch_mod_sensitivity = 7
        patch.op[0].velocity_sensitivity = 7
        engine = native_engine(patch)
        engine.set_function("aftertouch_range", 99, frame=0)
        engine.set_function("portamento_time", 80, frame=0)
        engine.midi(bytes.fromhex("904564"), frame=0)
        for message in messages:
            engine.midi(bytes.fromhex(message), frame=1)
        for frame, message in AFTERWARDS:
            engine.midi(bytes.fromhex(message), frame=frame)
        return engine.render(12_000)

    assert np.array_equal(sound(*before, "b07900"), sound(*left))
    assert not np.array_equal(sound(*before), sound())


@pytest.mark.parametrize(
    ("mode", "held", "keys_then"),
    [
        ("b07b00", 0, 2),  # all notes off
        ("b07c00", 0, 2),  # omni off, and on: nothing else, each part hears its own channel
        ("b07d00", 0, 2),
        ("b07e00", 0, 1),  # mono, on as many channels as there are voices: one of them
        ("b07e01", 0, 1),
        ("b07e04", 0, 2),  # mono on four channels is not a DX7's
        ("b07f00", 0, 2),  # poly
        ("b07a00", 3, 5),  # local control: there is no keyboard of our own
    ],
)
def test_channel_modes_let_the_keys_go(mode, held, keys_then):
    engine = native_engine()
    chord(engine, 60, 64, 67, frame=0)
    engine.midi(bytes.fromhex(mode), frame=1000)
    engine.render_native(2000)
    assert engine.stats().keys_held == held
    chord(engine, 72, 76)
    engine.render_native(1000)
    assert engine.stats().keys_held == keys_then


def test_reset_controllers_lets_the_pedal_go():
    engine = native_engine()
    engine.midi(SUSTAIN_ON, frame=0)
    engine.note_on(60, 100, frame=0)
    engine.note_off(60, frame=1000)
    engine.midi(RESET_CONTROLLERS, frame=5000)
    sound = engine.render_native(9000)
    assert amplitude(sound[3000:5000]) > 8000
    assert not sound[6000:].any()
