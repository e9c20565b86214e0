# SPDX-License-Identifier: Apache-2.0
"""`sixop xfm2 dump`, `get`, `set` and `init`: the edit buffer, parameter by parameter."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bridge.cli import frames
from bridge.cli.board import opened, stored, title
from bridge.cli.options import DryRunOption, JsonOption, PortOption, UnitOption
from synth.cli.common import fail, note, usage
from synth.cli.values import choice

if TYPE_CHECKING:
    from bridge.parameters import Parameter


class Shape(StrEnum):
    """How an edit buffer can be written down."""

    TABLE = "table"
    HEX = "hex"
    JSON = "json"
    PRG = "prg"
    SYX = "syx"
    XFM2 = "xfm2"


_PRINTED = (Shape.TABLE, Shape.HEX)  # the others are files
_HEX_LINE = 16  # bytes


def dump(
    context: typer.Context,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write a file, or replace it. [default: print it]"),
    ] = None,
    format: Annotated[  # noqa: A002 - what the option is called
        Shape | None, choice("--format", Shape, "How. [default: table, or the file's suffix, else prg]")
    ] = None,
    program: Annotated[
        int | None, typer.Option(metavar="N", help="A stored program (1..128), not the edit buffer.")
    ] = None,
    port: PortOption = None,
    unit: UnitOption = 1,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Print or save all 512 parameters of the edit buffer, or of a stored program."""
    if program is not None:
        stored("--program", program)
    wanted = _shape(out, format)
    if dry_run:
        asked = [frames.selecting(unit), frames.dumping()]
        if program is None:
            frames.show(context, as_json, asked)
        frames.show(context, as_json, [*asked, *frames.reading(program)], frames.PUT_BACK)
    from bridge.backup import kept_edit_buffer
    from bridge.names import Names

    with opened(context, port, unit) as board:
        if program is None:
            data = board.dump()
        else:
            with kept_edit_buffer(board):
                data = board.read_program(program)
        where, names = board.port, Names.load(board.identity)
    called = title(data, names)
    if out is not None:
        _write(out, wanted, data, called)
    if as_json:
        rows = {"port": where, "unit": unit, "program": program, "name": called, "parameters": list(data)}
        print(json.dumps(rows))
    elif out is None:
        print("\n".join(_lines(wanted, data)))
    else:
        print(f"{out}: {called}, {wanted}")


def get(
    context: typer.Context,
    names: Annotated[list[str], typer.Argument(metavar="NAME|NUMBER...", help="Such as LEVEL1 or 33.")],
    port: PortOption = None,
    unit: UnitOption = 1,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Print parameters of the edit buffer."""
    from bridge.parameters import find

    wanted = [find(name) for name in names]
    if dry_run:
        frames.show(context, as_json, [frames.selecting(unit), frames.dumping()])
    with opened(context, port, unit) as board:
        held = board.dump()
    if as_json:
        print(json.dumps([{"number": row.number, "name": row.name, "value": held[row.number]} for row in wanted]))
        return
    for row in wanted:
        print(_line(row, held[row.number]))


def set_(
    context: typer.Context,
    values: Annotated[list[str], typer.Argument(metavar="NAME=VALUE...", help="Such as LEVEL1=200 or 33=200.")],
    port: PortOption = None,
    unit: UnitOption = 1,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Set parameters of the edit buffer, which is heard at once, and read them back."""
    wanted = _assignments(values)
    if dry_run:
        asked = [frames.setting(row.number, value) for row, value in wanted]
        frames.show(context, as_json, [frames.selecting(unit), *asked], frames.BLOCK)
    from bridge.backup import kept_edit_buffer

    with opened(context, port, unit) as board, kept_edit_buffer(board, only_after_errors=True) as before:
        for row, value in wanted:
            board.set(row.number, value)
    if as_json:
        rows = [
            {"number": row.number, "name": row.name, "old": before[row.number], "new": value} for row, value in wanted
        ]
        print(json.dumps(rows))
        return
    for row, value in wanted:
        print(f"{row.number:3} {row.name}: {before[row.number]} to {value}")


def init(
    context: typer.Context,
    port: PortOption = None,
    unit: UnitOption = 1,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make the edit buffer the board's own INIT program; nothing is stored."""
    if dry_run:
        frames.show(context, as_json, [frames.selecting(unit), frames.initialising()])
    from bridge.names import differing
    from bridge.parameters import INIT_PROGRAM

    with opened(context, port, unit) as board:
        board.initialise()
        others = len(differing(board.dump(), INIT_PROGRAM))
        where = board.port
    if others:
        note(context, f"this board's INIT program differs from the known one in {others} parameters")
    if as_json:
        print(json.dumps({"port": where, "unit": unit, "differences": others}))
    else:
        print(f"the edit buffer of unit {unit} is INIT")


def _shape(out: Path | None, shape: Shape | None) -> Shape:
    """What to write: as asked for, else what the file's suffix says."""
    if out is None:
        if shape not in (None, *_PRINTED):
            usage(f"--format {shape} needs a file to go to: -o FILE.{shape}")
        return shape or Shape.TABLE
    if shape is not None:
        return shape
    suffix = out.suffix.lower().removeprefix(".")
    return Shape(suffix) if suffix in tuple(Shape) else Shape.PRG


def _write(out: Path, shape: Shape, data: bytes, called: str) -> None:
    from bridge.files import write_programs
    from bridge.program import Program
    from synth.files import replacing, why_not_written

    if shape not in _PRINTED:
        write_programs(out, [Program(data, called)], shape.value)
        return
    try:
        with replacing(out) as place:
            place.write_text("\n".join(_lines(shape, data)) + "\n", encoding="utf-8")
    except (OSError, ValueError) as error:
        fail(f"cannot write {str(out)!r}: {why_not_written(error)}")


def _lines(shape: Shape, data: bytes) -> list[str]:
    from bridge.parameters import PARAMETERS

    if shape is Shape.HEX:
        return [data[at : at + _HEX_LINE].hex(" ") for at in range(0, len(data), _HEX_LINE)]
    return [_line(row, data[row.number]) for row in PARAMETERS]


def _line(row: Parameter, value: int) -> str:
    init = "" if value == row.init else f"INIT {row.init}"
    return f"{row.number:3}  {row.name:14} {value:3}  {init:8}  {row.meaning}".rstrip()


def _assignments(texts: list[str]) -> list[tuple[Parameter, int]]:
    """The parameters to be set, and their values.

    Raises:
        ParameterError, NotSentError: no such parameter, one that is not written by hand, or a value out of its range.
    """
    from bridge.parameters import find

    if len(texts) == 2 and not any("=" in text for text in texts):
        texts = ["=".join(texts)]
    pairs: list[Any] = []
    for text in texts:
        name, given, value = text.partition("=")
        if not given:
            usage(f"{text!r} has no value; write {text}=VALUE")
        if find(name) in (row for row, _ in pairs):
            usage(f"{find(name).name} is given two values; give it one")
        pairs.append((find(name), value))
    return [(row, _value(row, text)) for row, text in pairs]


def _value(row: Parameter, text: str) -> int:
    from bridge.device import check_writable
    from bridge.errors import NotSentError

    check_writable(row)
    value = int(text) if text.strip().isascii() and text.strip().isdigit() and len(text) < 9 else -1
    if not row.accepts(value):
        raise NotSentError(f"{row.name} goes from {row.minimum} to {row.maximum}, not {text!r}")
    return value
