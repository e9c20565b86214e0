# SPDX-License-Identifier: Apache-2.0
"""Sizes in the header of a WAV that still grows, so that the file is whole at any moment.

libsndfile writes them when a file is closed; after a power cut most programs would find an empty file.
"""

from __future__ import annotations

import os
import struct
from contextlib import suppress

LARGEST_BYTES = (1 << 32) - (1 << 20)
"""Of the sound in one file: its sizes have 32 bits. A megabyte less, which is room for all else."""

_HEAD_BYTES = 4096  # enough for all that libsndfile puts before the sound
_CHUNK = struct.Struct("<4sI")
_FIRST_CHUNK = 12  # after "RIFF", the size of the whole, "WAVE"


class WavSizes:
    """Of the WAV at `path`, which somebody else writes. Without a header that it knows it changes nothing."""

    def __init__(self, path: str, frame_bytes: int) -> None:
        self._frame_bytes = frame_bytes
        self._fact: int | None = None  # where the number of frames is
        self._data: int | None = None  # where the sound begins
        self._file = os.open(path, os.O_RDWR)
        head = os.pread(self._file, _HEAD_BYTES, 0)
        at = _FIRST_CHUNK
        while self._data is None and at + _CHUNK.size <= len(head):
            name, size = _CHUNK.unpack_from(head, at)
            at += _CHUNK.size
            if name == b"data":
                self._data = at
            elif name == b"fact":
                self._fact = at
            at += size + (size & 1)

    def update(self, frames: int) -> None:
        """The file holds so many frames by now.

        Raises:
            OSError: that cannot be written.
        """
        if self._data is None:
            return
        size = frames * self._frame_bytes
        self._put(4, self._data + size - 8)
        if self._fact is not None:
            self._put(self._fact, frames)
        self._put(self._data - 4, size)

    def _put(self, at: int, number: int) -> None:
        os.pwrite(self._file, number.to_bytes(4, "little"), at)

    def close(self) -> None:
        """Let go of the file. Twice is fine."""
        file, self._file = self._file, -1
        if file >= 0:
            with suppress(OSError):
                os.close(file)
