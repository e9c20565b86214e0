# SPDX-License-Identifier: Apache-2.0
"""The other pedals: sostenuto (controller 66), soft (67) and legato (68)."""

from __future__ import annotations

import numpy as np
import pytest
from hearing import VOICES, Stage, played

from synth import Patch

SOSTENUTO, SUSTAIN, LEGATO = "B0 42 7F", "B0 40 7F", "B0 44 7F"


@pytest.mark.parametrize(
    ("bytes_in", "notes_out"),
    [
        # Sostenuto catches the keys that are down when it is pressed, and holds those alone.
        (f"90 3C 64  {SOSTENUTO}  80 3C 40", "C3"),
        (f"90 3C 64  {SOSTENUTO}  80 3C 40  B0 42 00", ""),
        (f"90 3C 64 40 64  {SOSTENUTO}  80 3C 40 40 40", "C3 E3"),
        (f"{SOSTENUTO}  90 3C 64  80 3C 40", ""),  # pressed too early
        (f"90 3C 64  80 3C 40  {SOSTENUTO}", ""),  # and too late
        (f"90 3C 64  {SOSTENUTO}  90 40 64  80 40 40 3C 40", "C3"),
        (f"90 3C 64  {SOSTENUTO}  B0 42 00  80 3C 40", ""),
        (f"90 3C 64  {SOSTENUTO}  B0 42 00", "C3"),
        # Pressed once: a second message of a pedal that is down catches nothing.
        (f"90 3C 64  {SOSTENUTO}  90 40 64  {SOSTENUTO}  80 3C 40 40 40", "C3"),
        (f"90 3C 64  {SOSTENUTO}  80 3C 40  90 3C 64  80 3C 40", "C3"),
        # Beside the sustain pedal each lets go of what is its own.
        (f"{SUSTAIN}  90 3C 64  80 3C 40  {SOSTENUTO}  B0 40 00", ""),
        (f"90 3C 64  {SOSTENUTO}  {SUSTAIN}  90 40 64  80 3C 40 40 40  B0 40 00", "C3"),
        (f"90 3C 64  {SOSTENUTO}  {SUSTAIN}  90 40 64  80 3C 40 40 40  B0 42 00", "C3 E3"),
        (f"90 3C 64  {SOSTENUTO}  {SUSTAIN}  90 40 64  80 3C 40 40 40  B0 42 00 40 00", ""),
        # All notes off waits for the pedal; all sound off, and reset all controllers, do not.
        (f"90 3C 64 40 64  {SOSTENUTO}  B0 7B 00", "C3 E3"),
        (f"90 3C 64  {SOSTENUTO}  90 43 64  B0 7B 00", "C3"),
        (f"90 3C 64  {SOSTENUTO}  80 3C 40  B0 78 00", ""),
        (f"90 3C 64  {SOSTENUTO}  80 3C 40  B0 79 00", ""),
        (f"90 3C 64  {SOSTENUTO}  B0 79 00  90 40 64  80 40 40 3C 40", ""),
        # It is down from 64 on, and its channel's own.
        ("90 3C 64  B0 42 40  80 3C 40", "C3"),
        ("90 3C 64  B0 42 3F  80 3C 40", ""),
        ("90 3C 64  B1 42 7F  80 3C 40", ""),
    ],
)
def test_sostenuto(bytes_in, notes_out):
    assert played(bytes_in) == notes_out


@pytest.mark.parametrize(
    ("bytes_in", "notes_out"),
    [
        # While legato is down a part plays one note, and does not begin anew where keys overlap.
        (f"{LEGATO}  90 3C 64", "C3"),
        (f"{LEGATO}  90 3C 64 40 64", "E3"),
        (f"{LEGATO}  90 3C 64 40 64  80 40 40", "C3"),
        (f"{LEGATO}  90 3C 64 40 64  80 40 40 3C 40", ""),
        (f"90 3C 64  {LEGATO}  90 40 64", "E3"),  # the note that sounds goes on
        (f"90 3C 64  {LEGATO}  90 40 64  80 3C 40", "E3"),
        # Afterwards it is poly again; keys that are down sound as they do.
        (f"90 3C 64  {LEGATO}  90 40 64  B0 44 00", "E3"),
        (f"90 3C 64  {LEGATO}  90 40 64  B0 44 00  90 43 64", "E3 G3"),
        (f"{LEGATO}  B0 44 00  90 3C 64 40 64", "C3 E3"),
        (f"{LEGATO}  90 3C 64  91 3C 64 40 64", "C3 | 2: C3 E3"),
    ],
)
def test_legato(bytes_in, notes_out):
    assert played(bytes_in) == notes_out


def touched(*bytes_in: str) -> np.ndarray:
    """What a voice that knows how hard a key is struck sounds after these bytes."""
    voice = Patch.init_voice()
    voice.op[0].velocity_sensitivity = 5
    return Stage(voices=[voice]).play("...", *bytes_in).sound()


@pytest.mark.parametrize(
    ("bytes_in", "sounds_as"),
    [
        ("B0 43 7F  90 3C 64", "B0 43 00  90 3C 43"),  # 100 becomes 67: two thirds
        ("B0 43 7F  90 3C 3C", "B0 43 00  90 3C 28"),
        ("B0 43 7F  90 3C 01", "B0 43 00  90 3C 01"),
        ("B0 43 7F  90 3C 03", "B0 43 00  90 3C 02"),
        ("B0 43 7F  90 3C 7F", "B0 43 00  90 3C 55"),
        ("B0 43 7F 79 00  90 3C 64", "B0 43 00 79 00  90 3C 64"),  # reset all controllers raises it
        ("B0 43 40  90 3C 64", "B0 43 00  90 3C 43"),
        ("B0 43 3F  90 3C 64", "B0 43 00  90 3C 64"),
        ("B1 43 7F  90 3C 64", "B1 43 00  90 3C 64"),  # its channel's own
        ("B0 43 7F  43 00  90 3C 64", "B0 43 00 43 00  90 3C 64"),
        ("90 3C 64  B0 43 7F", "90 3C 64  B0 43 00"),  # notes that sound stay as loud
    ],
)
def test_the_soft_pedal_takes_a_third_off_the_velocity(bytes_in, sounds_as):
    sound = touched(bytes_in)
    assert sound.any()
    assert np.array_equal(sound, touched(sounds_as))


def test_voices_without_velocity_know_no_soft_pedal():
    def sound(bytes_in):
        return Stage(voices=VOICES).play(bytes_in).sound()

    assert np.array_equal(sound("B0 43 7F  90 3C 64"), sound("B0 43 00  90 3C 64"))
