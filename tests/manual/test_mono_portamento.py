# SPDX-License-Identifier: Apache-2.0
"""Mono and poly, portamento and glissando, by messages that a keyboard or a computer sends."""

from __future__ import annotations

import numpy as np
import pytest
from hearing import RATE, Stage, played

MONO, POLY = "B0 7E 01", "B0 7F 00"
FINGERED, GLISSANDO = "F0 43 10 08 43 00 F7", "F0 43 10 08 44 01 F7"  # function parameters 67 and 68
GLIDE = "B0 41 7F  B0 05"  # the portamento switch, and its time's controller


@pytest.mark.parametrize(
    ("bytes_in", "notes_out"),
    [
        # One note at a time. On the way up the higher key plays, on the way down the lower one, as on a DX7.
        (f"{MONO}  90 3C 64 40 64", "E3"),
        (f"{MONO}  90 40 64 3C 64", "C3"),
        (f"{MONO}  90 3C 64 43 64 40 64", "G3"),
        (f"{MONO}  90 43 64 3C 64 40 64", "C3"),
        # Letting go returns to a key that is still down.
        (f"{MONO}  90 3C 64 40 64  80 40 40", "C3"),
        (f"{MONO}  90 3C 64 40 64  80 3C 40", "E3"),
        (f"{MONO}  90 3C 64 40 64  80 3C 40 40 40", ""),
        # The pedal holds the last one.
        (f"{MONO}  B0 40 7F  90 3C 64 40 64  80 3C 40 40 40", "E3"),
        (f"{MONO}  B0 40 7F  90 3C 64 40 64  80 3C 40 40 40  B0 40 00", ""),
        # A change of mode lets all keys go; poly plays chords again.
        (f"90 3C 64  {MONO}", ""),
        (f"{MONO}  90 3C 64  {POLY}", ""),
        (f"{MONO}  {POLY}  90 3C 64 40 64", "C3 E3"),
        # The same by function parameter 64.
        ("F0 43 10 08 40 01 F7  90 3C 64 40 64", "E3"),
        ("F0 43 10 08 40 01 F7  F0 43 10 08 40 00 F7  90 3C 64 40 64", "C3 E3"),
        # Each part for itself.
        (f"{MONO}  90 3C 64 40 64  91 3C 64 40 64", "E3 | 2: C3 E3"),
    ],
)
def test_mono_and_poly(bytes_in, notes_out):
    assert played(bytes_in) == notes_out


def heights(sound: np.ndarray) -> np.ndarray:
    """Of one sine tone, cycle by cycle, in semitones above C3."""
    mono = sound if sound.ndim == 1 else sound[:, 0]
    at = np.flatnonzero((mono[:-1] < 0) & (mono[1:] >= 0))
    rising = at + mono[at] / (mono[at] - mono[at + 1])
    return 12 * np.log2(RATE / np.diff(rising) / (440 * 2 ** (-9 / 12)))


def height(data: str) -> float:
    """Of the one note that sounds a tenth of a second later."""
    return float(heights(Stage().play(data).sound(0.2)[RATE // 10 :]).mean())


@pytest.mark.parametrize(
    ("bytes_in", "lowest", "highest"),
    [
        # From C3 to C4 in mono: on the way with the switch on, there at once with it off, or in no time.
        (f"{MONO}  {GLIDE} 50  90 3C 64 ... 48 64", 0.05, 11.5),
        (f"{MONO}  B0 05 50  90 3C 64 ... 48 64", 11.9, 12.1),
        (f"{MONO}  {GLIDE} 00  90 3C 64 ... 48 64", 11.9, 12.1),
        (f"{MONO}  {GLIDE} 50  B0 41 3F  90 3C 64 ... 48 64", 11.9, 12.1),
        # The slower, the longer: after the same time, less of the way.
        (f"{MONO}  {GLIDE} 7F  90 3C 64 ... 48 64", 0.01, 1.0),
        # It arrives.
        (f"{MONO}  {GLIDE} 50  90 3C 64 ... 48 64 ... ... ... ... ... ...", 11.9, 12.1),
        # The first note has nothing to come from.
        (f"{MONO}  {GLIDE} 50  90 48 64", 11.9, 12.1),
        # Fingered: only keys that overlap glide, otherwise always.
        (f"{MONO}  {FINGERED}  {GLIDE} 50  90 3C 64 ...  80 3C 40  90 48 64", 11.9, 12.1),
        (f"{MONO}  {FINGERED}  {GLIDE} 50  90 3C 64 ...  48 64", 0.05, 11.5),
    ],
)
def test_a_glide(bytes_in, lowest, highest):
    assert lowest <= height(bytes_in) <= highest


@pytest.mark.parametrize(("glissando", "on_keys"), [("", 0.3), (GLISSANDO, 0.9)])
def test_glissando_goes_from_key_to_key(glissando, on_keys):
    way = heights(Stage().play(f"{MONO}  {glissando}  {GLIDE} 7D  90 3C 64 ...  48 64").sound(3.0))
    assert way[0] < 2
    assert way[-1] > 4
    near = np.abs(way - np.round(way)) < 0.1
    assert near.mean() > on_keys if glissando else near.mean() < on_keys
