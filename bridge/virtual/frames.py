# SPDX-License-Identifier: Apache-2.0
"""Cutting the host's bytes into commands, as the board does: by letter and length, with no terminator and no timeout.

Written from the published command tables alone; nothing here knows how the bridge makes its frames, so that a
mistake in one is found by the other.
"""

from __future__ import annotations

from typing import Literal

ESCAPE = 0xFF  # a second address byte follows, for the parameters from 256 on
BLOCK = 512  # data bytes of a block load
TUNINGS = 131_072  # data bytes of a tunings bank: 512 blocks of 256

# A frame's bytes, letter included; `s` and `g` have one more behind the escape byte. `t` counts as a command with
# its letter, because the harm begins there; its data is skipped.
_LENGTHS = dict.fromkeys(b"di12$#tV", 1) | dict.fromkeys(b"grw", 2) | dict.fromkeys(b"s*", 3)

Variant = Literal["n-256", "n-255"]
"""What a host has to subtract from a parameter's number for the byte behind the escape byte."""


class Parser:
    """Bytes in, whole frames out. A frame that was begun waits for its last byte for ever.

    `block_load` False makes `j` an unknown letter. Unknown letters are passed over.
    """

    def __init__(self, block_load: bool = True) -> None:
        self._lengths = _LENGTHS | ({ord("j"): 1 + BLOCK} if block_load else {})
        self._frame = bytearray()
        self.skipping = 0

    @property
    def pending(self) -> bytes:
        """What there is of an unfinished frame."""
        return bytes(self._frame)

    def feed(self, byte: int) -> bytes | None:
        """The frame that `byte` (0..255) completes, if it does."""
        frame = self._frame
        if self.skipping:
            self.skipping -= 1
            return None
        if not frame and byte not in self._lengths:
            return None
        frame.append(byte)
        length = self._lengths[frame[0]]
        if frame[0] in b"sg" and len(frame) > 1 and frame[1] == ESCAPE:
            length += 1
        if len(frame) < length:
            return None
        whole = bytes(frame)
        frame.clear()
        if whole == b"t":
            self.skipping = TUNINGS
        return whole


def parameter_of(frame: bytes, variant: Variant = "n-256") -> int:
    """The parameter (0..511) that a whole `s` or `g` frame speaks of."""
    return frame[1] if frame[1] != ESCAPE else int(variant[2:]) + frame[2]
