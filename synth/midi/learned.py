# SPDX-License-Identifier: Apache-2.0
"""Learned controllers, and the file that remembers them from one evening to the next.

What is learned holds for all inputs: a controller's number, and what it does (see `control_targets.py`). The file is
written anew, whole, the moment something is learned or forgotten.
"""

from __future__ import annotations

import tomllib
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from synth.config.positions import key_lines
from synth.directories import directory
from synth.errors import SixopError
from synth.files import read_limited, replacing, why_not_written
from synth.midi.control_targets import HIGHEST_CONTROLLER, RESERVED, control_target
from synth.midi.routing import CONTROL

ITSELF: Final = "itself"
"""What a controller learns that shall have its own meaning again."""

_LARGEST = 1 << 16
_TABLE = "controllers"
_HEAD = "# What controllers have learned; written by sixop, yours to change while it does not play.\n\n"


def learned_file() -> Path:
    """Where learned controllers are remembered."""
    return directory("state") / "learned.toml"


def load_learned(file: Path) -> tuple[dict[int, str], list[str]]:
    """Controllers with what they do, and a sentence for all that is wrong in the file; no file is no controllers."""
    try:
        data = read_limited(file, _LARGEST)
        if data is None:
            return {}, [f"{file}: it is too large for learned controllers; delete it and learn them again"]
        text = data.decode()
        table = tomllib.loads(text).get(_TABLE, {})
    except FileNotFoundError:
        return {}, []
    except (OSError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
        return {}, [f"{file}: it cannot be read, so nothing is learned: {reason}; correct or delete it"]
    learned, problems, lines = {}, [], key_lines(text)
    for number, target in table.items() if isinstance(table, Mapping) else [(_TABLE, table)]:
        try:
            if not number.isdecimal() or int(number) > HIGHEST_CONTROLLER or int(number) in RESERVED:
                raise ValueError("is no controller that can learn")
            control_target(target)
        except ValueError as error:
            line = lines.get((_TABLE, number)) or lines.get((_TABLE,))
            problems.append(f"{file}, line {line}: left out: {number!r} {error}")
        else:
            learned[int(number)] = str(target)
    return learned, problems


def save_learned(file: Path, learned: Mapping[int, str]) -> None:
    """Write the file, whole or not at all.

    Raises:
        SixopError: it cannot be written.
    """
    lines = [f'{number} = "{learned[number]}"\n' for number in sorted(learned)]
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with replacing(file) as path:
            path.write_text(f"{_HEAD}[{_TABLE}]\n{''.join(lines)}", encoding="utf-8")
    except (OSError, ValueError) as error:
        raise SixopError(
            f"cannot write {str(file)!r}: {why_not_written(error)}; what was learned ends with this run"
        ) from error


class Learning:
    """Waits for the next controller that moves. One thread asks and collects, the one that plays offers messages."""

    def __init__(self) -> None:
        self.target: str | None = None
        """What it shall do; None while nothing is to be learned."""
        self.moved: deque[tuple[int, str]] = deque()
        """Controllers that have been taken, with what they shall do."""

    def takes(self, message: bytes) -> bool:
        """True if this message is the one that was waited for; it is then no longer music."""
        target = self.target
        if target is None or len(message) != 3 or message[0] & 0xF0 != CONTROL or message[1] in RESERVED:
            return False
        self.target = None
        self.moved.append((message[1], target))
        return True
