# SPDX-License-Identifier: Apache-2.0
"""Notices that the audio server has died, and that the face has.

A JACK server that goes away tells PortAudio nothing; the stream just turns
inactive, and from then on stopping it, or leaving the process in the ordinary
way, waits for ever. So the house-keeping thread is told, given a moment to
close the recording, and then the process ends where it stands, if it is the
player's own.
"""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

from synth.player.settings import AUDIO_LOST

if TYPE_CHECKING:
    from synth.audio.output import Output
    from synth.engine import Engine

_LOOK_SECONDS = 0.05
# A server that calls nobody back for this long is gone, even if its stream still counts as active.
_SILENT_SECONDS = 2.0
_FAREWELL_SECONDS = 1.0


class Watchdog(threading.Thread):
    """Looks twenty times a second. `lost` is set once the audio has gone; only a process of our own is ended then."""

    def __init__(self, engine: Engine, output: Output, owns_process: bool = True) -> None:
        super().__init__(name="watchdog", daemon=True)
        self.lost = threading.Event()
        self._engine = engine
        self._output = output
        self._owns_process = owns_process
        self._face = os.getppid()
        self._off = False

    def run(self) -> None:
        """Look until something has died."""
        blocks, moved = -1, time.monotonic()
        while not self._off:
            time.sleep(_LOOK_SECONDS)
            now_blocks, now = self._engine.stats().blocks, time.monotonic()
            if now_blocks != blocks:
                blocks, moved = now_blocks, now
            if not self._output.alive() or now - moved > _SILENT_SECONDS:
                break
            if self._owns_process and os.getppid() != self._face:
                time.sleep(_FAREWELL_SECONDS)
                os._exit(1)
        if not self._off:
            self.lost.set()
            if self._owns_process:
                time.sleep(_FAREWELL_SECONDS)
                os._exit(AUDIO_LOST)

    def stop(self) -> None:
        """The output is about to be stopped on purpose."""
        self._off = True
