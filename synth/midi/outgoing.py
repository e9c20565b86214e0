# SPDX-License-Identifier: Apache-2.0
"""Messages for a DX7 or one of its relatives: voices, banks, single parameters, requests."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from synth import sysex
from synth.bank import Bank
from synth.checks import checked_int
from synth.fields import check
from synth.functions import FUNCTIONS, read_function
from synth.midi.sysex import FUNCTION_NAMES
from synth.parameters import ALL_OPERATORS_ON, BY_KEY, OPERATORS
from synth.sysex import BANK_VOICES

if TYPE_CHECKING:
    from synth.patch import Patch

_VOICE_GROUP, _TX7_GROUP, _FUNCTION_GROUP = 0, 1, 2
_SWITCHES = "operators_on"
_SWITCHES_NUMBER = 155
_ALGORITHM = "algorithm"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message, and what it does there."""

    data: bytes
    meaning: str


def voice_for(voice: Patch, channel: int) -> Outgoing:
    """A voice for the edit buffer. channel: 1..16."""
    return Outgoing(
        sysex.voice_message(voice.to_bytes(), channel - 1), f"{voice.name.strip() or 'unnamed'} to the edit buffer"
    )


def bank_for(voices: Sequence[Patch], channel: int) -> Outgoing:
    """Up to 32 voices for the 32 memories, those that are missing as INIT VOICE. channel: 1..16."""
    missing = BANK_VOICES - len(voices)
    first, last = (voices[index].name.strip() or "unnamed" for index in (0, -1))
    names = f"{first} to {last}" if len(voices) > 1 else first
    padded = f", then {missing} times INIT VOICE" if missing else ""
    return Outgoing(Bank(voices).to_sysex(channel - 1), f"a bank, {names}{padded}, to the {BANK_VOICES} memories")


def change_for(setting: str, channel: int) -> Outgoing:
    """A single parameter, as `op1.output_level=80`. channel: 1..16.

    Keys are those of `synth.parameters`, those of the function parameters, and `operators_on` with six digits, operator
    1 first, as the DX7 shows them. Values are those of the DX7's own table, or their names; algorithms count from 1.

    Raises:
        ValueError, TypeError: there is no such key, or no such value; the sentence says what there is.
    """
    key, equals, value = (part.strip() for part in setting.partition("="))
    if not equals or not key or not value:
        raise ValueError(f"a change is written KEY=VALUE, as op1.output_level=80, not {setting!r}")
    group, number, byte = _meant(key, value)
    return Outgoing(_change(group, number, byte, channel), f"{key} = {value}")


def switches_for(switches: int, channel: int) -> bytes:
    """Operators switched on and off, bit 5 for operator 1. channel: 1..16."""
    return _change(_VOICE_GROUP, _SWITCHES_NUMBER, switches, channel)


def function_for(name: str, value: int, channel: int) -> bytes:
    """A function parameter. A DX7 has no message for its master tune; that of a TX7 has a quarter of the steps."""
    if name == "master_tune":
        return _change(_TX7_GROUP, FUNCTIONS[name].tx7, value // 4, channel)
    return _change(_FUNCTION_GROUP, FUNCTIONS[name].number, value, channel)


def _change(group: int, number: int, byte: int, channel: int) -> bytes:
    head = (sysex.START, sysex.YAMAHA, 0x10 | channel - 1)
    return bytes((*head, group << 2 | number >> 7, number & 0x7F, byte, sysex.END))


def request_for(form: int, channel: int) -> bytes:
    """The request for a dump of a format: 0 the voice in the edit buffer, 9 the bank. channel: 1..16."""
    return bytes((sysex.START, sysex.YAMAHA, 0x20 | channel - 1, form, sysex.END))


def _meant(key: str, value: str) -> tuple[int, int, int]:
    """Group, number in the group, and byte of a change."""
    if key == _SWITCHES:
        return _VOICE_GROUP, _SWITCHES_NUMBER, _switches(value)
    if key == _ALGORITHM:
        lowest, highest = 1, BY_KEY[key].maximum + 1
        return _VOICE_GROUP, BY_KEY[key].position, checked_int(_ALGORITHM, _number(value), lowest, highest) - 1
    if parameter := BY_KEY.get(key):
        return _VOICE_GROUP, parameter.position, check(parameter, _number(value))
    if key in FUNCTION_NAMES.values():
        return _FUNCTION_GROUP, FUNCTIONS[key].number, read_function(key, _number(value))
    if key == "name":
        raise ValueError("a name is ten parameters, name1 to name10, each the code of a letter")
    known = [*BY_KEY, *FUNCTION_NAMES.values(), _SWITCHES]
    near = difflib.get_close_matches(key, known, 1)
    remedy = f"did you mean {near[0]!r}?" if near else "keys are like 'op1.output_level', 'lfo.speed', 'bend_range'"
    raise ValueError(f"there is no parameter {key!r}; {remedy}")


def _number(value: str) -> int | str:
    """The whole number that is written, or the text if none is."""
    try:
        return int(value)
    except ValueError:
        return value


def _switches(value: str) -> int:
    if len(value) != OPERATORS or not set(value) <= set("01"):
        raise ValueError(f"{_SWITCHES} takes six digits, 1 on and 0 off, operator 1 first, not {value!r}")
    return int(value, 2) & ALL_OPERATORS_ON
