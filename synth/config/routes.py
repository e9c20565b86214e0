# SPDX-License-Identifier: Apache-2.0
"""Settings of the MIDI router: zones, which are tables, and the velocity curve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from synth.config.kinds import Kind
from synth.config.tables import Tables
from synth.midi.curves import CURVES, HIGHEST
from synth.midi.keyed import TableError
from synth.midi.zones import read_curve, read_zones


@dataclass(frozen=True)
class Curve(Kind):
    """A velocity curve by name, or a fixed velocity."""

    @property
    def range(self) -> str:
        """Both ways."""
        return f"{' or '.join(CURVES)} or a velocity of 1 to {HIGHEST}"

    def typed(self, text: str) -> object:
        """A number where it is one."""
        return int(text) if text.isdecimal() and len(text) <= len(str(HIGHEST)) else text

    def _read(self, value: object, _folder: Path) -> str | int:
        return read_curve(value)


@dataclass(frozen=True)
class Zones(Tables):
    """Zones, each a table; there may be none."""

    each: ClassVar[str] = "zone"

    @property
    def range(self) -> str:
        """How they are written."""
        return "tables, each under [[midi.zones]]"

    def problems(self, tables: Sequence[object]) -> dict[int, TableError]:
        """What is wrong with which of them. The others are right."""
        return dict(read_zones(tables)[1])

    def _read(self, value: object, _folder: Path) -> Any:
        if not isinstance(value, list) or self.problems(value):
            raise ValueError
        return value
