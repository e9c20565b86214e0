# SPDX-License-Identifier: Apache-2.0
"""What a player records, as sound and as MIDI. All of it belongs to the thread that keeps house.

A recording that cannot begin is an error; one that cannot go on in a player that replaces another is a warning.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from synth.errors import SixopError
from synth.player.recorder import Recorder
from synth.player.settings import PARTS, Settings
from synth.player.tape import Tape, TapeRecorder

if TYPE_CHECKING:
    from synth.patch import Patch
    from synth.player.meters import Meters
    from synth.player.opening import Sound
    from synth.player.wire import Message
    from synth.producer import Producer


class Recordings:
    """Those that the settings ask for. `emit` takes what a face should see: where each is, and how it ended.

    Raises:
        SixopError: one cannot begin.
    """

    def __init__(
        self,
        settings: Settings,
        sound: Sound,
        producer: Producer,
        voices: list[Patch],
        meters: Meters,
        emit: Callable[[Message], None],
    ) -> None:
        self._settings = settings
        self._emit = emit
        self._meters = meters
        self._recorder: Recorder | None = None
        self._tape_recorder: TapeRecorder | None = None
        self.tape: Tape | None = None  #: the target that hears what is played
        try:
            self._open_recorder(sound)
            self._open_tape(sound, producer, voices)
        except SixopError:
            self.close()
            raise

    def _open_recorder(self, sound: Sound) -> None:
        path, resume = self._settings.record, self._settings.resume
        if path is None:
            return
        left = None if sound.limit is None else max(0, sound.limit - sound.start.frames)
        try:
            self._recorder = Recorder(sound.engine, path, self._warn, resume, left)
        except SixopError as error:
            if not resume:
                raise
            self._warn(f"recording stopped: {error}")
        self._tell_recorder()

    def _open_tape(self, sound: Sound, producer: Producer, voices: list[Patch]) -> None:
        """A song has its voices itself, and tells what is played of it."""
        path, resume = self._settings.record_midi, self._settings.resume
        if path is None:
            return
        tape = Tape(producer, on=not sound.scored)
        first = self._settings.number - 1
        start = [] if resume else [(voices[first % len(voices)], first % len(voices))] * PARTS
        song = [event for event in sound.song.events if event[0] >= sound.start.frames]
        base = 0 if sound.scored else round(self._settings.elapsed_seconds * sound.engine.sample_rate)
        try:
            self._tape_recorder = TapeRecorder(sound.engine, tape, path, self._warn, start, song, resume, base)
        except SixopError as error:
            if not resume:
                raise
            self._warn(str(error))
        else:
            self.tape = tape
        self._tell_tape()

    def _tell_recorder(self) -> None:
        """Where a next player would go on: nowhere if this one could not."""
        path = None if self._recorder is None or self._recorder.failed else self._recorder.path
        self._emit({"event": "recording", "file": path})

    def _tell_tape(self) -> None:
        path = None if self._tape_recorder is None or self._tape_recorder.failed else self._tape_recorder.path
        self._emit({"event": "recording_midi", "file": path})

    def _warn(self, text: str) -> None:
        self._emit({"event": "warning", "text": text})

    def begin(self) -> None:
        """The parts have their voices: from here on all that is played counts."""
        if self._tape_recorder is not None:
            self._tape_recorder.begin()

    def drain(self) -> None:
        """Write down what has come since the last call."""
        tape = self._tape_recorder
        if tape is not None and not tape.failed:
            tape.drain()
            if tape.failed:
                self._tell_tape()
        recorder = self._recorder
        if recorder is not None and not recorder.failed:
            path = recorder.path
            recorder.drain()
            if recorder.failed or recorder.path != path:
                self._tell_recorder()

    def close(self) -> None:
        """Finish them; a dead audio server does not matter to that. Twice is fine."""
        tape, self._tape_recorder = self._tape_recorder, None
        if tape is not None and tape.close():
            self._emit({"event": "recorded_midi", "file": tape.path})
        recorder, self._recorder = self._recorder, None
        if recorder is not None:
            frames = recorder.close()
            lost = self._meters.count("record_lost")
            if frames is not None:
                self._emit({"event": "recorded", "file": recorder.path, "frames": frames, "lost": lost})
