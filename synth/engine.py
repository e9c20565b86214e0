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
from synth.checks import checked_bool, checked_choice, checked_int, checked_whole
from synth.errors import EngineError
from synth.functions import FUNCTIONS as FUNCTIONS
from synth.producer import PARTS as PARTS
from synth.producer import Producer as Producer
from synth.producer import gain_of, send_checked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from synth.score import Score

NATIVE_RATE: Final = lib.SX_NATIVE_CLOCK / lib.SX_NATIVE_DIVIDER  # Hz: 49 096.354, the DX7's own
MIN_RATE: Final = lib.SX_MIN_RATE  # Hz
MAX_RATE: Final = lib.SX_MAX_RATE  # Hz
MAX_VOICES: Final = lib.SX_MAX_VOICES
KERNELS: Final = ("chip", "clean")  # in the order of sx_kernel
FRAMES_AT_ONCE: Final = 1 << 17  # rendered without a look at whether somebody wants it to end
_ARRIVALS_AT_ONCE = 256
OUTPUTS: Final = {"clean": lib.SX_OUTPUT_CLEAN, "dx7": lib.SX_OUTPUT_DX7}


@dataclass(frozen=True)
class Stats:
    """Counters since the engine was made, and its state after the last block."""

    frames: int  # device frames rendered
    native_frames: int  # frames of the kernel's rate: the DX7's own with "chip", the device's with "clean"
    blocks: int  # calls of the audio callback
    underflows: int  # of those, with a miss reported by the audio server
    events: int
    notes_on: int
    notes_stolen: int  # notes that took a sounding voice
    notes_dropped: int  # notes refused because no voice was free
    late_events: int  # timed events whose frame had passed
    record_lost: int  # frames the recorder had no room for
    rendering_ns: int  # time that the audio callback took
    live_events: int  # events for no frame in particular that the callback took
    waiting_ns: int  # all of their waits, from posting to the block that begins with their effect
    voices_sounding: int
    keys_held: int  # voices held by a key or the pedal
    peak: float  # largest magnitude since `Engine.reset_peak`, before limiter and clamp
    load_peak: float  # largest share of a block's time that its callback took, since `Engine.reset_peak`
    wait_peak: float  # longest of the waits, in seconds, since `Engine.reset_peak`
    limiter_gain: float  # lowest gain of the limiter in the last frames made, 1 where it did nothing
    output_delay: float  # seconds from the last callback to the DAC, as the audio server says; 0: it does not know


@dataclass(frozen=True)
class Keys:
    """Keys as bits, bit n for note n, of all parts together."""

    held: int  # whose key is down
    sustained: int  # that a pedal holds
    released: int  # that were let go and still sound


class Engine(Producer):
    """A polyphonic DX7 with 1 to 256 voices and up to 16 parts.

    sample_rate: 8000 to 192 000 Hz, whole. voices: polyphony. parts: MIDI channels that are heard.
    kernel: "chip", the operator chip's integers at its own rate, or "clean", floating point at sample_rate,
    without the chip's grain. steal: True lets the quietest note give way when voices run out; False is the
    DX7's way, which drops the new note. output: "clean", or "dx7" for the DAC's grain and the output filter.
    volume_db: gain of the output, 0 dB being one carrier at output level 99 at magnitude 1.0. clamp: limit
    the output to -1..1. mono: both channels are equal, whatever pan says. limiter: it is on from
    the first frame. record_seconds: room of the recorder.

    Raises ValueError or TypeError naming the argument, EngineError when out of memory.
    """

    def __init__(
        self,
        sample_rate: float = 48000,
        voices: int = 32,
        parts: int = PARTS,
        kernel: str = "chip",
        *,
        steal: bool = True,
        output: str = "clean",
        volume_db: float = 0.0,
        clamp: bool = False,
        mono: bool = False,
        limiter: bool = False,
        record_seconds: float = 0.0,
    ) -> None:
        self.sample_rate: int = checked_whole("sample_rate", sample_rate, MIN_RATE, MAX_RATE)
        self.kernel: str = checked_choice("kernel", kernel, KERNELS)
        self.voices: int = checked_int("voices", voices, 1, MAX_VOICES)
        self.parts: int = checked_int("parts", parts, 1, PARTS)
        self.output: str = checked_choice("output", output, tuple(OUTPUTS))
        config = lib.sx_config_default()
        config.sample_rate = self.sample_rate
        config.voices = self.voices
        config.parts = self.parts
        config.steal = checked_bool("steal", steal)
        config.kernel = KERNELS.index(self.kernel)
        config.output = OUTPUTS[self.output]
        config.clamp = checked_bool("clamp", clamp)
        config.mono = checked_bool("mono", mono)
        config.limiter = checked_bool("limiter", limiter)
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
        """Delay of resampler, output filter and limiter, if it is on, which adds to the latency of the device."""
        return float(lib.sx_group_delay(self.handle))

    def producer(self) -> Producer:
        """A feeder for one more thread; EngineError when there are eight already."""
        if self._producers == lib.SX_PRODUCERS:
            raise EngineError(f"An engine has {lib.SX_PRODUCERS} producers at most: share one of them.")
        self._producers += 1
        return Producer(self.handle, self._producers - 1)

    def arrivals(self) -> list[tuple[int, int]]:
        """When events of the producer that is watched took effect, since the last call. One thread.

        For each block that took any: the frame that it began with, and how many events, of all that the producer has
        `fed`, had taken effect by then.
        """
        found = ffi.new("sx_arrival[]", _ARRIVALS_AT_ONCE)
        taken = lib.sx_arrivals_read(self.handle, found, _ARRIVALS_AT_ONCE)
        return [(found[index].frame, found[index].events) for index in range(taken)]

    def play(self, score: Score) -> None:
        """Play a score, whose frames count from the engine's first. Only while nothing renders; takes the score."""
        if not hasattr(score, "release"):
            raise TypeError(f"score must be a Score, not {score!r}.")
        send_checked(lib.sx_play(self.handle, score.release()))

    def set_channels(self, channels: int) -> None:
        """How many channels the callback fills: one without pan, or left, right, left... Only while nothing renders."""
        lib.sx_set_channels(self.handle, checked_int("channels", channels, 1, 64))

    def render(self, frames: int) -> NDArray[np.float32]:
        """The next frames at the device rate: float32 (frames, 2), left and right, 1.0 being one carrier at level 99.

        As long as all parts are in the middle, both channels are equal.
        """
        out = np.empty((checked_int("frames", frames, 0, 2**31 - 1), 2), np.float32)
        for some in _pieces(out):
            lib.sx_render(self.handle, ffi.from_buffer("float[]", some), len(some), 2)
        return out

    def collect(self) -> None:
        """Take over what producers have sent so far, before the next frame is made, so that they have room for more.

        Changes no sample. Only for whoever renders.
        """
        lib.sx_render(self.handle, ffi.NULL, 0, 2)

    def render_native(self, frames: int) -> NDArray[np.int32]:
        """The next frames at 49 096.354 Hz: int32 (frames,), the sum of all voices in chip units.

        Before volume, resampling and filter; event frames mean native frames. Do not mix with `render`.
        ValueError if the kernel is not "chip", which alone has such units.
        """
        if self.kernel != "chip":
            raise ValueError(f"render_native needs an engine whose kernel is chip, not {self.kernel}.")
        out = np.empty(checked_int("frames", frames, 0, 2**31 - 1), np.int32)
        for some in _pieces(out):
            lib.sx_render_native(self.handle, ffi.from_buffer("int32_t[]", some), len(some))
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

    def keys(self) -> Keys:
        """The keys that sound; cheap enough to poll."""
        raw = ffi.new("sx_keys *")
        lib.sx_get_keys(self.handle, raw)
        return Keys(*(words[0] | words[1] << 64 for words in (raw.held, raw.sustained, raw.released)))

    def take_level(self) -> float:
        """The largest magnitude since the last call, before the clamp: for a level meter. One reader."""
        return float(lib.sx_take_level(self.handle))

    def reset_peak(self) -> None:
        """Start new measurements of `peak`, `load_peak` and `wait_peak` of `Stats`."""
        lib.sx_reset_peak(self.handle)


def _pieces(out: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """The frames of an array, some at a time: between two, Python hears of a Ctrl-C."""
    for first in range(0, len(out), FRAMES_AT_ONCE):
        yield out[first : first + FRAMES_AT_ONCE]


def record_frames(seconds: float, sample_rate: int) -> int:
    """Room of the recorder; ValueError if negative, not a number or too long for its ring."""
    longest = lib.SX_MAX_RECORD_FRAMES // sample_rate
    if not 0.0 <= seconds <= longest:
        raise ValueError(f"record_seconds must be 0 to {longest} at {sample_rate} Hz, not {seconds}.")
    return math.ceil(float(seconds) * sample_rate)
