# SPDX-License-Identifier: Apache-2.0
"""What `--dry-run` prints: the frames that would go to the board, with their meaning."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NoReturn

import typer

from bridge import protocol
from bridge.names import differing
from bridge.parameters import PARAMETERS
from synth.cli.common import note


@dataclass(frozen=True, slots=True)
class Frame:
    """Bytes that go out together, and what they mean."""

    data: bytes
    meaning: str


BLOCK = "what differs in an edit buffer may also go as one block (6a and 512 bytes), where that is safer or quicker"
PUT_BACK = (
    "at the end the edit buffer gets back what it held (73, parameter and value for all that differ, or 6a, a block)"
)
"""What cannot be printed as frames, because it depends on what the board holds."""

_ASKED = (
    "nothing is sent; on connecting, and between what is printed here, a board is also asked for parameters (67) and "
    "for the edit buffer (64), which changes nothing and proves that no byte was lost"
)


def selecting(unit: int) -> Frame:
    """All that follows is meant for this unit."""
    return Frame(protocol.select_unit(unit).frame, f"select unit {unit}")


def dumping() -> Frame:
    """Ask for the edit buffer."""
    return Frame(protocol.dump().frame, "read the edit buffer")


def setting(number: int, value: int) -> Frame:
    """Set one parameter."""
    return Frame(protocol.set_value(number, value).frame, f"{PARAMETERS[number].name} = {value}")


def loading(program: bytes, before: bytes | None = None) -> Iterator[Frame]:
    """Make the edit buffer a program: all parameters that can be set, or those that differ from what it holds."""
    held = bytes(value ^ 0xFF for value in program) if before is None else before
    for number in differing(held, program):
        yield setting(number, program[number])


def reading(program: int) -> Iterator[Frame]:
    """Read a stored program, 1..128, which is loaded into the edit buffer for that."""
    yield Frame(protocol.read_program(program - 1).frame, f"load program {program} into the edit buffer")
    yield dumping()


def storing(program: int) -> Frame:
    """Store the edit buffer as a program, 1..128."""
    return Frame(protocol.write_program(program - 1).frame, f"store the edit buffer as program {program}")


def initialising() -> Frame:
    """The board's own INIT program."""
    return Frame(protocol.initialise().frame, "make the edit buffer the INIT program")


def show(context: typer.Context, as_json: bool, frames: Iterable[Frame], *besides: str) -> NoReturn:
    """Print the frames, one a line, or as one JSON list, and end here. `besides`: what the frames do not tell."""
    note(context, "; ".join((_ASKED, *besides)))
    if as_json:
        print(json.dumps([{"bytes": frame.data.hex(" "), "meaning": frame.meaning} for frame in frames]))
    else:
        for frame in frames:
            print(f"{frame.data.hex(' '):12} {frame.meaning}")
    raise typer.Exit
