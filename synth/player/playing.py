# SPDX-License-Identifier: Apache-2.0
"""The thread between the keyboards and the engine.

Every half millisecond it asks each open port for messages and takes the calls
that the rest of the player has posted. Everything that feeds the engine
happens here, so an engine sees one producer and messages keep their order.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from synth.midi.ports import OpenPort
from synth.midi.router import Table
from synth.player import realtime
from synth.player.instrument import Instrument
from synth.player.wire import Message

POLL_SECONDS = 0.0005


class Playing(threading.Thread):
    """Owns the instrument. `post` and `call` may be used from any other thread."""

    def __init__(self, instrument: Instrument, emit: Callable[[Message], None]) -> None:
        super().__init__(name="playing", daemon=True)
        self.instrument = instrument
        self.realtime = False
        self._emit = emit
        self.left: deque[OpenPort] = deque()  #: nobody polls them any more: for others to close
        self._ports: list[OpenPort] = []
        self._calls: deque[Callable[[], None]] = deque()
        self._stopping = False

    def run(self) -> None:
        """Poll until `stop`."""
        self.realtime = realtime.claim(realtime.PLAYING_PRIORITY)
        while not self._stopping:
            self.turn(time.monotonic())
            time.sleep(POLL_SECONDS)

    def turn(self, now: float) -> None:
        """All that waits: messages, silent inputs, calls, notes of a phrase. `now`: seconds, never going back."""
        for port in self._ports:
            self._read(port, now)
        while self._calls:
            self._guard(self._calls.popleft())
        self._guard(lambda: self.instrument.tend(now))

    def _read(self, port: OpenPort, now: float) -> None:
        while (message := port.poll()) is not None:
            port.sensing.hear(message, now)
            self._guard(lambda message=message: self._hear(message, port))  # type: ignore[misc]
        if port.sensing.has_stopped(now):
            self._guard(lambda: self.let_go(port, "has fallen silent"))

    def _hear(self, message: bytes, port: OpenPort) -> None:
        self.instrument.thru(message, port.name)
        self.instrument.play(message, port.routing)

    def let_go(self, port: OpenPort, why: str) -> None:
        """End what an input has started, and say so if that is heard. On this thread."""
        if port.routing.keys_down:
            self._emit({"event": "warning", "text": f"{port.name} {why}: its keys are let go"})
        self.instrument.release(port.routing, port.name)

    def _guard(self, call: Callable[[], None]) -> None:
        """One bad message must not end the music."""
        try:
            call()
        except Exception as error:
            self._emit({"event": "warning", "text": f"{type(error).__name__}: {error}"})

    def post(self, function: Callable[..., None], *arguments: Any) -> None:
        """Call `function(*arguments)` on this thread, within a millisecond."""
        self._calls.append(lambda: function(*arguments))

    def call(self, function: Callable[..., None], *arguments: Any, timeout: float = 1.0) -> bool:
        """As `post`, and wait until it is done; False if that took longer than `timeout` seconds."""
        done = threading.Event()
        self.post(function, *arguments)
        self.post(done.set)
        return done.wait(timeout)

    def use_ports(self, ports: list[OpenPort], gone: list[OpenPort]) -> bool:
        """Poll these ports from now on, and release what the gone ones hold: then they are in `left`."""
        return self.call(self._exchange, list(ports), list(gone))

    def _exchange(self, ports: list[OpenPort], gone: list[OpenPort]) -> None:
        self._ports = ports
        for port in gone:
            self._guard(lambda port=port: self.instrument.release(port.routing, port.name))  # type: ignore[misc]
            self.left.append(port)

    def use_tables(self, tables: list[tuple[OpenPort, Table]]) -> None:
        """Other tables for some ports, from now on."""
        self.post(self._route, tables)

    def _route(self, tables: list[tuple[OpenPort, Table]]) -> None:
        for port, table in tables:
            self.instrument.send(port.routing.use(table))

    def stop(self) -> None:
        """End after the poll under way."""
        self._stopping = True
        self.join(1.0)
