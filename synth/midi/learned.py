# SPDX-License-Identifier: Apache-2.0
"""Learned controllers, and the file that remembers them from one evening to the next.

What is learned holds for all inputs: a controller's number, or `bend` or `aftertouch`, and what it does (see
`control_targets.py`). The file is
read and written, whole, the moment something is learned or forgotten.
"""

from __future__ import annotations

import tomllib
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from synth.config.kinds import BARE_KEY, toml_text
from synth.config.positions import key_lines
from synth.directories import directory
from synth.errors import SixopError
from synth.files import read_limited, replacing
from synth.messages import CONTROL, PRESSURE
from synth.midi.control_targets import (
    HIGHEST_CONTROLLER,
    RESERVED,
    SOURCE_NUMBERS,
    control_target,
    source_name,
    source_number,
    source_of,
)

ITSELF: Final = "itself"
"""What a controller learns that shall have its own meaning again."""

_LARGEST = 1 << 16
_FAR = 64  # of 127: bend and aftertouch move by themselves while one plays, so they learn on their second half
_TABLE = "controllers"
_HEAD = "# What controllers have learned; written by sixop, yours to change while it does not play.\n\n"


def learned_file() -> Path:
    """Where learned controllers are remembered."""
    return directory("state") / "learned.toml"


def load_learned(file: Path) -> tuple[dict[int, str], list[str]]:
    """Controllers with what they do, and a sentence for all that is wrong in the file; no file is no controllers."""
    try:
        entries, lines = _entries(file)
    except SixopError as error:
        return {}, [f"{error}; nothing is learned; correct or delete it"]
    except OSError as error:
        return {}, [f"{file}: it cannot be read: {error.strerror or error}; nothing is learned"]
    learned, problems = {}, []
    for number, target in entries.items():
        try:
            controller = source_number(number)
            if controller is None or controller in RESERVED:
                raise ValueError("is no controller that can learn")
            control_target(target)
        except ValueError as error:
            line = lines.get((_TABLE, number)) or lines.get((_TABLE,))
            problems.append(f"{file}, line {line}: left out: {number!r} {error}")
        else:
            learned[controller] = str(target)
    return learned, problems


def save_learned(file: Path, changes: Mapping[int, str | None], anew: bool = False) -> list[str]:
    """Write the file with these changes, None for what is forgotten; and with nothing else if `anew`.

    Another player may have written it meanwhile, and a newer sixop things that this one does not know: they stay. A
    file that makes no sense becomes `learned.toml.bad`; there is a sentence for that.

    Raises:
        SixopError: it cannot be written.
    """
    told: list[str] = []
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            entries = {} if anew else _entries(file)[0]
            if not all(isinstance(said, str | int) and f"{key}{said}".isprintable() for key, said in entries.items()):
                raise SixopError(f"{file}: it says what no sixop has learned")
        except (SixopError, ValueError) as error:
            bad = file.with_name(f"{file.name}.bad")
            file.replace(bad)
            entries = {}
            told.append(f"{error}; it is {bad.name} now, and a new one remembers what is learned")
        entries = {key: said for key, said in entries.items() if source_number(key) not in changes}
        entries |= {source_name(number): target for number, target in changes.items() if target is not None}
        lines = [f"{_quoted(key)} = {toml_text(entries[key])}\n" for key in sorted(entries, key=_order)]
        with replacing(file) as path:
            path.write_text(f"{_HEAD}[{_TABLE}]\n{''.join(lines)}", encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SixopError(f"cannot write {str(file)!r}: {reason}; what was learned ends with this run") from error
    return told


def _entries(file: Path) -> tuple[dict[str, object], dict[tuple[str, ...], int]]:
    """All that the file says of controllers, and the lines of all that it says; no file says nothing.

    Raises:
        SixopError: it makes no sense.
        OSError: it cannot be read.
    """
    try:
        data = read_limited(file, _LARGEST)
    except FileNotFoundError:
        return {}, {}
    try:
        if data is None:
            raise ValueError("it is too large for learned controllers")
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        table = tomllib.loads(text).get(_TABLE, {})
        if not isinstance(table, dict):
            raise ValueError(f"{_TABLE} must be a table, [{_TABLE}]")
        return table, key_lines(text)
    except (ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise SixopError(f"{file}: it makes no sense: {reason}") from error


def _quoted(key: str) -> str:
    return key if BARE_KEY.fullmatch(key) else toml_text(key)


def _order(key: str) -> tuple[int, str]:
    number = source_number(key)
    return SOURCE_NUMBERS if number is None else number, key


class Learning:
    """Waits for the next controller, bend or aftertouch that moves.

    One thread asks and collects, the one that plays offers messages.
    """

    def __init__(self) -> None:
        self.target: str | None = None
        """What it shall do; None while nothing is to be learned."""
        self.moved: deque[tuple[int, str]] = deque()
        """Sources that have been taken, with what they shall do."""

    def takes(self, message: bytes) -> bool:
        """True if this message is the one that was waited for; it is then no longer music."""
        target = self.target
        if target is None or len(message) < 2 or max(message[1:]) > 127:
            return False
        if len(message) != (2 if message[0] & 0xF0 == PRESSURE else 3) or (moved := source_of(message)) is None:
            return False
        source, value = moved
        is_controller = message[0] & 0xF0 == CONTROL
        if is_controller and (source in RESERVED or source > HIGHEST_CONTROLLER):
            return False
        if not is_controller and value < _FAR:
            return False
        self.target = None
        self.moved.append((source, target))
        return True
