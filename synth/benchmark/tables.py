# SPDX-License-Identifier: Apache-2.0
"""Reports and comparisons as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.table import Table
from rich.text import Text

from synth.benchmark.comparison import compare, same_peer

if TYPE_CHECKING:
    from synth.benchmark.report import Report, Row

_STYLES: Final = {"better": "green", "worse": "red", "same": "dim"}


def headline(report: Report) -> str:
    """Where, when, with what and how it was measured."""
    machine = report.machine
    versions = ", ".join(f"{name} {number}" for name, number in report.versions.items())
    return (
        f"{machine['cpu']} ({machine['vectors'] or machine['architecture']}), {report.date}; {versions}; "
        f"{report.rate} Hz, notes of {report.seconds:g} s, best of {report.rounds}"
    )


def speed_table(report: Report) -> Table:
    """Nanoseconds for each sample of each voice, and how many voices that makes on one processor."""
    peer = "dexed-py" in report.versions
    table = _table(("kernel", "kind", "mode"), ("voices", "ns", "per core", *_headings(peer)))
    group = None
    for row in report.rows:
        if row.unit == "ns":
            if group not in (None, (row.kernel, row.material)):
                table.add_row()
            group = (row.kernel, row.material)
            figures = (str(row.voices), f"{row.value:.2f}", f"{row.voices_per_core:.0f}")
            table.add_row(row.kernel, row.material, row.mode, *figures, *_beside(row, peer))
    return table


def other_table(report: Report) -> Table:
    """The rest."""
    peer = "dexed-py" in report.versions
    table = _table(("also",), ("", *_headings(peer)))
    for row in report.rows:
        if row.unit != "ns":
            table.add_row(row.name, f"{row.value:.4g} {row.unit}", *_beside(row, peer))
    return table


def goal_line(report: Report) -> str:
    """How many goals are reached, and which are not."""
    judged = [row for row in report.rows if row.reached is not None]
    missed = ", ".join(row.name for row in judged if not row.reached)
    return f"Goals reached: {sum(bool(row.reached) for row in judged)} of {len(judged)}" + (
        missed and f"; not {missed}"
    )


def change_headline(before: Report, now: Report) -> str:
    """What the changes are changes of."""
    same = "" if before.machine["cpu"] == now.machine["cpu"] else f" on another processor, {before.machine['cpu']}"
    yardstick = "; changes are in multiples of dexed-py's time" if same_peer(before, now) else ""
    return f"Compared with {before.date}{same}{yardstick}:"


def change_table(before: Report, now: Report) -> Table:
    """Each row of both reports."""
    table = _table(("",), ("before", "now", "change", "noise", ""))
    for change in compare(before, now):
        figures = (f"{change.before:.4g}", f"{change.now:.4g} {change.unit}")
        shares = (f"{100 * change.change:+.1f} %", f"{100 * change.noise:.0f} %")
        table.add_row(change.name, *figures, *shares, change.verdict, style=_STYLES[change.verdict])
    return table


def _table(words: tuple[str, ...], figures: tuple[str, ...]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in words:
        table.add_column(heading, no_wrap=True)
    for heading in figures:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _headings(peer: bool) -> tuple[str, ...]:
    return ("dexed-py", "times", "goal") if peer else ("goal",)


def _beside(row: Row, peer: bool) -> tuple[str | Text, ...]:
    """dexed-py's figure, how many times faster we are, and the goal for that, if it can be judged."""
    theirs = () if not peer else ("", "") if row.ratio is None else (f"{row.dexed_py:.2f}", f"{row.ratio:.1f}")
    if row.reached is None:
        return (*theirs, "")
    word, style = ("reached", "green") if row.reached else ("missed", "red")
    return (*theirs, Text(f"{row.goal:g} {word}", style))
