# SPDX-License-Identifier: Apache-2.0
"""The engine on a real audio device.

PortAudio's callback is the engine's own C function: sounddevice lets library
authors pass one in, and from then on no Python runs for a sample.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from synth.audio.devices import Device, one_at_a_time, open_streams, portaudio
from synth.audio.output import OutputReport
from synth.errors import SixopError

if TYPE_CHECKING:
    from synth.engine import Engine

CHANNELS = 2
"""Wanted of a device; one that has a single channel gets all parts in the middle."""
DEFAULT_RATE = 48000
DEFAULT_FRAMES = 256
"""Frames asked of devices that leave the buffer to us: 5.3 ms at 48 kHz. JACK's server decides for itself."""

_SANE_LATENCY_SECONDS = 5.0  # some servers report days; that is "unknown"


def pick_rate(device: Device, wanted: int | None, usual: int = DEFAULT_RATE) -> int:
    """The rate to open a device with, in Hz: the one asked for, JACK's own, else the usual one if the device does it.

    Raises:
        SixopError: the device refuses the rate asked for.
    """
    if wanted is not None:
        if not _accepts(device, wanted):
            raise SixopError(f"{device.label} does not run at {wanted} Hz; leave out --rate for its {device.rate} Hz")
        return wanted
    if device.is_jack or device.rate == usual or not _accepts(device, usual):
        return device.rate
    return usual


def opens(device: Device, wanted: int | None) -> bool:
    """True if the device, which may be another program's, can be played on, at the rate asked for if there is one."""
    return _accepts(device, device.rate if wanted is None else wanted)


def _accepts(device: Device, rate: int) -> bool:
    sd = portaudio()
    try:
        sd.check_output_settings(device.index, _channels(device), "float32", samplerate=rate)
    except sd.PortAudioError:
        return False
    return True


def _channels(device: Device) -> int:
    return max(1, min(CHANNELS, device.channels))


class DeviceOutput:
    """An open stream. It keeps its engine alive until it is stopped, even if nobody else does."""

    def __init__(self, engine: Engine, device: Device, frames: int | None) -> None:
        sd = portaudio()
        self._engine = engine
        self._device = device
        # JACK runs at its server's period; any other size would be cut up or collected, at a price in latency.
        blocksize = 0 if device.is_jack else (frames or DEFAULT_FRAMES)
        # Who asks for a buffer means two of them, one playing and one being filled, not the device's idea of "low".
        latency = "low" if device.is_jack or frames is None else 2 * frames / engine.sample_rate
        callback = sd._ffi.cast("PaStreamCallback *", _address(engine.callback))
        user_data = sd._ffi.cast("void *", _address(engine.handle))
        engine.set_channels(_channels(device))
        try:
            self._stream: Any = sd._StreamBase(
                kind="output",
                device=device.index,
                samplerate=engine.sample_rate,
                channels=_channels(device),
                dtype="float32",
                blocksize=blocksize,
                latency=latency,
                clip_off=True,
                dither_off=True,
                callback=callback,
                userdata=user_data,
            )
            open_streams.add(engine)  # C holds no reference: this keeps it from being freed
            self._stream.start()
        except sd.PortAudioError as error:
            self._close_unstarted()
            raise SixopError(f"{device.label} does not open: {error.args[0]}") from error
        self._frames = blocksize

    def report(self) -> OutputReport:
        """Describe the stream; the buffer is the mean of the blocks so far, which on JACK is the server's period."""
        stats = self._engine.stats()
        frames = self._frames or (round(stats.frames / stats.blocks) if stats.blocks else 0)
        latency = float(self._stream.latency)
        known = math.isfinite(latency) and 0 < latency < _SANE_LATENCY_SECONDS
        api = "JACK" if self._device.is_jack else self._device.api
        return OutputReport(self._device.name, api, self._engine.sample_rate, frames, latency if known else None)

    def alive(self) -> bool:
        """False once PortAudio's stream has gone inactive, which is all that a dead JACK server lets one see."""
        return bool(self._stream.active)

    def stop(self) -> None:
        """Stop and close the stream, and let go of the audio server before it lets go of us. Twice is fine."""
        with one_at_a_time:
            if self._engine not in open_streams:  # a second time
                return
            self._stream.stop()
            self._stream.close()
            open_streams.discard(self._engine)
            if self._device.is_jack and not open_streams:  # PortAudio crashes on leaving a server that has died
                portaudio()._terminate()

    def _close_unstarted(self) -> None:
        if hasattr(self, "_stream"):
            self._stream.close()
        open_streams.discard(self._engine)


def _address(pointer: Any) -> int:
    """A pointer of the engine's CFFI module as a number: sounddevice has a CFFI of its own."""
    from synth.engine import ffi

    return int(ffi.cast("uintptr_t", pointer))
