# SPDX-License-Identifier: Apache-2.0
"""A player in a process of its own, and the next one when it dies."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from synth.live.memory import Memory
from synth.live.wired import WiredPlayer
from synth.player.settings import AUDIO_BACK, AUDIO_LOST, PATIENCE_SECONDS
from synth.player.wire import Message, Wire

# A player that crashes this often within so many seconds is not started again.
_CRASHES, _CRASH_SECONDS = 5, 60.0


class ChildPlayer(WiredPlayer):
    """Starts a process, and another one if it crashes or loses its audio server."""

    def __init__(self, memory: Memory, tell: Callable[[Message], None]) -> None:
        self._was_ready = False
        self._said_why = False
        self._crashes: list[float] = []
        super().__init__(memory, tell)

    @property
    def pid(self) -> int:
        """Process id of the player of the moment."""
        return self._process.pid

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        environment = dict(os.environ)
        home = str(Path(__file__).resolve().parents[2])  # so that the player runs the same code as we do
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [home, environment.get("PYTHONPATH")]))
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "synth.player", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        theirs.close()
        self._wire = Wire(ours)
        self._wire.send({"settings": asdict(self._memory.settings)})

    def _give_up(self) -> None:
        self._process.kill()
        self.ended.wait(1.0)

    def _take(self, event: Message) -> None:
        if event["event"] == "error":
            self._said_why = True
        elif event["event"] == "ready":
            self._was_ready = True
            if self._memory.restarting:
                self._memory.restarting = False
                self._tell({"event": "back", "text": self._memory.where()})
        super()._take(event)

    def _replace(self) -> bool:
        code = self._process.wait()
        self._wire.close()
        self.exit_code = code
        if self._stopping or code == 0:
            return False
        now = time.monotonic()
        self._crashes = [crash for crash in self._crashes if now - crash < _CRASH_SECONDS]
        if code not in (AUDIO_LOST, AUDIO_BACK):
            self._crashes.append(now)
        if not self._was_ready or len(self._crashes) >= _CRASHES:
            if code < 0 or not self._said_why:
                self._tell({"event": "error", "text": f"the player ended unexpectedly (code {code})"})
            return False
        if code == AUDIO_LOST:
            device = self._memory.device or "the audio device"
            text = f"{device} has gone; if it is not back within {PATIENCE_SECONDS:g} s, the next best plays on"
        elif code == AUDIO_BACK:
            text = f"{self._memory.waiting_for} is there: going over to it"
        else:
            text = f"the player crashed (code {code}); starting again"
        self._tell({"event": "restart", "text": text})
        self._memory.prepare_restart()
        with self._lock:
            self._start()
        return True
