# SPDX-License-Identifier: Apache-2.0
"""The pitch wheel: two semitones at first, others by the registered number 0, by system exclusive, or in steps."""

from __future__ import annotations

import pytest
from hearing import played

RANGE = "B0 65 00 64 00 06"  # registered number 0, and the data entry's controller
STEP = "F0 43 10 08 42"  # function parameter 66
UP, DOWN, CENTRE = "E0 7F 7F", "E0 00 00", "E0 00 40"


@pytest.mark.parametrize(
    ("bytes_in", "notes_out"),
    [
        (f"90 3C 64  {UP}", "D3"),
        (f"90 3C 64  {DOWN}", "A#2"),
        (f"{UP}  90 3C 64", "D3"),
        (f"90 3C 64  {UP}  {CENTRE}", "C3"),
        ("90 3C 64  E0 00 60", "C#3"),
        ("90 3C 64 40 64  " + UP, "D3 F#3"),
        # The range, in semitones: a whole octave at most.
        (f"{RANGE} 00  90 3C 64  {UP}", "C3"),
        (f"{RANGE} 01  90 3C 64  {UP}", "C#3"),
        (f"{RANGE} 07  90 3C 64  {UP}", "G3"),
        (f"{RANGE} 0C  90 3C 64  {UP}", "C4"),
        (f"{RANGE} 0C  90 3C 64  {DOWN}", "C2"),
        (f"{RANGE} 18  90 3C 64  {UP}", "C4"),
        # The same by function parameter 65, and for its own channel.
        (f"F0 43 10 08 41 05 F7  90 3C 64  {UP}", "F3-6"),  # as far as a DX7 goes
        (f"F0 43 11 08 41 05 F7  90 3C 64  {UP}", "D3"),
        (f"{RANGE} 07  91 3C 64  E1 7F 7F", "2: D3"),
        # Steps: a wheel that moves by whole semitones over an octave.
        (f"{STEP} 01 F7  90 3C 64  E0 00 60", "F#3"),
        (f"{STEP} 03 F7  90 3C 64  E0 00 60", "F#3"),
        (f"{STEP} 04 F7  90 3C 64  E0 00 60", "E3"),
        (f"{STEP} 0C F7  90 3C 64  E0 00 60", "C3"),
        (f"{STEP} 0C F7  90 3C 64  {UP}", "C4"),
        # Once the number is null, data entry changes nothing.
        (f"{RANGE} 07  B0 65 7F 64 7F 06 02  90 3C 64  {UP}", "G3"),
        # Each channel bends for itself; over a layer the wheel bends both.
        (f"90 3C 64  91 3C 64  {UP}", "D3 | 2: C3"),
    ],
)
def test_what_the_wheel_bends(bytes_in, notes_out):
    assert played(bytes_in) == notes_out


def test_a_layer_bends_together_and_a_split_does_too():
    layer = [{"part": 1}, {"part": 2, "transpose": 12}]
    assert played(f"90 3C 64  {UP}", zones=layer) == "D3 | 2: D4"
    split = [{"high": "B2", "part": 2}, {"low": "C3", "part": 1}]
    assert played(f"90 30 64 3C 64  {UP}", zones=split) == "D3 | 2: D2"
