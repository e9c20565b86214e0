# SPDX-License-Identifier: Apache-2.0
"""Settings of the DX7's function parameters, derived from their table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from synth.config.kinds import Kind
from synth.functions import FUNCTIONS, Tune


@dataclass(frozen=True)
class FunctionValue(Kind):
    """The value of a function parameter: a number, or words."""

    name: str

    @property
    def range(self) -> str:
        """As the table has it."""
        return FUNCTIONS[self.name].allowed

    @property
    def words(self) -> tuple[str, ...]:
        """The words among what may be said."""
        return FUNCTIONS[self.name].values.words

    @property
    def off(self) -> str:
        """The word of value 0."""
        return self.words[0] if self.words else ""

    def typed(self, text: str) -> object:
        """A number where it is one; a bare number of the master tune is hertz."""
        if isinstance(FUNCTIONS[self.name].values, Tune):
            return f"{text} Hz" if text.replace(".", "", 1).isdecimal() else text
        return int(text) if text.isdecimal() and len(text) < 5 else text

    def _read(self, value: object, _folder: Path) -> int:
        function = FUNCTIONS[self.name]
        if isinstance(function.values, Tune) and not isinstance(value, str):
            raise ValueError  # 442 steps are not what somebody means who writes 442
        return function.read(value)
