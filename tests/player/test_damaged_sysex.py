# SPDX-License-Identifier: Apache-2.0
"""SysEx as cables deliver it: with the clock in its midst, or without an end and with what follows it inside."""

from __future__ import annotations

import pytest

from synth import Engine, Patch
from synth.midi.routing import Routing
from synth.player.instrument import Instrument
from synth.sysex import voice_message

VOICE = Patch.init_voice()
VOICE.name = "FOUND"
DUMP = voice_message(bytes(VOICE.to_raw()))
NOTE_ON, NOTE_OFF = b"\x90\x3c\x40", b"\x80\x3c\x40"


class Stage:
    def __init__(self) -> None:
        self.engine = Engine(sample_rate=8000)
        self.events = []
        self.instrument = Instrument(self.engine.producer(), [Patch.init_voice()], "test", self.events.append)
        self.port = Routing()

    def play(self, message):
        self.instrument.play(message, self.port)
        self.engine.render(64)

    def told(self, kind, field):
        return [event[field] for event in self.events if event["event"] == kind]


@pytest.mark.parametrize("at", [1, 5, 80, len(DUMP) - 1])
def test_a_clock_within_is_no_data(at):
    stage = Stage()
    stage.play(DUMP[:at] + b"\xf8\xfe" + DUMP[at:])
    assert stage.told("voice", "name") == ["FOUND"]
    assert not stage.told("warning", "text")


@pytest.mark.parametrize("swallowed", [NOTE_ON + NOTE_OFF + b"\xf7", NOTE_OFF + DUMP, DUMP, b""])
def test_one_without_an_end_loads_nothing_hangs_nothing_and_spoils_nothing(swallowed):
    stage = Stage()
    stage.play(NOTE_ON)
    stage.play(DUMP[:100] + swallowed)
    assert stage.told("warning", "text") == ["SysEx cut short after 100 bytes: send it again"]
    assert stage.told("voice", "name") == ["FOUND"] * swallowed.endswith(DUMP)
    assert stage.engine.stats().keys_held == 0
