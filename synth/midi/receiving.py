# SPDX-License-Identifier: Apache-2.0
"""What arrived from an instrument so far: dumps to keep, damaged ones, and talk."""

from __future__ import annotations

from synth.midi.incoming import Arrival, SysexCollector, examine

PATIENCE_SECONDS = 2.0
"""A message that goes on no more for so long is cut short."""


class Receiver:
    """Takes bytes as they come, and sorts the messages in them."""

    def __init__(self) -> None:
        self.kept: list[Arrival] = []
        self.damaged: list[Arrival] = []
        self.ignored = 0  # messages that are no dumps
        self.saved = 0  # how many of `kept` are in the file
        self._collector = SysexCollector()
        self._last_pending = 0
        self._last_change = 0.0

    def take(self, data: bytes | None, now: float, count: int | None = None) -> list[Arrival]:
        """The dumps that these bytes complete, sound and damaged, but no more than `count` sound ones in all.

        Args:
            data: what has come; None if nothing has.
            now: seconds; a message that has begun is given up when it goes on no more.
            count: how many dumps are wanted, None for all.
        """
        messages = [] if data is None else self._collector.feed(data)
        if self._collector.pending != self._last_pending or messages:
            self._last_pending, self._last_change = self._collector.pending, now
        elif self._collector.pending and now - self._last_change >= PATIENCE_SECONDS:
            messages += self._collector.cut()
        arrivals = [examine(message) for message in messages]
        return [arrival for arrival in arrivals if self._sort(arrival, count)]

    def _sort(self, arrival: Arrival, count: int | None) -> bool:
        """True if it is worth telling."""
        if arrival.is_dump and arrival.damage:
            self.damaged.append(arrival)
        elif arrival.is_dump and (count is None or len(self.kept) < count):
            self.kept.append(arrival)
        else:
            self.ignored += not arrival.is_dump
            return False
        return True
