# SPDX-License-Identifier: Apache-2.0
"""System exclusive messages: cut bytes into messages, name them, write the DX7's own.

Pure functions over bytes. `messages` never raises and never loses a byte: every byte of the input
belongs to exactly one `Message`, those between messages to one of kind JUNK. Recognising a message
does not decode it; `voices` does that.

Yamaha bulk dump: ``F0 43 0n ff hh ll <data> sum F7`` with channel n, format f, byte count h * 128 + l and
``sum`` making the data's sum a multiple of 128 (source: DX7 owner's manual).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from .errors import VoiceError
from .parameters import VOICE_SIZE

START, END = 0xF0, 0xF7
YAMAHA = 0x43
HEADER_SIZE = 6
BANK_VOICES = 32
BANK_SIZE = 4096
VOICE_MESSAGE_SIZE = HEADER_SIZE + VOICE_SIZE + 2  # 163
BANK_MESSAGE_SIZE = HEADER_SIZE + BANK_SIZE + 2  # 4104


class Kind(Enum):
    """What a message is, as people call it."""

    VOICE = "DX7 voice"
    BANK = "DX7 bank of 32 voices"
    FUNCTION = "DX7 function parameters"
    PERFORMANCE = "TX7 bank of 64 function sets"
    SUPPLEMENT = "DX7II voice supplement"
    SUPPLEMENT_BANK = "DX7II bank of 32 voice supplements"
    VOICE_4OP = "4-operator voice (DX21, TX81Z and kin)"
    BANK_4OP = "4-operator bank (DX21, TX81Z and kin)"
    LM = "Yamaha dump"
    PARAMETER = "parameter change"
    REQUEST = "dump request"
    YAMAHA = "message of another Yamaha instrument"
    UNIVERSAL = "universal message"
    OTHER = "message of another maker"
    INCOMPLETE = "broken message"
    JUNK = "bytes outside any message"


@dataclass(frozen=True, slots=True)
class Format:
    """One format of Yamaha bulk data: its meaning and the number of data bytes."""

    kind: Kind
    size: int


FORMATS = {
    0x00: Format(Kind.VOICE, VOICE_SIZE),
    0x01: Format(Kind.FUNCTION, 94),
    0x02: Format(Kind.PERFORMANCE, 4096),
    0x03: Format(Kind.VOICE_4OP, 93),
    0x04: Format(Kind.BANK_4OP, 4096),
    0x05: Format(Kind.SUPPLEMENT, 49),
    0x06: Format(Kind.SUPPLEMENT_BANK, 1120),
    0x09: Format(Kind.BANK, BANK_SIZE),
}

# Ten characters that open the data of format 7E, and what follows them.
_LM = {
    "8973PE": "DX7II performance",
    "8973PM": "DX7II performance bank",
    "8973S ": "DX7II system set-up",
    "8952PE": "TX802 performance",
    "8952PM": "TX802 performance bank",
    "8952S ": "TX802 system set-up",
    "MCRYE ": "micro tuning",
    "MCRYM0": "micro tuning 1",
    "MCRYM1": "micro tuning 2",
    "MCRYC ": "micro tuning cartridge",
    "FKSYE ": "fractional scaling",
    "FKSYC ": "fractional scaling cartridge",
    "8976AE": "TX81Z additional voice data (4-operator)",
}

_GROUPS = {0: "voice parameter", 1: "TX7 function parameter", 2: "function parameter", 6: "DX7II parameter"}

_MAKERS = {
    0x01: "Sequential", 0x04: "Moog", 0x06: "Lexicon", 0x07: "Kurzweil", 0x0F: "Ensoniq", 0x10: "Oberheim",
    0x18: "E-mu", 0x1B: "Peavey", 0x33: "Clavia", 0x3E: "Waldorf", 0x40: "Kawai", 0x41: "Roland", 0x42: "Korg",
    0x43: "Yamaha", 0x44: "Casio", 0x47: "Akai", 0x4C: "Sony", 0x51: "Fostex", 0x52: "Zoom", 0x7D: "experimental",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Message:
    """Some bytes of the input and what they are."""

    offset: int  #: of the first byte in the input
    data: bytes  #: all bytes, F0 and F7 included where present
    kind: Kind
    title: str  #: the kind in words, with the details that tell it from its like

    @property
    def complete(self) -> bool:
        """True if the message ends as it should, with F7."""
        return len(self.data) > 1 and self.data[-1] == END

    @property
    def is_voice(self) -> bool:
        """True for a dump of one DX7 voice."""
        return self.kind is Kind.VOICE

    @property
    def channel(self) -> int:
        """The channel a Yamaha message is for, 0..15."""
        return self.data[2] & 0x0F

    @property
    def body(self) -> bytes:
        """What stands between the header of a Yamaha bulk dump and F7: the data and the checksum."""
        return self.data[HEADER_SIZE : -1 if self.complete else None]


def checksum(data: bytes) -> int:
    """The byte that makes the sum of `data`, seven bits each, a multiple of 128."""
    return -sum(data) & 0x7F


def bulk(form: int, data: bytes, channel: int = 0) -> bytes:
    """A Yamaha bulk dump of `data`.

    Raises:
        ValueError: channel not in 0..15.
    """
    if not 0 <= channel <= 15:
        raise ValueError(f"channel is {channel}; in a message it goes from 0 to 15")
    header = bytes([START, YAMAHA, channel, form, len(data) >> 7, len(data) & 0x7F])
    return header + data + bytes([checksum(data), END])


def voice_message(voice: bytes, channel: int = 0) -> bytes:
    """A single voice of 155 bytes (VCED) as a message of 163."""
    return bulk(0x00, voice, channel)


def bank_message(packed: bytes, channel: int = 0) -> bytes:
    """32 packed voices, 4096 bytes (VMEM), as a message of 4104."""
    return bulk(0x09, packed, channel)


def voice_payload(data: bytes) -> bytes:
    """The 155 voice bytes of a message of 163. The checksum is not looked at.

    Raises:
        VoiceError: it is another message, with its name.
    """
    message = identify(data)
    if not message.is_voice:
        raise VoiceError(f"this is a {message.title}, not a DX7 voice; use load_voices to read files of every kind")
    if len(data) != VOICE_MESSAGE_SIZE or data[-1] != END:
        raise VoiceError(
            f"a DX7 voice message has {VOICE_MESSAGE_SIZE} bytes and ends with F7; this has {len(data)}"
            f" and ends with {data[-1]:02X}; use load_voices to read damaged files"
        )
    return data[HEADER_SIZE:-2]


def identify(data: bytes) -> Message:
    """What the first message in `data` is; of empty data a broken one."""
    return next(messages(data), Message(0, b"", Kind.INCOMPLETE, Kind.INCOMPLETE.value))


def split(data: bytes) -> list[Message]:
    """All messages in `data`, in order, with whatever stands between them. An empty input has none."""
    return list(messages(data))


def messages(data: bytes) -> Iterator[Message]:
    """As `split`, one after the other, so that a file of millions takes no memory.

    Bytes F0 that follow each other, and begin nothing, are one broken message.
    """
    at = 0
    while at < len(data):
        if data[at] != START:
            following = data.find(START, at)
            stop = len(data) if following < 0 else following
            yield Message(at, data[at:stop], Kind.JUNK, Kind.JUNK.value)
        elif starts := _STARTS.match(data, at):
            stop = starts.end()
            yield Message(at, data[at:stop], Kind.INCOMPLETE, Kind.INCOMPLETE.value)
        else:
            stop = _end(data, at)
            yield Message(at, data[at:stop], *_classify(data[at:stop]))
        at = stop


_STARTS = re.compile(rb"\xf0+(?=\xf0|\Z)")  # all of a run but the last, which may begin a message
_BOUNDARY = re.compile(rb"[\xf0\xf7]")
# How a dump of a known format begins: in a damaged dump, the sign that it was cut short and another one follows.
DUMP_HEADER = re.compile(rb"\xf0\x43[\x00-\x0f][\x00-\x06\x09]")
# The header of a DX7 voice or bank without its F0: the sign of a message that lost its first byte.
DUMP_BODY = re.compile(rb"\x43[\x00-\x0f](?:\x00\x01\x1b|\x09\x20\x00)")
# A program of the XFM2 or XVA1, which begins like a DX7 voice: after the channel nothing but pairs of high bit and
# seven low bits. In a DX7 voice (00 01 1B) the second byte of the count stands where a high bit would.
_PAIRS = re.compile(rb"\x43[\x00-\x0f](?:[\x00\x01][\x00-\x7f]){64}")


def _end(data: bytes, start: int) -> int:
    """One past the last byte of the message at `start`.

    A dump of known size is taken whole if F7 stands where it should, whatever is inside: damage may have turned a
    data byte into F0 or F7. Otherwise the next F0 or F7 counts, and without one the size the format has.
    """
    known = _format(data[start : start + HEADER_SIZE])
    expected = start + HEADER_SIZE + known.size + 2 if known else len(data)
    if known and expected <= len(data) and data[expected - 1] == END:
        inside = data[start + HEADER_SIZE : expected - 2]
        if checksum(inside) == data[expected - 2] or not DUMP_HEADER.search(inside):
            return expected
    boundary = _BOUNDARY.search(data, start + 1)
    if boundary is None:
        return min(expected - 1, len(data)) if known else len(data)
    return boundary.end() if data[boundary.start()] == END else boundary.start()


def _format(header: bytes) -> Format | None:
    if len(header) < HEADER_SIZE or header[1] != YAMAHA or header[2] > 0x0F:
        return None
    return FORMATS.get(header[3])


def _classify(data: bytes) -> tuple[Kind, str]:
    content = data[1:-1] if data[-1] == END else data[1:]
    if not content:
        return Kind.INCOMPLETE, Kind.INCOMPLETE.value
    maker = content[0]
    if maker in (0x7E, 0x7F):
        return Kind.UNIVERSAL, Kind.UNIVERSAL.value
    if maker != YAMAHA:
        number = content[:3].hex(" ").upper() if maker == 0 else f"{maker:02X}"
        name = _MAKERS.get(maker)
        return Kind.OTHER, f"message of another maker ({name}, {number})" if name else f"{Kind.OTHER.value} ({number})"
    if len(content) < 3:
        return Kind.INCOMPLETE, "broken Yamaha message"
    if _PAIRS.match(content):
        return Kind.YAMAHA, "program of an XFM2 or XVA1"
    return _classify_yamaha(content)


def _classify_yamaha(content: bytes) -> tuple[Kind, str]:
    status, form = content[1], content[2]
    if status < 0x10:
        if form == 0x7E:
            return _classify_lm(content)
        known = FORMATS.get(form)
        if known:
            return known.kind, known.kind.value
        return Kind.YAMAHA, f"Yamaha bulk dump of unknown format {form:02X}"
    if status < 0x20 and len(content) == 5:
        group = _GROUPS.get(form >> 2, "parameter")
        return Kind.PARAMETER, f"parameter change ({group} {(form & 3) << 7 | content[3]})"
    if 0x20 <= status < 0x30:
        return Kind.REQUEST, f"dump request (format {form:02X})"
    return Kind.YAMAHA, Kind.YAMAHA.value


def _classify_lm(content: bytes) -> tuple[Kind, str]:
    label = content[5:15].decode("latin-1")
    code = label[4:].replace("_", " ")
    what = _LM.get(code, "Yamaha dump")
    return Kind.LM, f"{what} ({label.strip()!r})" if label.isprintable() else what
