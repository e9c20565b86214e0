# SPDX-License-Identifier: Apache-2.0
"""How harmonic a sound is, how noisy, and its spectrum as a small picture: from one long look at its beginning."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from synth.loudness import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

WIDTH: Final = 64  # columns of a thumbnail
_SIZE: Final = 16384  # samples, 0.34 s: lines 2.9 Hz apart
_START: Final = 2400  # samples: behind the click of an attack
_C3: Final = 261.6256  # Hz
#: a fundamental as a part of the key's pitch, or a multiple
_RATIOS: Final = (1, 1 / 2, 2, 1 / 3, 1 / 4, 3, 4, 1 / 6, 2 / 3, 3 / 2)
_WIDE: Final = 2.5  # bins to both sides of a partial that are its own: what the window makes of a line
_DETUNED: Final = 0.003  # and so much of its frequency, 5 cents
_COUNTED: Final = (40.0, 12000.0)  # Hz
_LINES_DB: Final = -75.0  # flatness of a spectrum of lines; that of noise is about -3
_NOISE_DB: Final = -3.0
_SILENT: Final = 1e-9  # power of a line in which nothing is to be heard
_PICTURE_DB: Final = 96.0
_PICTURE: Final = (40.0, 16000.0)  # Hz


def power(signals: Floats) -> Floats:
    """The powers of the spectra of windowed signals, along their last axis."""
    spectrum = np.fft.rfft(signals)
    return np.asarray(spectrum.real**2 + spectrum.imag**2, np.float32)


def lines(audio: Floats) -> Floats:
    """A spectrum of 0.34 seconds near the beginning of notes (n, samples), fine enough to tell partials."""
    return power(audio[:, _START : _START + _SIZE] * _window())


def measure(power: Floats, transposed: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    """Harmonicity 0..1, noise 0..1, and the fundamental in octaves above the key's pitch, of n spectra of `lines`."""
    low, high = (round(edge * _SIZE / SAMPLE_RATE) for edge in _COUNTED)
    counted = power[:, low:high]
    total = counted.sum(axis=1) + 1e-12
    harmonicity = np.zeros(len(power), np.float32)
    pitch = np.zeros(len(power), np.float32)
    for semitones in np.unique(transposed):
        some = transposed == semitones
        masks, chances = _masks(int(semitones))
        shares = counted[some] @ masks[low:high] / total[some, None]
        fits = (shares - chances) / (1 - chances)
        best = (fits - _preference()).argmax(axis=1)
        harmonicity[some] = np.clip(fits[np.arange(len(fits)), best], 0, 1)
        pitch[some] = semitones / 12 + np.log2(_RATIOS)[best]
    floor = counted.max(axis=1, keepdims=True) * 1e-10 + 1e-12
    flatness = 10 * (np.log10(counted + floor).mean(axis=1) - np.log10(counted.mean(axis=1) + floor[:, 0]))
    noise = np.clip((flatness - _LINES_DB) / (_NOISE_DB - _LINES_DB), 0, 1)
    silent = counted.max(axis=1) <= _SILENT
    return np.where(silent, 0, harmonicity), np.where(silent, 0, noise).astype(np.float32), pitch


def thumbnails(power: Floats) -> NDArray[np.uint8]:
    """Spectra of `lines` as pictures (n, WIDTH): 255 is the loudest, a step 0.38 dB; all 0 for silence."""
    edges = np.geomspace(*_PICTURE, WIDTH + 1) * _SIZE / SAMPLE_RATE
    starts = np.floor(edges[:-1]).astype(int)
    columns = np.maximum.reduceat(power[:, : round(edges[-1])], starts, axis=1)
    loudest = columns.max(axis=1, keepdims=True)
    level = 10 * np.log10((columns + 1e-12) / (loudest + 1e-12))
    height = np.where(loudest > _SILENT, np.clip(1 + level / _PICTURE_DB, 0, 1), 0)
    return np.asarray(np.rint(height * 255), np.uint8)


@cache
def _window() -> Floats:
    return np.hanning(_SIZE).astype(np.float32)


def _preference() -> Floats:
    """What another fundamental than the key's own must fit better: a little, the more the farther it is."""
    return (0.02 * np.abs(np.log2(_RATIOS))).astype(np.float32)


@cache
def _masks(semitones: int) -> tuple[Floats, Floats]:
    """For each ratio which bins are near a partial, (bins, ratios), and the share of bins that are so by chance."""
    bins = np.arange(_SIZE // 2 + 1)
    masks = []
    for ratio in _RATIOS:
        spacing = _C3 * 2 ** (semitones / 12) * ratio * _SIZE / SAMPLE_RATE
        nearest = np.maximum(np.rint(bins / spacing), 1) * spacing
        masks.append(np.abs(bins - nearest) <= _WIDE + _DETUNED * nearest)
    found = np.array(masks).T
    low, high = (round(edge * _SIZE / SAMPLE_RATE) for edge in _COUNTED)
    chances = np.minimum(found[low:high].mean(axis=0), 0.95)
    return found.astype(np.float32), chances.astype(np.float32)
