# SPDX-License-Identifier: Apache-2.0
"""The function parameters of a player: commands, controllers and system exclusive in, events and sound out."""

from __future__ import annotations

import os
import random
import re
import signal

import numpy as np
import pytest
from waiting import wait_until

from synth import Engine, Patch
from synth.functions import FUNCTIONS
from synth.midi.router import Router
from synth.midi.routing import Routing
from synth.player.instrument import Instrument
from synth.session import Session
from synth.sysex import bulk

RATE = 8000
VOICES = [Patch.init_voice() for _ in range(3)]


class Stage:
    """One input, an instrument, and what it says."""

    def __init__(self):
        self.events = []
        self.engine = Engine(sample_rate=RATE)
        self.instrument = Instrument(self.engine.producer(), VOICES, "test", self.events.append)
        self.routing = Routing(Router().table("any"))

    def play(self, *messages):
        for message in messages:
            self.instrument.play(bytes.fromhex(message), self.routing)
            self.engine.render(8)
        return self

    def changes(self):
        return [(e["channel"], e["name"], e["text"]) for e in self.events if e["event"] == "function"]

    def warnings(self):
        return [event["text"] for event in self.events if event["event"] == "warning"]


@pytest.mark.parametrize(
    ("played", "changes"),
    [
        ("b00540", [(1, "portamento_time", "50")]),
        ("b00540 b00540", [(1, "portamento_time", "50")]),  # told when it changes
        ("b37e01", [(4, "mono", "mono")]),
        ("b07e02", []),  # mono on several channels, which a DX7 has not
        ("b07e00 b07f00", [(1, "mono", "mono"), (1, "mono", "poly")]),
        ("b06500 b06400 b0060c", [(1, "bend_range", "12 semitones")]),
        ("b06500 b06400 b00602", []),  # as it was
        ("b06500 b06401 b0060c", []),  # fine tuning
        ("b06500 b06400 b06300 b06200 b0060c", []),
        ("b06500 b06400 b07900 b0060c", []),
        ("f04311084001f7", [(2, "mono", "mono")]),
        ("f04311084605f7", [(2, "wheel_range", "5")]),
        ("f04311084705f7", [(2, "wheel_assign", "pitch+bias")]),
    ],
)
def test_what_messages_change_is_told(played, changes):
    assert Stage().play(*played.split()).changes() == changes


def test_what_is_known_and_not_done_is_said_once():
    stage = Stage().play("f04310080a7ff7", "f04310080a00f7", "f04310080b7ff7")
    assert len(stage.warnings()) == 1
    assert "front panel" in stage.warnings()[0]


def seconds(stage, time):
    return stage.engine.render(int(time * RATE))[:, 0]


def pitches(sound, piece=400):
    """Of each piece the strongest frequency, Hz."""
    pieces = sound[: len(sound) // piece * piece].reshape(-1, piece) * np.hanning(piece)
    return np.argmax(np.abs(np.fft.rfft(pieces, 1 << 15)), axis=1) * RATE / (1 << 15)


@pytest.mark.parametrize("between", [[], ["b07900"], ["panic"]])
def test_a_portamento_time_glides_at_once_where_no_pedal_says_otherwise(between):
    def glide(*before):
        stage = Stage().play("f04310084001f7", "f04310084301f7", *before, "f0431008454ef7")  # mono, full-time, time
        for message in between:
            if message == "panic":
                stage.instrument.panic()
            else:
                stage.play(message)
        stage.play("903064", "803064", "904864")
        return pitches(seconds(stage, 0.25))[1:]

    assert np.ptp(glide()) > 20
    assert np.ptp(glide("b04100")) < 20  # the pedal is up


def test_the_operator_switches_count_from_the_next_note_on():
    stage = Stage().play("904064")
    before = seconds(stage, 0.2)
    stage.play("f04310011b1ff7")  # parameter 155: operator 1 off, the only one heard
    assert np.abs(seconds(stage, 0.2)).max() == pytest.approx(np.abs(before).max(), rel=0.1)
    stage.play("804064")
    seconds(stage, 0.5)
    stage.play("904064")
    assert not seconds(stage, 0.2).any()
    stage.play("f04310010605f7", "804064", "904064")  # another algorithm: the switches stay
    assert not seconds(stage, 0.2).any()
    stage.play("c001", "904364")  # another voice has its own
    assert seconds(stage, 0.2).any()


def test_a_tx7_sets_the_volume_of_a_part():
    stage = Stage().play("904064")
    before = np.abs(seconds(stage, 0.3)[800:]).max()
    stage.play("f04310041a05f7")
    assert np.abs(seconds(stage, 0.3)[800:]).max() == pytest.approx(before / 4, rel=0.02)
    (told,) = [event for event in stage.events if event["event"] == "part_volume"]
    assert told == {"event": "part_volume", "channel": 1, "decibels": pytest.approx(-12.04, abs=0.01)}


def any_sysex(dice):
    """Something about functions on channels 1 and 2, every tenth cut short."""
    head = bytes((0xF0, 0x43, 0x10 | dice.randrange(2)))
    message = dice.choice(
        [
            head + bytes((0x08, dice.randrange(128), dice.randrange(128))),
            head + bytes((0x08, dice.randrange(64, 78), dice.randrange(3))),
            head + bytes((0x04, dice.randrange(1, 65), dice.randrange(128))),
            head + bytes((0x01, 0x1B, dice.randrange(128))),
            bulk(0x01, bytes(dice.randrange(128) for _ in range(94)), dice.randrange(2))[:-1],
        ]
    )
    return message[: dice.randrange(2, len(message))] + b"\xf7" if dice.random() < 0.1 else message + b"\xf7"


@pytest.mark.parametrize("seed", range(8))
def test_no_note_hangs_whatever_is_set_meanwhile(seed):
    dice, stage, down = random.Random(seed), Stage(), set()
    for _ in range(500):
        kind, part, key = dice.random(), dice.randrange(2), dice.randrange(48, 72)
        if kind < 0.4:
            stage.play(any_sysex(dice).hex())
        elif kind < 0.7:
            stage.play(bytes((0x90 | part, key, dice.randrange(1, 128))).hex())
            down.add((part, key))
        elif kind < 0.9 and down:
            part, key = dice.choice(sorted(down))
            down.remove((part, key))
            stage.play(bytes((0x80 | part, key, 64)).hex())
        else:
            stage.play(bytes((0xB0 | part, dice.choice((5, 64, 65, 66, 68, 121, 126, 127)), dice.randrange(128))).hex())
    for part, key in down:
        stage.play(bytes((0x80 | part, key, 64)).hex())
    stage.play(*(bytes((0xB0 | part, pedal, 0)).hex() for part in range(2) for pedal in (64, 66, 68)))
    assert stage.engine.stats().keys_held == 0
    told = [(event["name"], event["value"]) for event in stage.events if event["event"] == "function"]
    assert len(told) > 100
    assert all(0 <= value <= FUNCTIONS[name].highest for name, value in told)


def test_a_session_sets_them_in_words_and_remembers_for_another_player():
    with Session(VOICES, audio="none", midi=["none"], functions={"2": {"portamento_time": 40}}) as session:
        told = [event for event in session.wait_ready() if event["event"] == "function"]
        assert [(event["channel"], event["name"], event["value"]) for event in told] == [(3, "portamento_time", 40)]
        assert session.function("portamento_time", 3) == 40
        session.set_function("mono", "mono")
        session.set_function("master_tune", "442 Hz", channel=2)
        session.midi(bytes.fromhex("b02003"))
        session.midi(bytes.fromhex("f04312011b1ff7"))
        wait_until(lambda: session.function("master_tune", 2) == 283)
        wait_until(lambda: "2" in session._settings.sounds)
        os.kill(session.player_pid, signal.SIGKILL)
        events = []
        wait_until(lambda: events.append(session.next_event(0.1)) or (events[-1] or {}).get("event") == "back")
        assert session.function("mono", 16) == 1
        settings = session._settings
        assert settings.functions["2"] == {"portamento_time": 40, "mono": 1}
        assert settings.banks == {"0": 3}
        assert Patch.from_sysex(bytes.fromhex(settings.sounds["2"])).operators_on == 0b011111
        session.midi(bytes.fromhex("c000"))
        wait_until(lambda: events.append(session.next_event(0.1)) or "bank 4" in (events[-1] or {}).get("text", ""))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("monno", 1), "did you mean 'mono'"),
        (("bend_range", 13), "bend_range must be a whole number of 0 to 12 semitones, not 13"),
        (("wheel_assign", "volume"), "wheel_assign must be none, or pitch, amp and bias, joined by +, not 'volume'"),
        (("mono", 1, 17), "channel must be 1 to 16, not 17"),
    ],
)
def test_wrong_ones_are_refused_in_words(arguments, sentence):
    with (
        Session(VOICES, audio="none", midi=["none"]) as session,
        pytest.raises(ValueError, match=re.escape(sentence)),
    ):
        session.set_function(*arguments)
