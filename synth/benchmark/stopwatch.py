# SPDX-License-Identifier: Apache-2.0
"""Taking times on a machine that also does other things: one processor, several rounds, the best of each piece."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator


@dataclass(frozen=True)
class Timing:
    """How long some pieces of work take together, in seconds; and how sure that is.

    spread: by which share the second best round of a piece took longer than the best one, median over the pieces.
    """

    seconds: float
    spread: float


class Rounds:
    """The times of pieces of work, round after round."""

    def __init__(self) -> None:
        self._times: defaultdict[Hashable, list[float]] = defaultdict(list)

    def add(self, piece: Hashable, seconds: float) -> None:
        """One more round of a piece."""
        self._times[piece].append(seconds)

    def total(self, pieces: Iterable[Hashable]) -> Timing:
        """The best times of these pieces, summed; a piece that is named twice counts twice.

        So a hiccup of the machine, which hits single pieces of single rounds, counts nowhere.
        """
        best = [sorted(self._times[piece])[:2] for piece in pieces]
        return Timing(sum(times[0] for times in best), median(times[-1] / times[0] for times in best) - 1.0)


def seconds_of(work: Callable[[], object]) -> float:
    """How long the work takes, once."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def busy_seconds_of(work: Callable[[], object]) -> float:
    """For how long the work keeps a processor busy, once: what else the machine does counts little."""
    start = _busy()
    work()
    return _busy() - start


# Some systems count a process's time in steps that are longer than the work.
_busy = time.process_time if time.get_clock_info("process_time").resolution < 1e-6 else time.perf_counter


def processors() -> list[int]:
    """Numbers of the processors we may use; empty where the system does not say."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def processor_count() -> int:
    """How many processors we may use."""
    return len(processors()) or os.cpu_count() or 1


@contextmanager
def on_one_processor() -> Iterator[None]:
    """Within: this thread, and the processes it starts, stay on one processor, where the system can do that."""
    allowed = processors()
    if not allowed:
        yield
        return
    os.sched_setaffinity(0, {allowed[-1]})  # the first one often looks after the machine's devices
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)
