# SPDX-License-Identifier: Apache-2.0
"""What a run of the benchmark found, as data and as a JSON file."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from synth.benchmark.machine import these_versions, this_machine
from synth.errors import SixopError
from synth.files import read_source

if TYPE_CHECKING:
    from synth.benchmark.stopwatch import Timing

_LARGEST: Final = 1 << 22  # bytes of a report that is read


@dataclass(frozen=True)
class Row:
    """One figure.

    unit: "ns" for each sample of each voice, "µs" for each call, "%" of what is possible. spread: by which
    share the figure may be too high, as the rounds show. dexed_py: the same work's figure there. goal: the least
    `ratio`, or for a "%" the least value.
    """

    name: str
    unit: str
    value: float
    spread: float
    dexed_py: float | None = None
    dexed_py_spread: float = 0.0
    goal: float | None = None
    kernel: str | None = None
    material: str | None = None
    mode: str | None = None
    voices: int | None = None
    voices_per_core: float | None = None

    @classmethod
    def timed(
        cls, name: str, unit: str, ours: Timing, dexed_py: Timing | None, units_per_second: float, **more: Any
    ) -> Self:
        """A row of times, and of dexed-py's where there are any; `more` are the other fields."""
        if dexed_py is not None:
            more |= {"dexed_py": dexed_py.seconds * units_per_second, "dexed_py_spread": dexed_py.spread}
        return cls(name, unit, ours.seconds * units_per_second, ours.spread, **more)

    @property
    def ratio(self) -> float | None:
        """How many times faster than dexed-py."""
        return None if self.dexed_py is None else self.dexed_py / self.value

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None without a goal, or without anything to compare with."""
        achieved = self.value if self.unit == "%" else self.ratio
        return None if self.goal is None or achieved is None else achieved >= self.goal

    def as_json(self) -> dict[str, Any]:
        """The fields that say something, with `ratio` and `reached`."""
        known = {**asdict(self), "ratio": self.ratio, "reached": self.reached}
        return {name: value for name, value in known.items() if value is not None}


@dataclass
class Report:
    """All figures of a run; and where, when and with what they were measured. seconds: length of the notes."""

    rate: int
    seconds: float
    rounds: int
    date: str
    machine: dict[str, Any] = field(default_factory=this_machine)
    versions: dict[str, str] = field(default_factory=these_versions)
    rows: list[Row] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Plain data, as `load` reads it."""
        return {**asdict(self), "rows": [row.as_json() for row in self.rows]}

    def to_text(self) -> str:
        """JSON with a line for each row, so that a change of a stored report can be read."""
        head = json.dumps({**self.as_json(), "rows": []}, indent=1).removesuffix("[]\n}")
        rows = ",\n  ".join(json.dumps(_rounded(row.as_json())) for row in self.rows)
        return f"{head}[\n  {rows}\n ]\n}}\n"

    @classmethod
    def load(cls, path: Path) -> Self:
        """A report that was saved.

        Raises:
            SixopError: the file cannot be read or holds no report.
        """
        _, data = read_source(path, _LARGEST, "a report of sixop bench", SixopError)
        try:
            plain = json.loads(data)
            report = cls(**_known(cls, {**plain, "rows": [Row(**_known(Row, row)) for row in plain["rows"]]}))
            report._check()
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise SixopError(f"{path} is no report of sixop bench; `sixop bench --save FILE` writes one") from error
        return report

    def _check(self) -> None:
        """ValueError, TypeError or KeyError for what no run can have found."""
        words = [self.date, self.machine["cpu"], *self.versions.values(), *(row.name for row in self.rows)]
        if not all(isinstance(word, str) for word in words):
            raise TypeError("A name is no text.")
        figures = [self.rate, *(row.value for row in self.rows), *(row.dexed_py or 1.0 for row in self.rows)]
        shares = [self.seconds, *(spread for row in self.rows for spread in (row.spread, row.dexed_py_spread))]
        if not min(figures) > 0.0 or not min(shares) >= 0.0 or not all(map(math.isfinite, [*figures, *shares])):
            raise ValueError("A figure is no positive number.")


def _known(kind: type[Row | Report], plain: dict[str, Any]) -> dict[str, Any]:
    """What of it is a field of the class."""
    return {part.name: plain[part.name] for part in fields(kind) if part.name in plain}


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    """Five digits are more than any clock knows."""
    return {name: float(f"{value:.5g}") if isinstance(value, float) else value for name, value in row.items()}
