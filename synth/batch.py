# SPDX-License-Identifier: Apache-2.0
"""Many notes at once, to one array: data sets, searches, sample libraries.

Nothing is computed here: arguments are checked, all of them before the first sample, and C renders the rows with
threads of its own while this one waits.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from synth import vectors
from synth.checks import (
    as_array,
    checked_choice,
    checked_durations,
    checked_int,
    checked_ints,
    checked_seconds,
    checked_whole,
)
from synth.engine import KERNELS, MAX_RATE, MIN_RATE, OUTPUTS, ffi, lib
from synth.parameters import ALL_OPERATORS_ON, VOICE_SIZE
from synth.producer import send_checked, switches, voice_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from synth.bank import Bank
    from synth.packing import Bytes
    from synth.patch import Patch

MOST_THREADS: Final[int] = lib.SX_BATCH_THREADS
_ROWS_AT_ONCE: Final = 1 << 14  # handed to C together; bounds what is copied
_WAIT: Final = 50  # milliseconds between two looks at the progress


def render_batch(
    voices: Patch | Bank | Sequence[Patch] | ArrayLike,
    notes: ArrayLike = 60,
    velocities: ArrayLike = 100,
    hold: ArrayLike = 1.0,
    tail: float = 0.5,
    sample_rate: float = 48000,
    kernel: str = "chip",
    *,
    threads: int | None = None,
    out: NDArray[np.float32] | None = None,
    progress: Callable[[int, int], object] | None = None,
    output: str = "clean",
) -> NDArray[np.float32]:
    """Many notes, a row each: float32 (B, T), T = round((max(hold) + tail) * sample_rate).

    A row holds exactly the samples of `render` with the same arguments, whatever the number of threads and the
    company of the row. A key that is held shorter than the longest goes up at its own time.

    voices: a patch; a bank or sequence of patches; whole numbers (B, 155) or (155,) in VCED order, whose names are
        ignored; or floats (B, 145) or (145,) as `synth.vectors` describes them, which a preset and a sequence of
        presets are as well.
    notes, velocities: 0..127 (60 is C3; velocity 0 is silence). hold: seconds of 0 to 3600. Each is one value for
        all rows or (B,); what there is one of serves all B rows.
    tail: seconds of 0 to 3600 after the longest hold. sample_rate: 8000..192000 Hz. kernel: "chip" or "clean".
    output: "clean", or "dx7" for the DAC's grain and the output filter.
    threads: how many may work, by default as many as this process has processors.
    out: where to write, a C-contiguous float32 array (B, T) apart from the arguments, perhaps a memory map; it is
        returned.
    progress: called from this thread about twenty times a second, and at the end, with the rows that are complete
        and B. What it returns is ignored; what it raises, like a KeyboardInterrupt, stops the work at once and
        comes out here, rows then being incomplete.

    Memory: the output and at most 64 MB, however many rows and threads. The interpreter is free for other threads
    all the time.

    Raises ValueError or TypeError naming the argument, the row and what is allowed, before anything is rendered.
    """
    rate = checked_whole("sample_rate", sample_rate, MIN_RATE, MAX_RATE)
    job = ffi.new("sx_batch_job *")
    job.sample_rate = rate
    job.kernel = KERNELS.index(checked_choice("kernel", kernel, KERNELS))
    job.output = OUTPUTS[checked_choice("output", output, tuple(OUTPUTS))]
    job.threads = _checked_threads(threads)
    if progress is not None and not callable(progress):
        raise TypeError(f"progress must be a function of two numbers, not {progress!r}.")
    source = _voices_of(voices)
    note = checked_ints("notes", notes, 0, 127)
    velocity = checked_ints("velocities", velocities, 0, 127)
    seconds = checked_durations("hold", hold)
    rows = _common_length(
        {"voices": source.count, "notes": _length(note), "velocities": _length(velocity), "hold": _length(seconds)}
    )
    job.frames = round((float(seconds.max(initial=0.0)) + checked_seconds("tail", tail)) * rate)
    arguments = {"voices": voices, "notes": notes, "velocities": velocities, "hold": hold}
    out = _checked_out(out, (rows, job.frames), arguments)
    for first in range(0, rows, _ROWS_AT_ONCE):
        some = slice(first, min(rows, first + _ROWS_AT_ONCE))
        holds = np.rint(_rows(seconds, some) * rate)
        _render(
            job, source.take(some), _rows(note, some), _rows(velocity, some), holds, out[some], first, rows, progress
        )
    if progress is not None:
        progress(rows, rows)
    return out


def _render(
    job: Any,
    voices: tuple[Bytes, Bytes],
    notes: NDArray[Any],
    velocities: NDArray[Any],
    holds: NDArray[np.float64],
    out: NDArray[np.float32],
    before: int,
    total: int,
    progress: Callable[[int, int], object] | None,
) -> None:
    """Some of the rows; `before` have been rendered already."""
    raw, operators = voices
    count = len(out)
    columns = [
        np.array(np.broadcast_to(column, count), kind, order="C")  # a copy: C looks at it for as long as it works
        for column, kind in ((operators, np.uint8), (notes, np.uint8), (velocities, np.uint8), (holds, np.uint32))
    ]
    job.rows = count
    job.voices = ffi.from_buffer("uint8_t[]", raw)
    job.voice_step = VOICE_SIZE if len(raw) > 1 else 0
    job.operators, job.notes, job.velocities = (ffi.from_buffer("uint8_t[]", column) for column in columns[:3])
    job.holds = ffi.from_buffer("uint32_t[]", columns[3])
    job.out = ffi.from_buffer("float[]", out) if out.size > 0 else ffi.NULL
    status = ffi.new("sx_status *")
    batch = lib.sx_batch_start(job, status)
    try:
        send_checked(status[0])
        while not lib.sx_batch_wait(batch, _WAIT):
            if progress is not None:
                progress(before + lib.sx_batch_done(batch), total)
    finally:
        lib.sx_batch_free(batch)


# ---- voices ------------------------------------------------------------------


class _Patches:
    """Patches, or raw voices as bytes."""

    def __init__(self, patches: Sequence[Patch | bytes]) -> None:
        self._patches = patches
        self.count = len(patches)
        for first in range(0, self.count, _ROWS_AT_ONCE):
            vectors.check_voices(self._raw(slice(first, first + _ROWS_AT_ONCE)), first)

    def take(self, rows: slice) -> tuple[Bytes, Bytes]:
        """Raw voices, uint8 (n, 155), and operator switches, uint8 (n,); n is 1 if there is one voice only."""
        some = slice(0, 1) if self.count == 1 else rows
        return self._raw(some), np.array([switches(patch) for patch in self._patches[some]], np.uint8)

    def _raw(self, rows: slice) -> Bytes:
        raw = bytearray()
        for row, patch in enumerate(self._patches[rows], rows.start):
            if not _is_voice(patch):
                raise TypeError(f"voices must be patches, but row {row} is {patch!r}.")
            voice = voice_bytes(patch) if hasattr(patch, "operators_on") else patch
            if len(voice) != VOICE_SIZE:
                raise ValueError(f"voices must have {VOICE_SIZE} bytes each, not {len(voice)} in row {row}.")
            raw += voice
        return np.frombuffer(raw, np.uint8).reshape(-1, VOICE_SIZE)


class _Array:
    """Raw voices or vectors, one a row."""

    def __init__(self, array: NDArray[Any]) -> None:
        self._array = array
        self.count = len(array)
        for first in range(0, self.count, _ROWS_AT_ONCE):
            some = array[first : first + _ROWS_AT_ONCE]
            if array.shape[1] == VOICE_SIZE:
                vectors.check_voices(some, first)
            else:
                _check_vectors(some, first)

    def take(self, rows: slice) -> tuple[Bytes, Bytes]:
        """As of `_Patches`."""
        some = self._array if self.count == 1 else self._array[rows]
        raw = some if some.shape[1] == VOICE_SIZE else vectors.from_vectors(some)
        return np.array(raw, np.uint8, order="C"), np.full(1, ALL_OPERATORS_ON, np.uint8)


def _voices_of(voices: Any) -> _Patches | _Array:
    if _is_voice(voices):
        return _Patches([voices])
    if isinstance(voices, Iterable) and not hasattr(voices, "__array__"):
        voices = list(voices)
        if voices and _is_voice(voices[0]):
            return _Patches(voices)
    array = as_array("voices", voices)
    if array.ndim == 1 and array.size > 0:
        array = array[None]
    if array.size == 0 and array.shape[0:1] == (0,):
        return _Array(np.empty((0, VOICE_SIZE), np.uint8))
    width = VOICE_SIZE if array.dtype.kind in "iu" else vectors.VECTOR_SIZE if array.dtype.kind == "f" else 0
    if width == 0:
        raise TypeError(
            f"voices must be patches, or numbers as described in render_batch, not {array.dtype.name} values."
        )
    if array.ndim != 2 or array.shape[1] != width:
        raise ValueError(
            f"voices of {array.dtype.name} must have the shape (rows, {width}) or ({width},), not {np.shape(voices)}: "
            f"whole numbers are {VOICE_SIZE} a voice, floats {vectors.VECTOR_SIZE}."
        )
    return _Array(array)


def _is_voice(value: object) -> bool:
    return isinstance(value, (bytes, bytearray)) or hasattr(value, "operators_on")


def _check_vectors(some: NDArray[Any], first: int) -> None:
    place = vectors.first_illegal(some)
    if place is not None:
        row, column = place
        raise ValueError(
            f"voices must have {vectors.label(column)} 0 to {vectors.highest(column)}, "
            f"not {some[row, column]:g} in row {first + row}, column {column}."
        )


# ---- other arguments ---------------------------------------------------------


def _length(column: NDArray[Any]) -> int:
    return 1 if column.ndim == 0 else len(column)


def _common_length(lengths: dict[str, int]) -> int:
    several = {name: length for name, length in lengths.items() if length != 1}
    if len(set(several.values())) > 1:
        counts = ", ".join(
            f"{length} {name}" if name != "hold" else f"{length} of hold" for name, length in several.items()
        )
        raise ValueError(f"voices, notes, velocities and hold must be one each, or one for each row, not {counts}.")
    return next(iter(several.values()), 1)


def _rows(column: NDArray[Any], some: slice) -> NDArray[Any]:
    return column if _length(column) == 1 else column[some]


def _checked_threads(threads: int | None) -> int:
    if threads is not None:
        return min(checked_int("threads", threads, 1, 2**31 - 1), MOST_THREADS)
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, MOST_THREADS)


def _checked_out(
    out: NDArray[np.float32] | None, shape: tuple[int, int], arguments: dict[str, Any]
) -> NDArray[np.float32]:
    if out is None:
        return np.empty(shape, np.float32)
    if not isinstance(out, np.ndarray) or out.dtype != np.float32:
        given = f"{out.dtype.name} values" if isinstance(out, np.ndarray) else repr(out)
        raise TypeError(f"out must be a float32 array, not {given}.")
    if out.shape != shape:
        raise ValueError(f"out must have the shape {shape}, not {out.shape}.")
    if not (out.flags.c_contiguous and out.flags.aligned and out.flags.writeable):
        raise ValueError("out must be C-contiguous, aligned and writable.")
    for name, values in arguments.items():
        if isinstance(values, np.ndarray) and np.may_share_memory(out, values):
            raise ValueError(f"out must not share memory with {name}, which is read while out is written.")
    return out
