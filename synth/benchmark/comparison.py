# SPDX-License-Identifier: Apache-2.0
"""What changed between two runs, and whether it is more than noise.

Where both ran beside the same dexed-py, it serves as the yardstick: a figure is compared in multiples of dexed-py's
time, so a machine that is slower today than it was then changes nothing. Otherwise plain figures are compared.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from synth.benchmark.report import Report, Row

LEAST_NOISE: Final = 0.05
"""By which share figures differ from run to run for reasons of their own, such as where things lie in memory."""


@dataclass(frozen=True)
class Change:
    """One row then and now. change: by which share it takes longer (or, for a "%", is higher) now.

    noise: how large a change may be that means nothing.
    """

    name: str
    unit: str
    before: float
    now: float
    change: float
    noise: float

    @property
    def verdict(self) -> str:
        """`better`, `worse` or `same`."""
        if abs(self.change) <= self.noise:
            return "same"
        return "better" if (self.change < 0) != (self.unit == "%") else "worse"

    def as_json(self) -> dict[str, Any]:
        """The fields, with `verdict`."""
        return {**asdict(self), "verdict": self.verdict}


def compare(before: Report, now: Report) -> list[Change]:
    """A change for each row of both reports, in the order of the present one."""
    earlier = {row.name: row for row in before.rows}
    yardstick = same_peer(before, now)
    return [_change(earlier[row.name], row, yardstick) for row in now.rows if row.name in earlier]


def same_peer(before: Report, now: Report) -> bool:
    """Whether both ran beside the same version of dexed-py."""
    return before.versions.get("dexed-py") is not None and before.versions["dexed-py"] == now.versions.get("dexed-py")


def _change(before: Row, now: Row, yardstick: bool) -> Change:
    factor, spreads = now.value / before.value, [before.spread, now.spread]
    if yardstick and before.dexed_py is not None and now.dexed_py is not None:
        factor *= before.dexed_py / now.dexed_py
        spreads += [before.dexed_py_spread, now.dexed_py_spread]
    noise = LEAST_NOISE + math.hypot(*spreads)  # they have nothing to do with each other
    return Change(now.name, now.unit, before.value, now.value, factor - 1.0, noise)
