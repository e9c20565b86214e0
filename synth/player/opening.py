# SPDX-License-Identifier: Apache-2.0
"""From settings to a sounding engine: device, engine, score, output, in that order.

The device decides the rate, the rate makes the engine, and a score must be
handed over before the first block.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from synth.audio.clock import ClockOutput
from synth.audio.devices import Device, choose, named, outputs, restart_portaudio
from synth.audio.offline import OfflineOutput
from synth.audio.output import Output
from synth.audio.stream import DEFAULT_RATE, DeviceOutput, pick_rate
from synth.audio.traces import traces
from synth.engine import Engine, Stats
from synth.errors import SixopError
from synth.midi.file import score_from_midi_file
from synth.patch import Patch
from synth.player.demo import demo_score
from synth.player.looking import HERE, HUNG, Look, hide_jack
from synth.player.recorder import RING_SECONDS
from synth.player.settings import ANY_DEVICE, PARTS, PATIENCE_SECONDS, Settings, by_part
from synth.tuning import Tuning

SONG_TAIL_SECONDS = 2.0
"""Played, and rendered, after the last event of a song."""

_WAIT_SECONDS = 0.1
_WIND_FRAMES = 65536
_NO_DEVICE = "no audio device found"


@dataclass
class Song:
    """What the engine plays by itself."""

    doubts: list[str] = field(default_factory=list)
    """What the song asks for in vain."""
    events: list[tuple[int, bytes]] = field(default_factory=list)
    """Frames and messages."""


@dataclass
class Sound:
    """A running engine; `limit` is the frame to end at, None for never, `start` how it stood before the first block."""

    engine: Engine
    output: Output
    limit: int | None
    scored: bool
    start: Stats
    waiting_for: str | None = None
    """The device to go over to as soon as it is there, or `ANY_DEVICE`; None if this is the one that was wanted."""
    traces: str = ""
    """What `traces` said when that one was not to be had."""
    doubt: str = ""
    """A sentence about the device, for people."""
    song: Song = field(default_factory=Song)


def open_sound(settings: Settings, voices: list[Patch], wait: Callable[[float], bool]) -> Sound:
    """Open the wanted or the best output and start an engine on it.

    `wait(seconds)` is called again and again by a player that waits for its
    device to return; False from it gives up.

    Raises:
        SixopError: the device that is insisted on is missing or refuses, or the song is damaged.
    """
    if settings.audio == "none":
        return _start_clock(settings, voices, "no audio device (--audio none)")
    if settings.resume:
        return _open_again(settings, voices, wait)
    before = traces()
    try:
        restart_portaudio()
        devices = outputs()
    except SixopError as error:
        if settings.audio is not None and settings.insist:
            raise
        sound = _start_clock(settings, voices, f"no audio device: {error}")
        return replace(sound, waiting_for=settings.audio or ANY_DEVICE, traces=before)
    if settings.audio is None:
        return _open_any(settings, voices, before)
    try:
        device = choose(devices, settings.audio)
        assert device is not None, "one that is named"
        return _start_device(settings, voices, device)
    except SixopError as error:
        if settings.insist:
            raise
        return _open_best(settings, voices, devices, before, str(error))


def _open_best(settings: Settings, voices: list[Patch], devices: list[Device], before: str, doubt: str) -> Sound:
    """Without the device of the configuration, or without knowing which one is meant: the first that may be."""
    wanted = str(settings.audio)
    for device in named(wanted, devices):
        try:
            return replace(_start_device(settings, voices, device), doubt=f"{doubt}; the first one plays")
        except SixopError:
            continue
    sound = _open_any(settings, voices, before, wanted)
    report = sound.output.report()
    return replace(sound, doubt=f"{doubt}; {report.device if report.api else 'the clock'} plays until it is there")


def _open_any(settings: Settings, voices: list[Patch], before: str, wanted: str | None = None) -> Sound:
    """The first device that opens, the clock if none does."""
    reason = _NO_DEVICE
    for device in outputs():
        try:
            sound = _start_device(settings, voices, device)
        except SixopError as error:
            reason = str(error)
        else:
            return replace(sound, waiting_for=wanted, traces=before)
    if settings.rate is not None and reason != _NO_DEVICE and not settings.resume:
        raise SixopError(reason)
    return replace(_start_clock(settings, voices, reason), waiting_for=wanted or ANY_DEVICE, traces=before)


def _open_again(settings: Settings, voices: list[Patch], wait: Callable[[float], bool]) -> Sound:
    """Wait for the device of before; after a while, be content with another."""
    wanted = settings.device or settings.audio
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        before, answer = traces(), _ask(wanted, settings.rate, wait)
        if answer == HERE:
            try:
                restart_portaudio()
                for device in outputs() if wanted is None else named(wanted, outputs())[:1]:
                    return _start_device(settings, voices, device)
            except SixopError:
                pass
        if answer == HUNG:
            hide_jack()
            before = ""
        if answer == HUNG or time.monotonic() > give_up:
            break
        if not wait(_WAIT_SECONDS):
            raise _gave_up()
    try:
        restart_portaudio()
    except SixopError as error:
        sound = _start_clock(settings, voices, f"no audio device: {error}")
        return replace(sound, waiting_for=wanted or ANY_DEVICE, traces=before)
    return _open_any(settings, voices, before, wanted)


def _ask(wanted: str | None, rate: int | None, wait: Callable[[float], bool]) -> int:
    """`HERE`, `ABSENT` or `HUNG`."""
    look = Look(wanted, rate)
    while (answer := look.answer()) is None:
        if not wait(_WAIT_SECONDS / 5):
            look.close()
            raise _gave_up()
    return answer


def _gave_up() -> SixopError:
    return SixopError("the audio device did not come back")


def _start_device(settings: Settings, voices: list[Patch], device: Device) -> Sound:
    rate = pick_rate(device, settings.rate, settings.last_rate or DEFAULT_RATE)
    engine, limit, scored, song = _build(settings, voices, rate)
    start = engine.stats()
    return Sound(engine, DeviceOutput(engine, device, settings.frames), limit, scored, start, song=song)


def _start_clock(settings: Settings, voices: list[Patch], reason: str) -> Sound:
    engine, limit, scored, song = _build(settings, voices, settings.rate or settings.last_rate or DEFAULT_RATE)
    start = engine.stats()
    return Sound(engine, ClockOutput(engine, settings.frames, reason), limit, scored, start, song=song)


def open_offline(settings: Settings, voices: list[Patch]) -> Sound:
    """An engine that nothing calls: whoever wants to hear it renders it.

    Raises:
        SixopError: the song is damaged.
    """
    engine, limit, scored, song = _build(settings, voices, settings.rate or DEFAULT_RATE)
    return Sound(engine, OfflineOutput(engine), limit, scored, engine.stats(), song=song)


def _build(settings: Settings, voices: list[Patch], rate: int) -> tuple[Engine, int | None, bool, Song]:
    engine = Engine(
        sample_rate=rate,
        voices=settings.polyphony,
        kernel=settings.kernel,
        output=settings.output,
        volume_db=settings.volume_db,
        clamp=True,
        mono=settings.channels == "mono",
        limiter=settings.limiter,
        record_seconds=RING_SECONDS if settings.record else 0.0,
    )
    _set_mix(engine, settings)
    tuning = None if settings.tuning is None else Tuning(tuple(settings.tuning))
    elapsed = round(settings.elapsed_seconds * rate)
    limit = None if settings.seconds is None else round(settings.seconds * rate)
    song = Song()
    if settings.midi_file is not None:
        score, frames = score_from_midi_file(
            settings.midi_file,
            voices,
            rate,
            settings.number,
            tuning,
            numbers=by_part(settings.numbers),
            functions=by_part(settings.functions),
            doubt=song.doubts.append,
            taken=song.events if settings.record_midi else None,
        )
        frames += round(SONG_TAIL_SECONDS * rate)
    elif settings.demo:
        score, frames = demo_score(voices, rate, settings.number, tuning)
        for name, value in settings.functions.get("0", {}).items():
            engine.set_function(name, value, frame=0)
    else:
        if tuning is not None:
            engine.set_tuning(tuning)
        for part in range(PARTS):  # so that their LFOs run from the first frame on, as in a song
            engine.load(voices[(settings.number - 1) % len(voices)], part)
        return engine, None if limit is None else max(0, limit - elapsed), False, song
    engine.play(score)
    _wind_on(engine, elapsed)
    return engine, frames if limit is None else limit, True, song


def _set_mix(engine: Engine, settings: Settings) -> None:
    """Volumes and places of the parts before the first frame; a song that pans goes on from there."""
    for part, decibels in settings.part_volumes.items():
        engine.set_part_volume(decibels, int(part), frame=0)
    for part, pan in settings.pans.items():
        engine.set_pan(pan, int(part), frame=0)


def _wind_on(engine: Engine, frames: int) -> None:
    """Render a song's first frames for nobody, so that it goes on where it was, sounding notes and all."""
    while frames > 0:
        frames -= len(engine.render(min(frames, _WIND_FRAMES)))
        engine.record_read(_WIND_FRAMES)
