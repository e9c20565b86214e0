# SPDX-License-Identifier: Apache-2.0
"""How loud a voice is to the ear: K-weighted level of a held note.

The weighting is that of ITU-R BS.1770-4: a shelf that raises what a head raises, and a high-pass. Unlike
programme loudness nothing is gated: the level is the mean square over the first second, in dB, so that
a decaying voice counts as long as it sounds. A full-scale sine of 1 kHz in one channel reads -3.01 dB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from .rendering import render

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from .patch import Patch

SAMPLE_RATE: Final = 48000  # Hz; the coefficients below hold for this rate only
SECONDS: Final = 1.0
VELOCITY: Final = 100
_FLOOR: Final = 1e-12  # mean square of silence, -120 dB

# ITU-R BS.1770-4, tables 1 and 2: (b, a) of the two sections at 48 kHz.
_SHELF: Final = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (1.0, -1.69065929318241, 0.73248077421585),
)
_HIGH_PASS: Final = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
# The standard's offset, which makes the 1 kHz gain of the two sections (0.691 dB) nothing.
_OFFSET_DB: Final = -0.691


def k_weighted_db(signal: NDArray[np.floating]) -> float:
    """K-weighted level in dB of a mono signal (T,) at 48 kHz; -120.7 for silence."""
    samples = np.asarray(signal, np.float64)
    # The filters as gains over frequency; as much silence again lets their ringing (under 0.1 s) die out.
    size = 2 * samples.size
    weighted = np.fft.irfft(np.fft.rfft(samples, size) * k_gain(size), size)[: samples.size]
    return float(decibels(np.mean(weighted**2)))


def k_gain(size: int) -> NDArray[np.complex128]:
    """What the weighting does to the frequencies of a Fourier transform of `size` samples at 48 kHz."""
    z = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    gain = np.ones_like(z)
    for b, a in (_SHELF, _HIGH_PASS):
        gain *= (b[0] + z * (b[1] + z * b[2])) / (a[0] + z * (a[1] + z * a[2]))
    return np.asarray(gain, np.complex128)


def decibels(mean_square: ArrayLike) -> NDArray[np.float64]:
    """The level in dB of weighted mean squares; -120.7 for silence."""
    return np.asarray(10.0 * np.log10(np.maximum(mean_square, _FLOOR)) + _OFFSET_DB, np.float64)


def voice_loudness_db(patch: Patch, note: int) -> float:
    """Level in dB of the first second of a note held at velocity 100; 0 dB is float 1.0's mean square."""
    return k_weighted_db(render(patch, note, VELOCITY, hold=SECONDS, tail=0.0, sample_rate=SAMPLE_RATE))
