# SPDX-License-Identifier: Apache-2.0
"""The virtual board at the end of its serial line, in time that is calculated, not waited for.

Each byte arrives when the line has carried it, is taken when the board is free, and is answered when the board is
done; all of that follows from when the host's bytes were seen, so a late thread does not change what happens.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bridge.virtual.board import Board, Executed
from bridge.virtual.faults import Dice, Faults
from bridge.virtual.frames import Parser

# Seconds a command takes. A guess for most; EEPROM: a page of 128 bytes takes 5 ms and the bus its share, so 512
# bytes are about 40 ms and the whole memory 2.6 s.
_SECONDS = {"w": 0.040, "r": 0.003, "i": 0.003, "$": 2.6, "#": 1.0, "V": 1.0}
_ANY_SECONDS = 100e-6

Log = Callable[[float, dict[str, Any]], None]


@dataclass(slots=True)
class _Reply:
    """Bytes on their way to the host: the first is there at `due`, each further one `byte_seconds` later."""

    data: bytes
    due: float
    byte_seconds: float
    sent: int = 0

    def last(self) -> float:
        return self.due + (len(self.data) - 1) * self.byte_seconds


@dataclass(slots=True)
class _Shadow:
    """The commands that the host meant: the same bytes, undamaged, cut into frames by a second parser."""

    parser: Parser
    begin: int = 0
    frames: dict[int, bytes] = field(default_factory=dict)

    def feed(self, position: int, byte: int) -> None:
        if not self.parser.pending:
            self.begin = position
        if frame := self.parser.feed(byte):
            self.frames[self.begin] = frame

    def meant(self, positions: list[int], frame: bytes) -> bool:
        """True if the host sent this very command with these very bytes."""
        begin = positions[0]
        for old in [known for known in self.frames if known < begin]:
            del self.frames[old]
        whole = positions[-1] - begin == len(positions) - 1
        return whole and self.frames.get(begin) == frame


class Line:
    """A board, its line and its faults.

    Attributes:
        received: bytes the host has sent. lost: how many of them the board never saw.
        misreads: the commands that the board executed though nobody sent them.
        unplug_at: when the cable is pulled, if that is known.
    """

    def __init__(self, board: Board, faults: Faults, log: Log) -> None:
        self.board = board
        self.received = 0
        self.lost = 0
        self.misreads: list[Executed] = []
        self.unplug_at: float | None = None
        self._log = log
        self._shadow = _Shadow(Parser(board.block_load))
        self._positions: list[int] = []  # of the bytes of the frame the board is reading
        self._arrived = 0.0  # when the line had carried the last byte towards the board
        self._busy_until = 0.0
        self._taken: deque[float] = deque()  # when the bytes in the receive buffer are taken out of it
        self._replies: deque[_Reply] = deque()
        self.begin(faults)

    def begin(self, faults: Faults) -> None:
        """From the next byte on these faults."""
        self.faults = faults
        self.unplug_at = None
        self._begun = self.received
        self._to_board = Dice(faults.seed, "to the board")
        self._to_host = Dice(faults.seed, "to the host")

    def switch_on(self) -> None:
        """The board after a loss of power."""
        self.board.switch_on()
        self._shadow.parser = Parser(self.board.block_load)
        self._positions.clear()
        self._busy_until = 0.0
        self._taken.clear()

    def backlog(self, now: float) -> float:
        """Seconds the line needs for what it was given already."""
        return self._arrived - now

    def send(self, data: bytes, now: float, byte_seconds: float) -> None:
        """Bytes of the host, seen at `now`; each takes the line `byte_seconds`."""
        for byte in data:
            self._arrived = max(self._arrived, now) + byte_seconds
            position = self.received
            self.received += 1
            self._shadow.feed(position, byte)
            if why := self._why_lost(position - self._begun):
                self.lost += 1
                self._log(self._arrived, {"lost": byte, "at": position, "why": why})
            else:
                self._take(position, byte, byte_seconds)
            if self.received - self._begun == self.faults.unplug_after:
                self.unplug_at = self._arrived

    def _why_lost(self, offset: int) -> str:
        faults, taken = self.faults, self._taken
        noise = self._to_board.hit(faults.loss)
        if self.unplug_at is not None:
            return "unplugged"
        if noise or offset in faults.drop:
            return "noise"
        while taken and taken[0] <= self._arrived:
            taken.popleft()
        return "overflow" if faults.rx_buffer is not None and len(taken) >= faults.rx_buffer else ""

    def _take(self, position: int, byte: int, byte_seconds: float) -> None:
        taken_at = max(self._arrived, self._busy_until)
        self._taken.append(taken_at)
        board = self.board
        before = board.commands
        reply = board.receive(byte)
        self._positions.append(position)
        if board.commands != before:
            command = board.executed[-1]
            misread = not self._shadow.meant(self._positions, command.frame)
            if misread:
                self.misreads.append(command)
            taken_at += _SECONDS.get(command.letter, _ANY_SECONDS)
            self._log(taken_at, _entry(command, self._positions[0], misread))
        if not board.parser.pending:
            self._positions.clear()
        self._busy_until = self._answer(reply, taken_at, byte_seconds)

    def _answer(self, reply: bytes, ready: float, byte_seconds: float) -> float:
        """Put the reply on the line; when the board is free again."""
        if not reply or self.faults.silent:
            return ready
        free = ready + len(reply) * byte_seconds
        faults, dice = self.faults, self._to_host
        carried = bytearray()
        for byte in reply:
            if dice.hit(faults.wrong):
                byte = dice.another(byte)
            if not dice.hit(faults.loss_reply):
                carried.append(byte)
        start = ready + faults.delay_ms / 1000
        if self._replies:
            start = max(start, self._replies[-1].last())
        if carried:
            self._replies.append(_Reply(bytes(carried), start + byte_seconds, byte_seconds))
        return free

    def due(self, now: float) -> bytes:
        """The reply bytes that have reached the host since the last call."""
        out = b""
        while self._replies and self._replies[0].due <= now:
            reply = self._replies[0]
            there = min(int((now - reply.due) / reply.byte_seconds) + 1, len(reply.data))
            out += reply.data[reply.sent : there]
            reply.sent = there
            if there < len(reply.data):
                break
            self._replies.popleft()
        return out

    def next_due(self, batch: float = 0.0) -> float | None:
        """When further reply bytes have reached the host: the end of a reply, or `batch` seconds of it."""
        if not self._replies:
            return None
        reply = self._replies[0]
        return min(reply.last(), reply.due + reply.sent * reply.byte_seconds + batch)

    def hang_up(self) -> None:
        """Nobody hears the replies that are under way."""
        self._replies.clear()
        self.unplug_at = None


def _entry(command: Executed, position: int, misread: bool) -> dict[str, Any]:
    entry = {
        "command": command.word,
        "letter": command.letter,
        "unit": command.unit,
        "parameter": command.parameter,
        "value": command.value,
        "program": command.program,
        "at": position,
        "misread": misread,
        "erases": command.erases or None,
    }
    return {key: value for key, value in entry.items() if value is not None}
