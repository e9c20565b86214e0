# SPDX-License-Identifier: Apache-2.0
"""Hearing a voice that was just chosen: what is held is struck again, else a phrase is played.

The player does this, not the face: one command brings the voice and its first note, and the later notes of a phrase
are in time however busy the face is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from synth.controllers import ends_notes
from synth.messages import CONTROL, NOTE_OFF, NOTE_ON

PhraseNote = tuple[float, int, int, float]
"""Start in seconds, note (0..127), velocity (1..127), seconds until it is let go."""

_RELEASE_VELOCITY = 64


class Audition:
    """The keys that are down on each part, and the phrase under way. `send` plays a channel message."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._down: dict[tuple[int, int], int] = {}  # (part, note): velocity
        self._waiting: list[tuple[float, bytes]] = []  # of the phrase, the next one last
        self._phrased: set[tuple[int, int]] = set()  # what the phrase holds

    def hear(self, message: bytes) -> None:
        """A channel message that was played, so that it is known what is down."""
        kind, key = message[0] & 0xF0, (message[0] & 0x0F, message[1])
        if kind == NOTE_ON and message[2]:
            self._down[key] = message[2]
        elif kind in (NOTE_ON, NOTE_OFF):
            self._down.pop(key, None)
        elif kind == CONTROL and ends_notes(message[1]):
            self._down = {where: velocity for where, velocity in self._down.items() if where[0] != key[0]}

    def forget(self) -> None:
        """Everything was silenced."""
        self._down.clear()
        self._waiting.clear()
        self._phrased.clear()

    def end(self) -> None:
        """Let go of the phrase under way."""
        self._waiting.clear()
        for part, note in list(self._phrased):
            self._play(bytes((NOTE_OFF | part, note, _RELEASE_VELOCITY)))

    def begin(self, part: int, phrase: Sequence[PhraseNote], now: float) -> None:
        """Strike again what is held on this part, or begin a phrase. `now`: seconds of the clock of `tend`."""
        held = [(note, velocity) for (where, note), velocity in self._down.items() if where == part]
        for note, velocity in held:
            self._send(bytes((NOTE_OFF | part, note, _RELEASE_VELOCITY)))
            self._send(bytes((NOTE_ON | part, note, velocity)))
        if not held:
            timed = [(now + start, bytes((NOTE_ON | part, note, velocity))) for start, note, velocity, _ in phrase]
            timed += [
                (now + start + seconds, bytes((NOTE_OFF | part, note, _RELEASE_VELOCITY)))
                for start, note, _, seconds in phrase
            ]
            self._waiting = sorted(timed, reverse=True)
            self.tend(now)

    @property
    def due(self) -> float | None:
        """When the phrase goes on, in seconds of the clock of `tend`; None if nothing is left of it."""
        return self._waiting[-1][0] if self._waiting else None

    def tend(self, now: float) -> None:
        """Play what is due."""
        while self._waiting and self._waiting[-1][0] <= now:
            self._play(self._waiting.pop()[1])

    def _play(self, message: bytes) -> None:
        key = (message[0] & 0x0F, message[1])
        if message[0] & 0xF0 == NOTE_ON:
            self._phrased.add(key)
        else:
            self._phrased.discard(key)
        self._send(message)
