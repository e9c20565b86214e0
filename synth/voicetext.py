# SPDX-License-Identifier: Apache-2.0
"""Voices as text a musician can read and edit: TOML with one row per operator.

::

    [[voice]]
    name = "PLAIN"
    play = "C3"
    algorithm = 5
    op1 = { ratio = 1.00, level = 90, rates = [96, 30, 25, 60], levels = [99, 80, 0, 0], velocity = 2 }

All numbers are the DX7's own, counted and signed as its panel shows them: algorithm 1..32, detune -7..+7,
transpose in semitones. `configs/README.md` lists the fields. What is not written has the value of `_SILENT`:
an operator without a row is silent.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from .errors import SixopError, VoiceError
from .notes import parse_note
from .parameters import BY_KEY, CURVES, NAME_LENGTH, OPERATORS, SWITCH, Parameter
from .patch import Operator, Patch

_LOWEST_BREAKPOINT: Final = 21  # MIDI note of breakpoint 0, the A-1 of an 88-key piano
_RATIO_TOLERANCE: Final = 0.005  # a ratio is written with two decimals
_HERTZ_TOLERANCE: Final = 0.001  # of a fixed frequency; the DX7's own steps are 2.3 %

# Text field -> attribute, and what is added to the written number to get the DX7's.
_VOICE_FIELDS: Final = {
    "algorithm": ("algorithm", -1),
    "feedback": ("feedback", 0),
    "transpose": ("transpose", 24),
    "pitch_mod": ("pitch_mod_sensitivity", 0),
    "key_sync": ("osc_key_sync", 0),
}
_LFO_FIELDS: Final = {
    "wave": ("wave", 0),
    "speed": ("speed", 0),
    "delay": ("delay", 0),
    "pitch": ("pitch_mod_depth", 0),
    "amp": ("amp_mod_depth", 0),
    "sync": ("sync", 0),
}
_OPERATOR_FIELDS: Final = {
    "level": ("output_level", 0),
    "velocity": ("velocity_sensitivity", 0),
    "detune": ("detune", 7),
    "rate_scaling": ("rate_scaling", 0),
    "amp_mod": ("amp_mod_sensitivity", 0),
}
_ENVELOPE_FIELDS: Final = ("rates", "levels")
_CURVE_FIELDS: Final = ("left", "right")
_SILENT: Final = {"level": 0, "breakpoint": "C3"}

_OPERATOR_ROWS: Final = tuple(f"op{number}" for number in range(1, OPERATORS + 1))
_KNOWN_IN_VOICE: Final = ("name", "play", *_VOICE_FIELDS, "lfo", "pitch_rates", "pitch_levels", *_OPERATOR_ROWS)
_KNOWN_IN_OPERATOR: Final = ("ratio", "fixed", "breakpoint", *_OPERATOR_FIELDS, *_ENVELOPE_FIELDS, *_CURVE_FIELDS)


@dataclass(frozen=True)
class WrittenVoice:
    """A voice from a text."""

    patch: Patch
    play: int  #: MIDI note in the middle of where the voice is meant to be played


class _FieldError(Exception):
    """What is wrong with one field; the voice and the file are added on the way out."""


def parse_voices(text: str, source: str) -> list[WrittenVoice]:
    """All voices of a TOML text, in order. `source` names the text in error messages.

    Raises:
        VoiceError: the text is no TOML or a field is unknown, missing or out of range;
            the message names file, voice and field.
    """
    import tomllib  # slow to import, and only the factory bank needs it

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise VoiceError(f"{source} is not valid TOML: {error}") from error
    voices = document.pop("voice", [])
    if document:
        raise VoiceError(f"{source} has {next(iter(document))!r} outside any voice; each voice starts with [[voice]]")
    if not isinstance(voices, list) or not all(isinstance(voice, dict) for voice in voices):
        raise VoiceError(f"{source} must hold its voices as [[voice]] tables, with two brackets")
    return [_voice(table, source, number) for number, table in enumerate(voices, 1)]


def _voice(table: dict[str, Any], source: str, number: int) -> WrittenVoice:
    name = table.get("name")
    where = f"{source}, voice {name!r}" if isinstance(name, str) else f"{source}, voice number {number}"
    try:
        _refuse_unknown(table, _KNOWN_IN_VOICE)
        patch = Patch.init_voice()
        patch.name = _name(table)
        _required(table, "algorithm")
        _fill(patch, _VOICE_FIELDS, table)
        lfo = _table(table, "lfo")
        with _inside("lfo"):
            _refuse_unknown(lfo, tuple(_LFO_FIELDS))
            _fill(patch.lfo, _LFO_FIELDS, lfo)
        for values in _ENVELOPE_FIELDS:
            if f"pitch_{values}" in table:
                _set(patch.pitch_envelope, values, table[f"pitch_{values}"], f"pitch_{values}")
        for index, row in enumerate(_OPERATOR_ROWS):
            given = _table(table, row)
            with _inside(row):
                _operator(patch.op[index], given)
        return WrittenVoice(patch, _note("play", _required(table, "play")))
    except _FieldError as error:
        raise VoiceError(f"{where}: {error}") from None


def _name(table: Mapping[str, Any]) -> str:
    name = _required(table, "name")
    if not isinstance(name, str) or not name.strip() or len(name) > NAME_LENGTH:
        raise _FieldError(f"name must be text of 1 to {NAME_LENGTH} characters, not {name!r}")
    if not all(" " <= char <= "~" for char in name):
        raise _FieldError("name may hold ASCII characters only, which is what the DX7's display shows")
    return name


def _operator(operator: Operator, given: Mapping[str, Any]) -> None:
    _refuse_unknown(given, _KNOWN_IN_OPERATOR)
    if given:
        _required(given, "level")
    row = {**_SILENT, **given}
    _fill(operator, _OPERATOR_FIELDS, row)
    _frequency(operator, row)
    for values in _ENVELOPE_FIELDS:
        if values in row:
            _set(operator.envelope, values, row[values], values)
    breakpoint_note = _note("breakpoint", row["breakpoint"]) - _LOWEST_BREAKPOINT
    if not 0 <= breakpoint_note <= BY_KEY["op1.breakpoint"].maximum:
        raise _FieldError(f"breakpoint is {row['breakpoint']}; it goes from A-1 to C8")
    operator.breakpoint = breakpoint_note
    for side in _CURVE_FIELDS:
        if side in row:
            curve, depth = _scaling(side, row[side])
            setattr(operator, f"{side}_curve", curve)
            setattr(operator, f"{side}_depth", _value(BY_KEY[f"op1.{side}_depth"], f"{side} depth", depth, 0))


def _frequency(operator: Operator, row: Mapping[str, Any]) -> None:
    if "ratio" in row and "fixed" in row:
        raise _FieldError("ratio and fixed exclude each other; keep one of them")
    field = "fixed" if "fixed" in row else "ratio"
    wanted = row.get(field, 1.0)
    if isinstance(wanted, bool) or not isinstance(wanted, int | float):
        raise _FieldError(f"{field} must be a number, not {wanted!r}")
    operator.frequency_mode = int(field == "fixed")
    try:
        operator.frequency_ratio = float(wanted)
    except ValueError as error:
        raise _FieldError(str(error).replace("frequency_ratio", field)) from None
    reached = operator.frequency_ratio
    tolerance = _HERTZ_TOLERANCE * wanted if field == "fixed" else _RATIO_TOLERANCE
    if abs(reached - wanted) > tolerance:
        digits = f"{reached:.4g}" if field == "fixed" else f"{reached:.2f}"
        raise _FieldError(f"{field} is {wanted}, which the DX7 cannot set; the nearest it can is {digits}")


def _scaling(side: str, text: object) -> tuple[str, int]:
    words = text.split() if isinstance(text, str) else []
    if len(words) != 2 or words[0] not in CURVES or not words[1].isdecimal():
        raise _FieldError(f'{side} must be a curve ({", ".join(CURVES)}) and a depth, as in "-LIN 30", not {text!r}')
    return words[0], int(words[1])


def _fill(section: Any, fields: Mapping[str, tuple[str, int]], table: Mapping[str, Any]) -> None:
    """Set the attributes of a section from the fields a table has."""
    for field, (attribute, offset) in fields.items():
        if field in table:
            parameter = BY_KEY.get(attribute) or BY_KEY.get(f"lfo.{attribute}") or BY_KEY[f"op1.{attribute}"]
            _set(section, attribute, _value(parameter, field, table[field], offset), field)


def _value(parameter: Parameter, field: str, shown: Any, offset: int) -> Any:
    """The DX7's value of what its panel shows; ranges are told in panel numbers, detune as -7 to 7."""
    if parameter.choices:
        if shown is not True and shown is not False and shown not in parameter.choices:
            allowed = "true or false" if parameter.choices == SWITCH else f"one of {', '.join(parameter.choices)}"
            raise _FieldError(f"{field} must be {allowed}, not {shown!r}")
        return shown
    low, high = parameter.minimum - offset, parameter.maximum - offset
    if isinstance(shown, bool) or not isinstance(shown, int):
        raise _FieldError(f"{field} must be a whole number from {low} to {high}, not {shown!r}")
    if not low <= shown <= high:
        raise _FieldError(f"{field} is {shown}; it goes from {low} to {high}")
    return shown + offset


def _set(section: Any, attribute: str, value: Any, field: str) -> None:
    try:
        setattr(section, attribute, value)
    except (TypeError, ValueError) as error:
        raise _FieldError(f"{field}: {error}") from None


def _note(field: str, name: object) -> int:
    try:
        return parse_note(str(name))
    except SixopError as error:
        raise _FieldError(f"{field}: {error}") from None


def _table(table: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    value = table.get(field, {})
    if not isinstance(value, dict):
        raise _FieldError(f"{field} must be a row of fields in braces, not {value!r}")
    return value


def _required(table: Mapping[str, Any], field: str) -> Any:
    if field not in table:
        raise _FieldError(f"{field} is missing")
    return table[field]


def _refuse_unknown(table: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for field in table:
        if field not in known:
            near = difflib.get_close_matches(field, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
            raise _FieldError(f"there is no field {field!r}; {hint}")


@contextmanager
def _inside(row: str) -> Iterator[None]:
    """Put a row's name before whatever is found wrong in it."""
    try:
        yield
    except _FieldError as error:
        raise _FieldError(f"{row} {error}") from None
