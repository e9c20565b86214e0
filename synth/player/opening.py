# SPDX-License-Identifier: Apache-2.0
"""From settings to a sounding engine: device, engine, score, output, in that order.

The device decides the rate, the rate makes the engine, and a score must be
handed over before the first block.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from synth.audio.clock import ClockOutput
from synth.audio.devices import Device, choose, outputs, restart_portaudio
from synth.audio.output import Output
from synth.audio.stream import DEFAULT_RATE, DeviceOutput, pick_rate
from synth.engine import Engine, Stats
from synth.errors import SixopError
from synth.midi.file import score_from_midi_file
from synth.patch import Patch
from synth.player.demo import demo_score
from synth.player.recorder import RING_SECONDS
from synth.player.settings import Settings
from synth.tuning import Tuning

SONG_TAIL_SECONDS = 2.0
"""Played, and rendered, after the last event of a song."""

_WAIT_SECONDS = 0.3
# A player that replaces another waits this many looks for the same device before it takes any other.
_PATIENCE = 20
_WIND_FRAMES = 65536


@dataclass
class Sound:
    """A running engine; `limit` is the frame to end at, None for never, `start` how it stood before the first block."""

    engine: Engine
    output: Output
    limit: int | None
    scored: bool
    start: Stats


def open_sound(settings: Settings, voices: list[Patch], wait: Callable[[float], bool]) -> Sound:
    """Open the best or the named output and start an engine on it.

    `wait(seconds)` is called between attempts of a player that waits for its
    audio server to return; False from it gives up.

    Raises:
        SixopError: the named device is missing or refuses, or the song is damaged.
    """
    if settings.audio == "none":
        return _start_clock(settings, voices, "no audio device (--audio none)")
    if settings.resume:
        return _open_again(settings, voices, wait)
    try:
        restart_portaudio()
        device = choose(outputs(), settings.audio)
    except SixopError as error:
        if settings.audio is not None:
            raise
        return _start_clock(settings, voices, f"no audio device: {error}")
    if settings.audio is not None and device is not None:
        return _start_device(settings, voices, device)
    return _open_any(settings, voices)


def _open_any(settings: Settings, voices: list[Patch]) -> Sound:
    """The first device that opens, the clock if none does."""
    reason = "no audio device found"
    for device in outputs():
        try:
            return _start_device(settings, voices, device)
        except SixopError as error:
            reason = str(error)
    if settings.rate is not None and reason != "no audio device found":
        raise SixopError(reason)
    return _start_clock(settings, voices, reason)


def _open_again(settings: Settings, voices: list[Patch], wait: Callable[[float], bool]) -> Sound:
    """Wait for the device of before; after a while, be content with another."""
    looks = 0
    while True:
        devices = _devices_now()
        same = [device for device in devices if device.label == settings.audio]
        for device in same or (devices if looks > _PATIENCE else []):
            try:
                return _start_device(settings, voices, device)
            except SixopError:
                continue
        looks += 1
        if not wait(_WAIT_SECONDS):
            raise SixopError("the audio device did not come back")


def _devices_now() -> list[Device]:
    """The outputs, or none while an audio server is on its way out or in."""
    try:
        restart_portaudio()
    except SixopError:
        return []
    return outputs()


def _start_device(settings: Settings, voices: list[Patch], device: Device) -> Sound:
    rate = pick_rate(device, settings.rate)
    engine, limit, scored = _build(settings, voices, rate)
    start = engine.stats()
    return Sound(engine, DeviceOutput(engine, device, settings.frames), limit, scored, start)


def _start_clock(settings: Settings, voices: list[Patch], reason: str) -> Sound:
    engine, limit, scored = _build(settings, voices, settings.rate or DEFAULT_RATE)
    start = engine.stats()
    return Sound(engine, ClockOutput(engine, settings.frames, reason), limit, scored, start)


def _build(settings: Settings, voices: list[Patch], rate: int) -> tuple[Engine, int | None, bool]:
    engine = Engine(
        sample_rate=rate,
        voices=settings.polyphony,
        kernel=settings.kernel,
        output=settings.output,
        volume_db=settings.volume_db,
        clamp=True,
        record_seconds=RING_SECONDS if settings.record else 0.0,
    )
    tuning = None if settings.tuning is None else Tuning(tuple(settings.tuning))
    elapsed = round(settings.elapsed_seconds * rate)
    limit = None if settings.seconds is None else round(settings.seconds * rate)
    if settings.midi_file is not None:
        score, frames = score_from_midi_file(settings.midi_file, voices, rate, settings.number, tuning)
        frames += round(SONG_TAIL_SECONDS * rate)
    elif settings.demo:
        score, frames = demo_score(voices, rate, settings.number, tuning)
    else:
        if tuning is not None:
            engine.set_tuning(tuning)
        return engine, None if limit is None else max(0, limit - elapsed), False
    engine.play(score)
    _wind_on(engine, elapsed)
    return engine, frames if limit is None else limit, True


def _wind_on(engine: Engine, frames: int) -> None:
    """Render a song's first frames for nobody, so that it goes on where it was, sounding notes and all."""
    while frames > 0:
        frames -= len(engine.render(min(frames, _WIND_FRAMES)))
        engine.record_read(_WIND_FRAMES)
