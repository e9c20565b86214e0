# SPDX-License-Identifier: Apache-2.0
"""What is played goes out to other gear through real JACK MIDI ports, and whatever happens, no note hangs there."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import rtmidi
from listening import bank, bank_message, voice, voice_message
from mortal import SERVER, server
from playing import SixopPlay
from waiting import PATIENCE, wait_for, wait_until

from synth.session import Session

pytestmark = pytest.mark.live

_ECHO_SECONDS = 0.5  # in which notes that go round and round would have come back often
NOTE_ON, NOTE_OFF, CONTROL, PROGRAM, BEND = 0x90, 0x80, 0xB0, 0xC0, 0xE0


class Gear:
    """An instrument of another program: its MIDI input, and the messages that have come."""

    def __init__(self, name: str = "test-gear", port: str = "in") -> None:
        self.heard: list[bytes] = []
        self._name = name
        self._port = port
        self.plug_in()

    def plug_in(self) -> None:
        self._midi = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, name=self._name, queue_size_limit=8192)
        self._midi.ignore_types(sysex=False)
        self._midi.open_virtual_port(self._port)

    def pull_out(self) -> None:
        self.hear()
        self._midi.close_port()
        self._midi.delete()

    def listen_to(self, port: str) -> None:
        """Connect to an output of that name as soon as it is there."""
        self.pull_out()
        self._midi = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, name=self._name)
        wait_until(lambda: port in self._midi.get_ports())
        self._midi.open_port(self._midi.get_ports().index(port), self._port)

    def hear(self) -> list[bytes]:
        while (message := self._midi.get_message()) is not None:
            self.heard.append(bytes(message[0]))
        return self.heard

    def hears(self, *messages: bytes) -> None:
        """Wait until all of these have come, in this order, whatever else."""

        def came() -> bool:
            heard = iter(self.hear())
            return all(message in heard for message in messages)

        deadline = time.monotonic() + PATIENCE
        while not came():
            assert time.monotonic() < deadline, ([m.hex(" ") for m in messages], [m[:8].hex(" ") for m in self.heard])
            time.sleep(0.01)

    def sounding(self) -> set[tuple[int, int]]:
        """Channel (0..15) and key of the notes that have not ended."""
        notes: set[tuple[int, int]] = set()
        for message in self.hear():
            kind, channel = message[0] & 0xF0, message[0] & 0x0F
            if kind == NOTE_ON and message[2]:
                notes.add((channel, message[1]))
            elif kind in (NOTE_ON, NOTE_OFF):
                notes.discard((channel, message[1]))
        return notes


@pytest.fixture
def gear(jackd: object) -> Iterator[Gear]:
    gear = Gear()
    yield gear
    gear.pull_out()


def connected(session: Session) -> None:
    while wait_for(session, "target").get("state") != "connected":
        pass


def playing(*outputs: Any, **choices: Any) -> Session:
    session = Session(bank(), audio="none", midi=choices.pop("midi", ["none"]), outputs=outputs, **choices)
    session.wait_ready()
    return session


def test_notes_and_voices_of_all_keys_go_out(gear: Gear) -> None:
    with playing("test-gear") as session:
        connected(session)
        session.midi(bytes((NOTE_ON | 2, 60, 100)))
        session.midi(bytes((BEND | 2, 0, 70)))
        session.midi(bytes((CONTROL | 2, 1, 40)))
        session.midi(bytes((0xD2, 30)))
        session.midi(bytes((0xA2, 60, 5)))
        session.select(7, 3)
        session.midi(bytes((NOTE_OFF | 2, 60, 64)))
        gear.hears(
            bytes((NOTE_ON | 2, 60, 100)),
            bytes((BEND | 2, 0, 70)),
            bytes((CONTROL | 2, 1, 40)),
            bytes((0xD2, 30)),
            bytes((0xA2, 60, 5)),
            bytes((CONTROL | 2, 0, 0)),
            bytes((CONTROL | 2, 32, 0)),
            bytes((PROGRAM | 2, 6)),
            bytes((NOTE_OFF | 2, 60, 64)),
        )
        session.step(1)  # the arrow key: all channels
        gear.hears(*(bytes((PROGRAM | channel, 1)) for channel in range(16)))
        session.midi(bytes((PROGRAM | 5, 20)))
        gear.hears(bytes((PROGRAM | 5, 20)))


def test_a_table_says_what_goes_where(gear: Gear) -> None:
    table = {"port": "test-gear", "part": 2, "channel": 10, "transpose": 12, "sends": ["notes", "voices"]}
    with playing(table) as session:
        connected(session)
        gear.hears(voice_message(bank()[0], 10))
        session.note_on(60, 90, channel=1)
        session.note_on(60, 90, channel=2)
        session.midi(bytes((CONTROL | 1, 1, 40)))
        session.note_off(60, channel=2)
        session.load(voice(3, "ALONE"), channel=2)
        gear.hears(bytes((NOTE_ON | 9, 72, 90)), bytes((NOTE_OFF | 9, 72, 64)), voice_message(voice(3, "ALONE"), 10))
        for number in range(2, 30):
            session.select(number, channel=2)
        gear.hears(voice_message(bank()[28], 10))
        voices = [message for message in gear.heard if message[0] == 0xF0]
        assert len(voices) < 12, "of those that wait for the cable the newest wins"
        assert {message[0] & 0x0F for message in gear.heard if message[0] < 0xF0} == {9}
        assert not [message for message in gear.heard if message[0] & 0xF0 in (CONTROL, PROGRAM)]


def test_what_an_input_sends_goes_out_as_it_came(gear: Gear, keyboard: rtmidi.MidiOut) -> None:
    keyboard.open_virtual_port("keys")
    zones = [{"port": "keys", "part": 4, "transpose": 12}]
    table = {"port": "test-gear", "thru": "keyboard keys", "channel": 16}
    with playing(table, zones=zones, midi=["auto"]) as session:
        connected(session)
        wait_until(lambda: session.meters != {})
        keyboard.send_message([NOTE_ON, 50, 99])
        keyboard.send_message([PROGRAM, 12])
        keyboard.send_message([NOTE_ON, 52, 99])
        keyboard.send_message([NOTE_OFF, 52, 10])
        gear.hears(
            bytes((NOTE_ON | 15, 50, 99)),
            bytes((PROGRAM | 15, 12)),
            bytes((NOTE_ON | 15, 52, 99)),
            bytes((NOTE_OFF | 15, 52, 10)),
        )
        keyboard.close_port()
        gear.hears(bytes((NOTE_OFF | 15, 50, 64)))
        assert gear.sounding() == set()


def test_panic_the_end_and_a_crash_let_go(gear: Gear) -> None:
    with playing("test-gear") as session:
        connected(session)
        for ending in (session.panic, lambda: os.kill(session.player_pid, 9), session.close):
            session.note_on(60, 100, channel=3)
            session.note_on(64, 100, channel=5)
            wait_until(lambda: gear.sounding() == {(2, 60), (4, 64)})
            ending()
            wait_until(lambda: gear.sounding() == set())
            if ending not in (session.panic, session.close):
                wait_for(session, "restart")
                connected(session)


def children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def test_the_process_of_an_output_may_die(gear: Gear) -> None:
    with playing({"port": "test-gear", "channel": 4}) as session:
        connected(session)
        session.select(5, 1)
        session.note_on(60, 100)
        wait_until(lambda: gear.sounding() == {(3, 60)})
        [process] = children(session.player_pid)
        os.kill(process, 9)
        assert "is started again" in wait_for(session, "warning")["text"]
        connected(session)
        wait_until(lambda: gear.sounding() == set())
        gear.heard.clear()
        session.note_on(62, 100)
        wait_until(lambda: gear.sounding() == {(3, 62)})


def test_gear_that_is_unplugged_comes_back_without_a_hung_note_and_with_its_program(gear: Gear) -> None:
    with playing("test-gear") as session:
        connected(session)
        session.note_on(60, 100)
        wait_until(lambda: gear.sounding() == {(0, 60)})
        gear.pull_out()
        while wait_for(session, "target").get("state") != "lost":
            pass
        session.note_off(60)
        session.select(9, 1)
        gear.plug_in()
        connected(session)
        gear.hears(bytes((NOTE_OFF, 60, 64)), bytes((PROGRAM, 8)))
        session.note_on(61, 100)
        wait_until(lambda: gear.sounding() == {(0, 61)})


def test_a_port_of_our_own_that_is_never_listened_to(gear: Gear, tmp_path: Path) -> None:
    voices = tmp_path / "own.syx"
    voices.write_bytes(bank_message(bank()))
    with SixopPlay(str(voices), "--audio", "none", "--midi", "sixop-midi", "--midi-out", "virtual") as play:
        play.wait_for("ready")
        gear.listen_to("sixop-midi:out")
        assert "sixop's own output" in play.wait_for("warning")["text"]
        assert play.interrupt() == 0
        assert play.wait_for("end")["notes_on"] == 0


def test_a_name_of_two_and_a_way_back_to_ourselves_are_refused(gear: Gear) -> None:
    other = Gear("test-gear", "second in")
    try:
        with playing("test-gear", "sixop", midi=["virtual"]) as session:
            told = {wait_for(session, "warning")["text"] for _ in range(2)}
            assert any("may be 'test-gear:in' or 'test-gear-01:second in'" in text for text in told), told
            assert any("'sixop' leads back to sixop itself" in text for text in told), told
            session.note_on(60, 100)
            wait_until(lambda: session.meters.get("keys_held") == 1)
            assert gear.hear() == other.hear() == []
    finally:
        other.pull_out()


def test_a_cable_from_our_output_to_our_input_is_taken_away(jackd: object) -> None:
    with playing("virtual", midi=["virtual"]) as session:
        connected(session)
        subprocess.run(["jack_connect", "sixop-midi-out:out", "sixop-midi:in"], check=True, capture_output=True)
        session.note_on(60, 100)
        assert "sixop-midi-out:out was connected to sixop-midi:in" in wait_for(session, "warning")["text"]
        session.note_off(60)
        session.panic()
        wait_until(lambda: session.meters.get("keys_held") == 0)
        time.sleep(_ECHO_SECONDS)  # what was on its way when the cable went has arrived
        played = session.meters["notes_on"]
        session.note_on(62, 100)
        wait_until(lambda: session.meters["notes_on"] > played)
        time.sleep(_ECHO_SECONDS)
        assert session.meters["notes_on"] == played + 1


def test_our_output_is_there_again_after_its_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", SERVER)
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    with ExitStack() as first:
        running = first.enter_context(server())
        session = first.enter_context(Session(bank(), audio="none", midi=["none"], outputs=["virtual"]))
        session.wait_ready()
        connected(session)
        running.terminate()
        running.wait()
        while wait_for(session, "target").get("state") != "lost":
            pass
        with server():
            connected(session)
            gear = Gear()
            gear.listen_to("sixop-midi:out")
            session.note_on(60, 100)
            wait_until(lambda: gear.sounding() == {(0, 60)})
            session.note_off(60)
            wait_until(lambda: gear.sounding() == set())
            gear.pull_out()
            session.close()
