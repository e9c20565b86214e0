# SPDX-License-Identifier: Apache-2.0
"""Recording as MIDI: all that the parts played, on the frames on which they did.

A `Tape` is a target of the instrument: on the thread that plays it notes each message and how many events had been fed
to the engine by then. The engine says on which frame so many had taken effect, and `TapeRecorder`, on the thread that
keeps house, writes that down. So a song made of the recording plays what was played to the last bit.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from synth.controllers import ALL_SOUND_OFF, RESET_CONTROLLERS
from synth.errors import SixopError
from synth.files import next_take, why_not_written
from synth.messages import CONTROL
from synth.midi.outgoing import function_for, switches_for
from synth.midi.programs import choosing
from synth.midi.take import Take
from synth.parameters import ALL_OPERATORS_ON
from synth.patch import Patch
from synth.player.settings import PARTS
from synth.player.targets import Target
from synth.sysex import voice_message

if TYPE_CHECKING:
    from synth.engine import Engine, Producer

FLUSH_SECONDS = 0.5
"""What a crash may cost."""
_SONG_SECONDS = 0.1  # a song's events wait so long for those that were played before them
_HALF = 1 << 31  # of the numbers that count events, which go round

Noted = tuple[int, list[bytes]] | tuple[int, tuple[int, Patch, int | None]]
"""Events fed by then, and what was played: messages, or a part's voice and its number."""


class Tape(Target):
    """What the parts play, as it is fed to the engine by this producer, while it is `on`."""

    def __init__(self, producer: Producer, on: bool) -> None:
        producer.watch()
        self._producer = producer
        self.on = on
        self.noted: deque[Noted] = deque()

    def _note(self, messages: list[bytes]) -> None:
        if self.on:
            self.noted.append((self._producer.fed, messages))

    def midi(self, message: bytes) -> None:
        """A part heard this."""
        self._note([message])

    def voice(self, part: int, patch: Patch, index: int | None) -> None:
        """A part plays this voice."""
        if self.on:
            self.noted.append((self._producer.fed, (part, patch, index)))

    def switches(self, part: int, switches: int) -> None:
        """A part's operators are switched."""
        self._note([switches_for(switches, part + 1)])

    def function(self, part: int, name: str, value: int) -> None:
        """A part's function parameter has this value."""
        self._note([function_for(name, value, part + 1)])

    def tuned(self, message: bytes) -> None:
        """Keys were tuned."""
        self._note([message])

    def silence(self) -> None:
        """All sound ended."""
        self._note(silence())


class TapeRecorder:
    """Writes a tape down. All of it belongs to the thread that keeps house.

    Args:
        path: of the MIDI file; it is written anew, or goes on if `append`.
        voices: what the 16 parts play before the first frame, each with its number.
        song: frames and messages that the engine plays by itself.
        base: frame of the whole recording on which this engine began.
        warn: takes a sentence.

    Raises:
        SixopError: the file cannot be opened.
    """

    def __init__(
        self,
        engine: Engine,
        tape: Tape,
        path: str,
        warn: Callable[[str], None],
        voices: Sequence[tuple[Patch, int | None]] = (),
        song: Sequence[tuple[int, bytes]] = (),
        append: bool = False,
        base: int = 0,
    ) -> None:
        self._engine = engine
        self._tape = tape
        self._warn = warn
        self._rate = engine.sample_rate
        self._base = base
        self._song = deque(song)
        self._arrivals: deque[tuple[int, int]] = deque()
        self._flushed = time.monotonic()
        self.failed = False
        self._take = _opened(path, self._rate, append, warn)
        self.path = self._take.path
        self._first = self._take.last  # ticks that players before this one have written
        if self._first:
            self._add(0, silence())
        for part, (patch, index) in enumerate(voices):
            self._add(0, _voice(part, patch, index))

    def begin(self) -> None:
        """The parts have their voices: from here on all counts, also beside a song."""
        self._tape.on = True

    def drain(self) -> None:
        """Write down what has been played since the last call, some of it a little later."""
        if self.failed:
            return
        frames = self._engine.stats().frames
        while arrivals := self._engine.arrivals():
            self._arrivals.extend(arrivals)
        noted = self._tape.noted
        while noted:
            fed, played = noted[0]
            while self._arrivals and (self._arrivals[0][1] - fed) % (2 * _HALF) >= _HALF:
                self._arrivals.popleft()
            if not self._arrivals:
                break
            frame = self._arrivals[0][0]
            self._add_song(frame + 1)
            self._add(frame, played if isinstance(played, list) else _voice(*played))
            noted.popleft()
        self._add_song(frames - round(_SONG_SECONDS * self._rate))
        now = time.monotonic()
        if now - self._flushed >= FLUSH_SECONDS:
            self._flushed = now
            self._guard(self._take.flush)

    def _add_song(self, end: int) -> None:
        while self._song and self._song[0][0] < end:
            frame, message = self._song.popleft()
            self._add(frame, [message])

    def _add(self, frame: int, messages: Sequence[bytes]) -> None:
        tick = self._take.tick(self._base + frame, self._rate)
        for message in messages:
            self._take.add(tick, message)

    def _guard(self, write: Callable[[], None]) -> None:
        try:
            write()
        except OSError as error:
            self.failed = True
            self._warn(f"MIDI recording stopped: {why_not_written(error)}; what was written before is kept")

    def close(self) -> bool:
        """Finish the file; True if it is whole. Twice is fine."""
        if not self.failed:
            self.drain()
            frames = self._engine.stats().frames
            self._add_song(frames)
            end = self._take.tick(self._base + frames, self._rate)
            self._guard(lambda: self._take.flush(end))
        whole, self.failed = not self.failed, True
        with suppress(OSError):
            self._take.close()
        return whole


def silence() -> list[bytes]:
    """What ends all sound of all parts."""
    return [
        bytes((CONTROL | part, number, 0)) for part in range(PARTS) for number in (ALL_SOUND_OFF, RESET_CONTROLLERS)
    ]


def _voice(part: int, patch: Patch, index: int | None) -> list[bytes]:
    """The program change of a voice in the bank, and the voice itself."""
    messages = []
    if index is not None:
        messages += choosing(part, index)
    messages.append(voice_message(patch.to_bytes(), part))
    if patch.operators_on != ALL_OPERATORS_ON:
        messages.append(switches_for(patch.operators_on, part + 1))
    return messages


def _opened(path: str, rate: int, append: bool, warn: Callable[[str], None]) -> Take:
    try:
        try:
            return Take(path, rate, append)
        except SixopError:
            other = next_take(path)
            warn(f"{path} is finished; the MIDI recording goes on in {other}")
            return Take(other, rate)
    except OSError as error:
        raise SixopError(f"cannot record MIDI to {path!r}: {why_not_written(error)}") from error
