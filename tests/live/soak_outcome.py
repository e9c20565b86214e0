# SPDX-License-Identifier: Apache-2.0
"""What a soak has seen: samples from time to time, and counts of what should not be."""

from __future__ import annotations

import itertools
import math
import statistics
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Footprint:
    """What a process takes up: kilobytes of memory of its own, threads, open files."""

    kilobytes: int
    threads: int
    files: int

    @classmethod
    def of(cls, pid: int) -> Footprint:
        process = Path(f"/proc/{pid}")
        lines = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
        return cls(int(lines["RssAnon"].split()[0]), int(lines["Threads"]), len(list((process / "fd").iterdir())))


@dataclass(frozen=True)
class Sample:
    """How things stand. Seconds since the beginning; counts since then too, but for the worst wait, since the last."""

    seconds: float
    sent: int
    notes: int
    sounding: int
    held: int
    footprint: Footprint
    missed: int
    missed_at_rest: int
    worst_wait: float


@dataclass
class Outcome:
    """What a soak has seen."""

    samples: list[Sample] = field(default_factory=list)
    full: list[Footprint] = field(default_factory=list)  #: with every cable in: early, and at the end
    rests: int = 0  #: how often everybody let go
    again: int = 0  #: how often once was not enough, because the server missed a block, and with it messages
    lost: int = 0  #: how often once was not enough although no block was missed
    hung: int = 0  #: how often keys were held even so
    plugs: int = 0
    worst_plug: float = 0.0  #: seconds from a port that is there to the player's word that it listens to it
    unplugged: int = 0
    restarts: list[str] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)  #: warnings that nothing sent here explains

    def growth(self) -> float:
        """Kilobytes of memory that came on in a straight line over all but the first quarter, in which pools fill."""
        late = [sample for sample in self.samples if sample.seconds >= self.samples[-1].seconds / 4]
        times = [sample.seconds for sample in late]
        sizes = [sample.footprint.kilobytes for sample in late]
        mean_time, mean_size = sum(times) / len(times), sum(sizes) / len(sizes)
        spread = sum((time - mean_time) ** 2 for time in times)
        rise = sum((time - mean_time) * (size - mean_size) for time, size in zip(times, sizes, strict=True))
        return rise / spread * (times[-1] - times[0]) if spread else 0.0

    def excess(self) -> tuple[float, float]:
        """Blocks missed more than at rest, from one sample to the next: the mean, and its standard error."""
        pairs = itertools.pairwise(self.samples)
        more = [(b.missed - a.missed) - (b.missed_at_rest - a.missed_at_rest) for a, b in pairs]
        if len(more) < 2:
            return 0.0, 0.0
        return statistics.fmean(more), statistics.stdev(more) / math.sqrt(len(more))
