# SPDX-License-Identifier: Apache-2.0
"""The sustain pedal (controller 64): what it holds, until when, and what ends it."""

from __future__ import annotations

import pytest
from hearing import Stage, played


@pytest.mark.parametrize(
    ("bytes_in", "notes_out"),
    [
        # The pedal holds keys that go up while it is down, until it goes up.
        ("90 3C 64  B0 40 7F  80 3C 40", "C3"),
        ("90 3C 64  B0 40 7F  80 3C 40  B0 40 00", ""),
        ("B0 40 7F  90 3C 64  80 3C 40", "C3"),
        ("B0 40 7F  90 3C 64  90 3C 00", "C3"),
        ("B0 40 7F  90 3C 64 40 64 43 64  80 3C 40 40 40 43 40", "C3 E3 G3"),
        # Keys that are still down sound on.
        ("B0 40 7F  90 3C 64 40 64  80 3C 40  B0 40 00", "E3"),
        # A pedal that comes after the key has gone holds nothing.
        ("90 3C 64  80 3C 40  B0 40 7F", ""),
        # Half-way counts: 64 is down, 63 is up.
        ("B0 40 40  90 3C 64  80 3C 40", "C3"),
        ("B0 40 3F  90 3C 64  80 3C 40", ""),
        ("B0 40 7F  90 3C 64  80 3C 40  B0 40 3F", ""),
        ("B0 40 7F 40 41  90 3C 64  80 3C 40", "C3"),
        # A key struck again under the pedal is one note, and its key ends it as any other.
        ("B0 40 7F  90 3C 64  80 3C 40  90 3C 64  80 3C 40", "C3"),
        ("B0 40 7F  90 3C 64  80 3C 40  90 3C 64  80 3C 40  B0 40 00", ""),
        ("B0 40 7F  90 3C 64  80 3C 40  90 3C 64  B0 40 00", "C3"),
        # Each channel has a pedal of its own.
        ("B1 40 7F  90 3C 64  80 3C 40", ""),
        ("B1 40 7F  91 3C 64  81 3C 40  90 43 64", "G3 | 2: C3"),
        ("B0 40 7F 90 3C 64 80 3C 40  B1 40 00", "C3"),
        # All notes off waits for the pedal; all sound off, and reset all controllers, do not.
        ("B0 40 7F  90 3C 64  B0 7B 00", "C3"),
        ("B0 40 7F  90 3C 64  B0 7B 00  B0 40 00", ""),
        ("B0 40 7F  90 3C 64  B0 78 00", ""),
        ("B0 40 7F  90 3C 64  80 3C 40  B0 79 00", ""),
        ("B0 40 7F  90 3C 64  B0 79 00", "C3"),
        # A program change leaves what sounds.
        ("B0 40 7F  90 3C 64  80 3C 40  C0 01", "C3"),
        ("B0 40 7F  90 3C 64  80 3C 40  C0 01  B0 40 00", ""),
    ],
)
def test_what_the_sustain_pedal_holds(bytes_in, notes_out):
    assert played(bytes_in) == notes_out


@pytest.mark.parametrize(
    ("zones", "bytes_in", "notes_out"),
    [
        # Over a split the pedal holds both sides, unless one side has no use for it.
        ([{"high": "B2", "part": 2}, {"low": "C3"}], "B0 40 7F  90 30 64 48 64  80 30 40 48 40", "C4 | 2: C2"),
        (
            [{"high": "B2", "part": 2, "controllers": {64: "none"}}, {"low": "C3"}],
            "B0 40 7F  90 30 64 48 64  80 30 40 48 40",
            "C4",
        ),
        # Any controller may be made a pedal, and one that is built the other way be turned round.
        ([{"controllers": {17: "sustain"}}], "B0 11 7F  90 3C 64  80 3C 40", "C3"),
        ([{"controllers": {64: {"to": 64, "values": [127, 0]}}}], "B0 40 00  90 3C 64  80 3C 40", "C3"),
        ([{"controllers": {64: {"to": 64, "values": [127, 0]}}}], "B0 40 00  90 3C 64  80 3C 40  B0 40 7F", ""),
    ],
)
def test_the_pedal_of_a_setup(zones, bytes_in, notes_out):
    assert played(bytes_in, zones=zones) == notes_out


def test_a_cable_that_falls_out_lets_go_of_keys_and_pedal():
    stage = Stage().play("B0 40 7F  90 3C 64 40 64  80 3C 40")
    assert stage.notes() == "C3 E3"
    stage.instrument.release(stage.cable)
    assert stage.notes() == ""
    assert stage.play("90 43 64  80 43 40").notes() == "", "the pedal is up"
