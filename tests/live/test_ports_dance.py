# SPDX-License-Identifier: Apache-2.0
"""Ports come and go under an instrument that plays: what they held is let go, and they are heard again by name."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import rtmidi
from cables import Cable
from waiting import wait_until

from synth import Patch
from synth.midi.apis import Scanner
from synth.session import Session

pytestmark = pytest.mark.live

TURNS = 30
NAMES = [f"dance-{number}" for number in range(10)]


@pytest.fixture
def session(jackd: object) -> Iterator[Session]:
    with Session([Patch.init_voice()], audio="none", midi=["auto"], polyphony=64) as session:
        session.wait_ready()
        yield session


def inputs(session: Session, names: list[str]) -> list[str]:
    """The inputs that the player last said it listens to, events up to now included."""
    while (event := session.next_event(0)) is not None:
        if event["event"] == "midi":
            names[:] = [port["name"] for port in event["inputs"]]
    return names


def plug(name: str) -> rtmidi.MidiOut:
    output = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name=name)
    output.open_virtual_port("keys")
    return output


def pull(output: rtmidi.MidiOut) -> None:
    output.close_port()
    output.delete()


def test_a_keyboard_that_is_away_for_a_moment_is_heard_again(session: Session) -> None:
    """So short that whoever looks twice a second sees its name all the time."""
    there: list[str] = []
    keyboard = plug("blink")
    for _ in range(3):
        wait_until(lambda: inputs(session, there) == ["blink:keys"])
        wait_until(lambda: session.meters.get("keys_held") == 0)
        deadline = time.monotonic() + 20
        while not session.meters["keys_held"] and time.monotonic() < deadline:  # until it is heard, if it is
            keyboard.send_message([0x80, 60, 0])
            keyboard.send_message([0x90, 60, 100])
            time.sleep(0.2)
        assert session.meters["keys_held"] == 1
        pull(keyboard)
        keyboard = plug("blink")
        wait_until(lambda: session.meters["keys_held"] == 0)
    pull(keyboard)


def test_ten_ports_dance(session: Session) -> None:
    dice = random.Random(10)
    there: list[str] = []
    cables = [Cable(name, number) for number, name in enumerate(NAMES)]
    try:
        end = time.monotonic() + 12
        while time.monotonic() < end:
            cable = dice.choice(cables)
            if not cable.is_plugged:
                cable.plug()
            elif dice.random() < 0.2:
                cable.unplug()
            else:
                for _ in range(20):
                    cable.send(cable.musician.plays())
            time.sleep(0.02)
        for cable in cables:
            if not cable.is_plugged:
                cable.plug()
        wait_until(lambda: sorted(inputs(session, there)) == [f"{name}:keys" for name in NAMES])
        for cable in cables:
            cable.send(cable.musician.lets_go())
        wait_until(lambda: session.meters["keys_held"] == 0)
        notes = session.meters["notes_on"]
        assert notes > 100
        for number, cable in enumerate(cables):
            cable.send([bytes((0xB0 | number, 127, 0)), bytes((0x90 | number, 60, 100))])
        wait_until(lambda: session.meters["keys_held"] == len(NAMES))
        for cable in cables:
            cable.unplug()
        wait_until(lambda: session.meters["keys_held"] == 0)
    finally:
        for cable in cables:
            cable.unplug()
    assert not session.ended.is_set()


def test_a_look_at_ports_that_come_and_go_meanwhile_misses_none_that_stay(jackd: object) -> None:
    """RtMidi counts ports and then names one after the other: the last may be gone by then."""
    silent = [sys.executable, str(Path(__file__).with_name("silent_ports.py"))]
    keyboard, scanner = plug("stays"), Scanner()

    def seen() -> bool:
        return "stays:keys" in [source.name for source in scanner.scan()]

    try:
        wait_until(seen)
        with subprocess.Popen(silent, stdin=subprocess.PIPE, text=True) as others:
            assert others.stdin is not None
            others.stdin.write("+a\n+b\n-a\n-b\n" * TURNS)
            others.stdin.close()
            while others.poll() is None:
                assert seen()
        assert scanner.starts[rtmidi.API_UNIX_JACK] == 1, "a client was given up, and with it all that is open"
    finally:
        scanner.close()
        pull(keyboard)
