# SPDX-License-Identifier: Apache-2.0
"""What the commands of a board share: the open board, backups, names."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from synth.cli.asking import agreed as agreed
from synth.cli.asking import answerable as answerable
from synth.cli.asking import progress_bar as progress_bar
from synth.cli.common import fail, note, tell

if TYPE_CHECKING:
    from bridge.device import Xfm2
    from bridge.names import Names

PATIENCE_SECONDS = 60.0  # for a board that went away, where it is worth waiting for
_STRANGE = 16  # values out of range that a program may well have


@contextmanager
def opened(
    context: typer.Context, port: str | None, unit: int, *, reconnect: bool = False, patience: float = 0.0
) -> Iterator[Xfm2]:
    """The board, open; what its owner should know of the link is told on stderr, and after Ctrl-C what was done.

    A board that goes away while it is connected to is waited for `patience` seconds.

    Raises:
        BridgeError: there is no board, or it does not answer as it should.
    """
    from bridge.backup import patiently
    from bridge.device import Event, Xfm2
    from bridge.errors import UnplugError

    given: set[str] = set()  # advice

    def listen(event: Event) -> None:
        _, _, advice = event.text.rpartition("; ")  # the same loss is told by several, each in words of its own
        if event.kind == "back" or (event.kind == "warning" and advice not in given):
            given.add(advice)
            note(context, event.text)

    def connect() -> Xfm2:
        return Xfm2.open(port, unit, on_event=listen, reconnect=reconnect)

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite kill puts things back, as Ctrl-C does
    try:
        try:
            board = connect()
        except UnplugError as error:  # it was there a moment ago
            if not patience:
                raise
            note(context, f"{error}; waiting {patience:.0f} s for it")
            board = patiently(connect, patience, lambda _text: None)
        with board:
            yield board
    except (KeyboardInterrupt, typer.Abort) as stop:
        if done := getattr(stop, "__notes__", ()):
            tell(f"interrupted: {'; '.join(done)}")
        raise


def stored(option: str, program: int) -> int:
    """A program's number, if the memory has it."""
    from bridge.protocol import PROGRAMS

    if not 1 <= program <= PROGRAMS:
        fail(f"{option} {program}: there are programs 1 to {PROGRAMS}")
    return program


def title(program: bytes, names: Names) -> str:
    """What a program is called, for people."""
    return names.name(program) or untitled(program)


def untitled(program: bytes) -> str:
    """What a program without a name is called."""
    from bridge.names import differing
    from bridge.parameters import INIT_PROGRAM

    return "unnamed" if differing(program, INIT_PROGRAM) else "INIT"


def foreign(programs: Sequence[bytes]) -> str:
    """How many values are outside their ranges, if a program has so many that it is hardly one; else nothing."""
    from bridge.program import Program
    from bridge.protocol import SIZE

    beyond = [len(Program(program).beyond_range()) for program in programs]
    if max(beyond, default=0) <= _STRANGE:
        return ""
    return f"{sum(beyond)} of {SIZE * len(beyond)} values are outside their ranges, as if this were something else"


def back_up(context: typer.Context, board: Xfm2, path: Path, patience: float = 0.0) -> None:
    """Save all programs and both edit buffers, with a bar; wait `patience` seconds for a board that goes away.

    Raises:
        BridgeError: see `bridge.backup.backup`.
    """
    from bridge.backup import backup

    with progress_bar(context) as progress:
        backup(board, path, progress=progress, say=lambda text: note(context, text), patience=patience)
