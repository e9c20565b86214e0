# SPDX-License-Identifier: Apache-2.0
"""What single parts begin with: tables under `[[parts]]`, of which each says something about one part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from synth.config.functions import FunctionValue
from synth.config.kinds import Kind, Number, Voice, Whole, shown
from synth.config.tables import Tables
from synth.functions import FUNCTIONS, contradictions
from synth.matching import hint
from synth.midi.zones import ZoneError
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

    def problems(self, tables: Sequence[object]) -> dict[int, ZoneError]:
        """What is wrong with which of them. The others are right."""
        wrong: dict[int, ZoneError] = {}
        seen: dict[int, int] = {}
        for index, table in enumerate(tables):
            try:
                part = _read_part(table).part
                if part in seen:
                    raise ZoneError("part", f"{part} is in table {seen[part] + 1} already; put all of it there")
                seen[part] = index
            except ZoneError as error:
                wrong[index] = error
        return wrong

    def _read(self, value: object, _folder: Path) -> list[PartStart]:
        if not isinstance(value, list) or self.problems(value):
            raise ValueError
        return [_read_part(table) for table in value]


def _read_part(table: object) -> PartStart:
    """What a table says.

    Raises:
        ZoneError: something in it is not allowed, or contradicts something else in it.
    """
    if not isinstance(table, dict):
        raise ZoneError("", f"must be a table, as {{ part = 2, mono = 'mono' }}, not {shown(table)}")
    read: dict[str, Any] = {}
    for key, value in table.items():
        if key not in _KINDS:
            raise ZoneError(key, f"is nothing a part has; {hint(key, _KINDS)}")
        try:
            read[key] = _KINDS[key].read(value)
        except ValueError as error:
            raise ZoneError(key, str(error)) from error
    if "part" not in table:
        raise ZoneError("", f"needs the number of its part, 1 to {PARTS}, as part = 2")
    for name, sentence in contradictions(table).items():
        raise ZoneError(name, sentence)
    functions = {name: read.pop(name) for name in FUNCTIONS if name in read}
    return PartStart(functions=functions, **read)
