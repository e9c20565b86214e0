# SPDX-License-Identifier: Apache-2.0
"""The engine without an audio device: blocks rendered by the clock, heard by the recorder alone."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from synth.audio.output import OutputReport

if TYPE_CHECKING:
    from synth.engine import Engine

DEFAULT_FRAMES = 256
# After a pause longer than this (a suspended laptop) time is not made up for.
_CATCH_UP_SECONDS = 0.25


class ClockOutput:
    """Calls the audio callback as a device would: one block per block's time, starting now."""

    def __init__(self, engine: Engine, frames: int | None, reason: str) -> None:
        self._engine = engine
        self._frames = frames or DEFAULT_FRAMES
        self._reason = reason
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="audio clock", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        from synth.engine import ffi, lib

        block = ffi.new("float[]", self._frames * 2)
        period = self._frames / self._engine.sample_rate
        due = time.monotonic()
        while not self._stopping.is_set():
            lib.sx_portaudio_callback(ffi.NULL, block, self._frames, ffi.NULL, 0, self._engine.handle)
            due += period
            wait = due - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            elif wait < -_CATCH_UP_SECONDS:
                due = time.monotonic()

    def report(self) -> OutputReport:
        """Say why there is no device."""
        return OutputReport(self._reason, "", self._engine.sample_rate, self._frames, None)

    def alive(self) -> bool:
        """True as long as the clock ticks."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """End after the block under way."""
        self._stopping.set()
        self._thread.join()
