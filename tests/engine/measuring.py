# SPDX-License-Identifier: Apache-2.0
"""What the engine's tests listen with: plain voices, pitch, level, time.

Frames are native frames unless said otherwise, so 49 096.354 of them are a second.
"""

import math

import numpy as np

from synth.engine import NATIVE_RATE, Engine
from synth.patch import Patch

UNITY = 8552  # chip units of one carrier at output level 99, velocity sensitivity 0
TICK = 131.875  # native frames between two ticks of the firmware


def plain() -> Patch:
    """One sine of full level and nothing else: operator 1 of algorithm 16, which has a single carrier."""
    patch = Patch.init_voice()
    patch.algorithm = 15
    return patch


def fixed(hertz_code: int = 2, fine: int = 64) -> Patch:
    """The plain sine at a fixed frequency, 10 ** (code + fine / 100) Hz: 437 Hz unless told otherwise."""
    patch = plain()
    patch.op[0].frequency_mode = 1
    patch.op[0].frequency_coarse = hertz_code
    patch.op[0].frequency_fine = fine
    return patch


def native_engine(patch: Patch | None = None, **options: object) -> Engine:
    """An engine for native rendering whose part 0 plays the patch, or the plain sine, from frame 0 on."""
    engine = Engine(**{"voices": 16, **options})
    engine.load(plain() if patch is None else patch, frame=0)
    return engine


def frames_of(seconds: float) -> int:
    return round(seconds * NATIVE_RATE)


def crossings(samples: np.ndarray) -> np.ndarray:
    """Places, in frames, where the signal crosses zero upwards."""
    x = samples.astype(float)
    before = np.flatnonzero((x[:-1] < 0) & (x[1:] >= 0))
    return before - x[before] / (x[before + 1] - x[before])


def frequency(samples: np.ndarray) -> float:
    """Hz of a steady tone with one upward crossing a period; much better than a thousandth."""
    at = crossings(samples)
    assert len(at) > 2, "no tone to measure"
    return (len(at) - 1) / (at[-1] - at[0]) * NATIVE_RATE


def pitch_track(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each period's middle in frames, and its frequency in Hz."""
    at = crossings(samples)
    return (at[1:] + at[:-1]) / 2, NATIVE_RATE / np.diff(at)


def cents(hertz: float | np.ndarray, reference: float) -> float | np.ndarray:
    return 1200 * np.log2(np.asarray(hertz) / reference)


def tempered(note: float) -> float:
    """Hz of a MIDI note, A = 440."""
    return 440 * 2 ** ((note - 69) / 12)


def amplitude(samples: np.ndarray) -> float:
    """Peak of a steady sine of this power."""
    return math.sqrt(2 * np.mean(samples.astype(float) ** 2))


def decibels(ratio: float) -> float:
    return 20 * math.log10(ratio) if ratio > 0 else -math.inf


def envelope(samples: np.ndarray, period: int) -> np.ndarray:
    """Peak of each run of `period` frames."""
    runs = samples[: len(samples) // period * period].reshape(-1, period)
    return np.abs(runs).max(axis=1)


def component(samples: np.ndarray, cycles_per_sample: float) -> complex:
    """Complex amplitude of one sinusoid in a signal, by a window that hears nothing of its neighbours."""
    n = np.arange(len(samples))
    window = np.blackman(len(samples))
    return complex(2 * np.sum(samples * window * np.exp(-2j * np.pi * cycles_per_sample * n)) / np.sum(window))
