# SPDX-License-Identifier: Apache-2.0
"""Wheel, foot, breath and aftertouch: nothing until they are given a range and something to move, as on a DX7."""

from __future__ import annotations

import numpy as np
import pytest
from hearing import Stage

from synth import Patch

PITCH, AMPLITUDE, BIAS = 1, 2, 4
#: controller, or status of its message, and its function parameters: range and what it moves
SOURCES = {
    "wheel": ("B0 01", 70, 71),
    "foot": ("B0 04", 72, 73),
    "breath": ("B0 02", 74, 75),
    "aftertouch": ("D0", 76, 77),
    "key pressure": ("A0 3C", 76, 77),
}


def voice() -> Patch:
    """A sine whose pitch and loudness an LFO would move, if a controller let it."""
    patch = Patch.init_voice()
    patch.lfo.speed = 60
    patch.lfo.pitch_mod_depth = patch.lfo.amp_mod_depth = 0
    patch.pitch_mod_sensitivity = 7
    patch.op[0].amp_mod_sensitivity = 3
    return patch


def sound(*bytes_in: str) -> np.ndarray:
    heard = Stage(voices=[voice()]).play(*bytes_in).sound(1.0)
    return heard if heard.ndim == 1 else heard[:, 0]


def function(number: int, value: int) -> str:
    return f"F0 43 10 08 {number:02X} {value:02X} F7"


def assigned(source: str, amount: int, purpose: int, value: int) -> str:
    message, reach, moves = SOURCES[source]
    return f"{function(reach, amount)} {function(moves, purpose)}  90 3C 64  {message} {value:02X}"


def swing(heard: np.ndarray) -> float:
    """How unsteady the loudness is: the loudest moment over the softest, in decibels."""
    moments = np.abs(heard[1000:7000]).reshape(-1, 100).max(axis=1)
    return float(20 * np.log10(moments.max() / moments.min()))


def wobble(heard: np.ndarray) -> float:
    """How unsteady the pitch is: from the longest cycle to the shortest, in semitones."""
    mono = heard[1000:]
    at = np.flatnonzero((mono[:-1] < 0) & (mono[1:] >= 0))
    cycles = np.diff(at + mono[at] / (mono[at] - mono[at + 1]))
    return float(12 * np.log2(cycles.max() / cycles.min()))


@pytest.mark.parametrize("source", SOURCES)
def test_vibrato(source):
    assert wobble(sound(assigned(source, 99, PITCH, 127))) > 2
    assert wobble(sound(assigned(source, 99, PITCH, 0))) < 0.1
    assert wobble(sound(assigned(source, 0, PITCH, 127))) < 0.1
    assert wobble(sound(assigned(source, 99, 0, 127))) < 0.1


@pytest.mark.parametrize("source", SOURCES)
def test_a_smaller_range_moves_less(source):
    half, full = (wobble(sound(assigned(source, amount, PITCH, 127))) for amount in (50, 99))
    assert 0.1 < half < 0.8 * full


@pytest.mark.parametrize("source", SOURCES)
def test_tremolo(source):
    assert swing(sound(assigned(source, 99, AMPLITUDE, 127))) > 15
    assert swing(sound(assigned(source, 99, AMPLITUDE, 0))) < 0.5


@pytest.mark.parametrize("source", ["foot", "breath", "aftertouch"])
def test_bias_closes_what_it_is_not_opened_by(source):
    closed, opened = (np.abs(sound(assigned(source, 99, BIAS, value))).max() for value in (0, 127))
    assert opened > 50 * closed


def test_pressure_of_a_key_that_is_up_is_nothing():
    ready = f"{function(76, 99)} {function(77, PITCH)}  90 3C 64"
    assert np.array_equal(sound(ready, "A0 48 7F"), sound(ready, "A0 48 00"))


def test_reset_all_controllers_brings_them_to_rest():
    for source in ("wheel", "foot", "breath", "aftertouch"):
        assert wobble(sound(assigned(source, 99, PITCH, 127), "B0 79 00")) < 0.1


def test_each_channel_has_its_own():
    other = assigned("wheel", 99, PITCH, 0).replace("F0 43 10", "F0 43 11")
    assert wobble(sound(other, "B1 01 7F")) < 0.1
