# SPDX-License-Identifier: Apache-2.0
"""What single parts begin with: tables under `[[parts]]`, of which each says something about one part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from synth.checks import excerpt
from synth.config.functions import FunctionValue
from synth.config.kinds import Kind, Number, Voice, Whole
from synth.config.tables import Tables
from synth.functions import FUNCTIONS, contradictions
from synth.midi.keyed import TableError, read_keys
from synth.player.settings import PARTS
from synth.producer import HIGHEST_PART_VOLUME_DB

_KINDS: dict[str, Kind] = {
    "part": Whole(1, PARTS),
    "voice": Voice(),
    "volume_db": Number(-96, HIGHEST_PART_VOLUME_DB, "dB"),
    "pan": Number(-1, 1),
    **{name: FunctionValue(name) for name in FUNCTIONS},
}


@dataclass(frozen=True)
class PartStart:
    """What a part (1..16) begins with. None: what all parts do."""

    part: int
    voice: str | None = None
    volume_db: float | None = None
    pan: float | None = None
    functions: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Parts(Tables):
    """Parts, each a table; there may be none."""

    each: ClassVar[str] = "table"

    @property
    def range(self) -> str:
        """How they are written."""
        return "tables, each under [[parts]]"

    def problems(self, tables: Sequence[object]) -> dict[int, TableError]:
        """What is wrong with which of them. The others are right."""
        wrong: dict[int, TableError] = {}
        seen: dict[int, int] = {}
        for index, table in enumerate(tables):
            try:
                part = _read_part(table).part
                if part in seen:
                    raise TableError("part", f"{part} is in table {seen[part] + 1} already; put all of it there")
                seen[part] = index
            except TableError as error:
                wrong[index] = error
        return wrong

    def _read(self, value: object, _folder: Path) -> list[PartStart]:
        if not isinstance(value, list) or self.problems(value):
            raise ValueError
        return [_read_part(table) for table in value]


def _read_part(table: object) -> PartStart:
    """What a table says.

    Raises:
        TableError: something in it is not allowed, or contradicts something else in it.
    """
    if not isinstance(table, dict):
        raise TableError("", f"must be a table, as {{ part = 2, mono = 'mono' }}, not {excerpt(table)}")
    read = read_keys(table, {key: kind.read for key, kind in _KINDS.items()}, "a part")
    if "part" not in table:
        raise TableError("", f"needs the number of its part, 1 to {PARTS}, as part = 2")
    for name, sentence in contradictions(table).items():
        raise TableError(name, sentence)
    functions = {name: read.pop(name) for name in FUNCTIONS if name in read}
    return PartStart(functions=functions, **read)
