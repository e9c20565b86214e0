# SPDX-License-Identifier: Apache-2.0
"""What silences, what lets go, and what a reset leaves: channel modes 120, 121, 123 to 127, and the panic of a face."""

from __future__ import annotations

import pytest
from hearing import Stage, played


@pytest.mark.parametrize(
    ("bytes_in", "notes_out"),
    [
        # All sound off: silence, whatever holds the notes; the next ones sound.
        ("90 3C 64  B0 78 00", ""),
        ("B0 40 7F  90 3C 64  80 3C 40  B0 78 00", ""),
        ("90 3C 64  B0 42 7F  B0 78 00", ""),
        ("90 3C 64  B0 78 00  90 40 64", "E3"),
        # All notes off: every key up, pedals still hold.
        ("90 3C 64 40 64  B0 7B 00", ""),
        ("B0 40 7F  90 3C 64 40 64  B0 7B 00", "C3 E3"),
        ("90 3C 64  B0 7B 00  80 3C 40  90 40 64", "E3"),
        # Both are for their channel alone.
        ("90 3C 64  91 43 64  B0 78 00", "2: G3"),
        ("90 3C 64  91 43 64  B1 7B 00", "C3"),
        # Reset all controllers: wheels at rest, pedals up, keys stay.
        ("90 3C 64  E0 7F 7F  B0 79 00", "C3"),
        ("B0 0B 00  90 3C 64", ""),
        ("B0 0B 00  90 3C 64  B0 79 00", "C3"),
        ("90 3C 64  B0 42 7F  80 3C 40  B0 79 00", ""),
        # Omni off and on, mono and poly let all keys go first; local control is for those who have keys.
        ("90 3C 64  B0 7C 00", ""),
        ("90 3C 64  B0 7D 00", ""),
        ("90 3C 64  B0 7E 01", ""),
        ("90 3C 64  B0 7F 00", ""),
        ("90 3C 64  B0 7A 00", "C3"),
        # Omni never makes a part hear another channel.
        ("B0 7D 00  91 3C 64", "2: C3"),
    ],
)
def test_channel_modes(bytes_in, notes_out):
    assert played(bytes_in) == notes_out


ON_ALL_CHANNELS = " ".join(f"B{c:X} 40 7F  9{c:X} 3C 64 40 64  8{c:X} 3C 40  E{c:X} 00 00" for c in range(16))


def test_panic_silences_all_parts_and_puts_everything_at_rest():
    stage = Stage().play(ON_ALL_CHANNELS)
    assert stage.notes().count("|") == 15
    stage.instrument.panic()
    assert stage.notes() == ""
    assert stage.play("90 3C 64 40 64  80 40 40").notes() == "C3", "no pedal, no bend"


def test_a_controller_may_be_the_panic_button():
    assert played(f"{ON_ALL_CHANNELS} B0 14 7F", zones=[{"controllers": {20: "panic"}}]) == ""
