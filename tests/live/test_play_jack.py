# SPDX-License-Identifier: Apache-2.0
"""The real `sixop play` beside a real audio server: MIDI in, sound out."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
import rtmidi
from listening import CENTS, RATE, bank, bank_message, cents, frequency, pitch, voice, voice_message
from playing import SixopPlay
from probe import Probe

pytestmark = pytest.mark.live

NOTE_ON, NOTE_OFF, PROGRAM, ACTIVE_SENSING = 0x90, 0x80, 0xC0, 0xFE


@pytest.fixture
def bank_file(tmp_path: Path) -> str:
    path = tmp_path / "own.syx"
    path.write_bytes(bank_message(bank()))
    return str(path)


def connect(keyboard: rtmidi.MidiOut, port: str = "sixop-midi:in") -> None:
    for _ in range(200):
        names = keyboard.get_ports()
        if port in names:
            keyboard.open_port(names.index(port), "out")
            return
        time.sleep(0.02)
    raise AssertionError(f"{port} never appeared; there are {names}")


def sound_of(probe: Probe, keyboard: rtmidi.MidiOut, note: int, channel: int = 1, seconds: float = 0.4) -> np.ndarray:
    """One note played and released: the left side, from before its start until well after its end."""
    probe.record(5.0)
    keyboard.send_message([NOTE_ON | channel - 1, note, 100])
    time.sleep(seconds)
    keyboard.send_message([NOTE_OFF | channel - 1, note, 0])
    time.sleep(0.3)
    return probe.recording()[:, 0]


def sounding_part(sound: np.ndarray) -> np.ndarray:
    """A quarter of a second from within the note."""
    loud = np.flatnonzero(np.abs(sound) > 1e-3)
    assert len(loud), "nothing was heard"
    start = loud[0] + RATE // 20
    return sound[start : start + RATE // 4]


def test_notes_banks_and_programs(probe: Probe, keyboard: rtmidi.MidiOut, bank_file: str) -> None:
    with SixopPlay(bank_file, "--face", "none", "--midi", "virtual") as play:
        assert play.wait_for("audio")["device"]
        assert play.wait_for("midi")["inputs"] == [{"name": "sixop-midi:in", "api": "JACK"}]
        assert play.wait_for("bank")["voices"][4].strip() == "TEST 5"
        assert play.wait_for("voice")["number"] == 1
        play.wait_for("ready")
        probe.must("audio sixop:out_")
        connect(keyboard)

        for note in (45, 69, 88):
            sound = sound_of(probe, keyboard, note)
            assert cents(pitch(sounding_part(sound)), frequency(note)) < CENTS
            assert not sound[-RATE // 10 :].any(), "silence after release is exact"

        keyboard.send_message([PROGRAM, 2])
        assert play.wait_for("voice")["number"] == 3
        assert cents(pitch(sounding_part(sound_of(probe, keyboard, 69))), frequency(69, 3)) < CENTS
        other = sound_of(probe, keyboard, 69, channel=2)
        assert cents(pitch(sounding_part(other)), frequency(69, 1)) < CENTS, "a program is for its own channel"

        keyboard.send_message(bank_message(bank(first=5, name="NEW")))
        assert play.wait_for("bank")["voices"][2].strip() == "NEW 3"
        assert play.wait_for("voice", channel=1)["number"] == 3, "the number is kept"
        play.wait_for("voice", channel=16)
        assert cents(pitch(sounding_part(sound_of(probe, keyboard, 57))), frequency(57, 7)) < CENTS
        keyboard.send_message([PROGRAM, 32])
        assert play.wait_for("warning")["text"] == "bank 1, program 33 would be voice 33 of 32: part 1 keeps its voice"
        keyboard.send_message([PROGRAM, 0])
        assert play.wait_for("voice", channel=1)["number"] == 1
        assert cents(pitch(sounding_part(sound_of(probe, keyboard, 57))), frequency(57, 5)) < CENTS

        keyboard.send_message(voice_message(voice(2, "SINGLE"), channel=3))
        assert play.wait_for("voice", channel=3)["name"].strip() == "SINGLE"
        assert cents(pitch(sounding_part(sound_of(probe, keyboard, 69, channel=3))), frequency(69, 2)) < CENTS
        assert play.interrupt() == 0


def test_ctrl_c_leaves_no_note_behind(probe: Probe, keyboard: rtmidi.MidiOut, bank_file: str) -> None:
    with SixopPlay(bank_file, "--face", "none", "--midi", "virtual") as play:
        play.wait_for("ready")
        probe.must("audio sixop:out_")
        connect(keyboard)
        probe.record(10.0)
        keyboard.send_message([NOTE_ON, 60, 100])
        time.sleep(0.3)
        assert play.interrupt() == 0
        end = play.wait_for("end")
        assert end["notes_on"] == 1
        assert end["voices_sounding"] == 0
        assert end["keys_held"] == 0
        sound = probe.recording()
        assert np.abs(sound).max() > 0.01
        assert not sound[-RATE // 100 :].any()


def test_a_keyboard_comes_and_goes_while_playing(probe: Probe, keyboard: rtmidi.MidiOut, bank_file: str) -> None:
    with SixopPlay(bank_file, "--face", "none") as play:
        play.wait_for("ready")
        probe.must("audio sixop:out_")
        keyboard.open_virtual_port("keys")
        while "test-keyboard:keys" not in play.wait_for("midi")["opened"]:
            pass
        probe.record(20.0)
        keyboard.send_message([NOTE_ON, 60, 100])
        keyboard.send_message([0xB0, 64, 127])
        time.sleep(0.3)
        keyboard.close_port()
        while "test-keyboard:keys" not in play.wait_for("midi")["gone"]:
            pass
        time.sleep(0.2)
        sound = probe.recording()[:, 0]
        assert cents(pitch(sounding_part(sound)), frequency(60)) < CENTS
        assert not sound[-RATE // 20 :].any(), "its note and its pedal are released"
        assert play.interrupt() == 0


def test_every_note_arrives_exactly_once(probe: Probe, bank_file: str) -> None:
    with SixopPlay(bank_file, "--face", "none", "--midi", "virtual") as play:
        play.wait_for("ready")
        probe.must("audio sixop:out_")
        probe.must("midi sixop-midi:in")
        lost, hung, _, *delays = map(int, probe.must("latency 100 72 0.0001"))
        assert (lost, hung) == (0, 0)
        assert len(delays) == 100
        assert play.interrupt() == 0
        assert play.wait_for("end")["notes_on"] == 100


def test_a_keyboard_that_no_longer_says_it_is_there(keyboard: rtmidi.MidiOut, bank_file: str) -> None:
    with SixopPlay(bank_file, "--face", "none", "--midi", "virtual") as play:
        play.wait_for("ready")
        connect(keyboard)
        for _ in range(5):
            keyboard.send_message([ACTIVE_SENSING])
            time.sleep(0.1)
        keyboard.send_message([NOTE_ON, 60, 100])
        assert play.wait_for("warning")["text"] == "sixop-midi:in has fallen silent: its keys are let go"
        while play.wait_for("meters")["keys_held"]:
            pass
        assert play.interrupt() == 0


def test_two_players_get_along(jackd: object, bank_file: str) -> None:
    with SixopPlay(bank_file, "--face", "none", "--midi", "virtual") as first:
        first.wait_for("ready")
        with SixopPlay(bank_file, "--face", "none", "--midi", "virtual") as second:
            second.wait_for("ready")
            assert second.interrupt() == 0
        assert first.interrupt() == 0


def test_a_rate_the_server_does_not_run_at_is_refused(jackd: object, bank_file: str) -> None:
    play = SixopPlay(bank_file, "--face", "none", "--rate", "12345")
    assert play.finish() == 1
    assert "12345 Hz" in play.wait_for_error()
