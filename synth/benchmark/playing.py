# SPDX-License-Identifier: Apache-2.0
"""The two ways to play many voices: live, in blocks, as a sound card asks; and as a batch of single notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from synth.batch import render_batch
from synth.benchmark.materials import NOTES, VELOCITY
from synth.benchmark.stopwatch import busy_seconds_of
from synth.engine import Engine, ffi, lib

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from synth.patch import Patch

BLOCK: Final = 128  # frames a sound card asks for
_PIECE: Final = 1024  # blocks of one voice that are timed together: about as long as dexed-py's note of a second


class Playing(Protocol):
    """Some voices at a time, until each patch has been heard."""

    pairs: Sequence[tuple[int, int]]
    """The notes played in one round: index of the patch, note."""
    pieces: int
    """How many times a round has."""

    def times(self) -> Iterator[float]:
        """One round: the seconds of each piece."""


class Live:
    """One engine that holds so many notes of one patch, then of the next. frames: whole blocks."""

    def __init__(self, patches: Sequence[Patch], kernel: str, voices: int, rate: int, frames: int) -> None:
        self._patches = patches
        self._notes = [NOTES[i % len(NOTES)] for i in range(voices)]
        self._silence = rate // 10
        self._engine = Engine(rate, voices=voices, parts=1, kernel=kernel)
        self._out = ffi.new("float[]", frames)
        blocks = [self._out + at for at in range(0, frames, BLOCK)]
        some = max(1, _PIECE // voices)
        self._stretches = [blocks[first : first + some] for first in range(0, len(blocks), some)]
        self.pairs = [(index, note) for index in range(len(patches)) for note in self._notes]
        self.pieces = len(patches) * len(self._stretches)

    def times(self) -> Iterator[float]:
        """One round: the seconds of each stretch of each patch's notes, from their start on."""
        for patch in self._patches:
            self._engine.panic()
            self._engine.render(self._silence)
            self._engine.load(patch)
            for note in self._notes:
                self._engine.note_on(note, VELOCITY)
            for stretch in self._stretches:
                yield busy_seconds_of(lambda: self._play(stretch))  # noqa: B023 - done before the next

    def _play(self, blocks: Sequence[Any]) -> None:
        """Block by block, mono, as the peer gives it."""
        render, handle = lib.sx_render, self._engine.handle
        for block in blocks:
            render(handle, block, BLOCK, 1)


class Batch:
    """`render_batch` of so many rows, all patches in turn, on one thread; again until each patch has been heard."""

    def __init__(self, patches: Sequence[Patch], kernel: str, voices: int, rate: int, frames: int) -> None:
        self.pieces = -(-len(patches) // voices)
        self.pairs = batch_pairs(len(patches), self.pieces * voices)
        self._patches, self._kernel, self._voices, self._rate, self._frames = patches, kernel, voices, rate, frames

    def times(self) -> Iterator[float]:
        """One round: the seconds of each call, into memory that the system has already given."""
        out = np.full((self._voices, self._frames), 1.0, np.float32)
        for first in range(0, len(self.pairs), self._voices):
            pairs = self.pairs[first : first + self._voices]
            yield busy_seconds_of(render_rows(self._patches, pairs, self._kernel, self._rate, out, threads=1))


def batch_pairs(patches: int, rows: int) -> list[tuple[int, int]]:
    """So many rows of patch index and note: all patches on the first note, on the second, and so on."""
    return [(row % patches, NOTES[row // patches % len(NOTES)]) for row in range(rows)]


def render_rows(
    patches: Sequence[Patch],
    pairs: Sequence[tuple[int, int]],
    kernel: str,
    rate: int,
    out: NDArray[np.float32],
    threads: int,
) -> Callable[[], object]:
    """A call of `render_batch` for these pairs of patch and note, held all the way."""
    voices = [patches[index] for index, _ in pairs]
    notes = np.array([note for _, note in pairs])
    hold = out.shape[1] / rate
    return lambda: render_batch(
        voices, notes, VELOCITY, hold, 0.0, sample_rate=rate, kernel=kernel, threads=threads, out=out
    )
