# SPDX-License-Identifier: Apache-2.0
"""Somebody at a keyboard, at random: everything that MIDI lets hands, feet and a computer beside them do."""

from __future__ import annotations

import random
from collections.abc import Callable

from strategies import random_bank

CHANNELS = 16
PEDALS = (64, 65, 66, 67, 68, 69)
MOST_KEYS = 12
_NOTE_OFF, _NOTE_ON, _POLY_PRESSURE, _CONTROL, _PROGRAM, _PRESSURE, _BEND = range(0x80, 0xF0, 0x10)
_BANKS = [random_bank(seed) for seed in range(4)]


class Musician:
    """Plays one input, on any channel, and lets go of everything in the end."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self.keys: list[tuple[int, int]] = []  # channel 0..15 and key of those that are down, as often as struck
        self._struck: set[tuple[int, int]] = set()  # channel and key of all since the last rest
        self._pedals: set[tuple[int, int]] = set()  # channel and controller of all since the last rest
        kinds = {
            self._strike: 300,
            self._release: 270,
            self._pedal: 60,
            self._wheel: 60,
            self._bend: 60,
            self._pressure: 60,
            self._any_controller: 30,
            self._number: 20,
            self._program: 20,
            self._parameter: 40,
            self._function: 20,
            self._voice: 6,
            self._tuning: 6,
            self._mode: 3,
            self._broken: 3,
            self._request: 3,
            self._realtime: 10,
            self._bank: 1,
        }
        self._kinds: list[Callable[[], list[bytes]]] = list(kinds)
        self._weights = list(kinds.values())

    def plays(self) -> list[bytes]:
        """What comes next: some messages that belong together."""
        (kind,) = self._dice.choices(self._kinds, self._weights)
        return kind()

    def lets_go(self) -> list[bytes]:
        """An end to any SysEx, and all keys and pedals since the last rest up: what ended some may have got lost."""
        keys = [bytes((_NOTE_OFF | channel, key, 64)) for channel, key in sorted(self._struck)]
        pedals = [bytes((_CONTROL | channel, pedal, 0)) for channel, pedal in sorted(self._pedals)]
        return [b"\xf7", *keys, *pedals]

    def rests(self) -> None:
        """Everything is up."""
        self.keys.clear()
        self._struck.clear()
        self._pedals.clear()

    # ---- hands and feet --------------------------------------------------------------

    def _channel(self) -> int:
        return self._dice.randrange(CHANNELS)

    def _value(self) -> int:
        return self._dice.choice((0, 127, self._dice.randrange(128)))

    def _strike(self) -> list[bytes]:
        if len(self.keys) >= MOST_KEYS:
            return self._release()
        channel, key = self._channel(), self._dice.randrange(128)
        self.keys.append((channel, key))
        self._struck.add((channel, key))
        return [bytes((_NOTE_ON | channel, key, self._dice.randint(1, 127)))]

    def _release(self) -> list[bytes]:
        if not self.keys:
            return self._strike()
        channel, key = self.keys.pop(self._dice.randrange(len(self.keys)))
        if self._dice.random() < 0.5:
            return [bytes((_NOTE_ON | channel, key, 0))]
        return [bytes((_NOTE_OFF | channel, key, self._dice.randrange(128)))]

    def _pedal(self) -> list[bytes]:
        channel, pedal = self._channel(), self._dice.choice(PEDALS)
        self._pedals.add((channel, pedal))
        return [bytes((_CONTROL | channel, pedal, self._value()))]

    def _wheel(self) -> list[bytes]:
        return [bytes((_CONTROL | self._channel(), self._dice.choice((1, 2, 4, 7, 11)), self._value()))]

    def _bend(self) -> list[bytes]:
        return [bytes((_BEND | self._channel(), self._dice.randrange(128), self._value()))]

    def _pressure(self) -> list[bytes]:
        if self._dice.random() < 0.5 or not self.keys:
            return [bytes((_PRESSURE | self._channel(), self._value()))]
        channel, key = self._dice.choice(self.keys)
        return [bytes((_POLY_PRESSURE | channel, key, self._value()))]

    def _any_controller(self) -> list[bytes]:
        channel, number = self._channel(), self._dice.randrange(120)
        if number in PEDALS:
            self._pedals.add((channel, number))
        return [bytes((_CONTROL | channel, number, self._value()))]

    def _number(self) -> list[bytes]:
        """A registered number, or one that is not, and its value."""
        status = _CONTROL | self._channel()
        start = self._dice.choice((100, 100, 98))
        low = bytes((status, start, self._dice.randrange(8)))
        return [bytes((status, start + 1, 0)), low, bytes((status, 6, self._value())), bytes((status, 38, 0))]

    def _mode(self) -> list[bytes]:
        number = self._dice.randint(120, 127)
        return [bytes((_CONTROL | self._channel(), number, self._dice.choice((0, 1, 127))))]

    def _program(self) -> list[bytes]:
        channel = self._channel()
        select = [bytes((_CONTROL | channel, 32, self._dice.choice((0, 0, 0, 1))))] if self._dice.random() < 0.3 else []
        return [*select, bytes((_PROGRAM | channel, self._dice.randrange(34)))]

    # ---- a computer ------------------------------------------------------------------

    def _parameter(self) -> list[bytes]:
        number = self._dice.randrange(156)
        return [bytes((0xF0, 0x43, 0x10 | self._channel(), number >> 7, number & 127, self._dice.randrange(100), 0xF7))]

    def _function(self) -> list[bytes]:
        number = self._dice.randrange(64, 79)
        return [bytes((0xF0, 0x43, 0x10 | self._channel(), 0x08, number, self._dice.randrange(100), 0xF7))]

    def _voice(self) -> list[bytes]:
        return [self._dice.choice(self._dice.choice(_BANKS)).to_message(self._channel())]

    def _bank(self) -> list[bytes]:
        return [self._dice.choice(_BANKS).to_sysex(self._channel())]

    def _tuning(self) -> list[bytes]:
        """One key, by the MIDI tuning standard: a semitone and fractions of 2^-14."""
        key, fraction = self._dice.randrange(128), (self._dice.randrange(128), self._dice.randrange(127))
        return [bytes((0xF0, 0x7F, 0x7F, 0x08, 0x02, 0, 1, key, key, *fraction, 0xF7))]

    def _broken(self) -> list[bytes]:
        """A SysEx that is cut short; what comes next may drown in it."""
        return [self._dice.choice(_BANKS).to_sysex()[: self._dice.randint(2, 600)] + b"\xf7"]

    def _request(self) -> list[bytes]:
        """For the dump of a voice or of the bank."""
        return [bytes((0xF0, 0x43, 0x20 | self._channel(), self._dice.choice((0, 9)), 0xF7))]

    def _realtime(self) -> list[bytes]:
        return [bytes((self._dice.choice((0xF8, 0xFA, 0xFC)),))]
