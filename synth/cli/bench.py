# SPDX-License-Identifier: Apache-2.0
"""`sixop bench`: how fast this computer is with sixop, beside dexed-py, and beside an earlier run."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synth.cli.common import fail, note, options, usage
from synth.cli.values import choice, number, whole
from synth.engine import KERNELS
from synth.files import replacing, why_not_written

if TYPE_CHECKING:
    from synth.benchmark.report import Report

_QUICK_SECONDS, _QUICK_ROUNDS = 0.1, 2


def bench(
    context: typer.Context,
    kernel: Annotated[str | None, choice("--kernel", KERNELS, "One kernel only. [default: all]")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Seconds instead of minutes, and rougher figures.")] = False,
    rate: Annotated[int, typer.Option(parser=whole("--rate", 8000, 192000), metavar="HZ", help="Sample rate.")] = 48000,
    seconds: Annotated[
        float | None,
        typer.Option(parser=number("--seconds", 0.001, 60, "seconds"), metavar="S", help="Of each note. [default: 1]"),
    ] = None,
    rounds: Annotated[
        int | None,
        typer.Option(parser=whole("--rounds", 2, 1000), metavar="N", help="The best of N counts. [default: 5]"),
    ] = None,
    save: Annotated[Path | None, typer.Option(metavar="FILE", help="Keep the figures, as JSON.")] = None,
    before: Annotated[
        Path | None, typer.Option("--compare", metavar="FILE", help="Tell what changed since these were kept.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Measure nanoseconds per sample per voice, and how many voices one processor core can play.

    Kinds: the factory bank, full voices (all operators at full level) and silent ones. Modes: live, as blocks of 128
    frames, and batch, as rendering many notes. If dexed-py is installed, it does the same work in the same rounds.
    """
    from synth.benchmark.report import Report
    from synth.benchmark.suite import Sizes, notes_of, run_suite

    usual = Sizes(rate, _QUICK_SECONDS, _QUICK_ROUNDS) if quick else Sizes(rate)
    sizes = Sizes(rate, usual.seconds if seconds is None else seconds, rounds or usual.rounds)
    earlier = None if before is None else Report.load(before)
    if earlier is not None and (earlier.rate, earlier.seconds) != (sizes.rate, sizes.seconds):
        usage(
            f"{before} was measured with --rate {earlier.rate} --seconds {earlier.seconds:g}: "
            "only runs with the same ones can be compared"
        )
    if save is not None and not save.resolve().parent.is_dir():
        usage(f"--save {str(save)!r}: there is no such folder; make it first")
    kernels = KERNELS if kernel is None else (kernel,)
    with _progress(notes_of(kernels, sizes), show=not options(context).quiet) as advance:
        report = run_suite(kernels, sizes, advance)
    if save is not None:
        _save(report, save)
    if as_json:
        _print_json(report, earlier)
    else:
        _print_tables(report, earlier)
    if "dexed-py" not in report.versions:
        note(context, "dexed-py is not installed; after `pip install dexed-py` it is measured beside sixop")


def _save(report: Report, path: Path) -> None:
    try:
        with replacing(path) as place:
            place.write_text(report.to_text(), encoding="utf-8")
    except (OSError, ValueError) as error:
        fail(f"cannot write {str(path)!r}: {why_not_written(error)}")


def _print_json(report: Report, earlier: Report | None) -> None:
    from synth.benchmark.comparison import compare

    changes = {} if earlier is None else {"changes": [change.as_json() for change in compare(earlier, report)]}
    print(json.dumps({**report.as_json(), **changes}))


def _print_tables(report: Report, earlier: Report | None) -> None:
    from rich.console import Console

    from synth.benchmark import tables

    console = Console(highlight=False, markup=False)
    parts = [tables.headline(report), tables.speed_table(report), tables.other_table(report), tables.goal_line(report)]
    if earlier is not None:
        parts += [tables.change_headline(earlier, report), tables.change_table(earlier, report)]
    for part in parts:
        console.print(part)
        console.print()


@contextmanager
def _progress(notes: int, show: bool) -> Iterator[Callable[[int], object]]:
    """Within: what takes the number of notes played; it moves a bar on stderr if that is a terminal."""
    if not (show and sys.stderr.isatty()):
        yield lambda _notes: None
        return
    from rich.console import Console
    from rich.progress import Progress

    # Its own thread would draw while we measure.
    with Progress(console=Console(stderr=True), transient=True, auto_refresh=False) as progress:
        task = progress.add_task("measuring", total=notes)
        yield lambda played: progress.update(task, advance=played, refresh=True)
