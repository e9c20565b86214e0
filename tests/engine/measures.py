# SPDX-License-Identifier: Apache-2.0
"""How far one render of a note is from another of the same note, and how pure a tone is.

Renders are mono arrays at one rate, in any unit that both share. Time starts at the key.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

FRAME: Final = 2048  # samples of a spectrum for mel distances
HOP: Final = 512
BANDS: Final = 96
LOWEST, HIGHEST = 40.0, 16_000.0  # Hz, of the mel bands
HEARD: Final = 60.0  # dB below the loudest frame: what is quieter does not count
DEPTH: Final = 50.0  # dB below the strongest band of a frame: what is quieter counts as that
ENVELOPE_STEP: Final = 0.005  # seconds
PITCH_FRAMES: Final = 32_768
LOWEST_PITCH: Final = 25.0  # Hz
NOTHING: Final = 1e-20  # power, so that silence has a logarithm


def decibels(power: np.ndarray | float) -> np.ndarray:
    """Of a power."""
    return 10 * np.log10(np.asarray(power) + NOTHING)


def power(samples: np.ndarray) -> float:
    return float(np.mean(np.square(samples, dtype=float))) if len(samples) else 0.0


# ---- one render against another -----------------------------------------------------


def level_difference(ours: np.ndarray, theirs: np.ndarray, hold: int) -> float:
    """Decibels by which ours is louder, over the `hold` frames with the key down."""
    return float(decibels(power(ours[:hold])) - decibels(power(theirs[:hold])))


def envelope_difference(ours: np.ndarray, theirs: np.ndarray, rate: float) -> float:
    """Mean absolute decibels between the powers of 5 ms, wherever theirs is heard."""
    step = int(ENVELOPE_STEP * rate)

    def powers(samples: np.ndarray) -> np.ndarray:
        steps = min(len(ours), len(theirs)) // step
        return decibels(np.mean(np.square(samples[: steps * step].reshape(steps, step), dtype=float), axis=1))

    mine, yours = powers(ours), powers(theirs)
    floor = yours.max() - HEARD
    heard = yours > floor
    return float(np.mean(np.abs(np.maximum(mine, floor) - yours)[heard])) if heard.any() else 0.0


@cache
def mel_bands(rate: float) -> np.ndarray:
    """Triangles on the mel scale, float (FRAME / 2 + 1, BANDS): what a power spectrum is multiplied with."""

    def mel(hertz: float) -> float:
        return 2595 * np.log10(1 + hertz / 700)

    corners = 700 * (10 ** (np.linspace(mel(LOWEST), mel(HIGHEST), BANDS + 2) / 2595) - 1)
    low, middle, high = corners[:-2], corners[1:-1], corners[2:]
    hertz = np.fft.rfftfreq(FRAME, 1 / rate)[:, np.newaxis]
    return np.maximum(0, np.minimum((hertz - low) / (middle - low), (high - hertz) / (high - middle)))


def mel_spectra(samples: np.ndarray, rate: float) -> np.ndarray:
    """Decibels, float (frames, BANDS)."""
    frames = np.lib.stride_tricks.sliding_window_view(samples.astype(float), FRAME)[::HOP]
    spectra = np.fft.rfft(frames * np.hanning(FRAME))
    return decibels((spectra.real**2 + spectra.imag**2) @ mel_bands(rate))


def mel_distance(ours: np.ndarray, theirs: np.ndarray, rate: float, hold: int) -> float:
    """Mean absolute decibels between mel spectra once the levels are the same."""
    length = min(len(ours), len(theirs))
    aligned = ours[:length] * 10 ** (-level_difference(ours, theirs, hold) / 20)
    mine, yours = mel_spectra(aligned, rate), mel_spectra(theirs[:length], rate)
    strongest = yours.max(axis=1, keepdims=True)
    heard = strongest[:, 0] > strongest.max() - HEARD
    return float(np.mean(np.abs(np.maximum(mine, strongest - DEPTH) - np.maximum(yours, strongest - DEPTH))[heard]))


def _peak(spectrum: np.ndarray, low: int, high: int) -> float:
    """Place of the largest magnitude in low..high - 1, between bins by a parabola through logarithms."""
    at = int(np.clip(low + np.argmax(spectrum[low:high]), 1, len(spectrum) - 2))
    before, here, after = np.log(spectrum[at - 1 : at + 2] + NOTHING)
    return at + 0.5 * (before - after) / (before - 2 * here + after + NOTHING)


def pitch_difference(ours: np.ndarray, theirs: np.ndarray, rate: float) -> float:
    """Cents by which ours is higher, at the strongest partial of theirs."""
    length = min(len(ours), len(theirs), PITCH_FRAMES)
    window = np.hanning(length)
    padded = 8 * length
    lowest = int(LOWEST_PITCH * padded / rate)
    mine, yours = (np.abs(np.fft.rfft(samples[:length] * window, padded)) for samples in (ours, theirs))
    mine[:lowest] = yours[:lowest] = 0
    partial = _peak(yours, 0, len(yours) - 2)
    nearby = _peak(mine, max(lowest, int(0.97 * partial)), int(1.03 * partial) + 2)
    return float(1200 * np.log2(nearby / partial))


def onset(samples: np.ndarray, rate: float) -> float:
    """Milliseconds until the magnitude is within 20 dB of its peak; 0 for silence."""
    magnitude = np.abs(samples.astype(float))
    return 1e3 * float(np.argmax(magnitude >= 0.1 * magnitude.max())) / rate


# ---- a tone -------------------------------------------------------------------------


@dataclass(frozen=True)
class Tone:
    """The exponential sine nearest to a signal, and what is left of the signal when it is taken away."""

    cycles: float  # per sample
    amplitude: float  # at the first sample
    decay: float  # decibels per second
    rest: np.ndarray  # divided by the tone's amplitude, sample by sample

    @property
    def sinad(self) -> float:
        """Decibels of the tone above everything else: harmonics, noise, offset."""
        return float(decibels(0.5) - 10 * np.log10(power(self.rest) + 1e-30))

    def worst_line(self, guard: float) -> float:
        """Decibels of the strongest other line against the tone, at least `guard` cycles per sample away from it."""
        window = np.kaiser(len(self.rest), 20)
        spectrum = np.abs(np.fft.rfft(self.rest * window, 4 * len(window))) * 2 / window.sum()
        away = np.abs(np.fft.rfftfreq(4 * len(window)) - self.cycles) > guard
        return float(20 * np.log10(spectrum[away].max() + 1e-15))


def resolution(length: int) -> float:
    """Cycles per sample around a line within which `Tone.worst_line` cannot tell another from it."""
    return 7.0 / length


def _nearest_sine(samples: np.ndarray, cycles: float, decay: float, around: bool) -> tuple[np.ndarray, ...]:
    """Least squares by a sine and, if asked for, its derivatives by frequency and decay."""
    t = np.arange(len(samples)) - len(samples) / 2
    turning = np.exp(2j * np.pi * cycles * t)
    scale = np.exp(-decay * t)
    basis = [turning.real, turning.imag]
    if around:
        basis += [t * turning.real / len(t), t * turning.imag / len(t)]
    columns = np.column_stack(basis)
    found, *_ = np.linalg.lstsq(columns, samples / scale, rcond=None)
    return found, columns, scale


def nearest_tone(samples: np.ndarray, rate: float, hertz: float, decays: bool = False) -> Tone:
    """The tone near `hertz` that fits best, where every sample counts relative to the tone's amplitude there.

    decays: also fit how fast it falls. The signal should begin after the attack and end before it is lost.
    """
    samples = samples.astype(float)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 4 * len(samples)))
    bin_of = 4 * len(samples) / rate
    cycles = _peak(spectrum, int(0.97 * hertz * bin_of), int(1.03 * hertz * bin_of) + 2) / (4 * len(samples))
    decay = 0.0  # nepers per sample
    if decays:
        quarter = len(samples) // 4
        decay = 0.25 * float(np.log(power(samples[:quarter]) / power(samples[-quarter:]))) * 4 / 3 / quarter / 2
    for _ in range(12):
        (a, b, da, db), _, _ = _nearest_sine(samples, cycles, decay, around=True)
        # (a - ib) exp(i w t) changes by (da - idb) t / n: its quotient is minus the decay and the frequency
        change = (da - 1j * db) / (a - 1j * b) / len(samples)
        cycles += change.imag / (2 * np.pi)
        decay -= change.real if decays else 0.0
    (a, b), columns, scale = _nearest_sine(samples, cycles, decay, around=False)
    amplitude = float(np.hypot(a, b))
    rest = (samples / scale - columns @ (a, b)) / amplitude
    start = amplitude * float(np.exp(decay * len(samples) / 2))
    return Tone(cycles, start, decay * rate * 20 / np.log(10), rest)


def amplitude_track(samples: np.ndarray, rate: float, hertz: float, seconds: float = 0.004) -> np.ndarray:
    """Amplitude of a tone of known frequency around every sample, through a window this long; 0 near the ends."""
    length = 2 * int(seconds * rate / 2) + 1
    window = np.hanning(length + 2)[1:-1]
    turning = np.exp(-2j * np.pi * hertz / rate * np.arange(len(samples)))
    return 2 * np.abs(np.convolve(samples * turning, window / window.sum(), "same"))


def crossing(track: np.ndarray, level: float, rate: float) -> float:
    """Seconds at which a track first passes the level, from the side it starts on; NaN if it never does."""
    above = track >= level
    at = int(np.argmax(above != above[0]))
    if at == 0:
        return np.nan
    before, after = np.log(track[at - 1] + NOTHING), np.log(track[at] + NOTHING)
    return (at - 1 + (np.log(level) - before) / (after - before)) / rate
