# SPDX-License-Identifier: Apache-2.0
"""The whole benchmark, in turns with dexed-py.

In each round everything is measured once, on the same voices, notes and durations; a figure is the best of all
rounds, piece by piece. All of it happens on one processor, but for what is about two of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from synth.benchmark.loading import loads
from synth.benchmark.materials import MATERIALS
from synth.benchmark.peer import Peer
from synth.benchmark.playing import BLOCK
from synth.benchmark.report import Report
from synth.benchmark.speeds import notes_played, speeds
from synth.benchmark.stopwatch import on_one_processor, processor_count
from synth.benchmark.threads import ROWS, thread_efficiency

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True)
class Sizes:
    """How long to measure. rate: Hz. seconds: of each note. rounds: at least 2, so that the spread is known."""

    rate: int = 48000
    seconds: float = 1.0
    rounds: int = 5

    @property
    def frames(self) -> int:
        """Of each note: whole blocks."""
        return max(1, round(self.seconds * self.rate / BLOCK)) * BLOCK


def run_suite(kernels: Sequence[str], sizes: Sizes, advance: Callable[[int], object]) -> Report:
    """Measure everything; `advance` is told how many notes have been played since last time, `notes_of` in all."""
    rate, frames, rounds = sizes.rate, sizes.frames, sizes.rounds
    report = Report(rate, sizes.seconds, rounds, datetime.now(UTC).date().isoformat())
    with on_one_processor(), Peer() as peer:
        if peer.version:
            report.versions["dexed-py"] = peer.version
        for material in MATERIALS:
            report.rows += speeds(material, kernels, rate, frames, rounds, peer, advance)
        report.rows += loads(rate, rounds, peer)
    if processor_count() > 1:
        for kernel in kernels:
            report.rows.append(thread_efficiency(kernel, rate, frames, rounds))
            advance(2 * ROWS * rounds)
    return report


def notes_of(kernels: Sequence[str], sizes: Sizes) -> int:
    """How many notes a run plays."""
    return sizes.rounds * (len(MATERIALS) * notes_played(len(kernels)) + 2 * ROWS * len(kernels))
