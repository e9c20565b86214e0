# SPDX-License-Identifier: Apache-2.0
"""The file of a backup: all programs and both edit buffers of a board, as text that describes itself.

It is JSON: `format`, `version`, `date`, `board` (serial number or port), `programs` and `edit_buffers` (512 bytes
each, as hexadecimal text, by number from 1), `names` where known, and `sha256` over all the rest. While a backup is
being made there is a second file beside it, `.partial` at its end: a line for the beginning and one for each program.
"""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from bridge.errors import BridgeError, ProgramError
from bridge.protocol import PROGRAMS, SIZE, UNITS
from synth.files import read_source, replacing, why_not_written

FORMAT = "sixop xfm2 backup"
VERSION = 1

_LARGEST = 4 << 20  # bytes; a backup has about 140 000
_BEGINNING = 100  # bytes, in which a backup says what it is
_ANOTHER = "choose another file, or make a new backup with `sixop xfm2 backup FILE`"


def now() -> str:
    """The time, for programs, in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def local_time(date: str) -> str:
    """The same for people, by the clock of this computer; what is no date stays as it is."""
    try:
        return f"{datetime.fromisoformat(date).astimezone():%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError, OSError):
        return date


@dataclass(frozen=True, slots=True)
class Backup:
    """What a board held: 128 programs, and the edit buffers by unit if the file knows them."""

    programs: tuple[bytes, ...]
    edit_buffers: Mapping[int, bytes] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)  #: by program, 1..128
    board: str = ""  #: serial number or port
    date: str = ""  #: ISO 8601

    def write(self, path: Path) -> None:
        """Write the file; it is whole or as it was.

        Raises:
            BridgeError: it cannot be written.
        """
        content: dict[str, Any] = {
            "format": FORMAT,
            "version": VERSION,
            "date": self.date,
            "board": self.board,
            "programs": {str(number): program.hex() for number, program in enumerate(self.programs, 1)},
            "edit_buffers": {str(unit): program.hex() for unit, program in self.edit_buffers.items()},
            "names": {str(number): name for number, name in self.names.items()},
        }
        content["sha256"] = _checksum(content)
        try:
            with replacing(path) as place:
                place.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        except (OSError, ValueError) as error:
            raise BridgeError(f"cannot write {str(path)!r}: {why_not_written(error)}") from error


def read_backup(path: Path) -> Backup:
    """The backup in a file, or the bank of 128 programs, which has no edit buffers.

    Raises:
        ProgramError: it is neither, or it is damaged.
    """
    return _read_own(path) if begins_backup(path) else _read_bank(path)


def begins_backup(path: Path) -> bool:
    """True for a file that says it is a backup, be it whole or damaged; False as well if it cannot be read."""
    try:
        with path.open("rb") as file:
            beginning = file.read(_BEGINNING).lstrip()
    except (OSError, ValueError):
        return False
    return beginning[:1] == b"{" and f'"{FORMAT}"'.encode() in beginning


def _read_own(path: Path) -> Backup:
    _, data = read_source(path, _LARGEST, "a backup", ProgramError)
    try:
        content = json.loads(data)
        version, stated = content["version"], content.pop("sha256")
    except (ValueError, KeyError, TypeError):
        raise ProgramError(f"{path} is a damaged backup, it is not complete; {_ANOTHER}") from None
    if version != VERSION:
        raise ProgramError(f"{path} is a backup of version {version!r}; this program reads version {VERSION}")
    if stated != _checksum(content):
        raise ProgramError(f"{path} is a damaged backup, its checksum does not agree with its content; {_ANOTHER}")
    try:
        backup = Backup(
            tuple(_program(content["programs"][str(number)]) for number in range(1, PROGRAMS + 1)),
            {unit: _program(content["edit_buffers"][str(unit)]) for unit in UNITS},
            {int(number): str(name) for number, name in content["names"].items()},
            str(content["board"]),
            str(content["date"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ProgramError(
            f"{path} is no whole backup, it lacks some of {PROGRAMS} programs and {len(UNITS)} edit buffers; {_ANOTHER}"
        ) from None
    return backup


def _read_bank(path: Path) -> Backup:
    from bridge.files import read_programs

    programs = read_programs(path)
    if len(programs) != PROGRAMS:
        count = f"{len(programs)} program{'s' * (len(programs) != 1)}"
        raise ProgramError(
            f"{path} holds {count}, and a restore takes all {PROGRAMS}; `sixop xfm2 send {path} --store N` stores fewer"
        )
    names = {number: program.name for number, program in enumerate(programs, 1) if program.name}
    return Backup(tuple(bytes(program) for program in programs), names=names)


class Partial:
    """A backup that is being made, kept on the disk program by program, so that it can be gone on with."""

    def __init__(self, path: Path, board: str, date: str, edit_buffers: Mapping[int, bytes]) -> None:
        self.path = path
        self.board = board
        self.date = date
        self.edit_buffers = edit_buffers
        self.put_back = False  #: the board has its edit buffers again, and may have got others since
        self.programs: dict[int, bytes] = {}  #: by number, 1..128

    @classmethod
    def begin(cls, backup: Path, board: str, edit_buffers: Mapping[int, bytes]) -> Self:
        """A new one for a backup that shall become the file `backup`.

        Raises:
            BridgeError: it cannot be written.
        """
        partial = cls(partial_path(backup), board, now(), edit_buffers)
        start = {
            "format": f"{FORMAT} partial",
            "version": VERSION,
            "board": board,
            "date": partial.date,
            "edit_buffers": {str(unit): program.hex() for unit, program in edit_buffers.items()},
        }
        partial._append(start, "wb")
        return partial

    @classmethod
    def found(cls, backup: Path) -> Self | None:
        """The one that an interrupted backup to `backup` left; None if there is none that can be gone on with."""
        path = partial_path(backup)
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
            start = json.loads(lines[0])
            if start["format"] != f"{FORMAT} partial" or start["version"] != VERSION:
                return None
            buffers = {unit: _program(start["edit_buffers"][str(unit)]) for unit in UNITS}
            partial = cls(path, str(start["board"]), str(start["date"]), buffers)
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            return None
        with suppress(ValueError, KeyError, TypeError):  # the last line may have been cut off
            for line in lines[1:]:
                partial._take(json.loads(line))
        partial._keep_whole_lines()
        return partial

    @property
    def missing(self) -> list[int]:
        """The programs that are still to be read."""
        return [number for number in range(1, PROGRAMS + 1) if number not in self.programs]

    def add(self, number: int, program: bytes) -> None:
        """Keep one more program.

        Raises:
            BridgeError: it cannot be written.
        """
        self.programs[number] = program
        self._append({"program": number, "data": program.hex()}, "ab")

    def go_on(self, edit_buffers: Mapping[int, bytes]) -> None:
        """Keep the edit buffers that the board holds now, instead of those that were put back."""
        self.edit_buffers, self.put_back = edit_buffers, False
        self._append({"edit_buffers": {str(unit): program.hex() for unit, program in edit_buffers.items()}}, "ab")

    def note_put_back(self) -> None:
        """The board has its edit buffers again."""
        self.put_back = True
        self._append({"put_back": True}, "ab")

    def _take(self, entry: dict[str, Any]) -> None:
        """What one line says."""
        if "put_back" in entry:
            self.put_back = True
        elif "edit_buffers" in entry:
            self.edit_buffers = {unit: _program(entry["edit_buffers"][str(unit)]) for unit in UNITS}
            self.put_back = False
        else:
            self.programs[int(entry["program"])] = _program(entry["data"])

    def finished(self, names: Mapping[int, str]) -> Backup:
        """The backup, when nothing is missing any more."""
        programs = tuple(self.programs[number] for number in range(1, PROGRAMS + 1))
        return Backup(programs, self.edit_buffers, names, self.board, self.date)

    def remove(self) -> None:
        """The backup itself is written: this is not needed any more."""
        self.path.unlink(missing_ok=True)

    def _keep_whole_lines(self) -> None:
        """Cut off a line that was being written when the power failed, so that the next one starts at its place."""
        data = self.path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if whole != data:
            self.path.write_bytes(whole)

    def _append(self, entry: dict[str, Any], mode: str) -> None:
        try:
            with self.path.open(mode) as file:
                file.write(json.dumps(entry).encode() + b"\n")
        except (OSError, ValueError) as error:
            backup = self.path.with_suffix("")  # the name that people gave
            raise BridgeError(f"cannot write {str(backup)!r}: {why_not_written(error)}") from error


def partial_path(backup: Path) -> Path:
    """Where the progress of a backup is kept."""
    return backup.with_name(f"{backup.name}.partial")


def _program(text: str) -> bytes:
    program = bytes.fromhex(text)
    if len(program) != SIZE:
        raise ValueError(f"{len(program)} bytes")
    return program


def _checksum(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
