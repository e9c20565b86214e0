# SPDX-License-Identifier: Apache-2.0
"""What became of each parameter of a voice, and how well."""

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

Kind = Literal["exact", "approximated", "lost"]
KINDS: tuple[Kind, ...] = ("exact", "approximated", "lost")

_NO_STEP = 0.005  # steps, that would be shown as none


class Verdict(NamedTuple):
    """What a rule makes of one DX7 value."""

    values: tuple[int, ...]  #: of the XFM2 parameters that the rule names, in its order
    kind: Kind
    reason: str
    error: float | None = None  #: None where it is 0 or no quantity
    unit: str = ""


class Row(NamedTuple):
    """One DX7 parameter of a converted voice."""

    parameter: str  #: key of the DX7 parameter: op1.output_level
    label: str  #: as the DX7's manual prints it: OP1 OUTPUT LEVEL
    value: int  #: the DX7's
    numbers: tuple[int, ...]  #: the XFM2 parameters that it governs
    values: tuple[int, ...]  #: what they became
    kind: Kind
    error: float | None  #: of an approximated or lost value, in `unit`; None where it is no quantity
    unit: str  #: cents, octaves, Hz, s, semitones, dB, or steps of the board where its law is unknown
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """The row for JSON."""
        return self._asdict()

    @property
    def error_text(self) -> str:
        """The error with its unit; nothing if there is none, or less than a step of the board can be."""
        if self.error is None or (self.unit == "steps" and self.error < _NO_STEP):
            return ""
        amount = f"{self.error:.3g}"
        return f"{amount} {self.unit.removesuffix('s') if amount == '1' and self.unit != 's' else self.unit}"


def counts(rows: Iterable[Row]) -> dict[str, int]:
    """How many rows are exact, approximated and lost."""
    found = [row.kind for row in rows]
    return {kind: found.count(kind) for kind in KINDS}
