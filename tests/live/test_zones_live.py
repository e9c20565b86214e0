# SPDX-License-Identifier: Apache-2.0
"""Zones beside a real audio server: a split sounds with two voices, a keyboard pulled out leaves no layer behind."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
import rtmidi
from listening import CENTS, RATE, bank, bank_message, cents, frequency, pitch
from playing import SixopPlay
from probe import Probe
from waiting import wait_for, wait_until

from synth.session import Session

pytestmark = pytest.mark.live

NOTE_ON, NOTE_OFF, CONTROL = 0x90, 0x80, 0xB0

SPLIT = """
[[midi.zones]]
port = "test keyboard"
high = "B2"
part = 2
voice = "TEST 3"
curve = 127

[[midi.zones]]
port = "test keyboard"
low = "C3"
part = 1

[[midi.zones]]
port = "test keyboard"
low = "C3"
part = 16
"""


@pytest.fixture
def settings(tmp_path: Path) -> list[str]:
    (tmp_path / "own.syx").write_bytes(bank_message(bank()))
    (tmp_path / "split.toml").write_text(f'[play]\nfiles = "own.syx"\nface = "none"\n{SPLIT}')
    return ["--config", str(tmp_path / "split.toml")]


def plug_in(keyboard: rtmidi.MidiOut, play: SixopPlay) -> None:
    keyboard.open_virtual_port("keys")
    while "test-keyboard:keys" not in play.wait_for("midi")["opened"]:
        pass


def heard(probe: Probe, keyboard: rtmidi.MidiOut, note: int) -> float:
    """Pitch of a key, from a quarter of a second within its note, in Hz."""
    probe.record(5.0)
    keyboard.send_message([NOTE_ON, note, 100])
    time.sleep(0.4)
    keyboard.send_message([NOTE_OFF, note, 0])
    time.sleep(0.3)
    sound = probe.recording()[:, 0]
    loud = np.flatnonzero(np.abs(sound) > 1e-3)
    assert len(loud), "nothing was heard"
    assert not sound[-RATE // 10 :].any(), "silence after release is exact"
    start = loud[0] + RATE // 20
    return pitch(sound[start : start + RATE // 4])


def test_the_keys_of_a_split_sound_with_two_voices(probe: Probe, keyboard: rtmidi.MidiOut, settings: list[str]) -> None:
    with SixopPlay(*settings) as play:
        assert play.wait_for("voice", channel=2)["name"].strip() == "TEST 3"
        play.wait_for("ready")
        probe.must("audio sixop:out_")
        plug_in(keyboard, play)
        assert cents(heard(probe, keyboard, 57), frequency(57, 3)) < CENTS
        assert cents(heard(probe, keyboard, 69), frequency(69, 1)) < CENTS
        assert play.interrupt() == 0
        end = play.wait_for("end")
        assert (end["notes_on"], end["keys_held"]) == (3, 0), "one below the split, two above"


def test_a_keyboard_pulled_out_leaves_no_layer_behind(
    probe: Probe, keyboard: rtmidi.MidiOut, settings: list[str]
) -> None:
    with SixopPlay(*settings) as play:
        play.wait_for("ready")
        probe.must("audio sixop:out_")
        plug_in(keyboard, play)
        probe.record(20.0)
        for note in (50, 60, 64):
            keyboard.send_message([NOTE_ON, note, 100])
        keyboard.send_message([CONTROL, 64, 127])
        time.sleep(0.3)
        keyboard.close_port()
        while "test-keyboard:keys" not in play.wait_for("midi")["gone"]:
            pass
        time.sleep(0.2)
        sound = probe.recording()[:, 0]
        assert np.abs(sound).max() > 0.01
        assert not sound[-RATE // 20 :].any()
        assert play.interrupt() == 0
        assert play.wait_for("end")["notes_on"] == 5


def test_zones_change_and_controllers_learn_under_held_keys(jackd: object, keyboard: rtmidi.MidiOut) -> None:
    other = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name="test-keyboard")
    try:
        keyboard.open_virtual_port("keys")
        other.open_virtual_port("more keys")
        with Session(bank(), audio="none", midi=["auto"]) as session:
            session.wait_ready()
            session.set_zones([{"port": "keys", "part": 1}, {"port": "keys", "part": 2, "transpose": 12}])
            wait_for(session, "zones")
            assert "means 'test-keyboard:keys' and 'test-keyboard" in wait_for(session, "warning")["text"]
            for note in (60, 64, 67):
                keyboard.send_message([NOTE_ON, note, 100])
            keyboard.send_message([CONTROL, 64, 127])
            wait_until(lambda: session.meters.get("keys_held") == 6)
            session.set_zones([{"part": 9}])
            assert wait_for(session, "zones")["zones"] == [{"part": 9}]
            keyboard.send_message([NOTE_ON, 72, 100])
            wait_until(lambda: session.meters["keys_held"] == 7)
            for note in (60, 64, 67, 72):
                keyboard.send_message([NOTE_OFF, note, 0])
            keyboard.send_message([CONTROL, 64, 0])
            wait_until(lambda: session.meters["keys_held"] == 0)
            session.learn("next_voice")
            wait_for(session, "learned")
            keyboard.send_message([CONTROL, 21, 127])
            wait_for(session, "learned")
            assert session.learned == {21: "next_voice"}
            keyboard.send_message([CONTROL, 21, 0])
            keyboard.send_message([CONTROL, 21, 127])
            assert wait_for(session, "voice")["number"] == 2
    finally:
        other.close_port()
        other.delete()
