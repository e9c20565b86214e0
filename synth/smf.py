# SPDX-License-Identifier: Apache-2.0
"""The events of a standard MIDI file.

A small reader of its own rather than a MIDI library's, because a damaged file should still give
what is whole in it: tracks are read until the first impossible byte, and the place of each event
in the file is kept. Messages continued in several events (F0 ... then F7 ...) are joined. What the
meta events say is left to others, so none of them can be wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass

META, EXCLUSIVE = 0xFF, 0xF0
_DATA_BYTES = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}


@dataclass(frozen=True, slots=True)
class Event:
    """A whole channel message, a system exclusive message from F0 on, or FF, the type of a meta event and its bytes."""

    tick: int  #: ticks since the start of its track; of the last piece of a continued message
    offset: int  #: byte of the file where it starts (for a continued one: where its first piece does)
    data: bytes


@dataclass(frozen=True, slots=True)
class Song:
    """What a MIDI file says of itself, its tracks, and where reading failed."""

    format: int  #: 0: one track; 1: tracks played together; 2: tracks on their own
    promised: int  #: tracks the header speaks of
    division: int  #: two bytes as they are: ticks per quarter note, or from 0x8000 on SMPTE's
    tracks: list[list[Event]]
    damage: list[tuple[int, str]]  #: offset, what


def is_midi_file(data: bytes) -> bool:
    """True if the bytes start as a standard MIDI file, bare or in a RIFF container."""
    return data[:4] == b"MThd" or (data[:4] == b"RIFF" and data[8:12] == b"RMID")


def read(data: bytes) -> Song:
    """All tracks of a MIDI file, however damaged."""
    tracks: list[list[Event]] = []
    damage: list[tuple[int, str]] = []
    start = max(0, data.find(b"MThd"))
    header = data[start + 8 : start + 14].ljust(6, b"\0")
    at = data.find(b"MTrk")
    while at >= 0:
        size = int.from_bytes(data[at + 4 : at + 8], "big")
        stop = at + 8 + size
        if stop > len(data):
            damage.append((at, f"the track says {size} bytes, but the file ends after {max(0, len(data) - at - 8)}"))
        track = _Track(data, at + 8, min(stop, len(data)))
        tracks.append(list(track.events()))
        if track.damage:
            damage.append(track.damage)
        # A track cut short by its own damage may hide the next header: look for it from here, not from its end.
        at = data.find(b"MTrk", track.at if track.damage else max(at + 8, min(stop, len(data))))
    kind, promised, division = (int.from_bytes(header[place : place + 2], "big") for place in (0, 2, 4))
    return Song(kind, promised, division, tracks, damage)


class _Track:
    """A cursor over the events of one track."""

    def __init__(self, data: bytes, at: int, stop: int) -> None:
        self.data = data
        self.at = at
        self.stop = stop
        self.damage: tuple[int, str] | None = None

    def events(self) -> Iterator[Event]:
        pending: Event | None = None
        tick = status = 0
        while self.at < self.stop and self.damage is None:
            place = self.at
            tick += self._number()
            byte = self._byte()
            if byte == META:
                kind = self.data[self.at + 1 : self.at + 2]
                self.at += 2
                yield Event(tick, place, b"\xff" + kind + self._take(self._number()))
            elif byte in (EXCLUSIVE, 0xF7):
                self.at += 1
                size = self._number()
                start = self.at
                # A chunk longer than the track is cut there: the voices it holds whole are still worth having.
                chunk = self._take(size)
                if byte == EXCLUSIVE:
                    if pending:
                        yield pending
                    pending = Event(tick, start - 1, b"\xf0" + chunk.removeprefix(b"\xf0"))
                elif pending:
                    pending = Event(tick, pending.offset, pending.data + chunk)
                elif chunk[:1] == b"\xf0":
                    pending = Event(tick, start, chunk)
                if pending and pending.data[-1] == 0xF7:
                    yield pending
                    pending = None
            else:
                if byte >= 0x80:
                    status = byte
                    self.at += 1
                length = _DATA_BYTES.get(status & 0xF0)
                if length is None:
                    self.damage = self.damage or (place, f"byte {byte:02X} cannot start a MIDI event")
                elif len(values := self._take(length)) == length:
                    yield Event(tick, place, bytes((status, *(min(value, 0x7F) for value in values))))
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

    def _take(self, size: int) -> bytes:
        taken = self.data[self.at : min(self.at + size, self.stop)]
        if self.at + size > self.stop:
            self.damage = self.damage or (self.at, "an event reaches past the end of its track")
        self.at = min(self.at + size, self.stop)
        return taken
