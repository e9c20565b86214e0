# SPDX-License-Identifier: Apache-2.0
"""Commands and events between a face and its player: JSON objects, one a line.

A face that is stopped (Ctrl-Z, a debugger) reads nothing. The player must not
wait for it, so what does not fit into the socket is kept, and beyond a limit
dropped, newest first: a face that comes back has missed some meters. A single
line may be of any length, as one with thousands of voices is, and does not
count for those behind it.
"""

from __future__ import annotations

import json
import select
import socket
import threading
from typing import Any, Protocol

Message = dict[str, Any]

_BACKLOG_BYTES = 1 << 20
_CHUNK = 1 << 16


class Line(Protocol):
    """What a player speaks to."""

    def send(self, message: Message) -> None:
        """Hand over an event."""

    def receive(self, timeout: float) -> list[Message] | None:
        """The commands that came within `timeout` seconds; None once nobody gives any more."""


class Wire:
    """One end of the socket. `send` may be called from any thread, the rest from one."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._socket.setblocking(False)
        self._lock = threading.Lock()
        self._incoming = bytearray()
        self._outgoing = bytearray()
        self._longest = 0  # bytes of the longest line since nothing waited

    def send(self, message: Message) -> None:
        """Send now if there is room, later (see `flush`) if not."""
        line = json.dumps(message, separators=(",", ":")).encode() + b"\n"
        with self._lock:
            if not self._outgoing:
                self._longest = 0
            if len(self._outgoing) <= _BACKLOG_BYTES + self._longest:
                self._outgoing += line
                self._longest = max(self._longest, len(line))
            self._push()

    @property
    def backlog(self) -> int:
        """Bytes that had no room yet."""
        return len(self._outgoing)

    def flush(self) -> None:
        """Send what had no room before."""
        with self._lock:
            self._push()

    def _push(self) -> None:
        try:
            while self._outgoing:
                sent = self._socket.send(self._outgoing[:_CHUNK])
                del self._outgoing[:sent]
        except BlockingIOError:
            pass
        except OSError:  # the other end is gone; `receive` says so
            self._outgoing.clear()

    def receive(self, timeout: float) -> list[Message] | None:
        """The messages that came within `timeout` seconds; None once the other end has gone and all are read."""
        wanted = [self._socket] if self._outgoing else []
        try:
            readable, _, _ = select.select([self._socket], wanted, [], timeout)
            self.flush()
            if readable:
                data = self._socket.recv(_CHUNK)
                if not data:
                    return None
                self._incoming += data
                if b"\n" not in data:  # a long line is looked through once
                    return []
        except BlockingIOError:
            pass
        except (OSError, ValueError):  # reset by the other end, or closed by ours
            return None
        *lines, rest = self._incoming.split(b"\n")
        self._incoming = bytearray(rest)
        return [json.loads(line) for line in lines if line]

    def first(self) -> list[Message] | None:
        """The first messages, however long they take; None if the other end goes before there are any."""
        messages: list[Message] | None = []
        while messages is not None and not messages:
            messages = self.receive(1.0)
        return messages

    def drain(self, timeout: float) -> None:
        """Before leaving: wait up to `timeout` seconds until all is sent."""
        while self._outgoing:
            _, writable, _ = select.select([], [self._socket], [], timeout)
            if not writable:
                return
            self.flush()

    def close(self) -> None:
        """Close this end; the other end's `receive` gives None."""
        self._socket.close()
