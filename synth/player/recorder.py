# SPDX-License-Identifier: Apache-2.0
"""The recording: what the device was sent, drained from the engine's ring into a sound file.

WAV files hold the float samples exactly as they went to the device; FLAC, which
has no floats, holds 24 bits. A player that replaces another appends to a WAV
of its own rate; any other take is finished, and the next one gets a number.

Once a recording has begun, nothing that befalls it may stop the sound: it ends
with one sentence, and the music goes on.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import soundfile

from synth.errors import SixopError
from synth.files import next_take

if TYPE_CHECKING:
    from synth.engine import Engine

RING_SECONDS = 10.0
"""Room in the engine's ring: what may pass between two drains."""

_DRAIN_FRAMES = 16384
_CHANNELS = 2
_SUBTYPES = {".wav": "FLOAT", ".flac": "PCM_24"}
_FULL_BYTES = 1 << 20  # a disk with less room than this, on which writing fails, is full
# soundfile asserts that all was written, which a full disk makes untrue.
_FAILURES = (soundfile.SoundFileError, OSError, AssertionError)


class Recorder:
    """Writes one file. `limit` ends it after so many frames; `warn` takes the sentence it fails with.

    Raises:
        SixopError: the file cannot be opened.
    """

    def __init__(
        self,
        engine: Engine,
        path: str,
        warn: Callable[[str], None],
        append: bool = False,
        limit: int | None = None,
    ) -> None:
        self._engine = engine
        self._warn = warn
        self._left = limit
        self.path = path
        self.failed = False
        self._rate = engine.sample_rate
        if Path(path).suffix.lower() not in _SUBTYPES:
            raise SixopError(f"cannot record to {path!r}: the name must end in .wav or .flac")
        if append and Path(path).exists() and not _can_append(path, self._rate):
            self.path = next_take(path)
            warn(f"{Path(path).name} is finished; the recording goes on in {self.path}")
        try:
            self._file = self._open(append)
        except _FAILURES as error:
            raise SixopError(f"cannot record to {self.path!r}: {_reason(self.path, error)}") from error
        self.frames = int(self._file.frames)

    def _open(self, append: bool) -> soundfile.SoundFile:
        if append and Path(self.path).exists():
            file = soundfile.SoundFile(self.path, "r+")
            file.seek(0, soundfile.SEEK_END)
            return file
        return soundfile.SoundFile(self.path, "w", self._rate, _CHANNELS, _SUBTYPES[Path(self.path).suffix.lower()])

    def drain(self) -> None:
        """Write what the engine has rendered since the last call."""
        while not self.failed and (self._left is None or self._left > 0):
            frames = _DRAIN_FRAMES if self._left is None else min(_DRAIN_FRAMES, self._left)
            block = self._engine.record_read(frames)
            if not len(block):
                return
            try:
                self._file.write(block)
            except _FAILURES as error:
                self._fail(error)
                return
            self.frames += len(block)
            if self._left is not None:
                self._left -= len(block)

    def _fail(self, error: BaseException) -> None:
        if self.failed:
            return
        self.failed = True
        self._warn(f"recording stopped at {self.frames / self._rate:.1f} s: {_reason(self.path, error)}")

    def close(self) -> int | None:
        """Finish the file; the frames it holds, None if it is not whole. Twice is fine."""
        if not self._file.closed:
            self.drain()
            try:
                self._file.close()
            except _FAILURES as error:
                self._fail(error)
        return None if self.failed else self.frames


def _can_append(path: str, rate: int) -> bool:
    try:
        info = soundfile.info(path)
    except _FAILURES:
        return False
    return (info.format, info.subtype, info.channels, info.samplerate) == ("WAV", "FLOAT", _CHANNELS, rate)


def _reason(path: str, error: BaseException) -> str:
    folder = Path(path).parent
    if not folder.is_dir():
        return f"there is no folder {str(folder)!r}"
    try:
        if shutil.disk_usage(folder).free < _FULL_BYTES:
            return "the disk is full"
    except OSError:
        pass
    return str(error) or "it cannot be written"
