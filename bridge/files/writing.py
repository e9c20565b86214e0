# SPDX-License-Identifier: Apache-2.0
"""From programs to files, each of which is whole or as it was before."""

import os
from collections.abc import Callable, Iterable
from typing import Final

from bridge.errors import ProgramError
from bridge.files import dumps, jsonfile, lines
from bridge.parameters import INIT_PROGRAM
from bridge.program import Program
from bridge.protocol import PROGRAMS
from synth.files import replacing, why_not_written

_ONE: Final[dict[str, Callable[[Program], bytes]]] = {
    "json": jsonfile.encode,
    "prg": bytes,
    "syx": dumps.encode,
    "xfm2": lines.encode,
}

FORMATS = ("json", "prg", "bank", "syx", "xfm2")
SUFFIXES = {name: f".{name}" for name in FORMATS}  #: what the file of a format is usually called


def encode(program: Program, format: str) -> bytes:  # noqa: A002 - what the option is called too
    """The file of one program; as a bank it is followed by initialised ones.

    Raises:
        ProgramError: there is no such format.
    """
    if format == "bank":
        return encode_bank([program])
    if format not in _ONE:
        raise ProgramError(f"there is no format {format!r}; there are {', '.join(FORMATS)}")
    return _ONE[format](program)


def encode_bank(programs: Iterable[Program]) -> bytes:
    """A bank: 1 to 128 programs in 65 536 bytes, the rest of it initialised ones. Names are lost.

    Raises:
        ProgramError: none, or more than 128.
    """
    given = list(programs)
    if not 1 <= len(given) <= PROGRAMS:
        raise ProgramError(f"a bank holds 1 to {PROGRAMS} programs, not {len(given)}")
    return b"".join(program.data for program in given) + INIT_PROGRAM * (PROGRAMS - len(given))


def write_programs(
    path: str | os.PathLike[str],
    programs: Iterable[Program],
    format: str,  # noqa: A002
) -> None:
    """Write a file: any number of programs as `syx`, up to 128 as `bank`, and one in the other formats.

    Raises:
        ProgramError: another number of programs, no such format, or the file cannot be written.
    """
    data = _encode_all(list(programs), format)
    try:
        with replacing(path) as place:
            place.write_bytes(data)
    except (OSError, ValueError) as error:
        raise ProgramError(f"{os.fspath(path)} cannot be written: {why_not_written(error)}") from error


def _encode_all(programs: list[Program], form: str) -> bytes:
    if form == "bank":
        return encode_bank(programs)
    if len(programs) != 1 and (form != "syx" or not programs):
        raise ProgramError(
            f"a file of the format {form} holds one program, not {len(programs)};"
            " write one file for each, or all as 'bank' or 'syx'"
        )
    return b"".join(encode(program, form) for program in programs)
