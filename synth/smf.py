# SPDX-License-Identifier: Apache-2.0
"""System exclusive messages inside a standard MIDI file.

A small reader of its own rather than a MIDI library's, because a damaged file should still give
what is whole in it: tracks are read until the first impossible byte, and the place of each message
in the file is kept. Messages continued in several events (F0 ... then F7 ...) are joined.
"""

from collections.abc import Iterator
from dataclasses import dataclass

_DATA_BYTES = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}


@dataclass(frozen=True, slots=True)
class Found:
    """One run of system exclusive bytes: `data` starts at byte `offset` of the file (a continued one in pieces)."""

    offset: int
    data: bytes


def is_midi_file(data: bytes) -> bool:
    """True if the bytes start as a standard MIDI file, bare or in a RIFF container."""
    return data[:4] == b"MThd" or (data[:4] == b"RIFF" and data[8:12] == b"RMID")


def exclusives(data: bytes) -> tuple[list[Found], list[tuple[int, str]]]:
    """All system exclusive messages of a MIDI file, and where reading failed: (offset, what)."""
    found: list[Found] = []
    damage: list[tuple[int, str]] = []
    at = data.find(b"MTrk")
    while at >= 0:
        size = int.from_bytes(data[at + 4 : at + 8], "big")
        stop = at + 8 + size
        if stop > len(data):
            damage.append((at, f"the track says {size} bytes, but the file ends after {max(0, len(data) - at - 8)}"))
        track = _Track(data, at + 8, min(stop, len(data)))
        found += track.messages()
        if track.damage:
            damage.append(track.damage)
        # A track cut short by its own damage may hide the next header: look for it from here, not from its end.
        at = data.find(b"MTrk", track.at if track.damage else max(at + 8, min(stop, len(data))))
    return found, damage


class _Track:
    """A cursor over the events of one track."""

    def __init__(self, data: bytes, at: int, stop: int) -> None:
        self.data = data
        self.at = at
        self.stop = stop
        self.damage: tuple[int, str] | None = None

    def messages(self) -> Iterator[Found]:
        pending: Found | None = None
        status = 0
        while self.at < self.stop and self.damage is None:
            place = self.at
            self._number()  # the time; nothing here depends on it
            byte = self._byte()
            if byte == 0xFF:
                self.at += 2  # and the type of the meta event
                self._skip(self._number())
            elif byte in (0xF0, 0xF7):
                self.at += 1
                size = self._number()
                start, chunk = self.at, self.data[self.at : min(self.at + size, self.stop)]
                self._skip(size)
                # A chunk longer than the track is cut there: the voices it holds whole are still worth having.
                if byte == 0xF0:
                    if pending:
                        yield pending
                    pending = Found(start - 1, b"\xf0" + chunk.removeprefix(b"\xf0"))
                elif pending:
                    pending = Found(pending.offset, pending.data + chunk)
                elif chunk[:1] == b"\xf0":
                    pending = Found(start, chunk)
                if pending and pending.data[-1] == 0xF7:
                    yield pending
                    pending = None
            else:
                if byte >= 0x80:
                    status = byte
                    self.at += 1
                length = _DATA_BYTES.get(status & 0xF0)
                if length is None:
                    self.damage = (place, f"byte {byte:02X} cannot start a MIDI event")
                else:
                    self._skip(length)
        if pending:
            yield pending

    def _byte(self) -> int:
        if self.at < self.stop:
            return self.data[self.at]
        self.damage = (self.at, "the track ends inside an event")
        return 0x80

    def _number(self) -> int:
        """A variable length quantity: seven bits a byte, at most four bytes."""
        value = 0
        for _ in range(4):
            byte = self._byte()
            self.at += 1
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value
        self.damage = self.damage or (self.at, "a length of more than four bytes")
        return value

    def _skip(self, size: int) -> None:
        if self.at + size > self.stop:
            self.damage = self.damage or (self.at, "an event reaches past the end of its track")
        self.at = min(self.at + size, self.stop)
