# SPDX-License-Identifier: Apache-2.0
"""A MIDI file that grows while somebody plays, and is whole whenever one looks.

It has one track, which at any moment ends with the end that a track must have. What comes is appended with an end of
its own, then the track's length is corrected, and only then a byte is changed that makes the old end an empty text.
After each of the three steps the file is whole, so a crash costs only what was not handed over yet.
"""

from __future__ import annotations

import os
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Final

from synth import smf
from synth.errors import SixopError
from synth.files import read_limited

_MILLION = 1_000_000
_TEMPOS = (500_000, 250_000, 125_000)  # microseconds a quarter note; 120 beats a minute, if that will do
_FINEST = 0x7FFF  # ticks a quarter note
_LONGEST_PAUSE = 0x0FFFFFFF  # ticks: what four bytes of seven bits hold
_HEADER_SIZE, _LENGTH_AT = 14, 18
_TEXT, _END, _TEMPO = b"\xff\x01\x00", b"\xff\x2f\x00", b"\xff\x51\x03"
_LARGEST: Final = 1 << 28  # bytes that are read to append to them


class Take:
    """One file. Times are in frames of any rate: `tick` makes them ticks.

    Args:
        path: of the file; what is there is replaced, or appended to if `append`.
        rate: frames per second that shall have exact times.

    Raises:
        OSError: the file cannot be opened.
        SixopError: it is to be appended to, and is not a take.
    """

    def __init__(self, path: str, rate: int, append: bool = False) -> None:
        self.path = path
        self._pending = bytearray()
        if append and Path(path).exists():
            self._reopen()
            return
        tempo, division = _time_for(rate)
        self._second = Fraction(division * _MILLION, tempo)
        self.last = 0  #: tick of the last event
        track = b"\0" + _TEMPO + tempo.to_bytes(3, "big") + b"\0" + _END
        header = b"MThd" + (6).to_bytes(4, "big") + (0).to_bytes(2, "big") + (1).to_bytes(2, "big")
        whole = header + division.to_bytes(2, "big") + b"MTrk" + len(track).to_bytes(4, "big") + track
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o666)
        self._end = 0
        self._write(whole, 0)
        self._end = len(whole)

    def _reopen(self) -> None:
        data = read_limited(Path(self.path), _LARGEST)
        song = smf.read(data or b"")
        events = song.tracks[0] if len(song.tracks) == 1 else []
        tempos = [event.data[2:] for event in events if event.data.startswith(_TEMPO[:2])]
        whole = song.format == 0 and not song.damage and [len(tempo) for tempo in tempos] == [3]
        if data is None or not whole or not data.endswith(_END) or events[-1].data != _END[:2]:
            raise SixopError(f"{self.path!r} is no MIDI recording that could go on")
        self._second = Fraction(song.division * _MILLION, int.from_bytes(tempos[0], "big"))
        self.last = events[-1].tick
        self._file = os.open(self.path, os.O_RDWR)
        self._end = len(data)

    def tick(self, frame: int, rate: int) -> int:
        """The tick nearest to a frame."""
        return round(frame * self._second / rate)

    def add(self, tick: int, message: bytes) -> None:
        """A whole MIDI message at a tick, or at the last one if that has passed. It is in the file after `flush`."""
        pause = max(0, tick - self.last)
        self.last += pause
        while pause > _LONGEST_PAUSE:
            self._pending += _number(_LONGEST_PAUSE) + _TEXT
            pause -= _LONGEST_PAUSE
        exclusive = bytes(message[:1]) + _number(len(message) - 1) if message[0] == smf.EXCLUSIVE else b""
        self._pending += _number(pause) + (exclusive + message[1:] if exclusive else message)

    def flush(self, tick: int | None = None) -> None:
        """Write what was added. `tick` is when the take ends, if it does now.

        Raises:
            OSError: it cannot be written; the file is as it was before.
        """
        pause = 0 if tick is None else min(_LONGEST_PAUSE, max(0, tick - self.last))
        if not self._pending and not pause:
            return
        added = bytes(self._pending) + _number(pause) + _END
        try:
            self._write(added, self._end)
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._file, self._end)
            raise
        length = self._end + len(added) - _LENGTH_AT - 4
        self._write(length.to_bytes(4, "big"), _LENGTH_AT)
        self._write(_TEXT[1:2], self._end - 2)
        self._end += len(added)
        self.last += pause
        self._pending.clear()

    def _write(self, data: bytes, at: int) -> None:
        while data:
            done = os.pwrite(self._file, data, at)
            data, at = data[done:], at + done

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)


def _time_for(rate: int) -> tuple[int, int]:
    """Tempo and ticks a quarter note: one tick a frame if possible, else the finest that there is."""
    for tempo in _TEMPOS:
        division, rest = divmod(tempo * rate, _MILLION)
        if not rest and division <= _FINEST:
            return tempo, division
    return min(_TEMPOS[0], _FINEST * _MILLION // rate), _FINEST


def _number(value: int) -> bytes:
    """Seven bits a byte, the highest first."""
    found = [value & 0x7F]
    while value := value >> 7:
        found.append(value & 0x7F | 0x80)
    return bytes(reversed(found))
