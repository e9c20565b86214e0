# SPDX-License-Identifier: Apache-2.0
"""The virtual board's memory as a file: 128 programs of 512 bytes, nothing else."""

from __future__ import annotations

from pathlib import Path

from bridge.errors import BridgeError, ProgramError
from bridge.parameters import INIT_PROGRAM
from bridge.virtual.board import PROGRAMS, SIZE
from synth.files import read_limited, replacing, why_not_written

_BYTES = SIZE * PROGRAMS


class Store:
    """A file of 65 536 bytes that is always whole. One that is missing begins with INIT programs.

    Raises:
        ProgramError: the file has another size.
        BridgeError: it cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem = ""
        if not path.exists() and not self.save(bytes(INIT_PROGRAM) * PROGRAMS):
            raise BridgeError(self.problem)

    def load(self) -> bytes:
        """All programs."""
        try:
            data = read_limited(self.path, _BYTES)
        except OSError as error:
            raise BridgeError(f"{self.path} cannot be read: {error.strerror}; choose another file") from error
        if data is None or len(data) != _BYTES:
            size = f"{len(data)} bytes" if data is not None else "more"
            raise ProgramError(
                f"{self.path} has {size}, but a board's memory has {_BYTES} ({PROGRAMS} programs of {SIZE}); "
                "choose another file, or a new name to begin with an empty memory"
            )
        return data

    def save(self, programs: bytes) -> bool:
        """Write all programs; False if that failed, and `problem` says why."""
        try:
            with replacing(self.path) as temporary:
                temporary.write_bytes(programs)
        except (OSError, ValueError) as error:
            self.problem = f"{self.path} cannot be written: {why_not_written(error)}"
            return False
        return True
