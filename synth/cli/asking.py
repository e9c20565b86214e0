# SPDX-License-Identifier: Apache-2.0
"""What commands that change an instrument share: a question before it, a bar while it lasts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

from synth.cli.common import fail, options

Progress = Callable[[str, int, int], None]
"""What is being done, how much of it, of how much."""


def answerable(why: str, yes: bool) -> None:
    """The end if a question will have to be asked and there is no terminal to ask it at."""
    if not yes and not (sys.stdin.isatty() and sys.stderr.isatty()):
        fail(f"{why}, and there is no terminal to ask at: --yes answers all questions")


def agreed(question: str, yes: bool, *, default: bool = False) -> bool:
    """What people answer to a question on the terminal; True with --yes; the end if there is nobody to ask."""
    answerable(f"there is a question to be answered ({question})", yes)
    return yes or typer.confirm(question, default=default, err=True)


@contextmanager
def progress_bar(context: typer.Context) -> Iterator[Progress]:
    """Within: what shows progress on stderr, if that is a terminal. A bar that is full goes away."""
    if options(context).quiet or not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bars

    bars = Bars(console=Console(stderr=True), transient=True)

    def show(what: str, done: int, total: int) -> None:
        if done == total:  # a question may follow, and needs the terminal for itself
            stop()
            return
        if not bars.tasks:
            bars.add_task(what, total=total)
            bars.start()
        bars.update(bars.task_ids[0], completed=done)

    def stop() -> None:
        bars.stop()
        for task in bars.task_ids:
            bars.remove_task(task)

    try:
        yield show
    finally:
        stop()
