# SPDX-License-Identifier: Apache-2.0
"""Noticing that the audio device which is waited for has come.

It costs some file look-ups four times a second, and a process of its own when they show a change. That process opens
what it looks at for a moment, so it must not run without need: another program may be about to take the device. While
we play on a JACK server it does not go there, because each client that comes and goes may make the others miss a block.
"""

from __future__ import annotations

from synth.audio.traces import leaves_traces, traces
from synth.player.looking import HERE, HUNG, Look
from synth.player.settings import ANY_DEVICE

_TRACE_SECONDS = 0.25
_LOOKS_AFTER = (0.0, 0.5, 1.0, 2.0, 4.0)  # seconds: a device is seen before its owner may open it
_BLIND_SECONDS = 2.0


class Returning:
    """Waits for the device `wanted`, at `rate` Hz if that is not None.

    Args:
        before: what `traces` said without it.
        on_jack: whether a JACK server plays meanwhile.
    """

    def __init__(self, wanted: str, rate: int | None, before: str, on_jack: bool = False) -> None:
        self._asks_jack = not on_jack or wanted.endswith("(JACK)")
        self._wanted = None if wanted == ANY_DEVICE else wanted
        self._rate = rate
        self._traces = before
        self._traced = 0.0
        self._due: list[float] = []
        self._look: Look | None = None

    def has_come(self, now: float) -> bool:
        """True once it is there and opens. Returns at once; ask many times a second. `now`: seconds."""
        if self._look is not None and (answer := self._look.answer()) is not None:
            self._look = None
            if answer == HERE:
                return True
            if answer == HUNG:  # a server that was stopped leaves no trace when it goes on, but answers then
                self._due.append(now)
        if now - self._traced >= _TRACE_SECONDS:
            self._trace(now)
        if self._look is None and self._due and now >= self._due[0]:
            del self._due[0]
            self._look = Look(self._wanted, self._rate, self._asks_jack)
        return False

    def _trace(self, now: float) -> None:
        self._traced = now
        found = traces()
        if found != self._traces:
            self._traces = found
            self._due = [now + seconds for seconds in _LOOKS_AFTER]
        elif not leaves_traces() and not self._due:
            self._due = [now + _BLIND_SECONDS]

    def close(self) -> None:
        """Wait no longer."""
        if self._look is not None:
            self._look.close()
            self._look = None
