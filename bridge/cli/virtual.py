# SPDX-License-Identifier: Apache-2.0
"""`sixop xfm2 virtual`: a board made of software, on a port of its own."""

from __future__ import annotations

import signal
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Annotated

import typer

from synth.cli.common import note, tell, usage

if TYPE_CHECKING:
    from bridge.virtual import VirtualXfm2

_LOOK_SECONDS = 0.1  # between two looks at whether the board moved to another port


def virtual(
    context: typer.Context,
    store: Annotated[Path | None, typer.Option(help="File of the 128 programs; made if it is missing.")] = None,
    link: Annotated[Path | None, typer.Option(help="Symbolic link to the port, removed at the end.")] = None,
    log: Annotated[
        Path | None, typer.Option(help="File of JSON lines: each command, each lost byte; an earlier log is replaced.")
    ] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE,...", help="What goes wrong, such as loss=0.01,seed=1; a wrong name lists them all."
        ),
    ] = None,
) -> None:
    """Be an XFM2 on a pseudo terminal, whose path is printed first, until Ctrl-C."""
    from bridge.virtual import Faults, VirtualXfm2

    try:
        faults = Faults.parse(",".join(fault or ()))
    except ValueError as error:
        usage(str(error))
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite kill ends as Ctrl-C does
    if signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:  # and so does a closed terminal, except under nohup
        signal.signal(signal.SIGHUP, signal.default_int_handler)
    with VirtualXfm2(store, link, log, faults) as board:
        try:
            print(board.path, flush=True)
            note(context, f"a virtual XFM2 waits at {link or board.path}; Ctrl-C ends it")
            _watch(context, board)
        except KeyboardInterrupt:
            pass
    counts = board.summary()
    note(
        context,
        f"{counts['commands']} commands executed, {counts['misread']} of them misread; "
        f"{counts['lost']} of {counts['received']} bytes lost; "
        f"{'memory was ERASED' if counts['erased'] else 'nothing was erased'}",
    )
    for problem in board.problems:
        tell(problem)
    if board.problems:
        raise typer.Exit(1)


def _watch(context: typer.Context, board: VirtualXfm2) -> None:
    """Tell whenever the board is unplugged or plugged in again, for ever."""
    path, plugged = board.path, board.plugged
    while True:
        sleep(_LOOK_SECONDS)
        if (board.path, board.plugged) == (path, plugged):
            continue
        path, plugged = board.path, board.plugged
        note(context, f"plugged in at {path}" if plugged else f"unplugged from {path}")
