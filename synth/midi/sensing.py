# SPDX-License-Identifier: Apache-2.0
"""Active sensing: an input that says it is there three times a second, and then no more, has lost its cable.

An instrument that sends active sensing (FE) promises a message of any kind at least every 300 ms. Once one has come,
330 ms of nothing mean that the input has gone; what it held must be let go. Inputs that never send FE are never missed.
"""

from __future__ import annotations

from typing import Final

SECONDS: Final = 0.33
_ACTIVE_SENSING = 0xFE


class Sensing:
    """Whether one input still keeps its promise. Times are seconds of a clock that never goes back."""

    def __init__(self) -> None:
        self._until: float | None = None

    def hear(self, message: bytes, now: float) -> None:
        """A message has come."""
        if self._until is not None or message[:1] == bytes((_ACTIVE_SENSING,)):
            self._until = now + SECONDS

    def has_stopped(self, now: float) -> bool:
        """True, once, when the promise is broken; the next active sensing begins anew."""
        if self._until is None or now < self._until:
            return False
        self._until = None
        return True
