# SPDX-License-Identifier: Apache-2.0
"""A player without device, clock or thread: it obeys at once, and makes sound when it is asked to.

A command takes effect on the next frame that is rendered, in the order of commands, to the sample.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from synth.engine import FRAMES_AT_ONCE, Engine
from synth.live.memory import Memory
from synth.messages import SYSEX
from synth.player.opening import open_offline
from synth.player.playing import Playing
from synth.player.process import Player
from synth.player.settings import Settings, unpack_voices
from synth.player.wire import Message
from synth.producer import Producer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synth.patch import Patch


class OfflinePlayer:
    """One engine and all that a live one has around it but keyboards. Events go to `tell` before a command returns.

    Raises:
        SixopError: a song is damaged, or the recording cannot begin.
    """

    def __init__(self, memory: Memory, tell: Callable[[Message], None]) -> None:
        self._lock = threading.RLock()
        self._memory = memory
        self._tell = tell
        self.ended = threading.Event()
        self.exit_code: int | None = None
        self._player = _Prompt(self, memory)
        self._player.start()

    def take(self, event: Message) -> None:
        """An event of the player."""
        seen = self._memory.take(event)
        if seen is not None:
            self._tell(seen)

    def send(self, command: Message) -> None:
        """Obey."""
        with self._lock:
            if not self.ended.is_set():
                self._player.obey(command)

    def render(self, frames: int) -> NDArray[np.float32]:
        """The next frames: float32 (frames, 2). Once a song or the time is over, fewer; then none."""
        with self._lock:
            if self.ended.is_set():
                return np.empty((0, 2), np.float32)
            return self._player.render(frames)

    def close(self) -> None:
        """Finish the recording. Twice is fine."""
        with self._lock:
            if not self.ended.is_set():
                self._player.finish()
                self.exit_code = 0
                self.ended.set()


class _Prompt(Player):
    """A player that nobody waits for: its thread is the caller's."""

    def __init__(self, owner: OfflinePlayer, memory: Memory) -> None:
        copied = Settings(**asdict(memory.settings))  # the memory's change with what this player tells
        settings = replace(copied, audio="none", midi=["none"], outputs=[], mts_esp=False)
        super().__init__(_Direct(owner.take), settings, [], owns_process=False)

    def start(self) -> None:
        """From settings to an engine that waits to be rendered."""
        voices = unpack_voices(self._settings.voices)
        sound = open_offline(self._settings, voices)
        self._feed = _Feed(sound.engine)
        self._assemble(sound, self._feed, voices, _AtOnce)
        self._start()
        self._emit({"event": "ready", "realtime": False})

    def obey(self, command: Message) -> None:
        """Do it, and tell what happened."""
        self._obey(command)
        self._sound.engine.collect()
        self._send_dumps()
        self._routes.tend()
        self._events.extend(event for target in self._targets for event in target.tend())
        self._forward_events()

    def render(self, frames: int) -> NDArray[np.float32]:
        """The next frames, at most those up to the end of a song or of the time."""
        engine, limit = self._sound.engine, self._sound.limit
        left = frames if limit is None else min(frames, limit - engine.stats().frames)
        blocks: list[NDArray[np.float32]] = [np.empty((0, 2), np.float32)]
        self._feed.flush()
        while left > 0:
            blocks.append(engine.render(min(left, engine.sample_rate, self._frames_of_peace())))
            left -= len(blocks[-1])
            self._recordings.drain()
        self._send_meters()
        self._forward_events()
        return np.concatenate(blocks)

    def _now(self) -> float:
        return self._sound.engine.stats().frames / self._sound.engine.sample_rate

    def _frames_of_peace(self) -> int:
        """Play what is due of a phrase on the next frame; how many frames there are until it goes on."""
        frames, rate = self._sound.engine.stats().frames, self._sound.engine.sample_rate
        self._playing.turn((frames + 0.5) / rate)
        due = self._instrument.due
        return FRAMES_AT_ONCE if due is None else max(1, math.ceil(due * rate - 0.5) - frames)

    def finish(self) -> None:
        """The end."""
        self.close_recording()
        self._send_meters()
        self._emit({"event": "end", **self._meters.read()})
        for target in self._targets:
            target.close()


class _Direct:
    """The wire to somebody on the same thread."""

    def __init__(self, take: Callable[[Message], None]) -> None:
        self.send = take

    def receive(self, timeout: float) -> list[Message] | None:  # noqa: ARG002
        """Nothing: commands come as calls."""
        return []


class _AtOnce(Playing):
    """What is posted is done before `post` returns."""

    def start(self) -> None:
        """There is no thread."""

    def post(self, function: Callable[..., None], *arguments: Any) -> None:
        """Call `function(*arguments)`."""
        super().post(function, *arguments)
        self.turn(0.0)


class _Feed(Producer):
    """Sends without ever waiting for the engine to render.

    Of several voices for one part without an event of that part in between, the last alone counts; so it alone goes
    on its way, of which there is room for 64.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine.handle, engine.producer()._number)
        self._voices: dict[int, Patch | bytes] = {}

    @property
    def fed(self) -> int:
        """How many events there have been, with those that are held back."""
        return super().fed + len(self._voices)

    def load(self, patch: Patch | bytes, part: int = 0, frame: int | None = None) -> None:
        """New notes of the part play this patch."""
        if frame is None:
            self._voices[part] = patch
        else:
            super().load(patch, part, frame)

    def midi(self, data: bytes, frame: int | None = None) -> None:
        """Whole MIDI messages, of one part or of the system."""
        self._flush_part(data[0] & 0x0F if data and data[0] < SYSEX else None)
        super().midi(data, frame)

    def touch(self, name: str, value: int, member: int, part: int = 0, frame: int | None = None) -> None:
        """Bend, pressure or a controller of one member's notes."""
        self._flush_part(part)
        super().touch(name, value, member, part, frame)

    def set_function(self, name: str, value: int, part: int = 0, frame: int | None = None) -> None:
        """Set one of the DX7's function parameters."""
        self._flush_part(part)
        super().set_function(name, value, part, frame)

    def set_operators(self, switches: int, part: int = 0, frame: int | None = None) -> None:
        """From the next note on these operators play, until another patch is loaded."""
        self._flush_part(part)
        super().set_operators(switches, part, frame)

    def _channel_message(self, status: int, note: int, value: int, part: int, frame: int | None) -> None:
        self._flush_part(part)
        super()._channel_message(status, note, value, part, frame)

    def member_note(self, note: int, velocity: int, member: int, part: int = 0, frame: int | None = None) -> None:
        """Start or release a note of a member."""
        self._flush_part(part)
        super().member_note(note, velocity, member, part, frame)

    def flush(self) -> None:
        """All that was held back is sent."""
        self._flush_part(None)

    def _flush_part(self, part: int | None) -> None:
        for number in list(self._voices) if part is None else [part]:
            if number in self._voices:
                super().load(self._voices.pop(number), number)
