# SPDX-License-Identifier: Apache-2.0
"""System exclusive as it arrives: from bytes in any pieces to whole messages, and which of them are sound dumps.

Nothing here asks for a dump to be repaired: an instrument that sent a damaged one can send it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from synth import sysex
from synth.errors import VoiceError
from synth.sysex import END, FORMATS, HEADER_SIZE, START, Kind
from synth.voices import load_voices

LONGEST = 1 << 20  # bytes of one message; what goes on beyond is no dump
_FIRST_STATUS, _FIRST_REALTIME = 0x80, 0xF8
_NO_DUMPS = (Kind.PARAMETER, Kind.REQUEST, Kind.UNIVERSAL)
_TRAILER_SIZE = 2  # checksum and F7


class SysexCollector:
    """Picks the exclusive messages out of a stream of MIDI.

    Clock and active sensing may stand anywhere, inside messages too; channel messages between them are dropped.
    """

    def __init__(self) -> None:
        self._pending = bytearray()

    @property
    def pending(self) -> int:
        """Bytes of a message that has begun and not ended, 0 if there is none."""
        return len(self._pending)

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that end in these bytes: whole from F0 to F7, or without F7 if something else came instead."""
        ended: list[bytes] = []
        for byte in data:
            if byte >= _FIRST_REALTIME:
                continue
            if byte < _FIRST_STATUS:
                if self._pending:
                    self._pending.append(byte)
            elif byte == END and self._pending:
                self._pending.append(byte)
                ended += self.cut()
            else:
                ended += self.cut()
                if byte == START:
                    self._pending.append(byte)
            if len(self._pending) > LONGEST:
                ended += self.cut()
        return ended

    def cut(self) -> list[bytes]:
        """End the message that has begun, if there is one: it is the only element of the list."""
        ended = [bytes(self._pending)] if self._pending else []
        self._pending.clear()
        return ended


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that arrived, and what it is."""

    data: bytes
    title: str  #: the kind in words
    is_dump: bool  #: False for parameter changes, requests and other talk that nobody stores
    damage: str = ""  #: what is wrong with it, empty for a sound message
    voices: tuple[str, ...] = ()  #: the names of its voices
    problems: tuple[str, ...] = ()  #: what a reader of its voices would repair, though it arrived as it was sent

    @property
    def channel(self) -> int | None:
        """The channel of a Yamaha message, 1..16; None for one of another maker."""
        return (self.data[2] & 0x0F) + 1 if len(self.data) > 2 and self.data[1] == sysex.YAMAHA else None

    def as_dict(self) -> dict[str, Any]:
        """All but the bytes themselves, as plain data."""
        return {
            "kind": self.title,
            "channel": self.channel,
            "bytes": len(self.data),
            "voices": list(self.voices),
            "damage": self.damage,
            "problems": list(self.problems),
        }


def examine(data: bytes) -> Arrival:
    """What a message of a `SysexCollector` is. Dumps of known size must have that size and the right checksum."""
    message = sysex.identify(data)
    damage = _damage(message)
    is_dump = message.kind not in _NO_DUMPS
    if damage or message.kind not in (Kind.VOICE, Kind.BANK):
        return Arrival(data, message.title, is_dump, damage)
    try:
        found = load_voices(data)
    except VoiceError as error:  # the envelope is right, the content is something else
        return Arrival(data, message.title, is_dump, problems=(str(error),))
    names = tuple(voice.name.strip() for voice in found)
    return Arrival(data, message.title, is_dump, "", names, tuple(str(problem) for problem in found.problems))


def _damage(message: sysex.Message) -> str:
    known = FORMATS.get(message.data[3]) if len(message.data) > HEADER_SIZE else None
    if known is None or message.kind is not known.kind:
        return "" if message.complete else f"cut short after {len(message.data)} bytes"
    whole = HEADER_SIZE + known.size + _TRAILER_SIZE
    if len(message.data) < whole or not message.complete:
        return f"cut short: {len(message.data)} of {whole} bytes"
    if len(message.data) > whole:
        return f"{len(message.data) - whole} bytes too long"
    claimed = message.data[4] << 7 | message.data[5]
    if claimed != known.size:
        return f"its header says {claimed} bytes of data, not {known.size}"
    arrived, right = message.body[-1], sysex.checksum(message.body[:-1])
    return "" if arrived == right else f"its checksum is {arrived:02X} and should be {right:02X}"
