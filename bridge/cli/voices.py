# SPDX-License-Identifier: Apache-2.0
"""What `sixop xfm2 send` puts on a board: DX7 voices, converted, or programs of the XFM2 as they are."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bridge.protocol import PROGRAMS
from synth.cli.common import fail, note, read_voices

if TYPE_CHECKING:
    from bridge.algorithms import Alg46

_LOSSES = 3  # that are named of a voice


@dataclass(frozen=True, slots=True)
class Voice:
    """One program for the board, and how well it was converted."""

    name: str
    program: bytes
    exact: int
    approximated: int
    lost: int
    losses: tuple[str, ...] = ()  #: what is lost, in the words of the DX7's manual

    @property
    def summary(self) -> str:
        """How the conversion went, in one line."""
        if not self.approximated and not self.lost:
            return f"all {self.exact} parameters exact"
        counted = f"{self.exact} exact, {self.approximated} approximated, {self.lost} lost"
        if not self.losses:
            return counted
        more = ", ..." if len(self.losses) > _LOSSES else ""
        return f"{counted} ({', '.join(self.losses[:_LOSSES])}{more})"


def read_file(context: typer.Context, file: Path, profile: str, alg46: Alg46) -> list[Voice]:
    """Everything in a file that can go to a board, in order.

    Raises:
        SixopError: the file cannot be read, or holds neither DX7 voices nor programs of the XFM2.
    """
    from bridge.errors import Dx7FileError

    try:
        return _programs(context, file)
    except Dx7FileError:
        return _converted(context, file, profile, alg46)


def _programs(context: typer.Context, file: Path) -> list[Voice]:
    from bridge.backup_file import begins_backup, read_backup
    from bridge.errors import Dx7FileError, ProgramError
    from bridge.files import LARGEST_FILE, read_programs
    from synth.files import read_source

    _, data = read_source(file, LARGEST_FILE, "programs or voices", ProgramError)
    if not data:
        raise ProgramError(f"{file} is empty; choose another file")
    if begins_backup(file):
        backup = read_backup(file)
        return [_as_it_is(backup.names.get(n, ""), program) for n, program in enumerate(backup.programs, 1)]
    try:
        programs = read_programs(file)
    except Dx7FileError:
        raise
    except ProgramError as error:
        raise ProgramError(f"{error}; it holds no DX7 voice either") from error
    for problem in programs.problems:
        note(context, f"{file}: {problem}")
    return [_as_it_is(program.name, program.data) for program in programs]


def refuse_programs(files: Sequence[Path]) -> None:
    """The end if one of these files holds programs of the XFM2 where DX7 voices are wanted."""
    from bridge.backup_file import begins_backup
    from bridge.errors import ProgramError
    from bridge.files import read_programs

    for file in files:
        if not file.is_file():  # what can be read only once is not looked at before
            continue
        with suppress(ProgramError):  # no programs, or no file: reading the voices tells more
            count = PROGRAMS if begins_backup(file) else len(read_programs(file))
            what = "is a program" if count == 1 else f"holds {count} programs"
            fail(f"{file} {what} of the XFM2 already; `sixop xfm2 send` takes it")


def _as_it_is(name: str, program: bytes) -> Voice:
    return Voice(name, program, exact=len(program), approximated=0, lost=0)


def _converted(context: typer.Context, file: Path, profile: str, alg46: Alg46) -> list[Voice]:
    from bridge.convert import convert
    from bridge.profile import load_profile

    chosen = load_profile(profile)
    patches, _ = read_voices(context, [file])
    voices = []
    for patch in patches:
        made = convert(patch, chosen, alg46)
        lost = tuple(row.label for row in made.report if row.kind == "lost")
        voices.append(Voice(made.name, made.program, made.exact, made.approximated, made.lost, lost))
    return voices
