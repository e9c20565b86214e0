# SPDX-License-Identifier: Apache-2.0
"""Envelopes and LFO of one note, and levels over the keys, as curves computed by the engine's own code.

No drawing library is needed.
"""

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
DX7_KEYS: Final = range(36, 97)  # C1 to C6


@dataclass(frozen=True, eq=False)
class Curves:
    """What the envelopes and the LFO of a note do.

    seconds: float64 (n,), from the key's going down. levels: float32 (6, n), operator 1 first, in dB; 0 dB is an
    envelope at 99 with output level 99, and velocity, scaling and output level are in it, tremolo is not. The
    lowest, some -90 dB, is silence. cents: float32 (n,), what the pitch envelope adds to the pitch. lfo: float32 (n,),
    -1 to 1 of the voice's own depths, less while the delay fades them in: of a first note, so even with delay 0 they
    take some 70 ms. Depths and sensitivities are not in it, nor are controllers.
    """

    seconds: NDArray[np.float64]
    levels: NDArray[np.float32]
    cents: NDArray[np.float32]
    lfo: NDArray[np.float32]


def envelope_curves(
    patch: Patch, note: int = 60, velocity: int = 100, hold: float = 1.0, tail: float = 0.5, points: int = 1000
) -> Curves:
    """Envelopes and LFO of a note that is held for `hold` seconds and watched for `tail` more, at even times.

    note, velocity: 0..127. hold, tail: seconds of 0 to 3600. points: about how many, 2 to a million; there are never
    more than the chip's 49 096 steps a second.

    Raises ValueError or TypeError naming the argument.
    """
    hold_frames = round(checked_seconds("hold", hold) * NATIVE_RATE)
    frames = hold_frames + round(checked_seconds("tail", tail) * NATIVE_RATE)
    step = max(1, -(-frames // (checked_int("points", points, 2, MOST_POINTS) - 1)))
    count = frames // step + 1
    levels = np.empty((OPERATORS, count), np.float32)
    cents, lfo = np.empty(count, np.float32), np.empty(count, np.float32)
    voice = voice_bytes(patch)
    job = ffi.new("sx_trace_job *")
    job.voice = ffi.from_buffer("uint8_t[]", voice)
    job.operators = switches(patch)
    job.note = checked_int("note", note, 0, 127)
    job.velocity = checked_int("velocity", velocity, 0, 127)
    job.hold, job.step, job.points = hold_frames, step, count
    job.levels, job.pitch = ffi.from_buffer("float[]", levels), ffi.from_buffer("float[]", cents)
    job.lfo = ffi.from_buffer("float[]", lfo)
    send_checked(lib.sx_trace(job))
    return Curves(np.arange(count) * (step / NATIVE_RATE), levels, cents, lfo)


def scaling_curves(patch: Patch) -> NDArray[np.float32]:
    """What keyboard level scaling adds to the output level of each operator, in dB, as float32 (6, 128).

    Operator 1 first; keys as they are played, 60 is C3, so transposition is in it.
    """
    decibels = np.empty((OPERATORS, lib.SX_KEYS), np.float32)
    lib.sx_trace_scaling(voice_bytes(patch), ffi.from_buffer("float[]", decibels))
    return decibels
