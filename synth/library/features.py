# SPDX-License-Identifier: Apache-2.0
"""What is heard of a sound: one note, measured.

C3 struck with velocity 100, held for 1.5 s, as the `clean` kernel plays it at 48 kHz. Figures that people sort and
filter by are in units; beside them stands a vector, in which sounds that sound alike are near: the spectrum at the
beginning and later, the course of the level, how harmonic and how noisy it is, each scaled so that a step of 1 is
about as much to the ear.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from synth.library import partials
from synth.loudness import SAMPLE_RATE, decibels, k_gain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

VERSION: Final = 1  # of all that is measured here; another one and sounds are listened to again
NOTE: Final = 60
VELOCITY: Final = 100
HOLD: Final = 1.5  # seconds
TAIL: Final = 0.5

_FRAME: Final = 4096  # samples, 85 ms
_HOP: Final = 2048
_BLOCK: Final = 256  # samples, 5 ms: of the course of the level
_BANDS: Final = 24
_LOWEST, _HIGHEST = 60.0, 16000.0  # Hz
_RANGE: Final = 60.0  # dB below the loudest that count
_NEAR_PEAK: Final = 3.0  # dB: where an attack ends
_SILENT: Final = 40.0  # dB below the peak: where a sound ends
_EARLY: Final = slice(0, 3)  # frames: the first 0.17 s
_LATE: Final = slice(12, 23)  # 0.5 to 1 s
_SECOND: Final = 23  # frames in the first second
_COURSE: Final = (0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.6, 1.0, 1.45, 1.6, 1.9)  # seconds

_BAND_SCALE: Final = 1 / 12  # a band is as much again per 12 dB
_COURSE_SCALE: Final = 1 / 10  # the course of the level per 10 dB

VECTOR: Final = 2 * _BANDS + len(_COURSE) + 5
"""Numbers in a vector."""


@dataclass(frozen=True, slots=True)
class Features:
    """Of n sounds."""

    level: Floats  #: dB, K-weighted, of the first second
    attack: Floats  #: seconds until 3 dB below the peak
    length: Floats  #: seconds until it stays 40 dB below the peak, of 2
    brightness: Floats  #: Hz, centre of the magnitudes of the first second
    harmonicity: Floats  #: 0..1
    noise: Floats  #: 0..1
    vectors: Floats  #: (n, VECTOR)
    waveforms: NDArray[np.int8]  #: (n, 2, WIDTH): lowest and highest of each column, 127 is the sound's own peak
    spectra: NDArray[np.uint8]  #: (n, WIDTH): from 40 Hz to 16 kHz, 255 is the loudest, 0 is 96 dB below


def measure(audio: Floats, transposed: NDArray[np.int64]) -> Features:
    """The features of rendered notes, (n, 96000), whose voices are transposed by so many semitones, (n,)."""
    frames = np.lib.stride_tricks.sliding_window_view(audio, _FRAME, axis=1)[:, : _SECOND * _HOP : _HOP]
    power = partials.power(frames * _window(_FRAME))
    level = decibels((power @ _k_power()).mean(axis=1)).astype(np.float32)
    course = _course(audio)
    early, late = (_bands(power[:, some].mean(axis=1)) for some in (_EARLY, _LATE))
    loudest = np.maximum(early.max(axis=1), late.max(axis=1))[:, None]
    brightness = _brightness(power)
    lines = partials.lines(audio)
    harmonicity, noise, pitch = partials.measure(lines, transposed)
    vectors = np.concatenate(
        [
            np.clip(early - loudest, -_RANGE, 0) * _BAND_SCALE,
            np.clip(late - loudest, -_RANGE, 0) * _BAND_SCALE,
            np.clip(course[:, _course_places()], -_RANGE, 0) * _COURSE_SCALE,
            np.stack(
                [
                    np.clip(level, -80, 0) / 20,
                    2 * harmonicity,
                    2 * noise,
                    np.log2(np.maximum(brightness, _LOWEST)) - 10,
                    pitch / 2,
                ],
                axis=1,
            ),
        ],
        axis=1,
        dtype=np.float32,
    )
    return Features(
        level,
        _first(course >= -_NEAR_PEAK),
        _last(course >= -_SILENT, audio),
        brightness,
        harmonicity,
        noise,
        vectors,
        _waveforms(audio),
        partials.thumbnails(lines),
    )


@cache
def _window(size: int) -> Floats:
    return np.hanning(size).astype(np.float32)


@cache
def _k_power() -> Floats:
    """Weights by which the powers of a frame's spectrum add up to its weighted mean square."""
    weights = np.abs(k_gain(_FRAME)) ** 2 * 2 / (_FRAME * np.sum(_window(_FRAME).astype(float) ** 2))
    weights[[0, -1]] /= 2
    return np.asarray(weights, np.float32)


@cache
def _band_matrix() -> Floats:
    """(bins, bands): which part of each bin counts to which band; bands overlap as triangles over log frequency."""
    frequencies = np.fft.rfftfreq(_FRAME, 1 / SAMPLE_RATE)
    place = np.log(np.maximum(frequencies, 1) / _LOWEST) / np.log(_HIGHEST / _LOWEST) * (_BANDS - 1)
    return np.asarray(np.maximum(0, 1 - np.abs(place[:, None] - np.arange(_BANDS))), np.float32)


def _bands(power: Floats) -> Floats:
    return np.asarray(10 * np.log10(power @ _band_matrix() + 1e-9), np.float32)


def _course(audio: Floats) -> Floats:
    """The level in dB below the peak, by blocks; 0 throughout for silence."""
    blocks = audio[:, : audio.shape[1] // _BLOCK * _BLOCK].reshape(len(audio), -1, _BLOCK)
    energy = np.einsum("nbs,nbs->nb", blocks, blocks)
    return np.asarray(10 * np.log10((energy + 1e-10) / (energy.max(axis=1, keepdims=True) + 1e-10)), np.float32)


@cache
def _course_places() -> NDArray[np.intp]:
    return np.asarray(np.array(_COURSE) * SAMPLE_RATE / _BLOCK, np.intp)


def _first(loud: NDArray[np.bool_]) -> Floats:
    """Seconds before the first block that is loud."""
    return np.asarray(loud.argmax(axis=1) * (_BLOCK / SAMPLE_RATE), np.float32)


def _last(loud: NDArray[np.bool_], audio: Floats) -> Floats:
    """Seconds to the end of the last block that is loud; 0 for silence."""
    blocks = loud.shape[1] - loud[:, ::-1].argmax(axis=1)
    return np.where(np.abs(audio).max(axis=1) > 0, blocks * (_BLOCK / SAMPLE_RATE), 0).astype(np.float32)


def _brightness(power: Floats) -> Floats:
    """The centre of the magnitudes of the first second, in Hz; 0 for silence."""
    magnitudes = np.sqrt(power.sum(axis=1))
    frequencies = np.fft.rfftfreq(_FRAME, 1 / SAMPLE_RATE).astype(np.float32)
    return np.asarray((magnitudes @ frequencies) / np.maximum(magnitudes.sum(axis=1), 1e-6), np.float32)


def _waveforms(audio: Floats) -> NDArray[np.int8]:
    width = partials.WIDTH
    columns = audio[:, : audio.shape[1] // width * width].reshape(len(audio), width, -1)
    edges = np.stack([columns.min(axis=2), columns.max(axis=2)], axis=1)
    peak = np.maximum(np.abs(edges).max(axis=(1, 2), keepdims=True), 1e-9)
    return np.asarray(np.rint(edges / peak * 127), np.int8)
