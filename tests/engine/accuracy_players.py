# SPDX-License-Identifier: Apache-2.0
"""Who is measured: our kernels, and dexed-py where it is installed."""

from __future__ import annotations

import numpy as np
from accuracy_notes import RATE
from measuring import UNITY

from synth import Engine, Patch, render, render_native


class Kernel:
    """One of our kernels; `chip` at 49 096 Hz gives the chip's own numbers, without a resampler."""

    def __init__(self, name: str) -> None:
        self.name = name

    def _is_native(self, rate: int) -> bool:
        return self.name == "chip" and rate == RATE

    def play(self, patch: Patch, key: int, velocity: int, hold: float, tail: float, rate: int) -> np.ndarray:
        if self._is_native(rate):
            frames = render_native(patch, key, velocity, round(hold * rate), round((hold + tail) * rate))
            return frames.astype(np.float32) / UNITY
        return render(patch, key, velocity, hold, tail, rate, self.name)

    def delay(self, rate: int) -> float:
        return 0.0 if self._is_native(rate) else Engine(rate, 1, 1, self.name).group_delay_seconds


class DexedPy:
    """The Python package dexed-py, which nothing but measurements uses. ImportError where it is not installed."""

    name = "dexed-py"

    def __init__(self) -> None:
        import dexed

        self._dexed = dexed

    def play(self, patch: Patch, key: int, velocity: int, hold: float, tail: float, rate: int) -> np.ndarray:
        synth = self._dexed.DexedSynth(float(rate))  # a new one each time: they share tables of the last rate
        synth.load_patch(self._dexed.Patch.from_sysex(patch.to_sysex()))
        sound = np.array(synth.render(key, velocity, hold, hold + tail))
        return np.pad(sound, (0, max(0, round((hold + tail) * rate) - len(sound))))

    def delay(self, rate: int) -> float:
        return 0.0
