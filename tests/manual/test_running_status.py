# SPDX-License-Identifier: Apache-2.0
"""What a cable may leave out or put in between: running status, velocity 0, clocks within messages, odd bytes."""

from __future__ import annotations

import pytest
from hearing import Stage, played


@pytest.mark.parametrize(
    ("bytes_in", "notes_out"),
    [
        # A status byte counts until the next one.
        ("90 3C 64 40 64 43 64", "C3 E3 G3"),
        ("90 3C 64 40 64 43 64 40 00", "C3 G3"),
        ("90 3C 64 3C 00", ""),
        ("90 3C 64 80 3C 40 40 40", ""),
        ("B0 40 7F 40 00 40 7F  90 3C 64 3C 00", "C3"),
        ("C0 01 02  90 3C 64", "C5"),
        ("90 3C 64  E0 7F 7F 00 40", "C3"),
        # Velocity 0 is a note-off, as a note-off of any velocity is.
        ("90 3C 64  90 3C 00", ""),
        ("90 3C 64  80 3C 00", ""),
        ("90 3C 64  80 3C 7F", ""),
        ("90 3C 00", ""),
        # Clock, start, stop and active sensing may come anywhere between messages; the status goes on.
        ("90 3C 64 F8 40 64 FE 43 64", "C3 E3 G3"),
        ("F8 F8 FA 90 3C 64 FC", "C3"),
        # A note-off for a key that is up, or of another channel, is nothing.
        ("80 3C 40  90 3C 64  80 3D 40  81 3C 40", "C3"),
        # A key that is struck twice sounds once, and is up once.
        ("90 3C 64 3C 64", "C3"),
        ("90 3C 64 3C 64  80 3C 40", ""),
        # Songs, tunes and quarter frames are not for an instrument.
        ("F2 01 02  F3 05  F1 22  F6  90 3C 64", "C3"),
        # Messages of others pass.
        ("F0 41 10 16 12 00 F7  90 3C 64", "C3"),
        ("F0 7E 7F 06 01 F7  90 3C 64", "C3"),
    ],
)
def test_what_a_cable_brings(bytes_in, notes_out):
    assert played(bytes_in) == notes_out


@pytest.mark.parametrize(
    "message",
    [b"", b"\x90", b"\x90\x3c", b"\x90\x3c\x64\x40", b"\x90\x80\x64", b"\x90\x3c\x80", b"\x3c\x64", b"\xb0\x40",
     b"\xe0\x00", b"\xc0", b"\xc0\x80", b"\xff", b"\xf4", b"\xf7", b"\x00"],
)  # fmt: skip
def test_pieces_of_messages_are_nothing(message):
    stage = Stage().play("90 3C 64")
    stage.instrument.play(message, stage.cable)
    assert stage.notes() == "C3"
