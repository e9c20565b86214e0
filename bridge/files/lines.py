# SPDX-License-Identifier: Apache-2.0
"""A program as lines of text, ``number:value``; it has no name."""

import re

from bridge.files.pairs import assemble, some
from bridge.program import Program

_LINE = re.compile(r"\s*(\d{1,9})\s*:\s*(-?\d{1,9})\s*", re.ASCII)


def encode(program: Program) -> bytes:
    """The file, one line for each of the 512 parameters."""
    return "".join(f"{number}:{value}\n" for number, value in enumerate(program.data)).encode("ascii")


def begins_so(text: str) -> bool:
    """True if the first line that is not empty looks like one of such a file."""
    return any(_LINE.fullmatch(line) for line in text.lstrip().splitlines()[:1])


def decode(text: str) -> tuple[Program, list[str]]:
    """The program in such a file, and what had to be repaired.

    Raises:
        ProgramError: no line names a parameter.
    """
    pairs, strange = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if found := _LINE.fullmatch(line):
            pairs.append((int(found[1]), int(found[2])))
        elif line.strip():
            strange.append(f"line {number}")
    data, problems = assemble(pairs)
    if strange:
        problems.insert(0, f"not a number, a colon and a value, left out: {some(strange)}")
    return Program(data), problems
