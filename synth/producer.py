# SPDX-License-Identifier: Apache-2.0
"""Feeding an engine: from arguments that are checked here to events in a ring of C."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NoReturn

from synth._engine import ffi, lib
from synth.checks import checked_bool, checked_choice, checked_float, checked_int
from synth.errors import EngineError
from synth.functions import FUNCTIONS
from synth.messages import NOTE_OFF, NOTE_ON, SYSEX, split_messages

if TYPE_CHECKING:
    from synth.patch import Patch
    from synth.tuning import Tuning, TuningChange

PARTS: Final = lib.SX_PARTS
HIGHEST_VOLUME_DB: Final = 24.0
HIGHEST_PART_VOLUME_DB: Final = 12.0


MEMBERS: Final = lib.SX_MEMBERS

# What a note of a member may have of its own: name -> number in the C interface.
TOUCHES: Final[dict[str, int]] = {
    "wheel": lib.SX_TOUCH_WHEEL,
    "foot": lib.SX_TOUCH_FOOT,
    "breath": lib.SX_TOUCH_BREATH,
    "aftertouch": lib.SX_TOUCH_AFTERTOUCH,
    "bend": lib.SX_TOUCH_BEND,
}
BEND_UNITS: Final = 16384
"""Of an octave: what a bend of "bend" counts in."""


class Producer:
    """One thread's way of feeding an engine: its own ring, so no two threads wait for each other.

    Every method takes `frame`: the device frame, counted from the engine's first, on which it takes effect.
    None, or a frame that has passed, means the start of the next block. All raise `EngineError` when the
    ring is full (4096 events) or too many patches and tunings are on their way (64): let the engine render first.
    """

    def __init__(self, handle: Any, number: int) -> None:
        self.handle: Any = handle  # CFFI's owner of the C engine, freed with its last user
        self._number = number

    def __reduce__(self) -> NoReturn:
        kind = type(self).__name__
        raise TypeError(f"{kind}: what feeds or is a running engine cannot be copied or pickled; make a new engine.")

    def watch(self) -> None:
        """Keep when these events take effect, for `Engine.arrivals`. One producer, and before anything renders."""
        send_checked(lib.sx_watch(self.handle, self._number))

    @property
    def fed(self) -> int:
        """How many events this producer has fed, modulo 2^32."""
        return int(lib.sx_fed(self.handle, self._number))

    def note_on(self, note: int, velocity: int, part: int = 0, frame: int | None = None) -> None:
        """Start a note 0..127 with velocity 1..127; velocity 0 is a note-off, as in MIDI."""
        self._channel_message(NOTE_ON, note, velocity, part, frame)

    def note_off(self, note: int, part: int = 0, frame: int | None = None) -> None:
        """Release the note: of several voices that hold it, the lowest-numbered."""
        self._channel_message(NOTE_OFF, note, 0, part, frame)

    def member_note(self, note: int, velocity: int, member: int, part: int = 0, frame: int | None = None) -> None:
        """Start or, with velocity 0, release a note of a member 1..16: a note with a touch of its own, as in MPE."""
        played = checked_member_note(note, velocity, member, part)
        send_checked(lib.sx_member_note(self.handle, self._number, frame_of(frame), *played))

    def touch(self, name: str, value: int, member: int, part: int = 0, frame: int | None = None) -> None:
        """What a member's held notes, and those to come, have of their own; released ones keep what they had.

        The name is "bend", which is added to the part's, -131072..131072 with 16384 an octave; or "aftertouch",
        "breath", "foot" or "wheel", 0..127, of which the note's own or the part's counts, whichever is more.
        """
        touch = checked_touch(name, value, member, part)
        send_checked(lib.sx_member_touch(self.handle, self._number, frame_of(frame), *touch))

    def midi(self, data: bytes, frame: int | None = None) -> None:
        """Whole MIDI messages, one after another. Channel n plays part n - 1.

        A DX7 voice dump loads the part of its channel, function parameters and operator switches change it, messages
        of the MIDI tuning standard tune; other system messages and program changes, whose banks the engine does not
        know, do nothing. ValueError for bytes that are no MIDI message.
        """
        for message in split_messages(bytes(data)):
            if message[0] < SYSEX:
                send_checked(lib.sx_midi(self.handle, self._number, frame_of(frame), message, len(message)))
            elif message[0] == SYSEX:
                self._sysex(message, frame)

    def load(self, patch: Patch | bytes, part: int = 0, frame: int | None = None) -> None:
        """New notes of the part play this patch, or raw voice of 155 bytes; sounding notes keep theirs."""
        number = checked_int("part", part, 0, PARTS - 1)
        at = frame_of(frame)
        send_checked(lib.sx_load(self.handle, self._number, at, number, voice_bytes(patch), switches(patch)))

    def set_function(self, name: str, value: int, part: int = 0, frame: int | None = None) -> None:
        """Set one of the DX7's function parameters: a name of `synth.functions`, a value from 0 to its highest."""
        checked_choice("The function parameter", name, tuple(FUNCTIONS))
        function = FUNCTIONS[name]
        amount = checked_int(name, value, 0, function.highest)
        at = checked_int("part", part, 0, PARTS - 1)
        send_checked(lib.sx_set_function(self.handle, self._number, frame_of(frame), at, function.number, amount))

    def set_operators(self, switches: int, part: int = 0, frame: int | None = None) -> None:
        """From the next note on these operators play, until another patch is loaded: bit 5 for operator 1, 0..63."""
        on = checked_int("switches", switches, 0, lib.SX_ALL_OPERATORS)
        at = checked_int("part", part, 0, PARTS - 1)
        send_checked(lib.sx_set_operators(self.handle, self._number, frame_of(frame), at, on))

    def set_tuning(
        self, tuning: Tuning, part: int | None = None, frame: int | None = None, *, sounding: bool = True
    ) -> None:
        """What the keys of a part, or of all (None), sound from now on.

        sounding: notes that sound follow, within 5 ms; False lets them keep their pitch until they end.
        """
        from synth.tuning import engine_keys, part_bits

        parts = part_bits(range(PARTS) if part is None else [checked_int("part", part, 0, PARTS - 1)])
        send_checked(
            lib.sx_set_tuning(
                self.handle,
                self._number,
                frame_of(frame),
                parts,
                engine_keys(tuning),
                checked_bool("sounding", sounding),
            )
        )

    def retune(self, change: TuningChange, frame: int | None = None) -> None:
        """Do what a message of the MIDI tuning standard asks for."""
        from synth.tuning import part_bits

        if change.parts:
            parts = part_bits(change.parts)
            keys, sounding = change.hertz(), change.sounding
            send_checked(lib.sx_set_tuning(self.handle, self._number, frame_of(frame), parts, keys, sounding))

    def set_volume(self, decibels: float, frame: int | None = None) -> None:
        """Volume of the whole output in dB, at most +24; -inf is silence. Reached smoothly."""
        send_checked(lib.sx_set_volume(self.handle, self._number, frame_of(frame), gain_of(decibels)))

    def set_part_volume(self, decibels: float, part: int = 0, frame: int | None = None) -> None:
        """Volume of a part in dB, at most +12; -inf is silence. Reached smoothly; besides its controllers 7 and 11."""
        at = checked_int("part", part, 0, PARTS - 1)
        gain = part_gain_of(decibels)
        send_checked(lib.sx_set_part_volume(self.handle, self._number, frame_of(frame), at, gain))

    def set_pan(self, pan: float, part: int = 0, frame: int | None = None) -> None:
        """Where a part stands: -1 is left, 0 the middle, 1 right. Reached smoothly. Controller 10 moves the same."""
        at = checked_int("part", part, 0, PARTS - 1)
        send_checked(lib.sx_set_pan(self.handle, self._number, frame_of(frame), at, checked_pan(pan)))

    def set_limiter(self, on: bool, frame: int | None = None) -> None:
        """Limit the output to -1..1 before any clamp, at a delay of at most 1.5 ms. Comes and goes without a click."""
        send_checked(lib.sx_set_limiter(self.handle, self._number, frame_of(frame), checked_bool("on", on)))

    def panic(self, frame: int | None = None) -> None:
        """Silence everything within 3 ms, release all keys and pedals, centre the bends."""
        send_checked(lib.sx_panic(self.handle, self._number, frame_of(frame)))

    def _channel_message(self, status: int, note: int, value: int, part: int, frame: int | None) -> None:
        message = bytes(
            (
                status | checked_int("part", part, 0, PARTS - 1),
                checked_int("note", note, 0, 127),
                checked_int("velocity", value, 0, 127),
            )
        )
        send_checked(lib.sx_midi(self.handle, self._number, frame_of(frame), message, len(message)))

    def _sysex(self, message: bytes, frame: int | None) -> None:
        from synth.errors import VoiceError
        from synth.midi.tuning_messages import read_tuning_message
        from synth.patch import Patch
        from synth.sysex import Kind, identify

        if change := read_tuning_message(message):
            self.retune(change, frame)
        elif identify(message).is_voice:
            try:
                self.load(Patch.from_sysex(message), message[2] & 0x0F, frame)
            except VoiceError as error:
                raise ValueError(str(error)) from error
        elif identify(message).kind in (Kind.PARAMETER, Kind.FUNCTION):
            self._change_part(message, frame)

    def _change_part(self, message: bytes, frame: int | None) -> None:
        from synth.errors import SixopError
        from synth.midi.sysex import FunctionChange, ParameterChange, read_sysex
        from synth.midi.tx7 import PartVolume

        try:
            meaning = read_sysex(message)
        except SixopError as error:
            raise ValueError(str(error)) from error
        match meaning:
            case FunctionChange(part=part, values=values):
                for name, value in values.items():
                    self.set_function(name, value, part, frame)
            case ParameterChange(part=part, switches=int(switches)):
                self.set_operators(switches, part, frame)
            case PartVolume(part=part, decibels=decibels):
                self.set_part_volume(decibels, part, frame)


def checked_member_note(note: int, velocity: int, member: int, part: int) -> tuple[int, int, int, int]:
    """Part, member, note and velocity, as the C interface takes them; ValueError naming what is out of range."""
    at, whose = checked_int("part", part, 0, PARTS - 1), checked_int("member", member, 1, MEMBERS)
    return at, whose, checked_int("note", note, 0, 127), checked_int("velocity", velocity, 0, 127)


def checked_touch(name: str, value: int, member: int, part: int) -> tuple[int, int, int, int]:
    """Part, member, kind and value, as the C interface takes them; ValueError naming what is out of range."""
    checked_choice("The touch", name, tuple(TOUCHES))
    low, high = (-lib.SX_WIDEST_TOUCH, lib.SX_WIDEST_TOUCH) if name == "bend" else (0, 127)
    at, whose = checked_int("part", part, 0, PARTS - 1), checked_int("member", member, 1, MEMBERS)
    return at, whose, TOUCHES[name], checked_int(name, value, low, high)


def voice_bytes(patch: Patch | bytes) -> bytes:
    """The 155 bytes of a patch, or of bytes that are already a raw voice; TypeError for anything else."""
    if isinstance(patch, (bytes, bytearray, memoryview)):
        raw = bytes(patch)
    elif hasattr(patch, "to_bytes") and hasattr(patch, "operators_on"):
        raw = patch.to_bytes()
    else:
        remedy = "; its to_patch() is one" if hasattr(patch, "to_patch") else ""
        kind = type(patch).__name__
        raise TypeError(f"patch must be a Patch, or a raw voice of {lib.SX_VOICE_BYTES} bytes, not {kind}{remedy}.")
    if len(raw) != lib.SX_VOICE_BYTES:
        raise ValueError(f"A raw voice has {lib.SX_VOICE_BYTES} bytes, not {len(raw)}.")
    return raw


def switches(patch: Patch | bytes) -> int:
    """Which operators are on, bit 5 for operator 1: a patch knows, a raw voice has them all on."""
    return int(getattr(patch, "operators_on", lib.SX_ALL_OPERATORS))


def send_checked(status: int) -> None:
    """EngineError with the engine's own sentence, unless the status is success."""
    if status != lib.SX_OK:
        sentence = ffi.string(lib.sx_strerror(status)).decode()
        raise EngineError(f"{sentence[:1].upper()}{sentence[1:]}.")


def gain_of(decibels: float) -> float:
    """Linear gain of a volume in dB; ValueError above +24 dB or if not a number."""
    return _gain("The volume", decibels, HIGHEST_VOLUME_DB, float(lib.SX_MAX_VOLUME))


def part_gain_of(decibels: float) -> float:
    """Linear gain of a part's volume in dB; ValueError above +12 dB or if not a number."""
    return _gain("The volume of a part", decibels, HIGHEST_PART_VOLUME_DB, float(lib.SX_MAX_PART_VOLUME))


def _gain(what: str, decibels: float, highest: float, highest_gain: float) -> float:
    if math.isnan(decibels) or decibels > highest:
        raise ValueError(f"{what} must be at most {highest:g} dB, not {decibels}.")
    return min(highest_gain, float(10.0 ** (decibels / 20.0)))


def checked_pan(pan: float) -> float:
    """A pan of -1 to 1; ValueError or TypeError otherwise."""
    return checked_float("pan", pan, -1.0, 1.0)


def frame_of(frame: int | None) -> int:
    """The frame as the C interface takes it; ValueError if negative."""
    return lib.SX_NOW if frame is None else checked_int("frame", frame, 0, lib.SX_LAST_FRAME)
