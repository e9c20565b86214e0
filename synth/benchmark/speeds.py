# SPDX-License-Identifier: Apache-2.0
"""Nanoseconds for each sample of each voice: kernels, kinds of voices, live and in batches, few and many voices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from synth.benchmark.materials import MATERIALS, NOTES
from synth.benchmark.playing import Batch, Live
from synth.benchmark.report import Row
from synth.benchmark.stopwatch import Rounds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from synth.benchmark.peer import Peer

VOICES: Final = (1, 8, 16, 64, 256)
MODES: Final[dict[str, type[Live | Batch]]] = {"live": Live, "batch": Batch}

_MANY: Final = {"clean": 10.0, "chip": 4.0}  # times faster than dexed-py
_GOALS: Final[dict[tuple[str, str, int], dict[str, float]]] = {
    ("factory", "live", 64): _MANY,
    ("factory", "batch", 256): _MANY,
    ("full", "live", 64): _MANY,
    ("full", "batch", 256): _MANY,
    ("full", "live", 1): {"clean": 2.0, "chip": 2.0},  # a lone voice waits for its feedback
}


def speeds(
    material: str,
    kernels: Sequence[str],
    rate: int,
    frames: int,
    rounds: int,
    peer: Peer,
    advance: Callable[[int], object],
) -> list[Row]:
    """Every kernel, mode and number of voices, on voices of one kind; `advance` is told each number of notes played."""
    patches = MATERIALS[material]()
    works = {
        (kernel, mode, voices): way(patches, kernel, voices, rate, frames)
        for kernel in kernels
        for mode, way in MODES.items()
        for voices in VOICES
    }
    times = Rounds()
    peer.begin(patches, rate)
    for _ in range(rounds):
        peer.play(frames / rate)
        advance(len(patches) * len(NOTES))
        for key, work in works.items():
            for piece, seconds in enumerate(work.times()):
                times.add((key, piece), seconds)
            advance(len(work.pairs))
    rows = []
    for (kernel, mode, voices), work in works.items():
        ours = times.total(((kernel, mode, voices), piece) for piece in range(work.pieces))
        samples = len(work.pairs) * frames
        row = Row.timed(
            f"{kernel} {material} {mode} {voices}",
            "ns",
            ours,
            peer.total(work.pairs),
            1e9 / samples,
            goal=_GOALS.get((material, mode, voices), {}).get(kernel),
            kernel=kernel,
            material=material,
            mode=mode,
            voices=voices,
            voices_per_core=samples / (ours.seconds * rate),
        )
        rows.append(row)
    return rows


def notes_played(kernels: int) -> int:
    """What `advance` of `speeds` is told in one round."""
    patches = 32
    return patches * len(NOTES) + kernels * sum(patches * voices + max(patches, voices) for voices in VOICES)
