# SPDX-License-Identifier: Apache-2.0
"""A score: events known in advance, which the engine plays on their exact frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from synth._engine import ffi, lib
from synth.checks import checked_int
from synth.functions import function_named
from synth.producer import (
    PARTS,
    checked_member_note,
    checked_pan,
    checked_touch,
    frame_of,
    part_gain_of,
    send_checked,
    switches,
    voice_bytes,
)

if TYPE_CHECKING:
    from synth.patch import Patch
    from synth.tuning import Tuning, TuningChange


class Score:
    """Events for `Engine.play`, in any order; those of one frame keep the order in which they were added."""

    def __init__(self) -> None:
        score = lib.sx_score_new()
        if score == ffi.NULL:
            raise MemoryError
        self._handle: Any = ffi.gc(score, lib.sx_score_free)

    def midi(self, frame: int, message: bytes) -> None:
        """One whole channel message at a device frame of 0 or more."""
        at = frame_of(frame)
        status = lib.sx_score_midi(self._open(), at, message, len(message))
        if status == lib.SX_RANGE:
            raise ValueError(f"{message.hex(' ')} is not one MIDI channel message.")
        send_checked(status)

    def member_note(self, frame: int, note: int, velocity: int, member: int, part: int = 0) -> None:
        """As `Producer.member_note`, on this frame."""
        played = checked_member_note(note, velocity, member, part)
        send_checked(lib.sx_score_member_note(self._open(), frame_of(frame), *played))

    def touch(self, frame: int, name: str, value: int, member: int, part: int = 0) -> None:
        """As `Producer.touch`, on this frame."""
        touch = checked_touch(name, value, member, part)
        send_checked(lib.sx_score_member_touch(self._open(), frame_of(frame), *touch))

    def load(self, frame: int, part: int, patch: Patch | bytes) -> None:
        """From the frame on, new notes of the part play this patch."""
        at = frame_of(frame)
        number = checked_int("part", part, 0, PARTS - 1)
        send_checked(lib.sx_score_load(self._open(), at, number, voice_bytes(patch), switches(patch)))

    def set_function(self, frame: int, name: str, value: int, part: int = 0) -> None:
        """From the frame on, a function parameter of the part has this value, 0 to its highest."""
        function = function_named(name)
        at = frame_of(frame)
        number = checked_int("part", part, 0, PARTS - 1)
        amount = checked_int(name, value, 0, function.highest)
        send_checked(lib.sx_score_function(self._open(), at, number, function.number, amount))

    def set_operators(self, frame: int, switches: int, part: int = 0) -> None:
        """From the frame on, new notes of the part play with these operators: bit 5 for operator 1, 0..63."""
        at = frame_of(frame)
        number = checked_int("part", part, 0, PARTS - 1)
        on = checked_int("switches", switches, 0, lib.SX_ALL_OPERATORS)
        send_checked(lib.sx_score_operators(self._open(), at, number, on))

    def __reduce__(self) -> NoReturn:
        raise TypeError("A score is played once and cannot be copied or pickled: keep what it is made of.")

    def set_part_volume(self, frame: int, decibels: float, part: int = 0) -> None:
        """From the frame on, the volume of the part, as `Producer.set_part_volume`; at frame 0 without a way to it."""
        number = checked_int("part", part, 0, PARTS - 1)
        send_checked(lib.sx_score_part_volume(self._open(), frame_of(frame), number, part_gain_of(decibels)))

    def set_pan(self, frame: int, pan: float, part: int = 0) -> None:
        """From the frame on, where the part stands, as `Producer.set_pan`; at frame 0 without a way to it."""
        number = checked_int("part", part, 0, PARTS - 1)
        send_checked(lib.sx_score_pan(self._open(), frame_of(frame), number, checked_pan(pan)))

    def set_tuning(self, frame: int, tuning: Tuning, part: int | None = None) -> None:
        """From the frame on, the keys of the part, or of all (None), sound so; notes that sound follow."""
        from synth.tuning import engine_keys, part_bits

        at = frame_of(frame)
        parts = part_bits(range(PARTS) if part is None else [checked_int("part", part, 0, PARTS - 1)])
        send_checked(lib.sx_score_tuning(self._open(), at, parts, engine_keys(tuning), True))

    def retune(self, frame: int, change: TuningChange) -> None:
        """What a message of the MIDI tuning standard asks for."""
        from synth.tuning import part_bits

        at = frame_of(frame)
        if change.parts:
            parts = part_bits(change.parts)
            send_checked(lib.sx_score_tuning(self._open(), at, parts, change.hertz(), change.sounding))

    def release(self) -> Any:
        """Give the C score away, to an engine that will free it."""
        handle = self._open()
        self._handle = None
        ffi.gc(handle, None)  # in place: from here on the engine frees it
        return handle

    def _open(self) -> Any:
        if self._handle is None:
            raise ValueError("This score has been played already: make a new one.")
        return self._handle
