# SPDX-License-Identifier: Apache-2.0
"""MIDI ports that are plugged in and out under a player, and their silent twins on another server."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import rtmidi
from musician import Musician
from servers import on_server


class Cable:
    """A musician's port of a fixed name, in or out, and its silent twin, if it has one."""

    def __init__(self, name: str, seed: int, twins: IO[str] | None = None) -> None:
        self.name = name
        self.musician = Musician(seed)
        self.since: float | None = None  # when it was plugged in, until the player has said that it listens
        self._twins = twins
        self._port: rtmidi.MidiOut | None = None

    @property
    def is_plugged(self) -> bool:
        return self._port is not None

    def plug(self) -> None:
        self._port = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name=self.name)
        self._port.open_virtual_port("keys")
        self._tell_twin("+")
        self.since = time.monotonic()

    def unplug(self) -> None:
        """Out, with whatever is held."""
        if self._port is not None:
            self._port.close_port()
            self._port.delete()
            self._tell_twin("-")
        self._port = self.since = None
        self.musician.rests()

    def _tell_twin(self, sign: str) -> None:
        if self._twins is not None:
            self._twins.write(f"{sign}{self.name}\n")
            self._twins.flush()

    def send(self, messages: list[bytes]) -> int:
        if self._port is None:
            return 0
        for message in messages:
            self._port.send_message(message)
        return len(messages)


@contextmanager
def silent_ports(server: str) -> Iterator[IO[str]]:
    """Where to write which silent ports this server has: a process of `silent_ports.py`."""
    program = Path(__file__).with_name("silent_ports.py")
    with on_server(server):
        process = subprocess.Popen([sys.executable, str(program)], stdin=subprocess.PIPE, text=True)
    assert process.stdin is not None
    with process, process.stdin:
        yield process.stdin
