# SPDX-License-Identifier: Apache-2.0
"""`sixop xfm2 ports`, `info` and `monitor`: commands that only look."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bridge.cli import frames
from bridge.cli.board import opened, title
from bridge.cli.options import DryRunOption, JsonOption, PortOption, UnitOption
from bridge.cli.table import spans
from synth.cli.common import note
from synth.cli.values import LONGEST_SECONDS, number

if TYPE_CHECKING:
    from bridge.device import Xfm2

_POLL_SECONDS = 0.2
_SHOWN = 12  # differences in a listing for people


def ports(port: PortOption = None, as_json: JsonOption = False) -> None:
    """List the serial ports; `>` marks the board's that is taken. None is opened."""
    from bridge.errors import NoBoardError
    from bridge.ports import choose
    from bridge.ports import ports as all_ports

    taken = None
    if port is not None:
        taken = choose(port)
    else:
        with suppress(NoBoardError):  # a list may well be empty
            taken = choose()
    here = all_ports()
    if taken is not None and taken not in here:
        here.append(taken)
    if as_json:
        rows = [
            {**asdict(each), "is_board": each.is_board, "taken": each == taken, "permitted": _permitted(each.path)}
            for each in here
        ]
        print(json.dumps(rows))
        return
    for each in here:
        told = [each.description, each.usb_id, each.serial_number, "XFM2" if each.is_board else "", _lack(each.path)]
        print(f"{'>' if each == taken else ' '} {each.path}  {'  '.join(filter(None, told))}".rstrip())
    if not here:
        print("  none; plug the board in, or try `sixop xfm2 virtual`")
    elif taken is None and not any(each.is_board for each in here):
        print("  none of these is known as an XFM2's; plug the board in, or name its port with --port")


def info(
    context: typer.Context,
    port: PortOption = None,
    unit: UnitOption = 1,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Tell what the board is and what its edit buffer holds; nothing is changed."""
    if dry_run:
        frames.show(context, as_json, [frames.selecting(unit), frames.dumping()])
    with opened(context, port, unit) as board:
        told = _told(board, unit)
    if as_json:
        print(json.dumps(told))
        return
    from bridge.backup_file import local_time
    from bridge.parameters import PARAMETERS

    print(f"port         {told['port']}")
    print(f"unit         {unit}")
    print(f"addresses    {told['addressing']}")
    places = f", stored as program {spans(told['programs'])}" if told["programs"] else ""
    print(f"edit buffer  {told['name']}{places}")
    print(f"backed up    {local_time(told['last_backup']) if told['last_backup'] else 'never'}")
    others = told["differences"]
    print(f"differences from INIT: {len(others)}")
    for other in others[:_SHOWN]:
        print(f"  {PARAMETERS[other['number']].number:3} {other['name']}: {other['init']} to {other['value']}")
    if len(others) > _SHOWN:
        print(f"  and {len(others) - _SHOWN} more; `sixop xfm2 dump` shows them all")


def monitor(
    context: typer.Context,
    seconds: Annotated[
        float | None,
        typer.Option(
            parser=number("--seconds", 0, LONGEST_SECONDS, "seconds"), metavar="S", help="End after S seconds."
        ),
    ] = None,
    port: PortOption = None,
    unit: UnitOption = 1,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Print each parameter that is changed on the board, until Ctrl-C."""
    if dry_run:
        frames.show(context, as_json, [frames.selecting(unit), frames.dumping()])
    from bridge.errors import NoBoardError, UnplugError

    end = None if seconds is None else time.monotonic() + seconds
    away = False
    with suppress(KeyboardInterrupt), opened(context, port, unit, reconnect=True) as board:
        held = board.dump()
        note(context, f"watching unit {unit} of {board.port}; Ctrl-C ends it")
        while end is None or time.monotonic() < end:
            try:
                now = board.dump()
            except (UnplugError, NoBoardError):
                if not away:
                    _say(as_json, {"event": "gone", "port": board.port}, f"{board.port} went away")
                away = True
            else:
                if away:
                    _say(as_json, {"event": "back", "port": board.port}, f"{board.port} is back")
                away = False
                _print_changes(held, now, as_json)
                held = now
            time.sleep(_POLL_SECONDS)


def _permitted(path: str) -> bool:
    """False for a port that is there and that this account may not open."""
    return os.access(path, os.R_OK | os.W_OK) or not os.access(path, os.F_OK)


def _lack(path: str) -> str:
    """What keeps this account from a port, and the remedy; nothing if nothing does."""
    return "" if _permitted(path) else "no permission: sudo usermod -aG dialout $USER, then log in again"


def _told(board: Xfm2, unit: int) -> dict[str, Any]:
    from bridge.names import Names, differing
    from bridge.parameters import INIT_PROGRAM, PARAMETERS

    held = board.dump()
    names = Names.load(board.identity)
    return {
        "port": board.port,
        "unit": unit,
        "addressing": board.addressing,
        "name": title(held, names),
        "programs": names.places(held),
        "last_backup": names.last_backup and names.last_backup.isoformat(),
        "last_backup_file": names.last_backup_file,
        "differences": [
            {"number": n, "name": PARAMETERS[n].name, "init": INIT_PROGRAM[n], "value": held[n]}
            for n in differing(INIT_PROGRAM, held)
        ],
    }


def _print_changes(before: bytes, after: bytes, as_json: bool) -> None:
    from bridge.parameters import PARAMETERS

    for row, old, new in zip(PARAMETERS, before, after, strict=True):
        if old != new:
            change = {"number": row.number, "name": row.name, "old": old, "new": new}
            _say(as_json, change, f"{row.number:3} {row.name}: {old} to {new}")


def _say(as_json: bool, entry: dict[str, Any], words: str) -> None:
    print(json.dumps(entry) if as_json else words, flush=True)
