# SPDX-License-Identifier: Apache-2.0
"""From any file to the XFM2 programs in it, and a list of what was wrong with it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from bridge.errors import Dx7FileError, ProgramError
from bridge.files import dumps, jsonfile, lines
from bridge.files.pairs import some
from bridge.parameters import PARAMETERS
from bridge.program import Program, xva1_name
from bridge.protocol import PROGRAMS, SIZE
from synth import plausible
from synth.errors import VoiceError
from synth.files import Source, read_source
from synth.voices import load_voices

Format = Literal["json", "prg", "bank", "syx", "xfm2"]

BANK_SIZE = PROGRAMS * SIZE
LARGEST_FILE = 4 << 20  # bytes; a bank as SysEx has 131 584, one program as JSON about 20 000


class Programs(list[Program]):
    """The programs of a file, in order, with where they came from and what was wrong."""

    def __init__(self, programs: Iterable[Program], source: str, form: Format, problems: Iterable[str]) -> None:
        super().__init__(programs)
        self.source = source  #: the file's path, or "the data"
        self.format: Format = form  #: one of FORMATS
        self.problems = [*problems, *_beyond_range(self)]  #: sentences without an end; the programs are usable


def read_programs(source: Source) -> Programs:
    """Every XFM2 program in a file or in bytes, of whatever format.

    A program without a name that is alone in its file is called like the file.

    Raises:
        Dx7FileError: it holds DX7 voices.
        ProgramError: it holds no program, or one of the XVA1, or it cannot be read.
    """
    name, data = read_source(source, LARGEST_FILE, "programs of the XFM2", ProgramError)
    if not data:
        raise ProgramError(f"{name} is empty; choose another file")
    try:
        programs = _decode(data, name)
    except Dx7FileError:
        raise
    except ProgramError as error:
        raise ProgramError(f"{name} holds no program of the XFM2: {error}") from None
    for number, program in enumerate(programs, 1):
        if foreign := xva1_name(program.data):
            which = f"program {number}" if len(programs) > 1 else "it"
            raise ProgramError(
                f"{name} is of an XVA1, not of an XFM2: {which} carries the name {foreign!r} where an XFM2 has none;"
                " programs of one board are noise on the other"
            )
    if len(programs) == 1 and not programs[0].name and not isinstance(source, bytes | bytearray | memoryview):
        programs[0] = Program(programs[0].data, Path(name).stem)
    return programs


def _decode(data: bytes, name: str) -> Programs:
    """The surest signs first; raw bytes, which have none, come first only if each program's unused byte 0 is zero."""
    raw = len(data) in (SIZE, BANK_SIZE)
    if raw and not any(data[::SIZE]):
        return _raw(data, name)
    if dumps.within(data):
        return _dumps(data, name)
    text = _text(data)
    if text.lstrip().startswith(("{", "[")):
        return _one("json", *jsonfile.decode(text), name)
    if lines.begins_so(text):
        return _one("xfm2", *lines.decode(text), name)
    _refuse_dx7(data, name)
    seen = plausible.describe(data)
    if raw and seen.endswith("unknown data"):
        return _raw(data, name)
    raise ProgramError(
        f"it is {seen}; understood are JSON, lines of number:value, {SIZE} bytes, {BANK_SIZE} bytes and SysEx dumps"
    )


def _raw(data: bytes, name: str) -> Programs:
    programs = [Program(data[at : at + SIZE]) for at in range(0, len(data), SIZE)]
    return Programs(programs, name, "prg" if len(data) == SIZE else "bank", ())


def _one(form: Format, program: Program, problems: list[str], name: str) -> Programs:
    return Programs([program], name, form, problems)


def _dumps(data: bytes, name: str) -> Programs:
    found = dumps.decode(data)
    if found.programs:
        return Programs(found.programs, name, "syx", found.problems)
    if found.dx7:
        raise _dx7_file(name, found.dx7)
    if found.broken:
        raise ProgramError(found.broken[0])
    raise ProgramError(f"it holds SysEx, but no dump of an XFM2: {', '.join(found.others)}")


def _text(data: bytes) -> str:
    """What the bytes say if they are text, else nothing."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return "" if "\0" in text else text


def _refuse_dx7(data: bytes, name: str) -> None:
    try:
        voices = load_voices(data)
    except VoiceError:
        return
    raise _dx7_file(name, f"{len(voices)} voice{'s' * (len(voices) != 1)}")


def _dx7_file(name: str, what: str) -> Dx7FileError:
    return Dx7FileError(
        f"{name} is a DX7 file ({what}): `sixop convert` makes programs of it, `sixop xfm2 send` puts it on the board"
    )


def _beyond_range(programs: list[Program]) -> list[str]:
    """One sentence for each program with values that no documented range allows."""
    told = []
    for number, program in enumerate(programs, 1):
        rows = [PARAMETERS[n] for n in program.beyond_range()]
        if rows:
            values = some([f"{row.name} {program.data[row.number]} (up to {row.maximum})" for row in rows])
            which = f"program {number}: " if len(programs) > 1 else ""
            told.append(f"{which}beyond the documented range, kept as they are: {values}")
    return told
