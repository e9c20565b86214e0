# SPDX-License-Identifier: Apache-2.0
"""`sixop bank`: what is in a file of voices."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from synth.cli.common import read_voices, tell, usage, voice_number
from synth.errors import SixopError

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
