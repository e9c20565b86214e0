# SPDX-License-Identifier: Apache-2.0
"""Programs as system exclusive messages, the form in which the board sends them over MIDI.

``F0 43 uu``, then for each parameter two bytes, value / 128 and the rest, then ``F7``: 1028 bytes. uu is the unit, 00
or 01, or 7F for both. The maker's number is Yamaha's, so that the beginning is that of a DX7 voice as well; the size
tells. Files of 1030 bytes, from a converter, have a pair for a parameter 512 that does not exist.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from bridge.errors import ProgramError
from bridge.program import Program
from bridge.protocol import SIZE
from synth import sysex

_HEADER = b"\xf0\x43\x00"
_PAIRS = 2 * SIZE
_COMMAND_SIZE = 8  # F0 43 uu, parameter and value in two bytes each, F7
_START = re.compile(rb"\xf0\x43[\x00\x01\x7f]")
_WHOLE = re.compile(rb"\xf0\x43[\x00\x01\x7f](?:[\x00\x01][\x00-\x7f]){%d}" % SIZE)
_MESSAGE = re.compile(rb"\xf0[^\xf0\xf7]*+\xf7?")
_REAL_TIME = bytes(range(0xF8, 0x100))  # clock ticks may stand anywhere in a recorded stream


@dataclass
class Dumps:
    """What the messages of a file hold."""

    programs: list[Program] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)  #: those of the problems that cost a program
    dx7: str = ""  #: what the first message of a DX7 is called
    others: Counter[str] = field(default_factory=Counter)  #: messages that hold no program, by what they are


def encode(program: Program) -> bytes:
    """The dump of unit 1, 1028 bytes."""
    return _HEADER + b"".join(bytes((value >> 7, value & 0x7F)) for value in program.data) + bytes((sysex.END,))


def within(data: bytes) -> bool:
    """True if these bytes are messages, or have a whole dump somewhere among them."""
    return data[0] == sysex.START or bool(_WHOLE.search(data))


def decode(data: bytes) -> Dumps:
    """All dumps among the messages in `data`, and everything else there by name."""
    found = Dumps()
    data = data.translate(None, _REAL_TIME)
    outside = len(data)
    for match in _MESSAGE.finditer(data):
        outside -= len(match[0])
        _take(match[0], match.start(), found)
    found.problems += found.broken
    found.problems += [f"no dump of an XFM2, left out: {count} x {title}" for title, count in found.others.items()]
    if outside:
        found.problems.append(f"outside any message, left out: {outside} bytes")
    return found


def _take(message: bytes, offset: int, found: Dumps) -> None:
    whole = message[-1] == sysex.END
    foreign = not _START.match(message) or (any(message[3:5]) and not _WHOLE.match(message))
    if foreign or len(message) <= _COMMAND_SIZE:
        _leave(message, found)
        return
    try:
        found.programs.append(Program(_values(message[len(_HEADER) : -1 if whole else None])))
    except ProgramError as error:
        found.broken.append(f"byte {offset}: {error}")
        return
    if not whole:
        found.problems.append(f"byte {offset + len(message)}: the F7 that ends a dump is missing")


def _leave(message: bytes, found: Dumps) -> None:
    known = sysex.identify(message)
    if known.kind in (sysex.Kind.VOICE, sysex.Kind.BANK) and len(message) > _COMMAND_SIZE:
        found.dx7 = found.dx7 or known.title
    command = _START.match(message) and len(message) == _COMMAND_SIZE
    found.others["command to an XFM2" if command else known.title] += 1


def _values(pairs: bytes) -> bytes:
    if len(pairs) not in (_PAIRS, _PAIRS + 2):
        raise ProgramError(f"a dump of an XFM2 has {_PAIRS} bytes of data, this one has {len(pairs)}")
    high, low = pairs[0:_PAIRS:2], pairs[1:_PAIRS:2]
    if max(high) > 1 or max(low) > 0x7F:
        raise ProgramError("a dump of an XFM2 with values beyond 255: it is damaged")
    return bytes(h << 7 | rest for h, rest in zip(high, low, strict=True))
