# SPDX-License-Identifier: Apache-2.0
"""The keys and pedals that the messages sent to an instrument hold down.

When they end without note-offs, `HeldKeys` knows what is still down, so that
these notes, and only these, can be released. What an input holds, through its
zones, is known to `routing.py`.
"""

from __future__ import annotations

from synth.controllers import LEGATO, PORTAMENTO, RESET_CONTROLLERS, SOFT, SOSTENUTO, SUSTAIN, ends_notes
from synth.messages import CONTROL, NOTE_OFF, NOTE_ON

_PEDALS = (SUSTAIN, PORTAMENTO, SOSTENUTO, SOFT, LEGATO)


class HeldKeys:
    """Follows the channel messages of one cable."""

    def __init__(self) -> None:
        self._keys: set[tuple[int, int]] = set()
        self._pedals: set[tuple[int, int]] = set()

    def __len__(self) -> int:
        return len(self._keys)

    def follow(self, message: bytes) -> None:
        """Take note of one whole channel message."""
        kind, channel = message[0] & 0xF0, message[0] & 0x0F
        if kind == NOTE_ON and message[2] > 0:
            self._keys.add((channel, message[1]))
        elif kind in (NOTE_ON, NOTE_OFF):  # a note-on of velocity 0 is a note-off
            self._keys.discard((channel, message[1]))
        elif kind == CONTROL:
            self._control(channel, message[1], message[2])

    def _control(self, channel: int, number: int, value: int) -> None:
        if number in _PEDALS:
            (self._pedals.add if value >= 64 else self._pedals.discard)((channel, number))
        elif ends_notes(number):
            self._keys = {key for key in self._keys if key[0] != channel}
        elif number == RESET_CONTROLLERS:
            self._pedals = {pedal for pedal in self._pedals if pedal[0] != channel}

    def release(self) -> list[bytes]:
        """The messages that let go of everything held, and forget it."""
        messages = [bytes((NOTE_OFF | channel, note, 64)) for channel, note in sorted(self._keys)]
        messages += [bytes((CONTROL | channel, pedal, 0)) for channel, pedal in sorted(self._pedals)]
        self._keys.clear()
        self._pedals.clear()
        return messages
