# SPDX-License-Identifier: Apache-2.0
"""What this computer remembers of a board: the board itself has no names for its programs.

A name belongs to the bytes of a program, not to its place in the memory. So a program that was changed at the board
or by another editor has no name any more, and one that was moved keeps it.
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from bridge.errors import BridgeError
from bridge.parameters import UNREACHABLE
from synth.directories import directory
from synth.files import replacing, why_not_written

FORMAT = "sixop xfm2 names"


def differing(before: bytes, after: bytes) -> list[int]:
    """The parameters in which two programs differ, of all that have a meaning."""
    return [n for n, value in enumerate(before) if n not in UNREACHABLE and value != after[n]]


def fingerprint(program: bytes) -> str:
    """What tells two programs apart: sha256 of all parameters that have a meaning."""
    meant = bytearray(program)
    for number in UNREACHABLE:
        meant[number] = 0
    return hashlib.sha256(meant).hexdigest()


class Names:
    """Names, contents and the last backup of one board, told apart by its serial number or else its port."""

    def __init__(self, board: str) -> None:
        self.board = board
        self.last_backup: datetime | None = None  #: when all programs were last saved to a file
        self.last_backup_file = ""
        self._names: dict[str, str] = {}  # by fingerprint
        self._programs: dict[int, str] = {}  # fingerprints by program, 1..128, as last read or written

    @classmethod
    def load(cls, board: str) -> Self:
        """What is remembered; nothing if the board is new here or its file cannot be understood."""
        names = cls(board)
        try:
            names._take(json.loads(names.path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, AttributeError, KeyError):
            return cls(board)
        return names

    @property
    def path(self) -> Path:
        """The file that remembers, in the state directory."""
        return directory("state") / "xfm2" / f"{self.file_stem}.json"

    @property
    def backup_path(self) -> Path:
        """Where a backup goes for which nobody named a file."""
        return directory("state") / "xfm2" / f"{self.file_stem}.backup.json"

    @property
    def file_stem(self) -> str:
        """The board's name with nothing in it that files may not be called."""
        return re.sub(r"[^A-Za-z0-9._-]+", "_", self.board).strip("_.") or "board"

    def name(self, program: bytes) -> str:
        """What this program is called, or nothing."""
        return self._names.get(fingerprint(program), "")

    def places(self, program: bytes) -> list[int]:
        """The programs (1..128) that held exactly this when they were last read or written."""
        wanted = fingerprint(program)
        return sorted(number for number, content in self._programs.items() if content == wanted)

    def contradicts(self, place: int, program: bytes) -> bool:
        """True if a place in the memory (1..128) is known to have held something else."""
        return self._programs.get(place, fingerprint(program)) != fingerprint(program)

    def remember(self, program: bytes, name: str = "", place: int | None = None) -> None:
        """Bind a name to a program's bytes, and the bytes to a place in the board's memory (1..128)."""
        if name.strip():
            self._names[fingerprint(program)] = name.strip()
        if place is not None:
            self._programs[place] = fingerprint(program)

    def backed_up(self, path: Path) -> None:
        """All programs are in this file now."""
        self.last_backup, self.last_backup_file = datetime.now(UTC).replace(microsecond=0), str(path.absolute())

    def save(self) -> None:
        """Write what is remembered; the file is whole or as it was.

        Raises:
            BridgeError: it cannot be written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(self.path) as place:
                place.write_text(json.dumps(self._given(), indent=1) + "\n", encoding="utf-8")
        except (OSError, ValueError) as error:
            reason = why_not_written(error)
            raise BridgeError(f"the names of the programs cannot be kept in {self.path}: {reason}") from error

    def keep(self, say: Callable[[str], None]) -> None:
        """As `save`, but if that fails it is only said: what was done on the board is done."""
        try:
            self.save()
        except BridgeError as error:
            say(str(error))

    def _given(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "board": self.board,
            "last_backup": self.last_backup and self.last_backup.isoformat(),
            "last_backup_file": self.last_backup_file,
            "names": self._names,
            "programs": {str(number): content for number, content in sorted(self._programs.items())},
        }

    def _take(self, given: dict[str, Any]) -> None:
        if given["format"] != FORMAT:
            raise ValueError(FORMAT)
        self.last_backup = given["last_backup"] and datetime.fromisoformat(given["last_backup"])
        self.last_backup_file = str(given["last_backup_file"])
        self._names = {str(content): str(name) for content, name in given["names"].items()}
        self._programs = {int(number): str(content) for number, content in given["programs"].items()}
