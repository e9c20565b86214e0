# SPDX-License-Identifier: Apache-2.0
"""What was heard of a sound, for people: its figures in words, waveform and spectrum as pictures of characters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from synth.diagrams.braille import bands

if TYPE_CHECKING:
    from synth.library.records import Sound, Thumbnail

PICTURE_WIDTH: Final = 32  # characters of each picture
_GAP: Final = 3  # between the two
_WAVEFORM, _SPECTRUM = "waveform, 2 s", "spectrum, 40 Hz to 16 kHz"
_FULL: Final = 127  # of a waveform's values
_LOUDEST: Final = 255  # of a spectrum's


def figures(sound: Sound) -> str:
    """Level, brightness and so on with their units; empty if nobody has listened to the sound yet."""
    if sound.level is None:
        return ""
    return (
        f"{sound.level:.1f} dB, attack {sound.attack:.3f} s, length {sound.length:.2f} s, "
        f"brightness {sound.brightness:.0f} Hz, harmonicity {sound.harmonicity:.2f}, noise {sound.noise:.2f}"
    )


def headings() -> str:
    """What stands above the two pictures."""
    return f"{_WAVEFORM:<{PICTURE_WIDTH + _GAP}}{_SPECTRUM}"


def pictures(thumbnail: Thumbnail, height: int) -> list[str]:
    """Waveform and spectrum side by side, as so many lines."""
    lowest, highest = np.frombuffer(thumbnail.waveform, np.int8).reshape(2, 1, -1) / (2 * _FULL) + 0.5
    levels = np.frombuffer(thumbnail.spectrum, np.uint8)[None] / _LOUDEST
    (waveform,), (spectrum,) = bands(lowest, highest, height), bands(np.zeros_like(levels), levels, height)
    return [left + " " * _GAP + right for left, right in zip(waveform, spectrum, strict=True)]
