# SPDX-License-Identifier: Apache-2.0
"""Graphs of operators, rendered in C: numbers in, samples out.

Who calls this has checked its arguments; what C refuses comes out as ValueError.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import numpy as np

from synth.checks import checked_int, checked_seconds, checked_whole
from synth.engine import FRAMES_AT_ONCE, KERNELS, MAX_RATE, MIN_RATE, ffi, lib
from synth.errors import EngineError
from synth.parameters import OPERATORS, VOICE_SIZE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray


class Note(TypedDict):
    """What `render_graph` wants to know of a note."""

    note: int
    velocity: int
    hold_frames: int
    frames: int
    sample_rate: int


def checked_note(
    sample_rate: float, midi_note: int, velocity: int, note_duration: float, render_duration: float
) -> Note:
    """The arguments of a user's `render`; ValueError or TypeError naming the one that is wrong.

    A velocity of 0, which would be silence, becomes 1.
    """
    rate = checked_whole("sample_rate", sample_rate, MIN_RATE, MAX_RATE)
    return {
        "note": checked_int("midi_note", midi_note, 0, 127),
        "velocity": max(1, checked_int("velocity", velocity, 0, 127)),
        "hold_frames": round(checked_seconds("note_duration", note_duration) * rate),
        "frames": round(checked_seconds("render_duration", render_duration) * rate),
        "sample_rate": rate,
    }


def render_graph(
    voices: bytes,
    operators: int,
    edges: Sequence[tuple[int, int, float]],
    feedback: Sequence[tuple[int, int, int]],
    carriers: Sequence[int],
    *,
    note: int,
    velocity: int,
    hold_frames: int,
    frames: int,
    sample_rate: int,
    kernel: str,
    stems: bool,
    normalize_feedback: bool,
    operators_on: Sequence[bool] | None = None,
) -> NDArray[np.float32]:
    """One note of a graph: float32 (frames,), or with stems (operators + 1, frames), the mix in the last row.

    voices: 155 bytes in VCED order for every six operators: operator n (0..operators-1) has the parameters of
        operator n % 6 of voice n // 6. LFO, pitch envelope, transpose and oscillator sync are those of the first.
    operators: 1..32. edges: (source, target, amount), amount -64..64, 1.0 as in an algorithm; without cycles.
    feedback: (source, target, level 0..7); a level of 0 is the DX7's, which is faint but not nothing.
    carriers: the operators that are heard, each quieter the more there are, as in an algorithm.
    note 0..127, velocity 0..127 (0 is silence); hold_frames: frame of the note-off; sample_rate 8000..192000 Hz;
        kernel "chip" or "clean".
    stems: a row for each operator at the level at which it is mixed or modulates. The carriers' rows add up to the
        mix exactly, in any order.
    normalize_feedback: feedback is taken before carriers are made quieter for their number.
    operators_on: False for operators that are switched off.

    Samples are multiples of 2**-21. Raises ValueError if the wiring is out of range or has cycles or duplicates.
    """
    if len(voices) != VOICE_SIZE * -(-operators // OPERATORS):
        raise ValueError(f"{operators} operators must have {VOICE_SIZE} bytes for every six, not {len(voices)}.")
    if kernel not in KERNELS:
        raise ValueError(f"kernel must be one of {', '.join(KERNELS)}, not {kernel!r}.")
    out = np.empty((operators + 1, frames) if stems else (frames,), np.float32)
    edge = ffi.new("sx_graph_edge[]", edges)
    fed = ffi.new("sx_graph_feedback[]", feedback)
    job = ffi.new("sx_graph_job *")
    job.sample_rate, job.kernel, job.frames, job.hold = sample_rate, KERNELS.index(kernel), frames, hold_frames
    job.note, job.velocity, job.operators = note, velocity, operators
    job.carriers = _bits(carriers)
    job.sounding = _bits(n for n in range(operators) if operators_on is None or operators_on[n])
    job.stems, job.normalize_feedback = bool(stems), bool(normalize_feedback)
    job.edges, job.feedbacks = len(edges), len(feedback)
    job.edge, job.feedback = edge, fed
    data = ffi.from_buffer("uint8_t[]", voices)
    job.voices = data
    job.out = ffi.from_buffer("float[]", out) if out.size else ffi.NULL
    _render(job)
    return out


def to_grid(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The samples, a C-contiguous float32 array, rounded in place to multiples of 2**-21, halves to even."""
    if samples.size:
        lib.sx_to_grid(ffi.from_buffer("float[]", samples, require_writable=True), samples.size)
    return samples


def _render(job: object) -> None:
    status = ffi.new("sx_status *")
    graph = lib.sx_graph_new(job, status)
    if status[0] == lib.SX_RANGE:
        raise ValueError("The graph has operators, edges or times out of range, an edge twice, or a cycle of edges.")
    if graph == ffi.NULL:
        raise EngineError("Out of memory.")
    try:
        while lib.sx_graph_render(graph, FRAMES_AT_ONCE) < job.frames:  # type: ignore[attr-defined]
            pass
    finally:
        lib.sx_graph_free(graph)


def _bits(numbers: Iterable[int]) -> int:
    return sum(1 << number for number in set(numbers))
