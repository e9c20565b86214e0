# SPDX-License-Identifier: Apache-2.0
"""Sostenuto and legato to the last sample, in mono mode and after a panic. What they hold is told in `tests/manual`."""

import numpy as np
import pytest
from measuring import cents, frequency, native_engine, plain, tempered

from synth.patch import Envelope

STEP = 4000  # native frames between two actions
PEDALS = {"sustain": 64, "sostenuto": 66, "soft": 67, "legato": 68}


class Keyboard:
    """Plays words, a step apart: "60" and "-60" are a key, "soft" and "-soft" a pedal, "xb07b00" is a message."""

    def __init__(self, patch=None, **options):
        self.engine = native_engine(patch, **options)

    def play(self, words):
        """What sounds after each word: native samples (words, STEP)."""
        return np.array([self._play(word) for word in words.split()])

    def _play(self, word):
        up, name = word.startswith("-"), word.lstrip("-")
        if name.isdecimal():
            self.engine.midi(bytes((0x80 if up else 0x90, int(name), 100)))
        elif name in PEDALS:
            self.engine.midi(bytes((0xB0, PEDALS[name], 0 if up else 127)))
        elif name != "wait":
            self.engine.midi(bytes.fromhex(name[1:]))
        return self.engine.render_native(STEP)

    def held(self, words):
        """How many keys sound on after the last word."""
        self.play(words)
        return self.engine.stats().keys_held


def test_a_caught_note_sounds_as_if_its_key_were_down():
    caught, held = Keyboard().play("60 sostenuto -60 -sostenuto"), Keyboard().play("60 wait wait -60")
    assert np.array_equal(caught, held)


def test_panic_raises_the_pedals():
    keyboard = Keyboard()
    keyboard.play("60 sostenuto -60 legato")
    keyboard.engine.panic()
    assert keyboard.held("wait 64 67 -64 -67") == 0
    assert keyboard.held("64 67") == 2


@pytest.mark.parametrize(
    ("played", "held"),
    [
        ("60 sostenuto -60", 1),
        ("60 64 sostenuto -64", 1),
        ("60 sostenuto 64 -60 -64", 0),  # another key than the caught one sounded last
        ("60 sostenuto 64 -64 -60", 0),
    ],
)
def test_sostenuto_in_mono_mode(played, held):
    keyboard = Keyboard()
    keyboard.engine.set_function("mono", 1)
    assert keyboard.held(played) == held


# ---- legato ------------------------------------------------------------------------


def heard(run):
    late = run[STEP // 2 :]
    return round(69 + float(cents(frequency(late), tempered(69))) / 100) if np.abs(late).max() > 10 else None


@pytest.mark.parametrize(
    ("played", "notes"),
    [
        ("legato 60 64 -64 -60", [None, 60, 64, 60, None]),
        ("60 legato 64 -60 -64", [60, 60, 64, 64, None]),  # the note that sounds goes on
        ("60 -60 legato 64 -64", [60, None, None, 64, None]),
        ("60 legato 64 -legato -64 -60", [60, 60, 64, 64, None, None]),
        ("60 legato 64 -legato -60 -64", [60, 60, 64, 64, 64, None]),
        ("60 legato -60 -legato", [60, 60, None, None]),
        ("60 legato xb07900 64 -60 -64", [60, 60, 60, "two", 64, None]),
    ],
)
def test_legato_is_mono_while_the_pedal_is_down(played, notes):
    keyboard = Keyboard()
    for word, note in zip(played.split(), notes, strict=True):
        sound = keyboard.play(word)[0]
        assert keyboard.engine.stats().keys_held == (2 if note == "two" else note is not None)
        assert note == "two" or heard(sound) == note


def test_legato_keeps_the_key_that_was_pressed_last():
    keyboard = Keyboard()
    assert keyboard.held("67 60 64 legato") == 1
    assert heard(keyboard.play("wait")[0]) == 64
    assert keyboard.held("-67 -60") == 1
    assert keyboard.held("-64") == 0


def test_legato_does_not_attack_again():
    patch = plain()
    patch.op[0].envelope = Envelope(rates=(99, 75, 75, 99), levels=(99, 0, 0, 0))
    loud = np.abs(Keyboard(patch).play("60 wait wait legato 64 -legato 67")).max(axis=1) > 1000
    assert loud[[0, 4, 6]].tolist() == [True, False, True]


def test_legato_leaves_mono_mode_as_it_was():
    keyboard = Keyboard()
    keyboard.engine.set_function("mono", 1)
    assert keyboard.held("60 legato 64 -legato 67") == 1
    assert keyboard.held("-60 -64 -67") == 0
