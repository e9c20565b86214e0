# SPDX-License-Identifier: Apache-2.0
"""`sixop bank`: what is in a file of voices."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from synth.cli.common import read_voices, tell, usage, voice_number
from synth.errors import SixopError

if TYPE_CHECKING:
    from synth.patch import Patch

app = typer.Typer(help="Look into files of voices.")

_TABLE_WIDTH = 130  # all columns, unwrapped; narrower terminals wrap whole lines
_FIRST_BREAKPOINT_NOTE = 21  # breakpoint 0 is A-1, 39 is C3


@app.command("ls")
def ls(
    context: typer.Context,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="The factory bank if none is named.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON list.")] = False,
) -> None:
    """List the voices of some files, whatever their format."""
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
            rows += [{"file": name, **_summary(number, voice)} for number, voice in enumerate(voices, 1)]
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
    voices, _ = read_voices(context, files or [])
    number = voice_number(voice, voices)
    patch = voices[number - 1]
    if as_json:
        print(json.dumps(_details(number, patch)))
    else:
        _print_voice(number, patch)


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


def _summary(number: int, patch: Patch) -> dict[str, Any]:
    from synth.engine import lib

    return {
        "number": number,
        "name": patch.name.rstrip(),
        "algorithm": patch.algorithm + 1,
        "carriers": [operator for operator in range(1, 7) if lib.sx_is_carrier(patch.algorithm, operator)],
        "feedback": patch.feedback,
        "lfo": patch.lfo.wave,
    }


def _routes(algorithm: int) -> str:
    """The algorithm in words: who modulates whom, who is heard, and where the feedback is."""
    from synth.engine import lib

    operators = range(1, 7)
    modulations = [
        f"{source}>{target}"
        for target in operators
        for source in operators
        if source != target and lib.sx_modulates(algorithm, source, target)
    ]
    carriers = "+".join(str(operator) for operator in operators if lib.sx_is_carrier(algorithm, operator))
    source, target = divmod(lib.sx_feedback_path(algorithm), 8)
    feedback = f"{source}" if source == target else f"{source}>{target}"
    return f"heard {carriers}   modulation {' '.join(modulations) or 'none'}   feedback {feedback}"


def _details(number: int, patch: Patch) -> dict[str, Any]:
    return {
        **_summary(number, patch),
        "transpose": patch.transpose - 24,
        "osc_key_sync": bool(patch.osc_key_sync),
        "pitch_mod_sensitivity": patch.pitch_mod_sensitivity,
        "lfo": {
            "wave": patch.lfo.wave,
            "speed": patch.lfo.speed,
            "delay": patch.lfo.delay,
            "pitch_mod_depth": patch.lfo.pitch_mod_depth,
            "amp_mod_depth": patch.lfo.amp_mod_depth,
            "sync": bool(patch.lfo.sync),
        },
        "pitch_envelope": {
            "rates": [int(rate) for rate in patch.pitch_envelope.rates],
            "levels": [int(level) for level in patch.pitch_envelope.levels],
        },
        "operators": [_operator(patch, index) for index in range(6)],
    }


def _operator(patch: Patch, index: int) -> dict[str, Any]:
    operator = patch.op[index]
    return {
        "operator": index + 1,
        "frequency": _frequency(patch, index),
        "detune": operator.detune - 7,
        "output_level": operator.output_level,
        "velocity_sensitivity": operator.velocity_sensitivity,
        "amp_mod_sensitivity": operator.amp_mod_sensitivity,
        "rates": [int(rate) for rate in operator.envelope.rates],
        "levels": [int(level) for level in operator.envelope.levels],
        "rate_scaling": operator.rate_scaling,
        "breakpoint": operator.breakpoint,
        "left": [operator.left_curve, operator.left_depth],
        "right": [operator.right_curve, operator.right_depth],
    }


def _frequency(patch: Patch, index: int) -> str:
    """``x 1.00`` of the note, or ``440.0 Hz`` where fixed."""
    operator = patch.op[index]
    if operator.frequency_mode:
        return f"{10 ** (operator.frequency_coarse % 4 + operator.frequency_fine / 100):.1f} Hz"
    return f"x {(operator.frequency_coarse or 0.5) * (1 + operator.frequency_fine / 100):.2f}"


def _print_voice(number: int, patch: Patch) -> None:
    from rich.console import Console
    from rich.table import Table

    from synth.engine import lib
    from synth.notes import note_name

    print(f"{number} {patch.name.rstrip()}")
    print(f"algorithm {patch.algorithm + 1}: {_routes(patch.algorithm)}")
    print(
        f"feedback {patch.feedback}   transpose {patch.transpose - 24:+d}   "
        f"oscillator key sync {'on' if patch.osc_key_sync else 'off'}"
    )
    lfo, pitch = patch.lfo, patch.pitch_envelope
    print(
        f"LFO {lfo.wave}, speed {lfo.speed}, delay {lfo.delay}, sync {'on' if lfo.sync else 'off'}; depth: "
        f"pitch {lfo.pitch_mod_depth} (sensitivity {patch.pitch_mod_sensitivity}), amplitude {lfo.amp_mod_depth}"
    )
    print(f"pitch envelope: rates {_numbers(pitch.rates)}, levels {_numbers(pitch.levels)}")

    table = Table(box=None, pad_edge=False, header_style="")
    for heading in ("op", "", "frequency", "detune", "level", "velocity", "AMS"):
        table.add_column(heading, justify="left" if heading in ("", "op") else "right", no_wrap=True)
    for heading in ("rates", "levels", "rate scaling", "left", "breakpoint", "right"):
        table.add_column(heading, no_wrap=True)
    for index in range(6):
        operator = patch.op[index]
        role = "carrier" if lib.sx_is_carrier(patch.algorithm, index + 1) else "modulator"
        table.add_row(
            str(index + 1),
            role,
            _frequency(patch, index),
            f"{operator.detune - 7:+d}",
            str(operator.output_level),
            str(operator.velocity_sensitivity),
            str(operator.amp_mod_sensitivity),
            _numbers(operator.envelope.rates),
            _numbers(operator.envelope.levels),
            str(operator.rate_scaling),
            f"{operator.left_curve} {operator.left_depth}",
            note_name(operator.breakpoint + _FIRST_BREAKPOINT_NOTE),
            f"{operator.right_curve} {operator.right_depth}",
        )
    Console(width=_TABLE_WIDTH, highlight=False).print(table)


def _numbers(values: Iterable[int]) -> str:
    return " ".join(f"{int(value):2d}" for value in values)
