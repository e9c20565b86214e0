# SPDX-License-Identifier: Apache-2.0
"""The setting of what goes out to other instruments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from synth.config.tables import Tables
from synth.midi.keyed import TableError
from synth.midi.outputs import read_outputs


@dataclass(frozen=True)
class Outputs(Tables):
    """MIDI outputs, each a table or a name; an option says one name at a time, and may be repeated."""

    each: ClassVar[str] = "output"

    @property
    def range(self) -> str:
        """Both ways."""
        return "none alone, or names of outputs (`sixop devices` lists them), virtual, or tables under [[midi.outputs]]"

    def problems(self, tables: Sequence[object]) -> dict[int, TableError]:
        """What is wrong with which of them. The others are right."""
        return dict(read_outputs(tables)[1])

    def _read(self, value: object, _folder: Path) -> Any:
        tables = value if isinstance(value, list) else [value]
        if tables == ["none"]:
            return []
        if "none" in tables or self.problems(tables):
            raise ValueError
        return [{"port": table} if isinstance(table, str) else table for table in tables]
