# SPDX-License-Identifier: Apache-2.0
"""Function parameters as a TX7 and the modules of a TX816 have them: by numbers of their own, some on other scales.

The same numbers count in parameter changes of group 1 (`F0 43 1n 04 pp dd F7`) and in the dump of 94 bytes
(`F0 43 0n 01 00 5E ... F7`), of which the DX7's firmware reads 2 to 16 but for 8. Ranges of controllers go from 0 to
15 here and become the DX7's as its firmware makes them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from synth import sysex
from synth.errors import SixopError
from synth.functions import FUNCTIONS
from synth.sysex import FORMATS, HEADER_SIZE, Kind

FUNCTION_FORM = 1
"""The format of such a dump, in its header and in requests for it."""
_DUMPED = range(2, 17)
_MASTER_TUNE = FUNCTIONS["master_tune"].tx7
_NAMES = {function.tx7: name for name, function in FUNCTIONS.items()}
_ATTENUATOR, _LOUDEST = 26, 7
_HIGHEST_SENSITIVITY = 15
_SIZE = next(form.size for form in FORMATS.values() if form.kind is Kind.FUNCTION)


@dataclass(frozen=True)
class PartVolume:
    """The volume of a part, in dB; 0 is full."""

    part: int
    decibels: float


def read_tx7_change(part: int, number: int, value: int) -> dict[str, int] | PartVolume | None:
    """What a parameter change of group 1 asks for: a function parameter's value, or a volume; None if it is neither."""
    if number == _ATTENUATOR:
        # Each step halves the gain; 0 is as loud as 1 (measured on a TX816).
        steps = _LOUDEST - max(1, min(value, _LOUDEST))
        return PartVolume(part, -20 * math.log10(2) * steps if steps else 0.0)
    if number not in _NAMES:
        return None
    return {_NAMES[number]: _value(number, value)}


def read_tx7_functions(message: bytes) -> tuple[dict[str, int], tuple[str, ...]]:
    """The values of a dump of function parameters, and what is wrong with it.

    Raises:
        SixopError: it is not whole.
    """
    body = message[HEADER_SIZE:-1]
    if len(body) != _SIZE + 1 or message[4] << 7 | message[5] != _SIZE:
        whole = HEADER_SIZE + _SIZE + 2
        raise SixopError(f"a dump of function parameters has {whole} bytes, this has {len(message)}: send it again")
    data, right = body[:-1], sysex.checksum(body[:-1])
    problems = [] if body[-1] == right else [f"wrong checksum {body[-1]:02X}, should be {right:02X}"]
    values = {}
    for number in _DUMPED:
        if name := _NAMES.get(number):
            values[name] = _value(number, data[number])
            if data[number] > _highest(number):
                problems.append(f"{name} is {data[number]}, beyond {_highest(number)}")
    return values, tuple(problems)


def write_tx7_functions(values: Mapping[str, int], channel: int) -> bytes:
    """A dump for `read_tx7_functions`, with ranges as near as 16 steps come. channel: 1..16."""
    data = bytearray(_SIZE)
    for name, value in values.items():
        number = FUNCTIONS[name].tx7
        if number in _DUMPED:
            data[number] = min(range(_highest(number) + 1), key=lambda step: abs(_value(number, step) - value))
    return sysex.bulk(FUNCTION_FORM, bytes(data), channel - 1)


def _highest(number: int) -> int:
    name = _NAMES[number]
    return _HIGHEST_SENSITIVITY if name.endswith("_range") and name != "bend_range" else FUNCTIONS[name].highest


def _value(number: int, value: int) -> int:
    """The DX7's value for a TX7's."""
    within = min(value, _highest(number))
    if number == _MASTER_TUNE:
        return within * 4  # 0 to 127, as the slider of a DX7 gives it, over 512 steps; 64 is the middle
    if _highest(number) == _HIGHEST_SENSITIVITY:
        return within * 212 * 8 >> 8
    return within
