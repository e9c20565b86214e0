# SPDX-License-Identifier: Apache-2.0
"""Bank select and program change: which voice of a list a program means.

Banks are runs of 32 voices, as DX7 cartridges: bank 0 begins with the first voice of the list, bank 1 with the 33rd.
Bank select (controllers 0 and 32: the bank is 128 times the one and the other) only says where the next program
changes count from; it stays so until the next bank select. Program 0..127 is that many voices after the bank's first,
so programs from 32 on reach into the following banks. On the wire all count from 0, for people from 1.
"""

from __future__ import annotations

from synth.controllers import BANK, BANK_LOW
from synth.messages import CONTROL, PROGRAM
from synth.producer import PARTS
from synth.sysex import BANK_VOICES

_HIGHEST_BANK = (1 << 14) - 1  # that the two controllers can tell


class Programs:
    """The bank that each part (0..15) has selected."""

    def __init__(self) -> None:
        self._high = [0] * PARTS
        self._low = [0] * PARTS

    def takes(self, message: bytes) -> bool:
        """True if this channel message is a bank select, which is then remembered."""
        if message[0] & 0xF0 != CONTROL or message[1] not in (BANK, BANK_LOW):
            return False
        half = self._high if message[1] == BANK else self._low
        half[message[0] & 0x0F] = message[2]
        return True

    def choose(self, part: int, bank: int) -> None:
        """What both halves of a bank select do, at once: 0..16383."""
        self._high[part], self._low[part] = bank >> 7, bank & 0x7F

    def bank(self, part: int) -> int:
        """The bank that this part's program changes count from, 0..16383."""
        return self._high[part] << 7 | self._low[part]

    def index(self, part: int, program: int) -> int:
        """The voice, counted from 0, that a program of 0..127 means; a list may end before it."""
        return self.bank(part) * BANK_VOICES + program

    def no_such_voice(self, part: int, program: int, voices: int) -> str:
        """What to say of a program that lies beyond a list of so many voices."""
        wanted = f"bank {self.bank(part) + 1}, program {program + 1}"
        index = self.index(part, program)
        return f"{wanted} would be voice {index + 1} of {voices}: part {part + 1} keeps its voice"


def choosing(part: int, index: int) -> list[bytes]:
    """Bank select and program change that choose voice `index` (from 0) of a list for a part."""
    bank, program = divmod(index, BANK_VOICES)
    bank = min(bank, _HIGHEST_BANK)
    halves = ((BANK, bank >> 7), (BANK_LOW, bank & 0x7F))
    return [*(bytes((CONTROL | part, number, value)) for number, value in halves), bytes((PROGRAM | part, program))]
