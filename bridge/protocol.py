# SPDX-License-Identifier: Apache-2.0
"""The XFM2's serial protocol as bytes: no port, no time, no state.

A frame is a command letter and its arguments as raw bytes; there is no terminator, no checksum and no echo, and
only some commands reply (source: eight independent public implementations for the XFM2 and its sister, the XVA1).
So a board that misses a letter takes the next argument for a command. `HAZARDS` are the letters with which that
would hurt: they erase memory, or store a program. None of the erasing ones can be made here; `exposes_hazard`
tells which frames carry such a byte as an argument.
"""

from dataclasses import dataclass
from typing import Literal

from bridge.errors import NotSentError

SIZE = 512  # parameters of a program, and bytes of a dump
PROGRAMS = 128  # slots of the board's memory, shared by both units
UNITS = (1, 2)
BAUD = 500_000  # 8 data bits, no parity, 1 stop bit, no flow control
BYTE_SECONDS = 10 / BAUD

ESCAPE = 0xFF  # introduces the second half of the parameters
HAZARDS = frozenset(b"$#tVw")
"""`$` erases all programs, `#`, `t` and `V` belong to erasing and writing flash, `w` stores a program."""

LETTERS = frozenset(b"dgsirwj12*") | HAZARDS
"""All bytes that a board is known to take for the beginning of a command."""

Variant = Literal["n-256", "n-255"]
VARIANTS: tuple[Variant, ...] = ("n-256", "n-255")
"""How existing tools count the parameters after the escape byte. The board adds 256 (nine sources)."""


@dataclass(frozen=True, slots=True)
class Command:
    """One frame, and how many bytes the board answers to it."""

    frame: bytes
    reply: int = 0


def address(n: int, variant: Variant = "n-256") -> bytes:
    """The address bytes of parameter `n` (0..511).

    Each variant leaves one parameter out of reach: `n-256` number 255, whose byte is the escape byte; `n-255` number
    511, which would need a larger byte than there is.

    Raises:
        NotSentError: the parameter cannot be addressed.
        ValueError: there is no such parameter or variant.
    """
    if variant not in VARIANTS:
        raise ValueError(f"there is no addressing variant {variant!r}; there are {' and '.join(VARIANTS)}")
    if isinstance(n, bool) or not isinstance(n, int) or not 0 <= n < SIZE:
        raise ValueError(f"parameter numbers go from 0 to {SIZE - 1}, not {n!r}")
    if n < ESCAPE:
        return bytes((n,))
    behind = n - int(variant[2:])
    if not 0 <= behind <= 255:
        raise NotSentError(f"parameter {n} cannot be addressed on the XFM2; only a block load reaches it")
    return bytes((ESCAPE, behind))


def dump() -> Command:
    """The edit buffer of the active unit: 512 bytes, byte i is parameter i."""
    return Command(b"d", SIZE)


def get(n: int, variant: Variant = "n-256") -> Command:
    """One parameter of the edit buffer."""
    return Command(b"g" + address(n, variant), 1)


def set_value(n: int, value: int, variant: Variant = "n-256") -> Command:
    """One parameter of the edit buffer; the board says nothing to it."""
    return Command(b"s" + address(n, variant) + bytes((_within("a parameter value", value, 0, 255),)))


def initialise() -> Command:
    """Make the edit buffer the board's INIT program; answers 0."""
    return Command(b"i", 1)


def read_program(program: int) -> Command:
    """Load a stored program (0..127 on the wire) into the edit buffer; answers 0."""
    return Command(b"r" + _program(program), 1)


def write_program(program: int) -> Command:
    """Store the edit buffer as a program (0..127 on the wire); answers 0, or another number if it failed."""
    return Command(b"w" + _program(program), 1)


def select_unit(unit: int) -> Command:
    """Make unit 1 or 2 the one that all other commands mean; unit 1 answers 0, unit 2 answers 1."""
    return Command(str(_within("a unit", unit, 1, 2)).encode(), 1)


def midi_channel(unit: int, channel: int) -> Command:
    """The MIDI channel of a unit, 1..16, or 0 for all of them; answers one byte of unknown meaning."""
    place = 0x09 + _within("a unit", unit, 1, 2)
    return Command(bytes((ord("*"), place, _within("a MIDI channel", channel, 0, 16))), 1)


def layer_mode(on: bool) -> Command:
    """Both units play together, or not; answers one byte of unknown meaning."""
    return Command(bytes((ord("*"), 0x0C, int(bool(on)))), 1)


def block_load(program: bytes) -> tuple[Command, Command]:
    """The whole edit buffer at once: the letter, and then its 512 bytes. Each wants a write of its own.

    Undocumented by the vendor and silent; one source uses it on the XFM2 and found that the pause is needed.
    """
    if len(program) != SIZE:
        raise ValueError(f"a program has {SIZE} bytes, not {len(program)}")
    return Command(b"j"), Command(bytes(program))


def exposes_hazard(frame: bytes) -> bool:
    """True if losing the frame's letter could make the board erase or store something."""
    return not HAZARDS.isdisjoint(frame[1:])


def _program(program: int) -> bytes:
    return bytes((_within("a program (counted from 0)", program, 0, PROGRAMS - 1),))


def _within(what: str, value: int, lowest: int, highest: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise ValueError(f"{what} goes from {lowest} to {highest}, not {value!r}")
    return value
