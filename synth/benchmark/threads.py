# SPDX-License-Identifier: Apache-2.0
"""A batch on two threads, against two independent processes that render half of it each."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from synth.benchmark.helper import Helper
from synth.benchmark.materials import factory_voices
from synth.benchmark.playing import batch_pairs, render_rows
from synth.benchmark.report import Row
from synth.benchmark.stopwatch import Rounds, processors, seconds_of

if TYPE_CHECKING:
    from collections.abc import Sequence

ROWS: Final = 256
_PROCESSES: Final = 2
_GOAL: Final = 95.0


def thread_efficiency(kernel: str, rate: int, frames: int, rounds: int) -> Row:
    """What two threads achieve, in % of what two processes do."""
    times = Rounds()
    with _Contest(kernel, rate, frames) as contest:
        for _ in range(rounds):
            times.add("together", contest.together())
            times.add("apart", contest.apart())
    together, apart = times.total(["together"]), times.total(["apart"])
    percent = 100.0 * apart.seconds / together.seconds
    spread = together.spread + apart.spread
    return Row(f"{kernel} on two threads", "%", percent, spread, goal=_GOAL, kernel=kernel)


class _Contest:
    """Both ways, for as long as the context lasts."""

    def __init__(self, kernel: str, rate: int, frames: int) -> None:
        self._patches = factory_voices()
        self._pairs = batch_pairs(len(self._patches), ROWS)
        self._kernel, self._rate, self._frames = kernel, rate, frames
        self._out = np.full((ROWS, frames), 1.0, np.float32)  # memory that the system has already given
        self._halves: Sequence[Helper] = []
        self._open = ExitStack()

    def __enter__(self) -> Self:
        places: list[int | None] = list(processors()[:_PROCESSES]) or [None] * _PROCESSES
        self._halves = [self._open.enter_context(Helper(["-m", "synth.benchmark.half"])) for _ in places]
        for start, (half, place) in enumerate(zip(self._halves, places, strict=True)):
            pairs = self._pairs[start::_PROCESSES]
            half.send(processor=place, pairs=pairs, frames=self._frames, kernel=self._kernel, rate=self._rate)
        for half in self._halves:
            half.receive()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def together(self) -> float:
        """Seconds of the whole batch on two threads."""
        rows = render_rows(self._patches, self._pairs, self._kernel, self._rate, self._out, threads=_PROCESSES)
        return seconds_of(rows)

    def apart(self) -> float:
        """Seconds until both processes have rendered their halves."""
        for half in self._halves:
            half.send()
        return max(float(half.receive()) for half in self._halves)
