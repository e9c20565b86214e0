# SPDX-License-Identifier: Apache-2.0
"""One program of the XFM2: 512 bytes, and the name that the board itself cannot keep."""

from dataclasses import dataclass
from typing import Self

from bridge.errors import ProgramError
from bridge.parameters import INIT_PROGRAM, PARAMETERS
from bridge.protocol import SIZE

_XVA1_NAME = slice(480, 505)  # where the XFM2's sister keeps the name of a program


@dataclass(frozen=True, slots=True)
class Program:
    """512 parameters, byte n is parameter n; equal if bytes and name are.

    Any byte is taken as it is: what a parameter's documented range is, `beyond_range` knows. The name is brought to
    one line of printable characters.

    Raises:
        ProgramError: not 512 bytes.
    """

    data: bytes
    name: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.data, bytes | bytearray | memoryview):
            raise ProgramError(f"a program is made of {SIZE} bytes, not of {type(self.data).__name__}")
        if len(bytes(self.data)) != SIZE:
            raise ProgramError(f"a program has {SIZE} bytes, not {len(bytes(self.data))}")
        object.__setattr__(self, "data", bytes(self.data))
        object.__setattr__(self, "name", one_line(self.name))

    @classmethod
    def init(cls) -> Self:
        """What the board holds after it was told to initialise."""
        return cls(INIT_PROGRAM, "INIT")

    def __bytes__(self) -> bytes:
        return self.data

    def differences(self, other: "Program | bytes") -> list[int]:
        """Numbers of the parameters in which the two differ."""
        return [
            number for number, (ours, theirs) in enumerate(zip(self.data, bytes(other), strict=True)) if ours != theirs
        ]

    def describe_differences(self, other: "Program | bytes") -> list[str]:
        """What changes from this program to `other`, by name: ``LEVEL1 255 to 200``."""
        theirs = bytes(other)
        return [
            f"{PARAMETERS[number].name} {self.data[number]} to {theirs[number]}" for number in self.differences(theirs)
        ]

    def beyond_range(self) -> list[int]:
        """Numbers of the parameters whose value is outside what is documented."""
        return [row.number for row in PARAMETERS if not row.accepts(self.data[row.number])]

    @property
    def hash(self) -> str:
        """The fingerprint that JSON files of programs carry: 32 bits in hexadecimal digits.

        It is Java's hash of an array of signed bytes.
        """
        total = 1
        for byte in self.data:
            total = 31 * total + (byte if byte < 128 else byte - 256) & 0xFFFFFFFF
        return f"{total:x}"


def one_line(name: str) -> str:
    """A name without line breaks, control characters and blanks around it."""
    return " ".join("".join(char if char.isprintable() else " " for char in name).split())


def xva1_name(data: bytes) -> str:
    """The name that a program of the XVA1 carries within its bytes; empty for one of the XFM2.

    The two boards speak the same protocol with other parameters. Where the XVA1 keeps a name, the XFM2 has zeros and
    a single 1.
    """
    kept = bytes(data[_XVA1_NAME])
    if not all(byte == 0 or 32 <= byte < 127 for byte in kept):
        return ""
    name = one_line(kept.replace(b"\0", b" ").decode("ascii"))
    return name if sum(char.isalnum() for char in name) > 1 else ""
