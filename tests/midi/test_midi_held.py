# SPDX-License-Identifier: Apache-2.0
"""A keyboard that is pulled out lets go of what it held, and of nothing else."""

from __future__ import annotations

from synth.midi.held import HeldKeys


def test_released_are_exactly_the_keys_and_pedals_still_down() -> None:
    held = HeldKeys()
    for message in ("903c64", "913c64", "904064", "803c00", "914000", "b0407f", "b14010", "b2427f"):
        held.follow(bytes.fromhex(message))
    assert held.release() == [bytes.fromhex(text) for text in ("804040", "813c40", "b04000", "b24200")]
    assert held.release() == []


def test_a_note_on_of_velocity_0_is_a_note_off() -> None:
    held = HeldKeys()
    held.follow(b"\x90\x3c\x40")
    held.follow(b"\x90\x3c\x00")
    assert held.release() == []


def test_all_notes_off_forgets_the_channels_keys() -> None:
    held = HeldKeys()
    held.follow(b"\x95\x3c\x40")
    held.follow(b"\x96\x3c\x40")
    held.follow(b"\xb5\x7b\x00")
    assert held.release() == [b"\x86\x3c\x40"]
