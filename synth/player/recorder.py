# SPDX-License-Identifier: Apache-2.0
"""The recording: what the device was sent, drained from the engine's ring into a sound file.

WAV files hold the float samples exactly as they went to the device; FLAC, which
has no floats, holds 24 bits. A player that replaces another appends to a WAV
of its own rate; any other take is finished, and the next one gets a number. So
does what goes beyond the 4 GB that a WAV can hold.

Once a recording has begun, nothing that befalls it may stop the sound: it ends
with one sentence, and the music goes on.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import soundfile

from synth.errors import SixopError
from synth.files import next_take, why_not_written
from synth.player.wav_sizes import LARGEST_BYTES, WavSizes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from synth.engine import Engine

RING_SECONDS = 10.0
"""Room in the engine's ring: what may pass between two drains."""

_DRAIN_FRAMES = 16384
_CHANNELS = 2
_FRAME_BYTES = 4 * _CHANNELS  # of a WAV
_SUBTYPES = {".wav": "FLOAT", ".flac": "PCM_24"}
_FULL_BYTES = 1 << 20  # a disk with less room than this, on which writing fails, is full
# soundfile asserts that all was written, which a full disk makes untrue.
_FAILURES = (soundfile.SoundFileError, OSError, AssertionError)


class Recorder:
    """Writes one file, or several if a WAV becomes too large. All sizes are checked as often as it is drained.

    Args:
        engine: whose sound it is.
        path: of the file; it is written anew, or goes on if `append`.
        warn: takes a sentence: why it fails, or where it goes on.
        append: go on in a WAV of this rate.
        limit: end after so many frames.
        largest: bytes of sound in one WAV.

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
        largest: int = LARGEST_BYTES,
    ) -> None:
        self._engine = engine
        self._warn = warn
        self._left = limit
        self.path = path
        self.failed = False
        self._rate = engine.sample_rate
        if Path(path).suffix.lower() not in _SUBTYPES:
            raise SixopError(f"cannot record to {path!r}: the name must end in .wav or .flac")
        self._most_frames = largest // _FRAME_BYTES if Path(path).suffix.lower() == ".wav" else None
        append = append and Path(path).exists()
        if append and not _can_append(path, self._rate):
            self.path, append = self._next(path), False
        try:
            self._begin(append)
        except (*_FAILURES, UnicodeEncodeError) as error:
            raise SixopError(f"cannot record to {self.path!r}: {_reason(self.path, error)}") from error

    def _next(self, path: str) -> str:
        other = next_take(path)
        self._warn(f"{Path(path).name} is finished; the recording goes on in {other}")
        return other

    def _begin(self, append: bool) -> None:
        _check_place(Path(self.path))
        self._file = self._open(append)
        self.frames = int(self._file.frames)
        self._sizes = None if self._most_frames is None else WavSizes(self.path, _FRAME_BYTES)

    def _open(self, append: bool) -> soundfile.SoundFile:
        if append:
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
                self._write(block)
            except _FAILURES as error:
                self._fail(error)
                return
            if self._left is not None:
                self._left -= len(block)

    def _write(self, block: NDArray[np.float32]) -> None:
        if self._most_frames is not None and self.frames and self.frames + len(block) > self._most_frames:
            self._finish()
            self.path = self._next(self.path)
            self._begin(append=False)
        self._file.write(block)
        self.frames += len(block)
        if self._sizes is not None:
            self._sizes.update(self.frames)

    def _finish(self) -> None:
        if self._sizes is not None:
            self._sizes.close()
        self._file.close()

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
                self._finish()
            except _FAILURES as error:
                self._fail(error)
        return None if self.failed else self.frames


def _can_append(path: str, rate: int) -> bool:
    try:
        info = soundfile.info(path)
    except _FAILURES:
        return False
    return (info.format, info.subtype, info.channels, info.samplerate) == ("WAV", "FLOAT", _CHANNELS, rate)


def _check_place(path: Path) -> None:
    """Refuse what libsndfile would wait for, and say why a file cannot be made, which it does not."""
    if path.exists() and not path.is_dir() and not path.is_file():
        raise OSError(errno.EINVAL, "it is no ordinary file; choose another name")
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o666))


def _reason(path: str, error: BaseException) -> str:
    folder = Path(path).parent
    if not folder.is_dir():
        return f"there is no folder {str(folder)!r}"
    try:
        if shutil.disk_usage(folder).free < _FULL_BYTES:
            return "the disk is full"
    except OSError:
        pass
    if isinstance(error, UnicodeEncodeError):
        return "the name is no text in UTF-8; choose another one"
    if isinstance(error, OSError):
        return why_not_written(error)
    return str(error) or "it cannot be written"
