# SPDX-License-Identifier: Apache-2.0
"""Other instruments that play the same voices: a board on a cable, say.

A target lives in a process of its own, `python -m MODULE FD`, at the other end
of a socket, because whatever it waits for may not delay a note here. The player
knows nothing about it but the module's name. The lines that go over the socket:

    to it     {"options": {...}}                the first line
              {"do": "load", "voice": HEX}      156 bytes; only the newest matters
              {"do": "midi", "data": HEX}       one channel message
              {"do": "silence", "channels": []} let go of what it holds, and of all keys of these channels (0..15)
    from it   {"event": "target", "name": ..., "text": ..., ...}   shown as a line
              {"event": "warning", "text": ...}

The end of the socket is the end of the process: it lets go of all notes and leaves.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from typing import Any

from synth.patch import Patch
from synth.player import realtime
from synth.player.settings import pack_voices
from synth.player.wire import Message, Wire

_EVENTS = ("target", "warning")
# Channel messages that may wait for a process that reads nothing: seconds of the densest playing.
_MOST_WAITING = 1000
# A process that ends this often within so many seconds is not started again.
_CRASHES, _CRASH_SECONDS = 5, 60.0


class Target:
    """What an instrument tells a target, which may do nothing about it. Nothing of this waits or raises."""

    def load(self, patch: Patch) -> None:
        """Play this voice from now on: the one that was chosen last, whatever its part."""

    def voice(self, part: int, patch: Patch, index: int | None) -> None:
        """A part (0..15) plays this voice, `index` (0-based) of the bank or, None, one that is not in it."""

    def function(self, part: int, name: str, value: int) -> None:
        """A part's function parameter has this value."""

    def switches(self, part: int, switches: int) -> None:
        """A part's operators are switched on and off, bit 5 for operator 1."""

    def tuned(self, message: bytes) -> None:
        """Keys were tuned, by this message."""

    def midi(self, message: bytes) -> None:
        """One channel message, for the part of its channel."""

    def thru(self, port: str, message: bytes) -> None:
        """One channel message as it came from an input."""

    def unplugged(self, port: str) -> None:
        """An input has gone, or fallen silent."""

    def silence(self) -> None:
        """Let go of everything."""

    def tend(self) -> list[Message]:
        """What it had to say since the last call."""
        return []

    def close(self, timeout: float = 0.0) -> None:
        """Let it end, and wait up to `timeout` seconds until it has. Twice is fine."""


class TargetProcess(Target):
    """A target in a process of its own. `tend` and `close` belong to the thread that keeps house.

    Args:
        module: run with the socket's number as its argument.
        options: its first line.
        midi: whether it wants channel messages too.
    """

    def __init__(self, module: str, options: dict[str, Any], midi: bool = False) -> None:
        self._module = module
        self._options = options
        self._wants_midi = midi
        self._lock = threading.Lock()
        self._wire: Wire | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._voice: str | None = None  # the newest, until it is sent
        self._last: str | None = None  # the newest, for a process that takes over
        self._waiting: deque[Message] = deque()
        self._channels: set[int] = set()
        self._crashes: list[float] = []
        self._start()

    # ---- from the thread that plays --------------------------------------------------

    def load(self, patch: Patch) -> None:
        """Play this voice. One that has not been sent yet is forgotten."""
        voice = pack_voices([patch])[0]
        with self._lock:
            self._voice = self._last = voice
            self._push()

    def midi(self, message: bytes) -> None:
        """One channel message, if it wants them."""
        if self._wants_midi:
            with self._lock:
                self._channels.add(message[0] & 0x0F)
            self._queue({"do": "midi", "data": message.hex()})

    def silence(self) -> None:
        """Let go of everything."""
        if self._wants_midi:
            self._queue({"do": "silence", "channels": []})

    def _queue(self, command: Message) -> None:
        """Send now or later. When too many wait all are dropped, and what they would have ended is let go of."""
        with self._lock:
            if len(self._waiting) >= _MOST_WAITING:
                self._waiting.clear()
                self._waiting.append({"do": "silence", "channels": []})
                self._waiting.extend(self._anew())
            self._waiting.append(command)
            self._push()

    def _anew(self) -> list[Message]:
        """What must be told again when some of it was lost."""
        return []

    def _push(self) -> None:
        """Send what there is room for. A line that has begun goes first, and the newest voice before the notes."""
        if self._wire is None:
            self._waiting.clear()
            return
        self._wire.flush()
        if self._voice is not None and not self._wire.backlog:
            self._wire.send({"do": "load", "voice": self._voice})
            self._voice = None
        while self._waiting and not self._wire.backlog:
            self._wire.send(self._waiting.popleft())

    # ---- from the thread that keeps house --------------------------------------------

    def tend(self) -> list[Message]:
        """What it had to say since the last call. A process that has ended is started again."""
        with self._lock:
            self._push()
        if self._wire is None:
            return []
        try:
            messages = self._wire.receive(0)
        except ValueError:  # no JSON: it is out of its mind
            messages = None
        if messages is None:
            return [self._replace()]
        return [message for message in messages if isinstance(message, dict) and message.get("event") in _EVENTS]

    def _replace(self) -> Message:
        now = time.monotonic()
        self._crashes = [crash for crash in self._crashes if now - crash < _CRASH_SECONDS] + [now]
        with self._lock:
            self._wire, wire = None, self._wire
        if wire is not None:
            wire.close()
        what = f"the process of {self._module} ended unexpectedly"
        if len(self._crashes) >= _CRASHES:
            return {"event": "warning", "text": f"{what} {_CRASHES} times; it is not started again"}
        self._start()
        return {"event": "warning", "text": f"{what}; it is started again"}

    def _start(self) -> None:
        """Start it, and bring it to where the one before was."""
        ours, theirs = socket.socketpair()
        with theirs, realtime.ordinary(), suppress(OSError):  # without a process `tend` finds the socket's end
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", self._module, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        wire = Wire(ours)
        wire.send({"options": self._options})
        with self._lock:
            self._wire = wire
            self._voice = self._last
            self._waiting.extendleft(reversed(self._anew()))
            if self._channels:
                self._waiting.appendleft({"do": "silence", "channels": sorted(self._channels)})
            self._push()

    def close(self, timeout: float = 0.0) -> None:
        """Let it end, and wait up to `timeout` seconds until it has. Twice is fine."""
        with self._lock:
            self._wire, wire = None, self._wire
        if wire is None:
            return
        wire.drain(timeout)
        wire.close()
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout)
