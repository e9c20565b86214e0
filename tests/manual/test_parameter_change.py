# SPDX-License-Identifier: Apache-2.0
"""System exclusive while one plays: single parameters, single voices and banks, and what becomes of damaged ones."""

from __future__ import annotations

import numpy as np
import pytest
from hearing import Stage, played, sine

from synth import Bank

TRANSPOSE, COARSE_OP1, LEVEL_OP1 = "F0 43 10 01 10", "F0 43 10 00 7B", "F0 43 10 00 79"


@pytest.mark.parametrize(
    ("bytes_in", "notes_out"),
    [
        # Parameter 144 is the transposition, 24 of it C3; 123 and 121 are operator 1's ratio and level.
        (f"{TRANSPOSE} 18 F7  90 3C 64", "C3"),
        (f"{TRANSPOSE} 1F F7  90 3C 64", "G3"),
        (f"{COARSE_OP1} 02 F7  90 3C 64", "C4"),
        (f"{LEVEL_OP1} 00 F7  90 3C 64", ""),
        # Notes that sound stay as they are, the next ones are new: no click, no jump.
        (f"90 3C 64  {TRANSPOSE} 1F F7", "C3"),
        (f"90 3C 64  {TRANSPOSE} 1F F7  90 40 64", "C3 B3"),
        # For one channel each.
        (f"{TRANSPOSE} 1F F7  91 3C 64", "2: C3"),
        ("F0 43 11 01 10 1F F7  90 3C 64  91 3C 64", "C3 | 2: G3"),
        # A program change brings the voice of the bank back.
        (f"{TRANSPOSE} 1F F7  C0 00  90 3C 64", "C3"),
        # Values beyond their range are brought to its end, parameters that are none are nothing.
        (f"{TRANSPOSE} 7F F7  90 3C 64", "C5"),
        ("F0 43 10 01 7F 01 F7  90 3C 64", "C3"),
        # Operators are switched off and on by parameter 155: six bits, operator 1's the highest.
        ("F0 43 10 01 1B 1F F7  90 3C 64", ""),
        ("F0 43 10 01 1B 1F F7  F0 43 10 01 1B 3F F7  90 3C 64", "C3"),
        # What another maker's instrument means is not for us.
        ("F0 41 10 01 10 1F F7  90 3C 64", "C3"),
        # A message cut short does nothing, and what follows is heard.
        ("F0 43 10 01 10 F7  90 3C 64", "C3"),
    ],
)
def test_single_parameters(bytes_in, notes_out):
    assert played(bytes_in) == notes_out


def test_a_voice_is_for_its_channel():
    stage = Stage().play(sine(3).to_message(1), "90 3C 64  91 3C 64")
    assert stage.notes() == "C3 | 2: C5"


def test_a_bank_gives_every_part_its_number_of_it():
    stage = Stage().play("C1 01", Bank([sine(3), sine(1), *[sine(2)] * 30]).to_sysex(), "90 3C 64  91 3C 64")
    assert stage.notes() == "C5 | 2: C3"


def test_notes_that_sound_keep_their_voice():
    stage = Stage().play("90 3C 64", sine(3).to_message(0), Bank([sine(2)] * 32).to_sysex())
    assert stage.notes() == "C3"
    assert stage.play("80 3C 40  90 3C 64").notes() == "C4"


def test_a_voice_arrives_without_a_click():
    def sound(*between):
        return Stage().play("90 3C 64", *between).sound()

    assert np.array_equal(sound(sine(3).to_message(0)), sound("F8"))


@pytest.mark.parametrize("missing", [1, 2, 60, 150])
def test_a_voice_cut_short_is_told_and_changes_nothing(missing):
    stage = Stage()
    stage.instrument.play(sine(3).to_message(0)[:-missing], stage.cable)
    assert stage.play("90 3C 64").notes() == "C3"
    assert "SysEx cut short" in stage.warnings()[0]


def test_a_wrong_checksum_is_told_and_the_voice_is_played():
    message = bytearray(sine(3).to_message(0))
    message[-2] ^= 1
    stage = Stage().play(bytes(message), "90 3C 64")
    assert stage.notes() == "C5"
    assert "checksum" in stage.warnings()[0]
