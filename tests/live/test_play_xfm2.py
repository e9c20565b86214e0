# SPDX-License-Identifier: Apache-2.0
"""`sixop play --xfm2`: the voice of the moment is on the board's edit buffer, and the board's MIDI input the notes.

The board is a virtual one on a pty; everything else is real.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import rtmidi
from listening import CENTS, RATE, bank, bank_message, cents, frequency, pitch, voice, voice_message
from playing import SixopPlay
from probe import Probe
from test_play_jack import connect
from test_server_death import server, wait_for

from bridge.convert import convert
from bridge.virtual import VirtualXfm2
from synth.patch import Patch
from synth.session import Session

pytestmark = pytest.mark.live

NOTE_ON, NOTE_OFF, CONTROL, PROGRAM, BEND = 0x90, 0x80, 0xB0, 0xC0, 0xE0
PATIENCE = 20.0
ALGORITHM = 134  # of a raw voice, and as a parameter change


def wait_until(true: Callable[[], object], why: str = "") -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, why
        time.sleep(0.01)


def holds(xfm2: VirtualXfm2, patch: Patch, unit: int = 1) -> bool:
    """True if the board's edit buffer is this voice, 0 and 255 aside, which cannot be reached."""
    wanted, has = bytearray(convert(patch).program), bytearray(xfm2.board.edit[unit])
    for number in (0, 255):
        wanted[number] = has[number]
    return wanted == has


def arrives(xfm2: VirtualXfm2, patch: Patch) -> None:
    wait_until(lambda: holds(xfm2, patch), f"{patch.name!r} did not arrive")


@pytest.fixture
def xfm2(tmp_path: Path) -> Iterator[VirtualXfm2]:
    with VirtualXfm2(link=tmp_path / "board") as board:
        yield board
        assert not board.erased
        assert board.misread == 0


@pytest.fixture
def port(tmp_path: Path) -> str:
    """Where the board is, plugged in or not."""
    return str(tmp_path / "board")


@pytest.fixture
def bank_file(tmp_path: Path) -> str:
    path = tmp_path / "own.syx"
    path.write_bytes(bank_message(bank()))
    return str(path)


class MidiInput:
    """The board's MIDI input, as a JACK port of this process."""

    def __init__(self) -> None:
        self._received: list[bytes] = []
        self.plug()

    def received(self) -> list[bytes]:
        """All that came so far."""
        while (message := self._port.get_message()) is not None:
            self._received.append(bytes(message[0]))
        return list(self._received)

    def sounding(self) -> set[tuple[int, int]]:
        """Channels (from 0) and notes that were not ended."""
        keys: set[tuple[int, int]] = set()
        for message in self.received():
            key = message[0] & 0x0F, message[1]
            if message[0] & 0xF0 == NOTE_ON and message[2]:
                keys.add(key)
            elif message[0] & 0xF0 in (NOTE_ON, NOTE_OFF):
                keys.discard(key)
        return keys

    def plug(self) -> None:
        self._port = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, name="test-board")
        self._port.ignore_types(sysex=False, timing=False, active_sense=False)
        self._port.open_virtual_port("in")

    def unplug(self) -> None:
        self._port.close_port()
        self._port.delete()


@pytest.fixture
def midi_input(jackd: object) -> Iterator[MidiInput]:
    port = MidiInput()
    yield port
    port.unplug()


def test_all_that_chooses_or_changes_a_voice_reaches_the_board_while_notes_sound(
    probe: Probe, keyboard: rtmidi.MidiOut, bank_file: str, xfm2: VirtualXfm2, port: str
) -> None:
    arguments = [bank_file, "--face", "none", "--midi", "virtual", "--xfm2", port]
    with SixopPlay(*arguments) as play:
        play.wait_for("ready")
        assert port in play.wait_for("target", state="connected")["text"]
        loaded = play.wait_for("target", state="loaded")
        assert loaded["voice"] == "TEST 1"
        assert loaded["exact"] + loaded["approximated"] + loaded["lost"] == 155
        arrives(xfm2, voice(1, "TEST 1"))
        probe.must("audio sixop:out_")
        connect(keyboard)
        probe.record(60.0)
        keyboard.send_message([NOTE_ON, 69, 100])

        keyboard.send_message([PROGRAM | 4, 6])
        arrives(xfm2, voice(3, "TEST 7"))
        single = voice(9, "SINGLE")
        keyboard.send_message(list(voice_message(single, channel=2)))
        arrives(xfm2, single)
        keyboard.send_message([0xF0, 0x43, 0x11, ALGORITHM >> 7, ALGORITHM & 0x7F, 21, 0xF7])
        raw = single.to_raw()
        raw[ALGORITHM] = 21
        arrives(xfm2, Patch.from_raw(raw))
        for algorithm in [*range(32), 17]:  # a knob that is turned
            keyboard.send_message([0xF0, 0x43, 0x11, ALGORITHM >> 7, ALGORITHM & 0x7F, algorithm, 0xF7])
        raw[ALGORITHM] = 17
        arrives(xfm2, Patch.from_raw(raw))
        keyboard.send_message([PROGRAM | 4, 9])
        arrives(xfm2, voice(2, "TEST 10"))
        keyboard.send_message(list(bank_message(bank(first=3, name="NEW"))))
        arrives(xfm2, bank(first=3, name="NEW")[9])
        play.wait_for("target", state="loaded", voice="NEW 10")

        time.sleep(0.3)
        sound = probe.recording()[:, 0]
        keyboard.send_message([NOTE_OFF, 69, 64])
        for part in (sound[np.flatnonzero(sound)[0] :][: RATE // 4], sound[-RATE // 4 :]):
            assert cents(pitch(part), frequency(69)) < CENTS, "the first note sounds all the while"
        assert play.interrupt() == 0


def test_the_boards_midi_input_gets_notes_and_nothing_that_would_harm_it(
    keyboard: rtmidi.MidiOut, midi_input: MidiInput, bank_file: str, xfm2: VirtualXfm2, port: str
) -> None:
    arguments = [bank_file, "--face", "none", "--midi", "virtual", "--xfm2", port, "--xfm2-midi", "test-board"]
    with SixopPlay(*arguments) as play:
        play.wait_for("target", text="MIDI: test-board:in (JACK)")
        connect(keyboard)
        playing = [[NOTE_ON | 2, 60, 100], [NOTE_ON, 64, 90], [BEND | 2, 0, 80], [CONTROL | 2, 1, 50], [0xD2, 30]]
        harmful = [[PROGRAM | 2, 5], list(voice_message(voice(4, "SINGLE"))), [0xF8]]
        for message in [*playing[:3], *harmful, *playing[3:]]:
            keyboard.send_message(message)
        wait_until(lambda: len(midi_input.received()) >= len(playing))
        assert midi_input.received() == [bytes(message) for message in playing]
        assert midi_input.sounding() == {(2, 60), (0, 64)}
        arrives(xfm2, voice(4, "SINGLE"))
        assert play.interrupt() == 0
    wait_until(lambda: not midi_input.sounding(), "notes hang at the end")
    assert all(message[0] >> 4 in (0x8, 0x9, 0xB, 0xD, 0xE) for message in midi_input.received())


def test_panic_and_a_keyboard_pulled_out_let_go_of_the_boards_notes(
    keyboard: rtmidi.MidiOut, midi_input: MidiInput, xfm2: VirtualXfm2, port: str
) -> None:
    targets = [{"module": "bridge.target", "options": {"port": port, "midi": "test-board"}, "midi": True}]
    keyboard.open_virtual_port("keys")
    with Session(bank(), targets=targets) as session:
        while "test-board" not in wait_for(session, "target")["text"]:
            pass
        session.note_on(60)
        wait_until(midi_input.sounding)
        session.panic()
        wait_until(lambda: not midi_input.sounding(), "a note hangs after panic")
        keyboard.send_message([NOTE_ON | 7, 70, 100])
        wait_until(midi_input.sounding)
        keyboard.close_port()
        wait_until(lambda: not midi_input.sounding(), "a note hangs that nobody can end")


def test_a_midi_input_that_comes_back_is_not_left_with_a_note(
    midi_input: MidiInput, xfm2: VirtualXfm2, port: str
) -> None:
    targets = [{"module": "bridge.target", "options": {"port": port, "midi": "test-board"}, "midi": True}]
    with Session(bank(), midi=["none"], targets=targets) as session:
        while "test-board" not in wait_for(session, "target")["text"]:
            pass
        session.note_on(60)
        wait_until(midi_input.sounding)
        midi_input.unplug()
        while wait_for(session, "target")["state"] != "lost":
            pass
        session.note_off(60)
        midi_input.plug()
        wait_until(lambda: not midi_input.sounding(), "the note hangs")
        session.note_on(62)
        wait_until(lambda: midi_input.sounding() == {(0, 62)})


def test_a_crash_of_the_boards_process_leaves_no_note_and_no_other_voice(
    midi_input: MidiInput, xfm2: VirtualXfm2, port: str
) -> None:
    targets = [{"module": "bridge.target", "options": {"port": port, "midi": "test-board"}, "midi": True}]
    with Session(bank(), midi=["none"], targets=targets) as session:
        while "test-board" not in wait_for(session, "target")["text"]:
            pass
        session.note_on(60, channel=4)
        wait_until(midi_input.sounding)
        player = session.player_pid
        (child,) = Path(f"/proc/{player}/task/{player}/children").read_text().split()
        os.kill(int(child), signal.SIGKILL)
        assert "started again" in wait_for(session, "warning")["text"]
        session.select(3)
        arrives(xfm2, voice(3, "TEST 3"))
        wait_until(lambda: not midi_input.sounding(), "the note hangs")
        assert session.player_pid == player


def test_a_board_pulled_out_comes_back_to_the_voice_of_the_moment(bank_file: str, xfm2: VirtualXfm2, port: str) -> None:
    targets = [{"module": "bridge.target", "options": {"port": port}}]
    with Session(bank(), audio="none", midi=["none"], targets=targets) as session:
        while wait_for(session, "target")["state"] != "loaded":
            pass
        time.sleep(0.3)
        xfm2.unplug()
        while wait_for(session, "target")["state"] != "lost":
            pass
        xfm2.plug(power_cycle=True)
        arrives(xfm2, voice(1, "TEST 1"))
        xfm2.unplug()
        while wait_for(session, "target")["state"] != "lost":
            pass
        session.select(8)
        session.select(7)
        time.sleep(0.5)
        xfm2.plug(power_cycle=True)
        arrives(xfm2, voice(3, "TEST 7"))
        session.select(2)
        arrives(xfm2, voice(2, "TEST 2"))


def test_a_board_that_is_not_there_is_waited_for(tmp_path: Path) -> None:
    port = tmp_path / "board"
    with SixopPlay("--face", "none", "--midi", "none", "--audio", "none", "--xfm2", str(port)) as play:
        assert str(port) in play.wait_for("warning")["text"]
        with VirtualXfm2(link=port) as board:
            play.wait_for("target", state="connected")
            play.wait_for("target", state="loaded")
            assert board.misread == 0
        assert play.interrupt() == 0


def test_what_people_see(bank_file: str, xfm2: VirtualXfm2, port: str) -> None:
    command = [sys.executable, "-m", "sixop", "play", bank_file, "--audio", "none", "--midi", "none", "--xfm2", port]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as play:
        assert play.stdout is not None
        assert play.stderr is not None
        shown = (line for line in play.stdout if line.startswith("xfm2 "))
        assert next(shown) == f"xfm2    {port}: connected\n"
        assert next(shown).startswith("xfm2    TEST 1: verified, ")
        play.send_signal(signal.SIGINT)
        assert list(shown) == []
        assert play.stderr.read() == ""


def test_quiet_is_quiet(bank_file: str, xfm2: VirtualXfm2, port: str) -> None:
    command = [sys.executable, "-m", "sixop", "play", bank_file, "--audio", "none", "--midi", "none", "--xfm2", port]
    with subprocess.Popen(
        [*command, "--quiet"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as play:
        assert play.stdout is not None
        arrives(xfm2, voice(1, "TEST 1"))
        play.send_signal(signal.SIGINT)
        assert play.stdout.read() == "ready\n"


def test_after_the_audio_server_died_the_board_is_served_on(
    jackd: object, xfm2: VirtualXfm2, port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "sixop-mortal")
    targets = [{"module": "bridge.target", "options": {"port": port, "midi": "test-board"}, "midi": True}]
    with server() as first:
        session = Session(bank(), midi=["virtual"], targets=targets)
        try:
            session.wait_ready()
            session.select(3)
            arrives(xfm2, voice(3, "TEST 3"))
            port_of_board = MidiInput()
            while "test-board" not in wait_for(session, "target")["text"]:
                pass
            first.kill()
            first.wait(10)
            with server():
                while wait_for(session, "target")["state"] != "connected":
                    pass
                session.select(4)
                arrives(xfm2, voice(4, "TEST 4"))
        finally:
            session.close()
        del port_of_board
