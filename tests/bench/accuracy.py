# SPDX-License-Identifier: Apache-2.0
"""How near the kernels come to the DX7, beside what is promised, and beside dexed-py where it is installed.

    python tests/bench/accuracy.py [--json]

Notes of our own voices are compared with the `chip` kernel, which equals an independent model of the DX7's chips
sample for sample. Where that model's renders are at hand (in `shared` beside the checkout, or SIXOP_SHARED), they are
compared too.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / folder) for folder in ("engine", "")]

from accuracy_notes import own_notes, reference_notes
from accuracy_players import DexedPy, Kernel
from accuracy_table import Player, Row, distances, rows_of_notes, rows_of_rates, rows_of_tones
from rich.console import Console
from rich.table import Table

from synth.benchmark.machine import these_versions, this_machine
from synth.engine import KERNELS


def players() -> dict[str, Player]:
    """By the heading of their column: what is promised first."""
    found: dict[str, Player] = {name: Kernel(name) for name in sorted(KERNELS, reverse=True)}
    with suppress(ImportError):
        found["dexed-py"] = DexedPy()
    return found


def rows(player: Player) -> list[Row]:
    """All of them, those of the reference renders first."""
    found = []
    for section, notes in (("reference renders", reference_notes()), ("own voices against chip", own_notes())):
        if notes:
            found += rows_of_notes(f"{len(notes)} {section}", distances(player, notes))
    return found + rows_of_tones(player) + rows_of_rates(player)


def figure(value: float) -> str:
    """Short, with what the unit needs."""
    return "-" if math.isnan(value) else f"{value:.0f}" if value == round(value) else f"{value:.3g}"


def measured_on() -> str:
    """The computer and the versions."""
    machine = this_machine()
    versions = ", ".join(f"{name} {number}" for name, number in these_versions().items())
    return f"{machine['cpu']}, {machine['vectors'] or machine['architecture']}; {versions}"


def show(found: dict[str, list[Row]]) -> None:
    """A table for people; bold is what misses its goal."""
    table = Table(title=f"Accuracy: {measured_on()}")
    for heading in ("measure", "unit", "goal"):
        table.add_column(heading, justify="right" if heading == "goal" else "left")
    for name in found:
        table.add_column(name, justify="right")
    section = None
    for beside in zip(*found.values(), strict=True):
        row = beside[0]
        if row.section != section:
            section = row.section
            table.add_section()
            table.add_row(f"[italic]{section}")
        goal = f"{'≥' if row.at_least else '≤'} {row.goal:g}"
        cells = (figure(one.measured) if one.met else f"[bold]{figure(one.measured)}[/bold]" for one in beside)
        table.add_row(row.measure, row.unit, goal, *cells)
    Console().print(table)
    if "dexed-py" in found:
        print("At 8 and 11.025 kHz dexed-py has no attack to measure.")


def as_json(found: dict[str, list[Row]]) -> list[dict[str, Any]]:
    """One object a row; a figure that does not exist is null."""
    return [
        {
            "section": beside[0].section,
            "measure": beside[0].measure,
            "unit": beside[0].unit,
            "goal": beside[0].goal,
            "goal_is": "at least" if beside[0].at_least else "at most",
            **{
                name: {"measured": None if math.isnan(one.measured) else one.measured, "met": one.met}
                for name, one in zip(found, beside, strict=True)
            },
        }
        for beside in zip(*found.values(), strict=True)
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="How near the kernels come to the DX7; takes about a minute.")
    parser.add_argument("--json", action="store_true", help="a list of objects, one for each row of the table")
    wants_json = parser.parse_args().json
    measured = {name: rows(player) for name, player in players().items()}
    print(json.dumps(as_json(measured), indent=1)) if wants_json else show(measured)
