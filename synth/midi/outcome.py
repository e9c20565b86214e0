# SPDX-License-Identifier: Apache-2.0
"""What the messages of an input become: messages for parts, and what MIDI has no messages for."""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """Anything but a MIDI message: a command or a function parameter, for a part (0..15) or the whole instrument."""

    name: str
    part: int | None
    value: int | None = None
    """Of a function parameter; None for a command."""


class MemberNote(NamedTuple):
    """A note with bend and pressure of its own begins, or ends: velocity 0. Members are 1..16, parts 0..15."""

    part: int
    member: int
    key: int
    velocity: int


class Touch(NamedTuple):
    """The bend, pressure or timbre of a member's notes, as `Producer.touch` takes it."""

    part: int
    member: int
    name: str
    value: int


class MpeZones(NamedTuple):
    """The input of this name has said how many members its MPE zones have."""

    input: str
    lower: int
    upper: int


Out = bytes | Command | MemberNote | Touch | MpeZones
