# SPDX-License-Identifier: Apache-2.0
"""MPE: keyboards whose notes have a channel each, so that every note has its own bend, pressure and timbre.

Rules of "MIDI Polyphonic Expression", MIDI Association, version 1.1. The lower zone's manager is channel 1 with the
member channels from 2 on, the upper zone's is channel 16 with those from 15 down. A keyboard says how many members a
zone has by registered parameter 6 on the manager (the MPE Configuration Message); 0 ends the zone. All members play
what their manager plays.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from synth.controllers import DATA, DATA_LOW, REGISTERED, REGISTERED_LOW, UNREGISTERED, UNREGISTERED_LOW
from synth.producer import BEND_UNITS

CHANNELS: Final = 16
MOST_MEMBERS: Final = 15
BOTH_MEMBERS: Final = CHANNELS - 2
"""Two zones have so many members between them."""
LOWER, UPPER = 0, 15
MANAGERS: Final = {"lower": LOWER, "upper": UPPER}
"""Zones, and the channels (0..15) of their managers."""
NOTE_BEND: Final = 48
"""Semitones that a member's bend reaches, until registered parameter 0 or a zone says otherwise."""
WIDEST_NOTE_BEND: Final = 96
BEND_CENTRE: Final = 8192

RPN_BEND_RANGE, RPN_MPE = 0, 6
_NO_PARAMETER = 0x3FFF
PARAMETER_CONTROLLERS: Final = frozenset((DATA, DATA_LOW, UNREGISTERED_LOW, UNREGISTERED, REGISTERED_LOW, REGISTERED))
"""What `Parameters` has to follow."""
_CENTS = 100


class Layout(NamedTuple):
    """How many members the two zones have; 0 is no zone."""

    lower: int = 0
    upper: int = 0

    def with_zone(self, manager: int, members: int) -> Layout:
        """The same with another size of one zone, which takes channels from the other where they overlap."""
        left = BOTH_MEMBERS - members if members else MOST_MEMBERS
        if manager == LOWER:
            return Layout(members, max(0, min(self.upper, left)))
        return Layout(max(0, min(self.lower, left)), members)

    def managers(self) -> tuple[int, ...]:
        """Of each channel 0..15: its manager if it is a member, else itself."""
        managers = list(range(CHANNELS))
        managers[1 : 1 + self.lower] = [LOWER] * self.lower
        managers[UPPER - self.upper : UPPER] = [UPPER] * self.upper
        return tuple(managers)


LAYOUTS: Final = {
    "auto": Layout(),
    "off": Layout(),
    "lower": Layout(lower=MOST_MEMBERS),
    "upper": Layout(upper=MOST_MEMBERS),
    "both": Layout(BOTH_MEMBERS // 2, BOTH_MEMBERS // 2),
}
"""What an input's MPE zones are if its own zones name none and it has said nothing itself, by the setting's words."""


class Data(NamedTuple):
    """A byte of data entry for a registered parameter."""

    parameter: int
    is_high: bool
    value: int


class Parameters:
    """Which registered parameter each channel's data entry is for."""

    def __init__(self) -> None:
        self._numbers = [_NO_PARAMETER] * CHANNELS

    def follow(self, message: bytes) -> Data | None:
        """Take note of one of `PARAMETER_CONTROLLERS`; the data it enters, if any."""
        channel, number, value = message[0] & 0x0F, message[1], message[2]
        if number == REGISTERED:
            self._numbers[channel] = value << 7 | (self._numbers[channel] & 0x7F)
        elif number == REGISTERED_LOW:
            self._numbers[channel] = (self._numbers[channel] & ~0x7F) | value
        elif number in (UNREGISTERED, UNREGISTERED_LOW):
            self._numbers[channel] = _NO_PARAMETER
        elif number in (DATA, DATA_LOW) and self._numbers[channel] != _NO_PARAMETER:
            return Data(self._numbers[channel], number == DATA, value)
        return None


def entered_range(cents: int, data: Data) -> int:
    """A bend range in cents after a byte of data entry: semitones, which clear the cents, or cents."""
    entered = data.value * _CENTS if data.is_high else cents // _CENTS * _CENTS + min(data.value, _CENTS - 1)
    return min(entered, WIDEST_NOTE_BEND * _CENTS)


def bend_units(bend: int, cents: int) -> int:
    """What the engine adds to a note's pitch for a bend of -8192..8191 over this range."""
    return round(bend * cents * BEND_UNITS / (BEND_CENTRE * 12 * _CENTS))
