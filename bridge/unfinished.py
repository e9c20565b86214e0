# SPDX-License-Identifier: Apache-2.0
"""A store that was begun and never answered, remembered beyond the process that began it.

A board that missed the second byte of a store waits for it, and takes the first byte of the next program that opens
the port for the number to store under. So that program has to know.
"""

from contextlib import suppress
from pathlib import Path

from bridge.errors import LinkError
from bridge.names import Names
from bridge.protocol import HAZARDS, PROGRAMS


class UnfinishedStore:
    """Of one board, told apart by its serial number or else its port."""

    def __init__(self, board: str) -> None:
        self.path: Path = Names(board).path.with_suffix(".unfinished")

    def read(self) -> int | None:
        """The program (0..127) that was being stored, or None.

        Raises:
            LinkError: its number is a byte that would do harm if the board does not wait for it after all.
        """
        try:
            slot = int(self.path.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None
        if slot in HAZARDS:
            raise LinkError(
                f"program {slot + 1} was being stored on this board when the connection broke, and the board may still "
                f"wait for the rest: unplug it, plug it in again, delete {self.path}, and look at that program"
            )
        return slot if 0 <= slot < PROGRAMS else None

    def keep(self, slot: int | None) -> None:
        """Remember a program, or with None that all is well. What cannot be written is not remembered."""
        with suppress(OSError):
            if slot is None:
                self.path.unlink(missing_ok=True)
            else:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self.path.write_text(str(slot), encoding="ascii")
