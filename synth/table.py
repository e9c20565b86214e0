# SPDX-License-Identifier: Apache-2.0
"""Voices as a table, CSV: a row a voice, a column a parameter, for spreadsheets and data frames.

The first row names the columns: `name`, then the keys of `synth.parameters` (``algorithm``, ``lfo.speed``,
``op1.output_level``), then a switch for each operator (``op1.on``). Values are the DX7's own whole numbers; names of
waves, curves and modes are understood when reading. Nothing is lost but blanks at the end of names.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from synth.errors import VoiceError
from synth.fields import check
from synth.files import read_source, replacing, why_not_written
from synth.matching import hint
from synth.parameters import BY_KEY, NAME, OPERATORS, PARAMETERS
from synth.patch import Patch
from synth.voicesheet import is_on

if TYPE_CHECKING:
    from synth.parameters import Parameter

_LARGEST: Final = 256 << 20  # bytes of a file: some 600 000 voices
_SHEET: Final = sorted(PARAMETERS[:NAME], key=lambda parameter: parameter.operator)
_ON: Final = tuple(f"op{number}.on" for number in range(1, OPERATORS + 1))
COLUMNS: Final = ("name", *(parameter.key for parameter in _SHEET), *_ON)


def write_table(voices: Iterable[Patch], target: str | os.PathLike[str] | TextIO) -> None:
    """Write voices to a file, which is replaced whole or left as it was, or to an open text file.

    Raises:
        VoiceError: the file cannot be written.
    """
    if not isinstance(target, str | os.PathLike):
        if not hasattr(target, "write"):
            raise TypeError(f"a table goes to a file or an open text file, not to {target!r}")
        _write(voices, target)
        return
    try:
        with replacing(target) as place, place.open("w", encoding="utf-8", newline="") as file:
            _write(voices, file)
    except (OSError, ValueError) as error:
        raise VoiceError(f"{Path(target)} cannot be written: {why_not_written(error)}.") from error


def read_table(source: str | os.PathLike[str] | TextIO) -> list[Patch]:
    """The voices of a file, or of an open text file, in its order. Columns may come in any order.

    Raises:
        VoiceError: it cannot be read; a column is unknown, missing or there twice; a value is none for its
            parameter. The message names the row, counted from 1 after the one with the names, and the column.
    """
    if isinstance(source, str) and "\n" in source:
        raise VoiceError("a table is read from a file, by its name or open; io.StringIO makes one of text")
    if isinstance(source, str | os.PathLike):
        name, data = read_source(source, _LARGEST, "a table of voices", VoiceError)
        try:
            source = io.StringIO(data.decode("utf-8-sig"), newline="")
        except UnicodeDecodeError as error:
            raise VoiceError(f"{name} is no text in UTF-8: {error}") from error
    else:
        if not hasattr(source, "read"):
            raise TypeError(f"a table comes from a file or an open text file, not from {source!r}")
        name = str(getattr(source, "name", "the table"))
    try:
        return list(_voices(csv.reader(source), name))
    except csv.Error as error:
        raise VoiceError(f"{name} is no CSV: {error}") from error


def _write(voices: Iterable[Patch], file: TextIO) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for patch in voices:
        voice = patch.to_bytes()
        switches = (int(is_on(patch, number)) for number in range(1, OPERATORS + 1))
        writer.writerow(
            [patch.name.rstrip(" "), *(voice[parameter.position] for parameter in _SHEET), *switches],
        )


def _voices(rows: Iterator[list[str]], name: str) -> Iterator[Patch]:
    columns = [column.strip() for column in next(rows, [])]
    _check_columns(columns, name)
    for number, row in enumerate((row for row in rows if row), 1):
        if len(row) != len(columns):
            raise VoiceError(f"{name}, row {number} has {len(row)} values for {len(columns)} columns")
        yield _voice(dict(zip(columns, row, strict=True)), f"{name}, row {number}")


def _nearest(column: str) -> str:
    near = hint(column, COLUMNS)
    return near if near.startswith("did") else "synth.table.COLUMNS are known"


def _check_columns(columns: list[str], name: str) -> None:
    for separator, word in ((";", "semicolons"), ("\t", "tabs")):
        if len(columns) == 1 and separator in columns[0]:
            raise VoiceError(f"{name} has {word} between its columns; save it with commas")
    for column in columns:
        if column not in COLUMNS:
            raise VoiceError(f"{name} has a column {column!r}, which is no parameter; {_nearest(column)}")
        if columns.count(column) > 1:
            raise VoiceError(f"{name} has the column {column!r} twice; keep one of them")
    for column in COLUMNS:
        if column not in columns:
            raise VoiceError(f"{name} lacks the column {column!r}")


def _voice(row: dict[str, str], where: str) -> Patch:
    voice = bytearray(len(PARAMETERS))
    for parameter in _SHEET:
        voice[parameter.position] = _value(parameter, row[parameter.key], where, parameter.key)
    voice[NAME:] = b" " * (len(PARAMETERS) - NAME)
    patch = Patch.from_raw(voice)
    patch.name = row["name"]
    for number, column in enumerate(_ON, 1):
        on = _value(BY_KEY["osc_key_sync"], row[column], where, column)
        patch.operators_on &= ~(0 if on else 1 << (OPERATORS - number))
    return patch


def _value(parameter: Parameter, text: str, where: str, column: str) -> int:
    written = text.strip()
    try:
        return check(parameter, int(written) if written.removeprefix("-").isdecimal() else written)
    except (TypeError, ValueError) as error:
        raise VoiceError(f"{where}, column {column}: {error}") from None
