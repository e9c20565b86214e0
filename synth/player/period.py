# SPDX-License-Identifier: Apache-2.0
"""Noticing that an audio server has changed its buffer, which nobody tells while a stream is open."""

from __future__ import annotations

from synth.engine import Stats

_LOOK_SECONDS = 1.0


class Period:
    """The frames of a block, counted over a second, and believed when two seconds agree.

    A look may fall between a block's two counters, so one second alone may be wrong.
    """

    def __init__(self, frames: int) -> None:
        self.frames = frames
        self._seen = frames
        self._last: Stats | None = None
        self._due = 0.0

    def has_changed(self, stats: Stats, now: float) -> bool:
        """True if `frames` is another number from now on. Ask often; `now`: seconds."""
        if now < self._due:
            return False
        last, self._last, self._due = self._last, stats, now + _LOOK_SECONDS
        blocks = 0 if last is None else stats.blocks - last.blocks
        if last is None or not blocks or (stats.frames - last.frames) % blocks:
            return False
        before, self._seen = self._seen, (stats.frames - last.frames) // blocks
        if self._seen != before or self._seen == self.frames:
            return False
        self.frames = self._seen
        return True
