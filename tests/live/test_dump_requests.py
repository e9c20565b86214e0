# SPDX-License-Identifier: Apache-2.0
"""Who asks for a voice or a bank gets it, to the last bit, through real JACK MIDI ports."""

from __future__ import annotations

from pathlib import Path

import pytest
import rtmidi
from listening import bank, bank_message, voice, voice_message
from test_midi_out import Gear
from test_send_receive import PATIENCE as SECONDS
from test_send_receive import connected, sixop
from waiting import wait_for, wait_until

from synth.midi.outgoing import request_for
from synth.midi.sysex import FunctionChange, read_sysex
from synth.patch import Patch
from synth.player.outputs import same_device
from synth.session import Session

pytestmark = pytest.mark.live

VOICE, FUNCTIONS, BANK = 0, 1, 9


@pytest.mark.parametrize(
    ("request_kind", "channel", "expected"),
    [("voice", 3, voice_message(voice(2, "MINE"), 3)), ("bank", 1, bank_message(bank()))],
)
def test_sixop_receive_asks_a_player(
    jackd: object, tmp_path: Path, request_kind: str, channel: int, expected: bytes
) -> None:
    out = tmp_path / "answer.syx"
    with Session(bank(), audio="none", midi=["virtual"], outputs=["virtual"]) as session:
        session.wait_ready()
        session.load(voice(2, "MINE"), channel=3)
        asking = ["--request", request_kind, "--channel", str(channel), "--midi-out", "sixop-midi:in"]
        receiver = sixop("receive", "--midi", "sixop-midi-out:out", "-o", str(out), "--count", "1", *asking)
        _, errors = receiver.communicate(timeout=SECONDS)
        assert receiver.returncode == 0, errors
    assert out.read_bytes() == expected


def test_a_player_takes_the_voices_of_another_one(jackd: object) -> None:
    with (
        Session(bank(), audio="none", midi=["none"], outputs=["virtual"]) as sender,
        Session([Patch.init_voice()], audio="none", midi=["sixop-midi:out"]) as taker,
    ):
        sender.wait_ready()
        taker.wait_ready()
        while "sixop-midi:out" not in [port["name"] for port in wait_for(taker, "midi")["inputs"]]:
            pass
        sender.load(voice(3, "ALONE"), channel=5)
        sender.send_voice(5)
        event = wait_for(taker, "voice")
        while event["name"].strip() != "ALONE":
            event = wait_for(taker, "voice")
        assert event["channel"] == 5
        sender.send_bank()
        names = wait_for(taker, "bank")["voices"]
        while len(names) == 1:
            names = wait_for(taker, "bank")["voices"]
        assert names == [one.name.rstrip() for one in bank()]


def test_function_parameters_come_back_as_they_are(jackd: object, keyboard: rtmidi.MidiOut) -> None:
    gear = Gear()
    try:
        with Session(bank(), audio="none", midi=["virtual"], outputs=["test-gear"]) as session:
            session.wait_ready()
            connected(keyboard)
            keyboard.send_message([0xF0, 0x43, 0x12, 0x08, 65, 7, 0xF7])  # bend range 7
            keyboard.send_message([0xF0, 0x43, 0x12, 0x04, 11, 9, 0xF7])  # foot range 9 of a TX7
            keyboard.send_message(request_for(FUNCTIONS, 3))
            wait_until(lambda: any(len(message) == 102 for message in gear.hear()))
        [dump] = [message for message in gear.heard if len(message) == 102]
        assert dump[:6] == bytes.fromhex("f0 43 02 01 00 5e")
        meaning = read_sysex(dump)
        assert isinstance(meaning, FunctionChange)
        assert (meaning.part, meaning.problems) == (2, ())
        assert (meaning.values["bend_range"], meaning.values["foot_range"]) == (7, 9 * 212 * 8 >> 8)
    finally:
        gear.pull_out()


def test_where_no_output_is_it_is_told_once(keyboard: rtmidi.MidiOut) -> None:
    with Session(bank(), audio="none", midi=["virtual"]) as session:
        session.wait_ready()
        connected(keyboard)
        for form in (VOICE, BANK, VOICE):
            keyboard.send_message(request_for(form, 1))
        assert "asks for dumps, which are not sent: there is no output" in wait_for(session, "warning")["text"]
        keyboard.send_message([0x90, 60, 100])
        wait_until(lambda: session.meters.get("keys_held") == 1)
        session.send_bank()
        session.select(7)
        wait_for(session, "voice")
        while (event := session.next_event(0.3)) is not None:
            assert event["event"] != "warning", event


def test_requests_without_end_get_the_newest_voice(jackd: object, keyboard: rtmidi.MidiOut) -> None:
    gear = Gear()
    try:
        with Session(bank(), audio="none", midi=["virtual"], outputs=["test-gear"]) as session:
            session.wait_ready()
            connected(keyboard)
            for _ in range(50):
                keyboard.send_message(request_for(VOICE, 2))
            session.load(voice(3, "ALONE"), channel=2)
            wait_for(session, "voice")
            keyboard.send_message(request_for(VOICE, 2))
            gear.hears(voice_message(voice(3, "ALONE"), 2))
            assert sum(message[0] == 0xF0 for message in gear.hear()) < 20
    finally:
        gear.pull_out()


@pytest.mark.parametrize(
    ("source", "outputs", "found"),
    [
        ("USB Keys:USB Keys MIDI 1", ["TX7:TX7 MIDI 1", "USB Keys:USB Keys MIDI 1"], "USB Keys:USB Keys MIDI 1"),
        ("system:midi_capture_2", ["system:midi_playback_1", "system:midi_playback_2"], "system:midi_playback_2"),
        ("Modular:out", ["Modular:in", "Other:in"], "Modular:in"),
        ("Modular:out", ["Modular:in 1", "Modular:in 2"], None),
        ("Keys", [], None),
    ],
)
def test_which_output_belongs_to_the_device_of_an_input(source: str, outputs: list[str], found: str | None) -> None:
    assert same_device(source, outputs) == found
