# SPDX-License-Identifier: Apache-2.0
"""What changed between two runs of the benchmark, and what is only noise."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from synth.benchmark.comparison import LEAST_NOISE, compare
from synth.benchmark.machine import cpu_slug, this_machine
from synth.benchmark.report import Report, Row
from synth.benchmark.tables import goal_line
from synth.errors import SixopError


def report(*rows: Row, dexed_py: str | None = None) -> Report:
    versions = {"sixop": "1"} if dexed_py is None else {"sixop": "1", "dexed-py": dexed_py}
    return Report(48000, 1.0, 5, "2026-01-02", {"cpu": "A Processor", "vectors": "AVX2"}, versions, list(rows))


def row(value: float, spread: float = 0.0, dexed_py: float | None = None, name: str = "a row", unit: str = "ns") -> Row:
    return Row(name, unit, value, spread, dexed_py)


def verdict(before: Row, now: Row, dexed_py: tuple[str | None, str | None] = (None, None)) -> str:
    (change,) = compare(report(before, dexed_py=dexed_py[0]), report(now, dexed_py=dexed_py[1]))
    return change.verdict


def test_less_time_is_better_and_more_is_worse() -> None:
    assert verdict(row(10.0), row(8.0)) == "better"
    assert verdict(row(10.0), row(12.0)) == "worse"
    assert verdict(row(10.0), row(10.0 * (1 + LEAST_NOISE / 2))) == "same"


def test_more_percent_is_better() -> None:
    assert verdict(row(80.0, unit="%"), row(96.0, unit="%")) == "better"
    assert verdict(row(96.0, unit="%"), row(80.0, unit="%")) == "worse"


def test_a_change_within_the_spread_of_the_rounds_is_noise() -> None:
    assert verdict(row(10.0, spread=0.2), row(12.0)) == "same"
    assert verdict(row(10.0), row(12.0, spread=0.2)) == "same"
    assert verdict(row(10.0, spread=0.05), row(12.0, spread=0.05)) == "worse"


def test_the_same_dexed_py_is_the_yardstick() -> None:
    before, now = row(10.0, dexed_py=40.0), row(20.0, dexed_py=80.0)  # a machine of half the speed
    assert verdict(before, now, ("0.3.0", "0.3.0")) == "same"
    assert verdict(before, now, ("0.3.0", "0.4.0")) == "worse"
    assert verdict(before, row(20.0), ("0.3.0", None)) == "worse"
    assert verdict(before, row(10.0, dexed_py=80.0), ("0.3.0", "0.3.0")) == "better"


def test_a_change_tells_both_figures_and_its_size() -> None:
    (change,) = compare(report(row(10.0, 0.03)), report(row(15.0, 0.04)))
    assert (change.before, change.now) == (10.0, 15.0)
    assert change.change == pytest.approx(0.5)
    assert change.noise == pytest.approx(LEAST_NOISE + 0.05)
    assert change.as_json()["verdict"] == "worse"


def test_only_rows_of_both_are_compared() -> None:
    changes = compare(report(row(1.0, name="a"), row(1.0, name="b")), report(row(1.0, name="b"), row(1.0, name="c")))
    assert [change.name for change in changes] == ["b"]


def test_a_goal_is_a_ratio_or_a_percentage() -> None:
    assert Row("a", "ns", 2.0, 0.0, dexed_py=20.0, goal=10.0).reached is True
    assert Row("a", "ns", 2.0, 0.0, dexed_py=19.0, goal=10.0).reached is False
    assert Row("a", "ns", 2.0, 0.0, goal=10.0).reached is None
    assert Row("a", "%", 96.0, 0.0, goal=95.0).reached is True
    assert Row("a", "%", 94.0, 0.0, goal=95.0).reached is False
    assert Row("a", "ns", 2.0, 0.0, dexed_py=20.0).reached is None


def test_goals_that_are_missed_are_named() -> None:
    rows = [
        Row(name, "ns", 2.0, 0.0, dexed_py=20.0, goal=goal) for name, goal in (("a", 9.0), ("b", 11.0), ("c", None))
    ]
    assert goal_line(report(*rows)) == "Goals reached: 1 of 2; not b"
    assert goal_line(report(rows[0])) == "Goals reached: 1 of 1"


def test_a_saved_report_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    full = Row("b", "ns", 2.0, 0.25, 20.0, 0.5, 10.0, "chip", "full", "live", 64, 10416.0)
    saved = report(row(1.5, 0.125), full, dexed_py="0.3.0")
    path.write_text(saved.to_text())
    assert Report.load(path) == saved
    path.write_text(json.dumps(saved.as_json()))  # as `sixop bench --json` prints it
    assert Report.load(path) == saved


def broken(**changes: Any) -> str:
    return json.dumps({**report(row(1.0)).as_json(), **changes})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "Dear Sir",
        "[" * 100_000,
        broken(rows=None),
        broken(rows=[{}]),
        broken(rows=[replace(row(1.0), name=3).as_json()]),
        broken(rows=[{"name": "a", "unit": "ns", "value": 0.0, "spread": 0.0}]),
        broken(rows=[{"name": "a", "unit": "ns", "value": math.nan, "spread": 0.0}]),
        broken(rows=[{"name": "a", "unit": "ns", "value": "1", "spread": 0.0}]),
        broken(rows=[{"name": "a", "unit": "ns", "value": 1.0, "spread": math.inf}]),
        broken(rows=[{"name": "a", "unit": "ns", "value": 1.0, "spread": 0.0, "dexed_py": -1.0}]),
        broken(machine={}),
        broken(versions=[]),
        broken(rate="fast"),
    ],
)
def test_a_file_that_is_no_report_is_called_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "report.json"
    path.write_text(text)
    with pytest.raises(SixopError, match=r"report\.json is no report of sixop bench"):
        Report.load(path)


def test_a_file_that_is_missing_is_called_so(tmp_path: Path) -> None:
    with pytest.raises(SixopError, match=r"none\.json cannot be read"):
        Report.load(tmp_path / "none.json")


def test_a_processor_makes_a_file_name() -> None:
    assert cpu_slug({"cpu": "Some(R) CPU @ 3.40GHz", "vectors": "AVX-512"}) == "some-r-cpu-3-40ghz-avx-512"
    assert cpu_slug(this_machine())
