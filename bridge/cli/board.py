# SPDX-License-Identifier: Apache-2.0
"""What the commands of a board share: options, the open board, questions, a progress bar, names."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synth.cli.common import fail, note, options, usage
from synth.cli.values import whole

if TYPE_CHECKING:
    from bridge.backup import Progress
    from bridge.device import Xfm2
    from bridge.names import Names

PATIENCE_SECONDS = 60.0  # for a board that went away, where it is worth waiting for


def _port(text: str) -> str:
    """What a variable that is not set leaves behind would be a part of any port's name."""
    return text if text.strip() else usage("--port needs a path, a name or a URL; `sixop xfm2 ports` lists them")


PortOption = Annotated[
    str | None,
    typer.Option(
        "--port",
        parser=_port,
        metavar="PATH|NAME|URL",
        help="Where the board is. [default: the one that is found]",
    ),
]
UnitOption = Annotated[
    int, typer.Option("--unit", parser=whole("--unit", 1, 2), metavar="1|2", help="Which half of the board.")
]
YesOption = Annotated[bool, typer.Option("--yes", help="Answer all questions with yes.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Print the bytes that would be sent; needs no board.")]
JsonOption = Annotated[bool, typer.Option("--json", help="As JSON.")]


@contextmanager
def opened(context: typer.Context, port: str | None, unit: int, *, reconnect: bool = False) -> Iterator[Xfm2]:
    """The board, open; what its owner should know of the link is told on stderr.

    Raises:
        BridgeError: there is no board, or it does not answer as it should.
    """
    from bridge.device import Event, Xfm2

    told: set[str] = set()

    def tell(event: Event) -> None:
        if event.kind == "back" or (event.kind == "warning" and event.text not in told):
            told.add(event.text)
            note(context, event.text)

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite kill puts things back, as Ctrl-C does
    with Xfm2.open(port, unit, on_event=tell, reconnect=reconnect) as board:
        yield board


def stored(option: str, program: int) -> int:
    """A program's number, if the memory has it."""
    from bridge.protocol import PROGRAMS

    if not 1 <= program <= PROGRAMS:
        fail(f"{option} {program}: there are programs 1 to {PROGRAMS}")
    return program


def answerable(why: str, yes: bool) -> None:
    """The end if a question will have to be asked and there is no terminal to ask it at."""
    if not yes and not (sys.stdin.isatty() and sys.stderr.isatty()):
        fail(f"{why}, and there is no terminal to ask at: --yes answers all questions")


def agreed(question: str, yes: bool, *, default: bool = False) -> bool:
    """What people answer to a question on the terminal; True with --yes; the end if there is nobody to ask."""
    answerable(f"there is a question to be answered ({question})", yes)
    return yes or typer.confirm(question, default=default, err=True)


def title(program: bytes, names: Names) -> str:
    """What a program is called, for people."""
    from bridge.names import differing
    from bridge.parameters import INIT_PROGRAM

    return names.name(program) or ("unnamed" if differing(program, INIT_PROGRAM) else "INIT")


def back_up(context: typer.Context, board: Xfm2, path: Path, patience: float = 0.0) -> None:
    """Save all programs and both edit buffers, with a bar; wait `patience` seconds for a board that goes away.

    Raises:
        BridgeError: see `bridge.backup.backup`.
    """
    from bridge.backup import backup

    with progress_bar(context) as progress:
        backup(board, path, progress=progress, say=lambda text: note(context, text), patience=patience)


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
