# SPDX-License-Identifier: Apache-2.0
"""Bank select and program change: bytes, which count from 0, in; numbers of voices, from 1, out."""

from __future__ import annotations

import mido
import numpy as np
import pytest

from synth import Engine, Patch
from synth.bank import Bank
from synth.midi.file import score_from_midi_file
from synth.midi.router import Router
from synth.midi.routing import Routing
from synth.midi.zones import read_zones
from synth.player.instrument import Instrument

RATE = 8000
VOICES = [Patch.init_voice() for _ in range(70)]  # two banks of 32 voices, and six voices of a third
for number, voice in enumerate(VOICES, 1):
    voice.name = f"VOICE {number}"
    voice.op[0].frequency_coarse = number % 32


class Stage:
    """One input without zones, an instrument and what it says."""

    def __init__(self, voices=VOICES, zones=()):
        self.events = []
        self.engine = Engine(sample_rate=RATE)
        self.instrument = Instrument(self.engine.producer(), voices, "test", self.events.append)
        self.routing = Routing(Router(read_zones(zones)[0]).table("any"))

    def play(self, *messages):
        for message in messages:
            self.instrument.play(bytes.fromhex(message), self.routing)
            self.engine.render(8)
        return self

    def chosen(self):
        return [(event["channel"], event["number"]) for event in self.events if event["event"] == "voice"]

    def warnings(self):
        return [event["text"] for event in self.events if event["event"] == "warning"]


@pytest.mark.parametrize(
    ("played", "chosen"),
    [
        ("c000", [(1, 1)]),
        ("c01f", [(1, 32)]),
        ("c020", [(1, 33)]),  # from 33 on programs reach into the next banks
        ("c045", [(1, 70)]),
        ("c505", [(6, 6)]),
        ("b02001", []),  # bank select alone changes nothing
        ("b00000 b02001", []),
        ("b00000 b02001 c000", [(1, 33)]),
        ("b02001 b00000 c000", [(1, 33)]),  # in either order
        ("b02001 c01f", [(1, 64)]),
        ("b02001 c020", [(1, 65)]),
        ("b02002 c005", [(1, 70)]),
        ("b02001 c000 c001", [(1, 33), (1, 34)]),  # and stays
        ("b02001 c000 b02000 c000", [(1, 33), (1, 1)]),
        ("b02001 c100 c000", [(2, 1), (1, 33)]),  # for its own channel
        ("b02001 b07900 c000", [(1, 33)]),  # controllers are reset, banks are not
        ("b02002 c006 c005", [(1, 70)]),  # there is no voice 71
        ("c046 c07f", []),
        ("b02003 c000 b02001 c000", [(1, 33)]),
        ("b00001 c000 b00000 c000", [(1, 1)]),  # controller 0 counts in steps of 128 banks
    ],
)
def test_what_a_program_change_selects(played, chosen):
    assert Stage().play(*played.split()).chosen() == chosen


@pytest.mark.parametrize(
    ("played", "sentence"),
    [
        ("c046", "bank 1, program 71 would be voice 71 of 70: part 1 keeps its voice"),
        ("b22003 c200", "bank 4, program 1 would be voice 97 of 70: part 3 keeps its voice"),
        ("b0007f b0207f c07f", "bank 16384, program 128 would be voice 524384 of 70: part 1 keeps its voice"),
        ("b0207f c001 b02000 c001", "bank 128, program 2 would be voice 4066 of 70: part 1 keeps its voice"),
    ],
)
def test_a_voice_that_is_not_there_is_told_and_not_selected(played, sentence):
    assert Stage().play(*played.split()).warnings() == [sentence]


def test_voices_that_are_not_there_are_told_once_until_one_is():
    stage = Stage().play(*["c046", "c047", "c146"] * 3, "c000", "c047")
    assert [text[-len("part 1 keeps its voice") :] for text in stage.warnings()] == [
        f"part {part} keeps its voice" for part in (1, 2, 1)
    ]


def test_a_bank_alone_is_told_nothing():
    assert not Stage().play("b0207f", "b0007f").warnings()


@pytest.mark.parametrize(
    ("played", "same"),
    [
        ("c001 903c64 b02001 c003", "c001 903c64 b0147f b0147f"),  # sounding notes keep their voice
        ("c001 b02001 c003 903c64", "b0147f b0147f c023 903c64"),  # the next ones have the new one
        ("c001 b02001 b0147f 903c64", "b0147f b0147f c001 903c64"),
    ],
)
def test_what_is_heard(played, same):
    sound, expected = (Stage().play(*messages.split()).engine.render(2000) for messages in (played, same))
    assert sound.any()
    assert np.array_equal(sound, expected)


def test_a_bank_that_is_received_is_bank_1():
    stage = Stage().play("b02001", "c002")
    stage.play(Bank(VOICES[:32]).to_sysex().hex(), "c002")
    assert stage.chosen()[-1] == (1, 3)
    assert not stage.warnings()


def test_arrows_leave_the_selected_bank():
    stage = Stage().play("b02001")
    stage.instrument.step(1)
    assert stage.play("c000").chosen() == [(None, 2), (1, 33)]


def test_a_split_selects_for_the_part_that_its_program_changes_are_for():
    stage = Stage(zones=[{"high": "B2", "part": 2, "voice": 5}, {"low": "C3", "part": 1}])
    assert stage.play("b02002", "c001").chosen() == [(1, 66)]


def test_targets_hear_of_voices_and_not_of_numbers():
    class Target:
        def __init__(self):
            self.heard = []

        def load(self, voice):
            self.heard.append(voice.name.rstrip())

        def voice(self, part, voice, index):
            pass

        def midi(self, message):
            self.heard.append(message.hex())

        def silence(self):
            pass

    stage = Stage()
    target = Target()
    stage.instrument = Instrument(stage.engine.producer(), VOICES, "test", stage.events.append, [target])
    stage.play("b00000", "b02001", "c003", "b00140")
    assert target.heard == ["VOICE 36", "b00140"]


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
