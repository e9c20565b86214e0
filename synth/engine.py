# SPDX-License-Identifier: Apache-2.0
"""The engine: notes and patches in, sound out.

`Engine` is the C engine with Python manners. Nothing here computes sound; it
checks arguments, finds words for errors and hands over to C, which releases the
interpreter lock on every call. Live and offline are the same engine: `render`
makes sound here and now, while an audio stream calls `Engine.callback` instead.

One thread may render; each other thread feeds through a `Producer` of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from synth._engine import ffi as ffi  # the audio stream hands C pointers on
from synth._engine import lib as lib
from synth.errors import EngineError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synth.patch import Patch
    from synth.score import Score

NATIVE_RATE: Final = lib.SX_NATIVE_CLOCK / lib.SX_NATIVE_DIVIDER  # Hz: 49 096.354, the DX7's own
MIN_RATE: Final = lib.SX_MIN_RATE  # Hz
MAX_RATE: Final = lib.SX_MAX_RATE  # Hz
MAX_VOICES: Final = lib.SX_MAX_VOICES
PARTS: Final = lib.SX_PARTS
KERNELS: Final = ("chip",)
OUTPUTS: Final = {"clean": lib.SX_OUTPUT_CLEAN, "dx7": lib.SX_OUTPUT_DX7}

# The DX7's function parameters: name -> (number in the C interface, highest value).
FUNCTIONS: Final[dict[str, tuple[int, int]]] = {
    "mono": (lib.SX_MONO, 1),
    "bend_range": (lib.SX_BEND_RANGE, 12),
    "bend_step": (lib.SX_BEND_STEP, 12),
    "portamento_mode": (lib.SX_PORTAMENTO_MODE, 1),
    "glissando": (lib.SX_GLISSANDO, 1),
    "portamento_time": (lib.SX_PORTAMENTO_TIME, 99),
    "wheel_range": (lib.SX_WHEEL_RANGE, 99),
    "wheel_assign": (lib.SX_WHEEL_ASSIGN, 7),
    "foot_range": (lib.SX_FOOT_RANGE, 99),
    "foot_assign": (lib.SX_FOOT_ASSIGN, 7),
    "breath_range": (lib.SX_BREATH_RANGE, 99),
    "breath_assign": (lib.SX_BREATH_ASSIGN, 7),
    "aftertouch_range": (lib.SX_AFTERTOUCH_RANGE, 99),
    "aftertouch_assign": (lib.SX_AFTERTOUCH_ASSIGN, 7),
    "master_tune": (lib.SX_MASTER_TUNE, 511),
}

NOTE_OFF: Final = 0x80
NOTE_ON: Final = 0x90
SYSEX: Final = 0xF0


@dataclass(frozen=True)
class Stats:
    """Counters since the engine was made, and its state after the last block."""

    frames: int  # device frames rendered
    native_frames: int  # frames of the DX7's own clock
    blocks: int  # calls of the audio callback
    underflows: int  # of those, with a miss reported by the audio server
    events: int
    notes_on: int
    notes_stolen: int  # notes that took a sounding voice
    notes_dropped: int  # notes refused because no voice was free
    late_events: int  # timed events whose frame had passed
    record_lost: int  # frames the recorder had no room for
    voices_sounding: int
    keys_held: int  # voices held by a key or the pedal
    peak: float  # largest magnitude since `Engine.reset_peak`, before the clamp


def checked_int(name: str, value: object, low: int, high: int) -> int:
    """The value as an int of low..high; ValueError or TypeError naming the argument otherwise."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be a whole number of {low} to {high}, not {value!r}.")
    if not low <= value <= high:
        raise ValueError(f"{name} must be {low} to {high}, not {value}.")
    return int(value)


def checked_choice(name: str, value: object, choices: tuple[str, ...]) -> str:
    """The value if it is one of the choices; ValueError naming them otherwise."""
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return str(value)


def voice_bytes(patch: Patch | bytes) -> bytes:
    """The 155 bytes of a patch, or of bytes that are already a raw voice; TypeError for anything else."""
    if isinstance(patch, (bytes, bytearray, memoryview)):
        raw = bytes(patch)
    elif hasattr(patch, "to_bytes") and hasattr(patch, "operators_on"):
        raw = patch.to_bytes()
    else:
        raise TypeError(f"patch must be a Patch, or a raw voice of {lib.SX_VOICE_BYTES} bytes, not {patch!r}.")
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
    if math.isnan(decibels) or decibels > 24.0:
        raise ValueError(f"The volume must be at most 24 dB, not {decibels}.")
    return min(float(lib.SX_MAX_VOLUME), float(10.0 ** (decibels / 20.0)))


class Producer:
    """One thread's way of feeding an engine: its own ring, so no two threads wait for each other.

    Every method takes `frame`: the device frame, counted from the engine's first, on which it takes effect.
    None, or a frame that has passed, means the start of the next block. All raise `EngineError` when the
    ring is full (4096 events) or too many patches are on their way (64): let the engine render first.
    """

    def __init__(self, handle: Any, number: int) -> None:
        self.handle: Any = handle  # CFFI's owner of the C engine, freed with its last user
        self._number = number

    def note_on(self, note: int, velocity: int, part: int = 0, frame: int | None = None) -> None:
        """Start a note 0..127 with velocity 1..127; velocity 0 is a note-off, as in MIDI."""
        self._channel_message(NOTE_ON, note, velocity, part, frame)

    def note_off(self, note: int, part: int = 0, frame: int | None = None) -> None:
        """Release the note: of several voices that hold it, the lowest-numbered."""
        self._channel_message(NOTE_OFF, note, 0, part, frame)

    def midi(self, data: bytes, frame: int | None = None) -> None:
        """Whole MIDI messages, one after another. Channel n plays part n - 1.

        A DX7 voice dump loads the part of its channel; other system messages and program changes, whose
        banks the engine does not know, do nothing. ValueError for bytes that are no MIDI message.
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
        """Set one of the DX7's function parameters: a name of `FUNCTIONS`, a value from 0 to its highest."""
        checked_choice("The function parameter", name, tuple(FUNCTIONS))
        number, highest = FUNCTIONS[name]
        amount = checked_int(name, value, 0, highest)
        at = checked_int("part", part, 0, PARTS - 1)
        send_checked(lib.sx_set_function(self.handle, self._number, frame_of(frame), at, number, amount))

    def set_volume(self, decibels: float, frame: int | None = None) -> None:
        """Volume of the whole output in dB, at most +24; -inf is silence. Reached smoothly."""
        send_checked(lib.sx_set_volume(self.handle, self._number, frame_of(frame), gain_of(decibels)))

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
        from synth.patch import Patch
        from synth.sysex import identify

        if identify(message).is_voice:
            try:
                self.load(Patch.from_sysex(message), message[2] & 0x0F, frame)
            except VoiceError as error:
                raise ValueError(str(error)) from error


class Engine(Producer):
    """A polyphonic DX7 with 1 to 256 voices and up to 16 parts.

    sample_rate: 8000 to 192 000 Hz, whole. voices: polyphony. parts: MIDI channels that are heard.
    kernel: "chip", the operator chip's integer arithmetic. steal: True lets the quietest note give way
    when voices run out; False is the DX7's way, which drops the new note. output: "clean", or "dx7" for
    the DAC's grain and the output filter. volume_db: gain of the output, 0 dB being one carrier at output
    level 99 at magnitude 1.0. clamp: limit the output to -1..1. record_seconds: room of the recorder.

    Raises ValueError or TypeError naming the argument, EngineError when out of memory.
    """

    def __init__(
        self,
        sample_rate: int = 48000,
        voices: int = 32,
        parts: int = PARTS,
        kernel: str = "chip",
        *,
        steal: bool = True,
        output: str = "clean",
        volume_db: float = 0.0,
        clamp: bool = False,
        record_seconds: float = 0.0,
    ) -> None:
        self.sample_rate: int = checked_int("sample_rate", sample_rate, MIN_RATE, MAX_RATE)
        self.kernel: str = checked_choice("kernel", kernel, KERNELS)
        self.voices: int = checked_int("voices", voices, 1, MAX_VOICES)
        self.parts: int = checked_int("parts", parts, 1, PARTS)
        self.output: str = checked_choice("output", output, tuple(OUTPUTS))
        config = lib.sx_config_default()
        config.sample_rate = self.sample_rate
        config.voices = self.voices
        config.parts = self.parts
        config.steal = bool(steal)
        config.output = OUTPUTS[self.output]
        config.clamp = bool(clamp)
        config.volume = gain_of(volume_db)
        config.record_frames = record_frames(record_seconds, self.sample_rate)
        status = ffi.new("sx_status *")
        engine = lib.sx_new(ffi.new("sx_config *", config), status)
        if engine == ffi.NULL:
            send_checked(status[0])
        self._producers = 1
        super().__init__(ffi.gc(engine, lib.sx_free), 0)

    @property
    def callback(self) -> Any:
        """PortAudio's stream callback as a C function pointer; its user data is `handle`."""
        return ffi.addressof(lib, "sx_portaudio_callback")

    @property
    def group_delay_seconds(self) -> float:
        """Delay of the resampler and output filter, which adds to the latency of the device."""
        return float(lib.sx_group_delay(self.handle))

    def producer(self) -> Producer:
        """A feeder for one more thread; EngineError when there are eight already."""
        if self._producers == lib.SX_PRODUCERS:
            raise EngineError(f"An engine has {lib.SX_PRODUCERS} producers at most: share one of them.")
        self._producers += 1
        return Producer(self.handle, self._producers - 1)

    def play(self, score: Score) -> None:
        """Play a score, whose frames count from the engine's first. Only while nothing renders; takes the score."""
        if not hasattr(score, "release"):
            raise TypeError(f"score must be a Score, not {score!r}.")
        send_checked(lib.sx_play(self.handle, score.release()))

    def set_channels(self, channels: int) -> None:
        """How many channels the callback fills, all with the same signal. Only while nothing renders."""
        lib.sx_set_channels(self.handle, checked_int("channels", channels, 1, 64))

    def render(self, frames: int) -> NDArray[np.float32]:
        """The next frames at the device rate: float32 (frames, 2), 1.0 being one carrier at level 99."""
        out = np.empty((checked_int("frames", frames, 0, 2**31 - 1), 2), np.float32)
        lib.sx_render(self.handle, ffi.from_buffer("float[]", out), frames, 2)
        return out

    def render_native(self, frames: int) -> NDArray[np.int32]:
        """The next frames at 49 096.354 Hz: int32 (frames,), the sum of all voices in chip units.

        Before volume, resampling and filter; event frames mean native frames. Do not mix with `render`.
        """
        out = np.empty(checked_int("frames", frames, 0, 2**31 - 1), np.int32)
        lib.sx_render_native(self.handle, ffi.from_buffer("int32_t[]", out), frames)
        return out

    def record_read(self, max_frames: int) -> NDArray[np.float32]:
        """Up to max_frames of what was rendered since the last read: float32 (n, 2). One thread."""
        out = np.empty((checked_int("max_frames", max_frames, 0, 2**31 - 1), 2), np.float32)
        taken = lib.sx_record_read(self.handle, ffi.from_buffer("float[]", out), max_frames)
        return out[:taken]

    def stats(self) -> Stats:
        """Counters and state; cheap enough to poll."""
        raw = ffi.new("sx_stats *")
        lib.sx_get_stats(self.handle, raw)
        return Stats(**{name: getattr(raw, name) for name in Stats.__dataclass_fields__})

    def reset_peak(self) -> None:
        """Start a new measurement of `Stats.peak`."""
        lib.sx_reset_peak(self.handle)


def frame_of(frame: int | None) -> int:
    """The frame as the C interface takes it; ValueError if negative."""
    return lib.SX_NOW if frame is None else checked_int("frame", frame, 0, lib.SX_LAST_FRAME)


def record_frames(seconds: float, sample_rate: int) -> int:
    """Room of the recorder; ValueError if negative, not a number or too long for its ring."""
    longest = lib.SX_MAX_RECORD_FRAMES // sample_rate
    if not 0.0 <= seconds <= longest:
        raise ValueError(f"record_seconds must be 0 to {longest} at {sample_rate} Hz, not {seconds}.")
    return math.ceil(float(seconds) * sample_rate)


def split_messages(data: bytes) -> list[bytes]:
    """Whole MIDI messages as a list; ValueError where a byte belongs to none. Running status is understood."""
    messages = []
    at = 0
    running = 0
    while at < len(data):
        status = data[at]
        if status >= 0x80:
            at += 1
        elif running:
            status = running
        else:
            raise ValueError(f"Byte {at} is 0x{status:02X}, where a MIDI status byte (0x80 or more) is expected.")
        if status == SYSEX:
            end = data.find(0xF7, at)
            if end < 0:
                raise ValueError("A system exclusive message has no end (0xF7).")
            length = end + 1 - at
        else:
            length = data_length(status)
        body = data[at : at + length]
        if len(body) < length or (status != SYSEX and any(b >= 0x80 for b in body)):
            raise ValueError(f"The MIDI message 0x{status:02X} has fewer than its {length} data bytes.")
        if status < SYSEX:
            running = status
        elif status < 0xF8:
            running = 0
        messages.append(bytes((status,)) + body)
        at += length
    return messages


def data_length(status: int) -> int:
    """How many data bytes follow a status byte other than system exclusive."""
    if status < SYSEX:
        return 1 if status & 0xE0 == 0xC0 else 2
    return {0xF1: 1, 0xF2: 2, 0xF3: 1}.get(status, 0)
