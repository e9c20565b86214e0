# SPDX-License-Identifier: Apache-2.0
"""`sixop xfm2 backup` and `restore`: all that a board holds, to a file and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bridge.cli import frames
from bridge.cli.board import (
    PATIENCE_SECONDS,
    agreed,
    answerable,
    back_up,
    foreign,
    opened,
    progress_bar,
    untitled,
)
from bridge.cli.options import DryRunOption, JsonOption, PortOption, YesOption
from synth.cli.common import fail, note

if TYPE_CHECKING:
    from bridge.backup import Change


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to save it, as JSON.")],
    port: PortOption = None,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Save all 128 programs and both edit buffers to one file.

    After an unplug the same command goes on where it was.
    """
    if dry_run:
        frames.show(context, as_json, _backup_frames(), frames.PUT_BACK)
    if file.is_dir():
        fail(f"{str(file)!r} is a folder; name a file in it")
    if file.exists() and not agreed(f"Replace {str(file)!r}?", yes):
        fail(f"{str(file)!r} is as it was; choose another name")
    with opened(context, port, 1, reconnect=True, patience=PATIENCE_SECONDS) as board:
        back_up(context, board, file, PATIENCE_SECONDS)
        where = board.port
    if as_json:
        print(json.dumps({"port": where, "file": str(file), "programs": 128, "edit_buffers": 2}))
    else:
        print(f"{file}: 128 programs and 2 edit buffers of {where}")


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup, or a bank of 128 programs.")],
    port: PortOption = None,
    yes: YesOption = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Compare and show what differs; store nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Make a board hold what a backup holds: shows what differs, asks, and stores only that.

    After an interruption the same command goes on where it was.
    """
    from bridge.backup import restore as put_back
    from bridge.backup_file import read_backup

    read_backup(file)  # a file that cannot be restored is refused before a board is looked for
    differing: list[Change] = []

    def confirm(changes: Sequence[Change]) -> bool:
        differing.extend(changes)
        if dry_run:
            return False
        for change in changes:
            note(context, _in_words(change))
        doubt = foreign([change.after for change in changes])
        return agreed(f"{doubt + '. ' if doubt else ''}Overwrite {_places(changes)}?", yes)

    if not dry_run:
        answerable("restoring asks before it overwrites", yes)
    with opened(context, port, 1) as board, progress_bar(context) as progress:
        done = put_back(board, file, confirm=confirm, progress=progress, say=lambda text: note(context, text))
        where = board.port
    if as_json:
        rows = [{"place": each.place, "name": each.name_after, "parameters": each.parameters} for each in differing]
        print(json.dumps({"port": where, "file": str(file), "differing": rows, "written": bool(done)}))
    elif dry_run:
        for change in differing:
            print(_in_words(change))
    elif done:
        print(f"{where}: {_places(done)} restored and verified")
    if not differing and not as_json:
        print(f"{where} holds all that is in {file} already")
    if differing and not done and not dry_run:
        fail("nothing was stored; the board is as it was")


def _backup_frames() -> Iterator[frames.Frame]:
    from bridge.protocol import PROGRAMS, UNITS

    for unit in UNITS:
        yield frames.selecting(unit)
        yield frames.dumping()
    yield frames.selecting(1)
    for number in range(1, PROGRAMS + 1):
        yield from frames.reading(number)


def _in_words(change: Change) -> str:
    before, after = change.name_before or untitled(change.before), change.name_after or untitled(change.after)
    return f"{change.place}: {before} becomes {after}, {change.parameters} parameters differ"


def _places(changes: Sequence[Change]) -> str:
    programs = sum(change.place.startswith("program") for change in changes)
    buffers = len(changes) - programs
    parts = [f"{programs} program{'s' * (programs != 1)}"] if programs else []
    parts += [f"{buffers} edit buffer{'s' * (buffers != 1)}"] if buffers else []
    return " and ".join(parts)
