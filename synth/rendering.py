# SPDX-License-Identifier: Apache-2.0
"""Rendering without a device: one note to an array, or the chip's own numbers.

Every call starts from a fresh engine, so the result depends on its arguments alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from synth.checks import checked_choice, checked_int, checked_seconds, checked_whole
from synth.engine import MAX_RATE, MIN_RATE, Engine
from synth.messages import NOTE_OFF, NOTE_ON
from synth.score import Score

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from synth.patch import Patch
    from synth.preset import Preset
    from synth.tuning import Tuning

HARDWARE_VOICES = 16
MOST_FRAMES = 2**31 - 1
KINDS = {"on": NOTE_ON, "off": NOTE_OFF}


def render(
    patch: Patch | Preset,
    note: int = 60,
    velocity: int = 100,
    hold: float = 1.0,
    tail: float = 0.5,
    sample_rate: float = 48000,
    kernel: str = "chip",
    *,
    output: str = "clean",
    tuning: Tuning | None = None,
) -> NDArray[np.float32]:
    """One note, mono: float32 (T,), T = round((hold + tail) * sample_rate).

    note 0..127 (60 is C3), velocity 0..127 (0 is a note-off, hence silence), hold and tail in seconds of 0
    to 3600, sample_rate 8000..192000 Hz. 1.0 is one carrier at output level 99.

    kernel: "chip", the DX7's own integers, resampled; the resampler's delay, 0.5 ms at 48 kHz, is left in, as it
    is when playing. Or "clean", floating point at sample_rate itself, without delay or grain; partials above half
    the rate fold back, which at less than 44.1 kHz can be heard.

    tuning: what the keys sound, if not what the DX7's do.

    Raises ValueError or TypeError.
    """
    rate = checked_whole("sample_rate", sample_rate, MIN_RATE, MAX_RATE)
    held = checked_seconds("hold", hold)
    hold_frames, total_frames = round(held * rate), round((held + checked_seconds("tail", tail)) * rate)
    engine = Engine(rate, voices=1, parts=1, kernel=kernel, output=output)
    if tuning is not None:
        engine.set_tuning(tuning, frame=0)
    voice: Any = patch
    engine.load(voice.to_patch() if hasattr(voice, "to_patch") else voice, frame=0)
    engine.note_on(note, velocity, frame=0)
    engine.note_off(note, frame=hold_frames)
    return engine.render(total_frames)[:, 0].copy()


def render_native(patch: Patch, note: int, velocity: int, hold_frames: int, total_frames: int) -> NDArray[np.int32]:
    """One note in chip units at 49 096.354 Hz: int32 (total_frames,).

    The key goes up before frame hold_frames is computed. One unit is one step of an operator's 14-bit
    output; the DAC and the output filter are left out.
    """
    hold = checked_int("hold_frames", hold_frames, 0, MOST_FRAMES)
    events = [(0, "on", note, velocity), (hold, "off", note, 0)]
    return render_native_events(patch, events, total_frames)


def render_native_events(
    patch: Patch, events: Iterable[tuple[int, str, int, int]], total_frames: int
) -> NDArray[np.int32]:
    """Notes on a 16-voice DX7 that steals nothing: int32 (total_frames,), the sum of the voices in chip units.

    events: (native frame, "on" or "off", note, velocity), applied in this order on frames that do not
    decrease. Velocity 0 is a note-off.
    """
    score = Score()
    score.load(0, 0, patch)
    previous = 0
    for frame, kind, note, velocity in events:
        if checked_int("The frame of an event", frame, 0, MOST_FRAMES) < previous:
            raise ValueError(f"Events must be in the order of their frames: {frame} comes after {previous}.")
        previous = frame
        status = KINDS[checked_choice("The kind of an event", kind, tuple(KINDS))]
        score.midi(frame, bytes((status, checked_int("note", note, 0, 127), checked_int("velocity", velocity, 0, 127))))
    engine = Engine(voices=HARDWARE_VOICES, parts=1, steal=False)
    engine.play(score)
    return engine.render_native(checked_int("total_frames", total_frames, 0, MOST_FRAMES))
