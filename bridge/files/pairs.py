# SPDX-License-Identifier: Apache-2.0
"""From pairs of parameter number and value, as text formats hold them, to the bytes of a program."""

from collections.abc import Iterable

from bridge.errors import ProgramError
from bridge.parameters import INIT_PROGRAM, PARAMETERS
from bridge.protocol import SIZE

_SHOWN = 3  # problems of a kind that are told one by one


def assemble(pairs: Iterable[tuple[int, int]]) -> tuple[bytes, list[str]]:
    """512 bytes, and what had to be repaired. What no pair names is as in an initialised program.

    Of a parameter named twice the last value counts; a value beyond 0..255 becomes the nearest one.

    Raises:
        ProgramError: no pair names a parameter.
    """
    data = bytearray(INIT_PROGRAM)
    given: dict[int, int] = {}
    foreign, twice, beyond = [], [], []
    for number, value in pairs:
        if not 0 <= number < SIZE:
            foreign.append(f"{number}")
            continue
        if given.setdefault(number, value) != value:
            twice.append(PARAMETERS[number].name)
        given[number] = value
        data[number] = min(max(value, 0), 255)
        if data[number] != value:
            beyond.append(f"{PARAMETERS[number].name} {value} to {data[number]}")
    if not given:
        raise ProgramError(f"it names none of the parameters 0 to {SIZE - 1}")
    problems = [
        f"no parameters of the XFM2, left out: {some(foreign)}" if foreign else "",
        f"named twice, the last value counts: {some(twice)}" if twice else "",
        f"no bytes, brought to the nearest: {some(beyond)}" if beyond else "",
    ]
    missing = [row.name for row in PARAMETERS if row.documented and row.number not in given]
    if missing:
        problems.append(f"{len(missing)} parameters are missing and were taken from INIT: {some(missing)}")
    return bytes(data), [problem for problem in problems if problem]


def some(things: list[str]) -> str:
    """The first few of a list, and how many more there are."""
    more = len(things) - _SHOWN
    return ", ".join(things[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
