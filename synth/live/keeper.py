# SPDX-License-Identifier: Apache-2.0
"""Keeps the state of a session in a file while it plays, on a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from synth.errors import SixopError
from synth.live.memory import Memory
from synth.live.saved import fields_to_save
from synth.live.statefile import StateFile

if TYPE_CHECKING:
    from synth.player.wire import Message

SAVE_SECONDS: Final = 1.0
"""How much of an evening a process that is killed can lose, and how often the file is written at most."""


class Keeper(threading.Thread):
    """Writes what has changed, once a second at most, and at the end. A file that cannot be written is told once."""

    def __init__(self, memory: Memory, state: StateFile, tell: Callable[[Message], None]) -> None:
        super().__init__(name="keeper", daemon=True)
        self._memory = memory
        self._state = state
        self._tell = tell
        self._kept: dict[str, Any] = {}
        self._failed = False
        if state.problem:
            tell({"event": "warning", "text": state.problem})
        self._over = threading.Event()
        self.start()

    def run(self) -> None:
        """Look every second."""
        while not self._over.wait(SAVE_SECONDS):
            self._keep()

    def close(self) -> None:
        """Write what is left, and let go of the file. Twice is fine."""
        if not self._over.is_set():
            self._over.set()
            self.join()
            self._keep()
            self._state.release()

    def _keep(self) -> None:
        """A player that starts tells its voices anew, one by one: until it is ready the file knows better."""
        if not self._memory.ready:
            return
        fields = fields_to_save(self._memory.settings)
        if fields == self._kept:
            return
        try:
            self._state.write(fields)
        except SixopError as error:
            if not self._failed:
                self._tell({"event": "warning", "text": str(error)})
            self._failed = True
        else:
            self._kept, self._failed = fields, False
