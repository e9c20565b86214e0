# SPDX-License-Identifier: Apache-2.0
"""`sixop bank`: what is in a file of voices."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from synth.cli.common import read_voices, tell, usage, voice_number
from synth.errors import SixopError

if TYPE_CHECKING:
    from synth.patch import Patch

app = typer.Typer(help="Look into files of voices.")


@app.command("ls")
def ls(
    context: typer.Context,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="The factory bank if none is named.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON list.")] = False,
) -> None:
    """List the voices of some files, whatever their format."""
    from synth.voicesheet import brief

    rows: list[dict[str, Any]] = []
    failed = False
    wanted: Sequence[Path | None] = _different(files) or [None]
    for file in wanted:
        try:
            voices, name = read_voices(context, [file] if file else [])
        except SixopError as error:  # the other files are still worth listing
            failed = bool(tell(str(error)))
        else:
            name = str(file) if file else name
            rows += [{"file": name, "number": number, **brief(voice)} for number, voice in enumerate(voices, 1)]
    if as_json:
        print(json.dumps(rows))
    elif rows:
        _print_list(rows)
    if failed:
        raise typer.Exit(1)


@app.command("show")
def show(
    context: typer.Context,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="The factory bank if none is named.")
    ] = None,
    voice: Annotated[str | None, typer.Option(metavar="N|NAME", help="Which voice. [default: 1]")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Show one voice: operators, envelopes, algorithm, in the words of the DX7's manual."""
    from synth.voicesheet import facts, sheet

    voices, _ = read_voices(context, files or [])
    number = voice_number(voice, voices)
    patch = voices[number - 1]
    if as_json:
        print(json.dumps({"number": number, **facts(patch)}))
    else:
        print(number, sheet(patch))


@app.command("diff")
def diff(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE [FILE]", help="One bank, or two.")],
    voice: Annotated[
        list[str] | None,
        typer.Option(metavar="N|NAME", help="One voice of both banks; given twice, one voice and another."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON list.")] = False,
) -> None:
    """Compare two banks place by place, or two voices parameter by parameter."""
    wanted = voice or []
    if len(files) > 2 or len(wanted) > 2:
        usage("two banks, or two voices, are compared at a time")
    if len(files) == 1 and len(wanted) < 2:
        usage("one bank alone needs --voice twice; a second FILE is compared place by place")
    ours, theirs = (read_voices(context, [file])[0] for file in (files[0], files[-1]))
    if wanted:
        rows = [
            row._asdict()
            for row in ours[voice_number(wanted[0], ours) - 1].diff(theirs[voice_number(wanted[-1], theirs) - 1])
        ]
    else:
        rows = _places(ours, theirs)
    if as_json:
        print(json.dumps(rows))
    elif wanted:
        _print_columns([[str(cell) for cell in row.values()] for row in rows] or [["no difference"]])
    else:
        _print_columns([[str(row["number"]), row["ours"], row["theirs"], _verdict(row["different"])] for row in rows])


def _places(ours: Sequence[Patch], theirs: Sequence[Patch]) -> list[dict[str, Any]]:
    """Both voices of each place, and in how many parameters they differ: the name counts as one."""
    return [
        {
            "number": number,
            "ours": a.name.rstrip() if a else "",
            "theirs": b.name.rstrip() if b else "",
            "different": len(a.diff(b)) if a and b else None,
        }
        for number, (a, b) in enumerate(zip_longest(ours, theirs), 1)
    ]


def _verdict(different: int | None) -> str:
    if different is None:
        return "in one bank only"
    return f"{different} different" if different else "same"


def _print_columns(rows: list[list[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())


def _print_list(rows: list[dict[str, Any]]) -> None:
    several = len({row["file"] for row in rows}) > 1
    shown = None
    print("     name        algorithm  carriers  feedback  LFO")
    for row in rows:
        if several and row["file"] != shown:
            shown = row["file"]
            print(f"{shown}:")
        carriers = "".join(str(operator) for operator in row["carriers"])
        print(
            f"{row['number']:3}  {row['name']:10}  {row['algorithm']:9}  {carriers:8}  "
            f"{row['feedback']:8}  {row['lfo']}"
        )


def _different(files: list[Path] | None) -> list[Path]:
    if len(set(files or [])) < len(files or []):
        usage("the same file is named twice")
    return files or []
