# SPDX-License-Identifier: Apache-2.0
"""`sixop convert`: DX7 voices to files for the XFM2, without a board."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bridge.cli.table import ProfileChoice, columns, spans
from bridge.cli.voices import refuse_programs
from synth.cli.common import fail, not_an_input, options, read_voices, voice_number
from synth.cli.values import choice
from synth.files import why_not_written

if TYPE_CHECKING:
    from bridge.convert import Conversion
    from bridge.profile import Profile
    from bridge.report import Row

_MANY = 64  # files, from which on a progress bar is worth its line


class Format(StrEnum):
    """Kinds of files that hold XFM2 programs."""

    JSON = "json"
    PRG = "prg"
    BANK = "bank"
    SYX = "syx"
    XFM2 = "xfm2"


class Reading(StrEnum):
    """How algorithms 4 and 6 are read."""

    SELF = "self"
    LOOP = "loop"


Alg46Choice = Annotated[
    Reading, choice("--alg46", Reading, "Algorithms 4 and 6: operator 6 feeds itself, or a loop of several operators.")
]


@dataclass(frozen=True)
class _Voice:
    """A converted voice: its number, counted through all files, and the file it goes to."""

    number: int
    conversion: Conversion
    file: Path


def convert(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="DX7 voices, in any format.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="A folder for the files; made if it is missing.")
    ] = Path(),
    voice: Annotated[str | None, typer.Option(metavar="N|NAME", help="One voice alone. [default: all]")] = None,
    format: Annotated[  # noqa: A002 - what the option is called
        Format, choice("--format", Format, "One file per voice, or one bank for up to 128.")
    ] = Format.JSON,
    profile: ProfileChoice = "default",
    alg46: Annotated[
        Reading, choice("--alg46", Reading, "Algorithms 4 and 6: operator 6 feeds itself, or the loop as it is.")
    ] = Reading.SELF,
    report: Annotated[
        bool, typer.Option("--report", help="Tell what is lost; of a single voice, what becomes of every parameter.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Tell everything, as one JSON object.")] = False,
) -> None:
    """Convert DX7 voices to programs of the XFM2, and tell how well that went. Needs no board.

    Files that have the names of the new ones are replaced.
    """
    from bridge.convert import convert as convert_voice
    from bridge.profile import load_profile

    chosen = load_profile(profile)
    refuse_programs(files)
    voices, _ = read_voices(context, files)
    numbers = range(1, len(voices) + 1) if voice is None else [voice_number(voice, voices)]
    places = _places(out, format, files, {number: voices[number - 1].name for number in numbers})
    done = [
        _Voice(number, convert_voice(voices[number - 1], chosen, alg46.value), places[number]) for number in numbers
    ]
    _write(out, format, done, show=not options(context).quiet)
    if as_json:
        print(json.dumps(_everything(done, chosen, alg46, format)))
    else:
        _tell(done, report)


def _places(out: Path, format_: Format, inputs: Sequence[Path], names: Mapping[int, str]) -> dict[int, Path]:
    """Where each voice goes; nothing that is read is written over."""
    from bridge.files import SUFFIXES
    from bridge.protocol import PROGRAMS

    suffix = SUFFIXES[format_]
    if format_ is Format.BANK:
        if len(names) > PROGRAMS:
            fail(f"{len(names)} voices are more than the {PROGRAMS} of a bank: name fewer files, or choose --voice")
        bank = out / f"{safe_name(inputs[0].stem)}{suffix}"
        places = dict.fromkeys(names, bank)
    else:
        places = {number: out / f"{number:02d}-{safe_name(name)}{suffix}" for number, name in names.items()}
    for place in {*places.values()}:
        not_an_input("-o", place, *inputs)
    return places


def safe_name(name: str) -> str:
    """A voice's name as a part of a file name that every system takes."""
    return re.sub(r"[^A-Za-z0-9+_]+", "-", name).strip("-") or "VOICE"


def _write(out: Path, format_: Format, voices: Sequence[_Voice], show: bool) -> None:
    from bridge.files import write_programs
    from bridge.program import Program

    try:
        out.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = "there is a file of that name" if isinstance(error, FileExistsError) else why_not_written(error)
        fail(f"the folder {str(out)!r} cannot be made: {reason}")
    together: dict[Path, list[Program]] = {}
    for voice in voices:
        together.setdefault(voice.file, []).append(Program(voice.conversion.program, voice.conversion.name))
    for file in _progress(list(together), show):
        write_programs(file, together[file], format_)


def _progress(files: Sequence[Path], show: bool) -> Iterator[Path]:
    """The files; with a bar on stderr if it is a terminal and there are many."""
    if not (show and len(files) >= _MANY and sys.stderr.isatty()):
        yield from files
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(files, "writing", console=Console(stderr=True), transient=True)


def _everything(voices: Sequence[_Voice], profile: Profile, alg46: Reading, format_: Format) -> dict[str, Any]:
    return {
        "profile": profile.name,
        "alg46": alg46,
        "format": format_,
        "voices": [{"number": voice.number, "file": str(voice.file), **voice.conversion.as_dict()} for voice in voices],
    }


def _tell(voices: Sequence[_Voice], report: bool) -> None:
    for voice in voices:
        done = voice.conversion
        quality = f"{done.exact:3} exact  {done.approximated:3} approximated  {done.lost:3} lost"
        print(f"{voice.number:3}  {done.name:10}  {quality}  {voice.file}")
        if report and len(voices) > 1:
            for row in done.report:
                if row.kind == "lost":
                    print(f"     lost: {row.label}, {row.error_text or 'no measure'}: {row.reason}")
    if report and len(voices) == 1:
        print()
        _print_rows(voices[0].conversion.report)


def _print_rows(rows: Sequence[Row]) -> None:
    columns(
        ("parameter", "DX7", "XFM2", "becomes", "", "error", "why"),
        (
            (
                row.label,
                str(row.value),
                spans(row.numbers),
                " ".join(map(str, row.values)),
                row.kind,
                row.error_text,
                row.reason,
            )
            for row in rows
        ),
    )
