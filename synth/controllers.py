# SPDX-License-Identifier: Apache-2.0
"""MIDI controllers by number, those that mean something here, and the channel mode messages above them."""

from __future__ import annotations

from typing import Final

BANK: Final = 0
BANK_LOW: Final = 32
"""Bank select: the bank is 128 times the one and the other."""

WHEEL: Final = 1
BREATH: Final = 2
FOOT: Final = 4
PORTAMENTO_TIME: Final = 5
VOLUME: Final = 7
EXPRESSION: Final = 11
TIMBRE: Final = 74
"""An MPE note's third dimension."""

SUSTAIN: Final = 64
PORTAMENTO: Final = 65
SOSTENUTO: Final = 66
SOFT: Final = 67
LEGATO: Final = 68
HOLD_2: Final = 69

DATA: Final = 6
DATA_LOW: Final = 38
UNREGISTERED_LOW: Final = 98
UNREGISTERED: Final = 99
REGISTERED_LOW: Final = 100
REGISTERED: Final = 101
"""Data entry, and the number of the parameter that it is for."""

ALL_SOUND_OFF: Final = 120
RESET_CONTROLLERS: Final = 121
ALL_NOTES_OFF: Final = 123
"""This, and all above, which imply it."""
MONO: Final = 126
POLY: Final = 127


def ends_notes(number: int) -> bool:
    """True of the channel mode messages that let go of all keys of their channel."""
    return number >= ALL_NOTES_OFF or number == ALL_SOUND_OFF
