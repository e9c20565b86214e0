# SPDX-License-Identifier: Apache-2.0
"""A target hears of the newest voice and of every note, delays nobody, and is started again if it dies."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from synth.cli.main import _complete
from synth.patch import Patch
from synth.player.targets import TargetProcess
from synth.session import Session

PATIENCE = 20.0
NOTE_ON, NOTE_OFF, PROGRAM = 0x90, 0x80, 0xC0


def voice(name: str) -> Patch:
    patch = Patch.init_voice()
    patch.name = name
    return patch


def hexadecimal(patch: Patch) -> str:
    return patch.to_sysex().hex()


def wait_until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Log:
    """What the target of these tests was told."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def commands(self) -> list[dict[str, Any]]:
        text = self.path.read_text() if self.path.exists() else ""
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def voices(self) -> list[str]:
        return [command["voice"] for command in self.commands() if command.get("do") == "load"]

    def midi(self) -> list[bytes]:
        return [bytes.fromhex(command["data"]) for command in self.commands() if command.get("do") == "midi"]

    def does(self, what: str) -> bool:
        return any(command.get("do") == what for command in self.commands())


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Log:
    paths = [str(Path(__file__).parent), str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    return Log(tmp_path / "log")


def spec(log: Log, **options: Any) -> dict[str, Any]:
    return {"module": "remembering_target", "options": {"log": str(log.path), **options}, "midi": True}


@pytest.fixture
def session(log: Log) -> Iterator[Session]:
    voices = [voice(f"VOICE {number}") for number in range(1, 33)]
    with Session(voices, audio="none", midi=["none"], targets=[spec(log)]) as session:
        session.wait_ready()
        yield session


def bank_message(voices: list[Patch]) -> bytes:
    packed = b"".join(bytes(one.to_packed()) for one in voices)
    return b"\xf0\x43\x00\x09\x20\x00" + packed + bytes((-sum(packed) & 0x7F, 0xF7))


def voice_message(patch: Patch, channel: int) -> bytes:
    raw = bytes(patch.to_raw())
    return bytes((0xF0, 0x43, channel - 1, 0x00, 0x01, 0x1B)) + raw + bytes((-sum(raw) & 0x7F, 0xF7))


def test_the_voice_given_last_is_followed(session: Session, log: Log) -> None:
    def arrives(patch: Patch) -> None:
        wait_until(lambda: log.voices()[-1:] == [hexadecimal(patch)])

    arrives(voice("VOICE 1"))
    session.select(5)
    arrives(voice("VOICE 5"))
    session.step(1)
    arrives(voice("VOICE 6"))
    session.midi(bytes((PROGRAM | 3, 8)))
    arrives(voice("VOICE 9"))
    session.midi(voice_message(voice("SINGLE"), channel=2))
    arrives(voice("SINGLE"))
    session.midi(bytes((0xF0, 0x43, 0x11, 0x01, 0x06, 7, 0xF7)))  # voice parameter 134 of channel 2: the algorithm
    edited = voice("SINGLE").to_raw()
    edited[134] = 7
    arrives(Patch.from_raw(edited))
    session.midi(bytes((PROGRAM | 3, 8)))
    session.midi(bank_message([voice(f"NEW {number}") for number in range(1, 33)]))
    arrives(voice("NEW 9"))  # channel 4 was followed, and has voice 9


def test_notes_arrive_and_programs_and_sysex_do_not(session: Session, log: Log) -> None:
    sent = [
        bytes(message)
        for message in (
            (NOTE_ON | 2, 60, 100),
            (0xE0, 0, 64),
            (0xB2, 1, 40),
            (0xD0, 30),
            (0xA0, 60, 5),
            (NOTE_OFF | 2, 60, 64),
        )
    ]
    for message in sent[:3]:
        session.midi(message)
    session.midi(bytes((PROGRAM, 4)))
    session.midi(voice_message(voice("SINGLE"), channel=1))
    for message in sent[3:]:
        session.midi(message)
    wait_until(lambda: len(log.midi()) >= len(sent))
    assert log.midi() == sent
    session.panic()
    wait_until(lambda: log.does("silence"))


def test_the_end_of_the_player_is_the_end_of_the_target(session: Session, log: Log) -> None:
    session.note_on(60)
    session.close()
    wait_until(lambda: log.does("end"))
    assert log.does("silence"), "the last thing a player does is to let everything go"


def test_a_player_that_takes_over_has_a_target_that_follows_the_same_channel(session: Session, log: Log) -> None:
    session.midi(bytes((PROGRAM | 5, 8)))
    session.midi(bytes((PROGRAM | 4, 6)))
    session.midi(bank_message([voice(f"VOICE {number}") for number in range(1, 33)]))
    wait_until(lambda: log.voices()[-2:] == [hexadecimal(voice("VOICE 7"))] * 2)
    for _ in range(2):
        log.path.unlink()
        os.kill(session.player_pid, 9)
        wait_until(lambda: log.voices()[-1:] == [hexadecimal(voice("VOICE 7"))])
        wait_until(lambda: (session.next_event(0.1) or {}).get("event") == "ready")


def tended_until(target: TargetProcess, true: Callable[[list[dict[str, Any]]], object]) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []

    def tend() -> object:
        events.extend(target.tend())
        return true(events)

    wait_until(tend)
    return events


def test_one_that_dies_is_started_again_with_the_voice_and_without_its_notes(log: Log) -> None:
    target = TargetProcess(**spec(log, crash="903c64"))
    target.load(voice("FIRST"))
    target.load(voice("LAST"))
    target.midi(bytes((NOTE_ON | 3, 50, 100)))
    target.midi(bytes((NOTE_ON, 60, 100)))
    events = tended_until(target, lambda events: sum(event["event"] == "target" for event in events) == 2)
    assert [event["event"] for event in events] == ["target", "warning", "target"]
    wait_until(lambda: log.does("silence"))
    again = log.commands()[-3:]
    assert "options" in again[0]
    assert again[1] == {"do": "load", "voice": hexadecimal(voice("LAST"))}
    assert again[2] == {"do": "silence", "channels": [0, 3]}
    target.close(PATIENCE)
    assert log.does("end")


def test_one_that_dies_again_and_again_is_left_alone(log: Log) -> None:
    target = TargetProcess("no_such_module_anywhere", {}, midi=True)
    events = tended_until(target, lambda events: events and "not started again" in events[-1]["text"])
    assert len(events) == 5
    target.load(voice("NOBODY"))
    target.midi(bytes((NOTE_ON, 60, 100)))
    target.silence()
    assert target.tend() == []
    target.close()


def test_one_that_sleeps_delays_nobody_and_wakes_to_the_newest_voice_and_no_hung_note(log: Log) -> None:
    target = TargetProcess(**spec(log, sleep=2.0))
    for number in range(3000):
        target.load(voice(f"V {number}"))
        target.midi(bytes((NOTE_ON, number % 128, 100)))
    target.midi(bytes((NOTE_OFF, 1, 64)))
    tended_until(target, lambda _: log.midi()[-1:] == [bytes((NOTE_OFF, 1, 64))])
    target.close(PATIENCE)
    assert log.voices()[-1] == hexadecimal(voice("V 2999"))
    assert len(log.voices()) < 2000
    commands = log.commands()
    silence = max(index for index, command in enumerate(commands) if command.get("do") == "silence")
    assert len(commands) - silence < 1100, "what was dropped is let go of before what came after it"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["play", "--xfm2"], ["play", "--xfm2=auto"]),
        (["play", "--xfm2", "--json"], ["play", "--xfm2=auto", "--json"]),
        (["--xfm2"], ["play", "--xfm2=auto"]),
        (["play", "--xfm2", __file__], ["play", "--xfm2=auto", __file__]),
        (["play", "--xfm2", os.devnull, __file__], ["play", "--xfm2", os.devnull, __file__]),
        (["play", "--xfm2=COM3"], ["play", "--xfm2=COM3"]),
        (["play", "--xfm2", "COM3"], ["play", "--xfm2", "COM3"]),
    ],
)
def test_the_port_may_be_left_out(typed: list[str], meant: list[str]) -> None:
    assert _complete(typed) == meant
