# SPDX-License-Identifier: Apache-2.0
"""Bank select and program change: bytes, which count from 0, in; numbers of voices, from 1, out."""

from __future__ import annotations

import mido
import numpy as np
import pytest
from hearing import RATE, Stage

from synth import Engine, Patch
from synth.bank import Bank
from synth.midi.file import score_from_midi_file
from synth.player.targets import Target

VOICES = [Patch.init_voice() for _ in range(70)]  # two banks of 32 voices, and six voices of a third
for number, voice in enumerate(VOICES, 1):
    voice.name = f"VOICE {number}"
    voice.op[0].frequency_coarse = number % 32


@pytest.mark.parametrize(
    ("played", "chosen"),
    [
        ("C0 00", [(1, 1)]),
        ("C0 1F", [(1, 32)]),
        ("C0 20", [(1, 33)]),  # from 33 on programs reach into the next banks
        ("C0 45", [(1, 70)]),
        ("C5 05", [(6, 6)]),
        ("B0 20 01", []),  # bank select alone changes nothing
        ("B0 00 00  B0 20 01", []),
        ("B0 00 00  B0 20 01  C0 00", [(1, 33)]),
        ("B0 20 01  B0 00 00  C0 00", [(1, 33)]),  # in either order
        ("B0 20 01  C0 1F", [(1, 64)]),
        ("B0 20 01  C0 20", [(1, 65)]),
        ("B0 20 02  C0 05", [(1, 70)]),
        ("B0 20 01  C0 00  C0 01", [(1, 33), (1, 34)]),  # and stays
        ("B0 20 01  C0 00  B0 20 00  C0 00", [(1, 33), (1, 1)]),
        ("B0 20 01  C1 00  C0 00", [(2, 1), (1, 33)]),  # for its own channel
        ("B0 20 01  B0 79 00  C0 00", [(1, 33)]),  # controllers are reset, banks are not
        ("B0 20 02  C0 06  C0 05", [(1, 70)]),  # there is no voice 71
        ("C0 46  C0 7F", []),
        ("B0 20 03  C0 00  B0 20 01  C0 00", [(1, 33)]),
        ("B0 00 01  C0 00  B0 00 00  C0 00", [(1, 1)]),  # controller 0 counts in steps of 128 banks
    ],
)
def test_what_a_program_change_selects(played, chosen):
    assert Stage(voices=VOICES).play(played).chosen() == chosen


@pytest.mark.parametrize(
    ("played", "sentence"),
    [
        ("C0 46", "bank 1, program 71 would be voice 71 of 70: part 1 keeps its voice"),
        ("B2 20 03  C2 00", "bank 4, program 1 would be voice 97 of 70: part 3 keeps its voice"),
        ("B0 00 7F  B0 20 7F  C0 7F", "bank 16384, program 128 would be voice 524384 of 70: part 1 keeps its voice"),
        ("B0 20 7F  C0 01  B0 20 00  C0 01", "bank 128, program 2 would be voice 4066 of 70: part 1 keeps its voice"),
    ],
)
def test_a_voice_that_is_not_there_is_told_and_not_selected(played, sentence):
    assert Stage(voices=VOICES).play(played).warnings() == [sentence]


def test_voices_that_are_not_there_are_told_once_until_one_is():
    stage = Stage(voices=VOICES).play(*["C0 46", "C0 47", "C1 46"] * 3, "C0 00", "C0 47")
    assert [text[-len("part 1 keeps its voice") :] for text in stage.warnings()] == [
        f"part {part} keeps its voice" for part in (1, 2, 1)
    ]


def test_a_bank_alone_is_told_nothing():
    assert not Stage(voices=VOICES).play("B0 20 7F", "B0 00 7F").warnings()


@pytest.mark.parametrize(
    ("played", "same"),
    [
        ("C0 01  90 3C 64  B0 20 01  C0 03", "C0 01  90 3C 64  B0 14 7F  B0 14 7F"),  # sounding notes keep their voice
        ("C0 01  B0 20 01  C0 03  90 3C 64", "B0 14 7F  B0 14 7F  C0 23  90 3C 64"),  # the next ones have the new one
        ("C0 01  B0 20 01  B0 14 7F  90 3C 64", "B0 14 7F  B0 14 7F  C0 01  90 3C 64"),
    ],
)
def test_what_is_heard(played, same):
    sound, expected = (Stage(voices=VOICES).play(messages).sound() for messages in (played, same))
    assert sound.any()
    assert np.array_equal(sound, expected)


def test_a_bank_that_is_received_is_bank_1():
    stage = Stage(voices=VOICES).play("B0 20 01", "C0 02")
    stage.play(Bank(VOICES[:32]).to_sysex().hex(), "C0 02")
    assert stage.chosen()[-1] == (1, 3)
    assert not stage.warnings()


def test_arrows_leave_the_selected_bank():
    stage = Stage(voices=VOICES).play("B0 20 01")
    stage.instrument.step(1)
    assert stage.play("C0 00").chosen() == [(None, 2), (1, 33)]


def test_a_split_selects_for_the_part_that_its_program_changes_are_for():
    stage = Stage({"high": "B2", "part": 2, "voice": 5}, {"low": "C3", "part": 1}, voices=VOICES)
    assert stage.play("B0 20 02", "C0 01").chosen() == [(1, 66)]


def test_targets_hear_of_voices_and_not_of_numbers():
    class Heard(Target):
        def __init__(self):
            self.heard = []

        def load(self, patch):
            self.heard.append(patch.name.rstrip())

        def midi(self, message):
            self.heard.append(message)

    target = Heard()
    stage = Stage(voices=VOICES, targets=[target])
    target.heard.clear()
    stage.play("B0 00 00", "B0 20 01", "C0 03", "B0 01 40")
    assert target.heard == ["VOICE 36", bytes.fromhex("B0 01 40")]


def song(path, *messages):
    track = mido.MidiTrack([*map(mido.Message.from_hex, messages), mido.Message("note_off", note=60, time=96)])
    file = mido.MidiFile(ticks_per_beat=96, tracks=[track])
    file.save(path)
    score, frames = score_from_midi_file(path, VOICES, RATE)
    engine = Engine(sample_rate=RATE)
    engine.play(score)
    return engine.render(frames)


@pytest.mark.parametrize(
    ("messages", "same"),
    [
        (["B0 20 01", "C0 03"], "C0 23"),
        (["B0 00 00", "B0 20 02", "C0 01"], "C0 41"),
        (["C0 07", "B0 20 02", "C0 06"], "C0 07"),  # where a song for something else goes beyond, the voice stays
        (["B0 00 7F", "C0 06"], "C0 00"),
    ],
)
def test_songs_select_banks_too(tmp_path, messages, same):
    note = "90 3C 64"
    wanted = song(tmp_path / "a.mid", same, note)
    assert wanted.any()
    assert np.array_equal(song(tmp_path / "b.mid", *messages, note), wanted)
