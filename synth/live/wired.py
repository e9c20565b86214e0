# SPDX-License-Identifier: Apache-2.0
"""A player at the other end of a socket: commands go out, events come back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from synth.live.memory import Memory
from synth.player.wire import Message, Wire

STOP_SECONDS: Final = 4.0
"""How long a player may take to end."""


class WiredPlayer:
    """Passes commands on and hands events to `tell`, from a thread of its own. How a player starts and ends differs."""

    def __init__(self, memory: Memory, tell: Callable[[Message], None]) -> None:
        self._memory = memory
        self._tell = tell
        self._stopping = False
        self._lock = threading.Lock()
        self._wire: Wire
        self.ended = threading.Event()
        self.exit_code: int | None = None
        self._start()
        self._reader = threading.Thread(target=self._read, name="session", daemon=True)
        self._reader.start()

    def send(self, command: Message) -> None:
        """Pass a command on. Any thread may."""
        with self._lock:
            self._wire.send(command)

    def close(self) -> None:
        """End the player: notes are released, the recording is closed. Twice is fine."""
        self._stopping = True
        self.send({"do": "stop"})
        if not self.ended.wait(STOP_SECONDS):
            self._give_up()

    def _start(self) -> None:
        """Start a player with what the memory holds, at the other end of `_wire`."""
        raise NotImplementedError

    def _replace(self) -> bool:
        """After the player has gone: start another if it should not have, and say so. False to end."""
        raise NotImplementedError

    def _give_up(self) -> None:
        """It does not end."""
        raise NotImplementedError

    def _read(self) -> None:
        while True:
            messages = self._wire.receive(0.5)
            if messages is None:
                if not self._replace():
                    break
                continue
            for message in messages:
                self._take(message)
        self.ended.set()

    def _take(self, event: Message) -> None:
        seen = self._memory.take(event)
        if seen is not None:
            self._tell(seen)
