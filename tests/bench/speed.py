# SPDX-License-Identifier: Apache-2.0
"""Nanoseconds per sample per voice, beside dexed-py when it is installed.

    python tests/bench/speed.py [--json]

Both play the same voices (the factory bank) at 48 kHz in turns within one run: sixop one engine with one
or sixteen voices, resampling included; dexed-py one single render per note. Each figure is the best of
several rounds per voice, summed over the bank, so a hiccup of the machine counts for neither.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table

from synth import Engine, factory_bank
from synth.engine import ffi, lib

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from synth import Patch

RATE = 48000
SECONDS = 1.0
FRAMES = round(RATE * SECONDS)
ROUNDS = 5
VELOCITY = 100
CHORDS = {1: [60], 16: [36 + 3 * i for i in range(16)]}
GOALS = {1: 2 / 3, 16: 1 / 2}  # of dexed-py's time, at most


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes, once."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


class Sixop:
    """One engine for the whole run, silenced between voices."""

    def __init__(self, voices: int) -> None:
        self._engine = Engine(RATE, voices=voices, parts=1)
        self._out = np.zeros(FRAMES, np.float32)
        self._buffer = ffi.from_buffer("float[]", self._out)

    def prepare(self, patch: Patch, notes: Sequence[int]) -> None:
        """Silence, then the notes of the new voice, not yet rendered."""
        self._engine.panic()
        self._engine.render(RATE // 10)
        self._engine.load(patch)
        for note in notes:
            self._engine.note_on(note, VELOCITY)

    def play(self) -> None:
        """One second, mono, as dexed-py gives it."""
        lib.sx_render(self._engine.handle, self._buffer, FRAMES, 1)


def measure_sixop(bank: Sequence[Patch], notes: Sequence[int]) -> list[float]:
    """Best seconds per voice of the bank."""
    player = Sixop(len(notes))
    best = []
    for patch in bank:
        rounds = []
        for _ in range(ROUNDS):
            player.prepare(patch, notes)
            rounds.append(seconds(player.play))
        best.append(min(rounds))
    return best


def measure_dexed(bank: Sequence[Patch], notes: Sequence[int]) -> list[float] | None:
    """The same for dexed-py, or None if it is not installed."""
    try:
        import dexed
    except ImportError:
        return None
    synth = dexed.DexedSynth(float(RATE))
    best = []
    for patch in bank:
        synth.load_patch(dexed.Patch.from_sysex(patch.to_sysex()))
        best.append(
            min(seconds(lambda: [synth.render(n, VELOCITY, SECONDS, SECONDS) for n in notes]) for _ in range(ROUNDS))
        )
    return best


def nanoseconds(best: list[float], voices: int) -> float:
    """Mean over the bank, per sample and voice."""
    return sum(best) / len(best) / FRAMES / voices * 1e9


def run() -> list[dict[str, float]]:
    """One row per number of voices."""
    bank = list(factory_bank())
    rows = []
    for voices, notes in CHORDS.items():
        ours = nanoseconds(measure_sixop(bank, notes), voices)
        row = {"voices": voices, "sixop_ns": ours, "voices_per_core": 1e9 / RATE / ours}
        peer = measure_dexed(bank, notes)
        if peer is not None:
            theirs = nanoseconds(peer, voices)
            row |= {"dexed_py_ns": theirs, "ratio": ours / theirs, "goal": GOALS[voices]}
        rows.append(row)
    return rows


def show(rows: list[dict[str, float]]) -> None:
    """A table for people."""
    table = Table(
        title=f"Factory bank, {RATE} Hz, kernel chip, {platform.machine()}, Python {platform.python_version()}"
    )
    for heading in ("voices", "sixop ns/sample/voice", "voices a core", "dexed-py ns", "sixop / dexed-py", "goal"):
        table.add_column(heading, justify="right")
    for row in rows:
        peer = (
            [f"{row['dexed_py_ns']:.1f}", f"{row['ratio']:.2f}", f"{row['goal']:.2f}"] if "ratio" in row else ["-"] * 3
        )
        table.add_row(f"{row['voices']:.0f}", f"{row['sixop_ns']:.1f}", f"{row['voices_per_core']:.0f}", *peer)
    Console().print(table)


if __name__ == "__main__":
    results = run()
    print(json.dumps(results)) if "--json" in sys.argv else show(results)
