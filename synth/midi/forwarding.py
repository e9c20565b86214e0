# SPDX-License-Identifier: Apache-2.0
"""What becomes of playing on its way to another instrument: parts to channels, keys transposed, the rest left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from synth.controllers import ALL_SOUND_OFF, BANK, BANK_LOW
from synth.matching import matches
from synth.messages import BEND, CONTROL, LENGTHS, NOTE_OFF, NOTE_ON, POLY_PRESSURE, PRESSURE, PROGRAM
from synth.midi.held import HeldKeys
from synth.midi.outputs import Output
from synth.midi.programs import choosing

_KINDS: Final = {
    NOTE_OFF: "notes",
    NOTE_ON: "notes",
    POLY_PRESSURE: "pressure",
    CONTROL: "controllers",
    PROGRAM: "programs",
    PRESSURE: "pressure",
    BEND: "bend",
}
_KEYED: Final = (NOTE_OFF, NOTE_ON, POLY_PRESSURE)
_HIGHEST = 127


class Forwarding:
    """The tables of one port. Parts and channels are 0..15 here."""

    def __init__(self, outputs: Sequence[Output]) -> None:
        self._parts = [output for output in outputs if not output.thru]
        self._thru = [output for output in outputs if output.thru]
        self._held: dict[str, HeldKeys] = {}  # by what each input holds there

    def play(self, message: bytes) -> list[bytes]:
        """What a part plays, or hears of its controllers: its number is the message's channel."""
        return [sent for output in self._of(message[0] & 0x0F) for sent in _sent(output, message)]

    def thru(self, port: str, message: bytes) -> list[bytes]:
        """What an input sent."""
        messages = [sent for output in self._thru if means(output.thru, port) for sent in _sent(output, message)]
        held = self._held.setdefault(port, HeldKeys())
        for sent in messages:
            held.follow(sent)
        return messages

    def unplugged(self, port: str) -> list[bytes]:
        """What ends all that an input holds."""
        return self._held.pop(port, HeldKeys()).release()

    def program(self, part: int, index: int) -> list[bytes]:
        """The part chose voice `index` (0-based) of its list: bank select and program change, as we understand them."""
        return [sent for message in choosing(part, index) for sent in self.play(message)]

    def exclusive(self, part: int, message: bytes) -> list[bytes]:
        """A voice or a parameter of a part, as a Yamaha message whose third byte holds the channel."""
        channels = [_channel(output, part) for output in self._of(part) if "voices" in output.sends]
        return [bytes((*message[:2], message[2] & 0xF0 | channel, *message[3:])) for channel in dict.fromkeys(channels)]

    def channels(self, parts: Sequence[int]) -> list[int]:
        """The channels on which these parts, or what came on these channels of inputs, may have been played."""
        reached = {_channel(output, part) for part in parts for output in [*self._of(part), *self._thru]}
        return sorted(reached)

    def _of(self, part: int) -> list[Output]:
        return [output for output in self._parts if output.part in (None, part + 1)]


def means(words: str, port: str) -> bool:
    """True if these words name that input."""
    return words == port or matches(words, port)


def _channel(output: Output, channel: int) -> int:
    return channel if output.channel is None else output.channel - 1


def _sent(output: Output, message: bytes) -> list[bytes]:
    """The message as this output sends it, if it does."""
    kind = message[0] & 0xF0
    if len(message) != LENGTHS.get(kind) or not _wanted(output, kind, message[1]):
        return []
    status = kind | _channel(output, message[0] & 0x0F)
    if kind not in _KEYED:
        return [bytes((status, *message[1:]))]
    key = message[1] + output.transpose
    return [bytes((status, key, message[2]))] if 0 <= key <= _HIGHEST else []


def _wanted(output: Output, kind: int, number: int) -> bool:
    if kind == CONTROL and number in (BANK, BANK_LOW):
        return "banks" in output.sends
    if kind == CONTROL and number >= ALL_SOUND_OFF and "notes" in output.sends:
        return True  # what ends notes goes wherever they go
    return _KINDS[kind] in output.sends
