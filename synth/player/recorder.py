# SPDX-License-Identifier: Apache-2.0
"""The recording: what the device was sent, drained from the engine's ring into a sound file.

WAV files hold the float samples exactly as they went to the device; FLAC, which
has no floats, holds 24 bits. A player that replaces another appends.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import soundfile

from synth.errors import SixopError

if TYPE_CHECKING:
    from synth.engine import Engine

RING_SECONDS = 10.0
"""Room in the engine's ring: what may pass between two drains."""

_DRAIN_FRAMES = 16384
_CHANNELS = 2


class Recorder:
    """Writes one file. `limit` ends it after so many frames."""

    def __init__(self, engine: Engine, path: str, append: bool = False, limit: int | None = None) -> None:
        self._engine = engine
        self._left = limit
        self.path = path
        kind = Path(path).suffix.lower()
        if kind not in (".wav", ".flac"):
            raise SixopError(f"cannot record to {path!r}: the name must end in .wav or .flac")
        try:
            if append and Path(path).exists() and soundfile.info(path).samplerate == engine.sample_rate:
                self._file = soundfile.SoundFile(path, "r+")
                self._file.seek(0, soundfile.SEEK_END)
            else:
                subtype = "FLOAT" if kind == ".wav" else "PCM_24"
                self._file = soundfile.SoundFile(path, "w", engine.sample_rate, _CHANNELS, subtype)
        except (soundfile.LibsndfileError, OSError) as error:
            raise SixopError(f"cannot record to {path!r}: {error}") from error

    def drain(self) -> None:
        """Write what the engine has rendered since the last call."""
        while self._left is None or self._left > 0:
            frames = _DRAIN_FRAMES if self._left is None else min(_DRAIN_FRAMES, self._left)
            block = self._engine.record_read(frames)
            if not len(block):
                return
            self._file.write(block)
            if self._left is not None:
                self._left -= len(block)

    def close(self) -> int:
        """Finish the file; the frames it holds."""
        self.drain()
        frames = int(self._file.frames)
        self._file.close()
        return frames
