# SPDX-License-Identifier: Apache-2.0
"""The envelopes of one note as curves, run by the engine's own envelope code. No drawing library is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from synth.checks import checked_int, checked_seconds
from synth.engine import NATIVE_RATE, ffi, lib
from synth.parameters import OPERATORS
from synth.producer import send_checked, switches, voice_bytes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synth.patch import Patch

MOST_POINTS: Final = 1 << 20


@dataclass(frozen=True, eq=False)
class Curves:
    """What the envelopes of a note do.

    seconds: float64 (n,), from the key's going down. levels: float32 (6, n), operator 1 first, in dB; 0 dB is an
    envelope at 99 with output level 99, and velocity, scaling and output level are in it, tremolo is not. The
    lowest, some -90 dB, is silence. cents: float32 (n,), what the pitch envelope adds to the pitch.
    """

    seconds: NDArray[np.float64]
    levels: NDArray[np.float32]
    cents: NDArray[np.float32]


def envelope_curves(
    patch: Patch, note: int = 60, velocity: int = 100, hold: float = 1.0, tail: float = 0.5, points: int = 1000
) -> Curves:
    """The envelopes of a note that is held for `hold` seconds and watched for `tail` more, at even times.

    note, velocity: 0..127. hold, tail: seconds of 0 to 3600. points: about how many, 2 to a million; there are never
    more than the chip's 49 096 steps a second.

    Raises ValueError or TypeError naming the argument.
    """
    hold_frames = round(checked_seconds("hold", hold) * NATIVE_RATE)
    frames = hold_frames + round(checked_seconds("tail", tail) * NATIVE_RATE)
    step = max(1, -(-frames // (checked_int("points", points, 2, MOST_POINTS) - 1)))
    count = frames // step + 1
    levels, cents = np.empty((OPERATORS, count), np.float32), np.empty(count, np.float32)
    voice = voice_bytes(patch)
    job = ffi.new("sx_trace_job *")
    job.voice = ffi.from_buffer("uint8_t[]", voice)
    job.operators = switches(patch)
    job.note = checked_int("note", note, 0, 127)
    job.velocity = checked_int("velocity", velocity, 0, 127)
    job.hold, job.step, job.points = hold_frames, step, count
    job.levels, job.pitch = ffi.from_buffer("float[]", levels), ffi.from_buffer("float[]", cents)
    send_checked(lib.sx_trace(job))
    return Curves(np.arange(count) * (step / NATIVE_RATE), levels, cents)
