# SPDX-License-Identifier: Apache-2.0
"""A voice as JSON for people and version control: the attributes of a Patch, by their names.

::

    {"format": "sixop voice", "version": 1, "name": "BRASS", "algorithm": 21, ..., "lfo": {"speed": 35, ...},
     "pitch_envelope": {"rates": [...], "levels": [...]},
     "op": [{"on": true, "envelope": {...}, "output_level": 99, "frequency_mode": "ratio", ...}, ...]}

Values are those of the attributes, so algorithm counts from 0 and detune 7 is none; waves, curves and modes are
names. Nothing is lost, operator switches included; the name's blanks at its end are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from synth.checks import checked_int
from synth.errors import VoiceError
from synth.fields import Four, Section
from synth.matching import hint
from synth.parameters import MODES, OPERATORS
from synth.voicesheet import is_on

if TYPE_CHECKING:
    from synth.patch import Patch

FORMAT: Final = "sixop voice"
VERSION: Final = 1

_NUMBERS: Final = re.compile(r"\[\n[\d\s,]+\]")  # a list of numbers, one a line; no text can hold a line's end


def to_dict(patch: Patch) -> dict[str, Any]:
    """The voice as dicts, lists, numbers, bools and text."""
    voice = {"format": FORMAT, "version": VERSION, **_tree(patch)}
    voice["name"] = patch.name.rstrip()
    voice["op"] = [{"on": is_on(patch, number), **_tree(op)} for number, op in enumerate(patch.op, 1)]
    return voice


def to_json(patch: Patch, indent: int | None = None) -> str:
    """The voice as JSON text. indent: blanks per level, 0 to 16; None for a single line."""
    blanks = None if indent is None else checked_int("indent", indent, 0, 16)
    text = json.dumps(to_dict(patch), indent=blanks)
    return _NUMBERS.sub(lambda found: f"[{', '.join(re.findall('[0-9]+', found[0]))}]", text)


def fill(patch: Patch, source: str | bytes | Mapping[str, Any]) -> None:
    """Give a patch the voice in JSON text, or in what `to_dict` makes.

    Raises:
        VoiceError: no JSON, another format, a later version, an unknown or missing key, another number of operators.
        ValueError, TypeError: a value its attribute refuses.
    """
    voice = _read(source)
    if voice.get("format") != FORMAT:
        raise VoiceError(f'this is no voice: "format" must be {FORMAT!r}, not {voice.get("format")!r}')
    if voice.get("version") != VERSION or type(voice["version"]) is not int:
        raise VoiceError(f"the voice has version {voice.get('version')!r} of the format, known is {VERSION}")
    _fill(patch, {key: value for key, value in voice.items() if key not in ("format", "version")}, "the voice", ("op",))
    patch.operators_on = _operators(patch, voice["op"])


def _read(source: str | bytes | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(source, str | bytes | bytearray):
        text = source.removeprefix("\ufeff") if isinstance(source, str) else source
        try:
            source = json.loads(text, object_pairs_hook=_without_doubles)
        except VoiceError:
            raise
        except (ValueError, RecursionError) as error:
            remedy = "; a file is opened first: from_json(file.read())" * (str(source)[-5:] == ".json")
            raise VoiceError(f"this is no JSON: {error}{remedy}") from error
    return _object(source, "a voice")


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise VoiceError(f"{key!r} is there twice; keep one of them")
    return dict(pairs)


def _operators(patch: Patch, rows: object) -> int:
    """Fill the operators; their switches, 0..63."""
    if not isinstance(rows, list | tuple) or len(rows) != OPERATORS:
        count = len(rows) if isinstance(rows, list | tuple) else type(rows).__name__
        raise VoiceError(f'"op" must be a list of {OPERATORS} operators, not {count}')
    switches = 0
    for number, (operator, row) in enumerate(zip(patch.op, rows, strict=True), 1):
        _fill(operator, _object(row, f"op[{number - 1}]"), f"op[{number - 1}]", ("on",))
        if not isinstance(row["on"], bool):
            raise TypeError(f"op[{number - 1}].on must be true or false, not {row['on']!r}")
        switches |= row["on"] << (OPERATORS - number)
    return switches


def _tree(section: Section) -> dict[str, Any]:
    """A section's attributes, those that are sections too as dicts of their own."""
    return {field: _leaf(field, getattr(section, field)) for field in section._fields}


def _leaf(field: str, value: Any) -> Any:
    if isinstance(value, Section):
        return _tree(value)
    if isinstance(value, Four):
        return list(value)
    return MODES[value].lower() if field == "frequency_mode" else value


def _fill(section: Section, given: Mapping[str, Any], where: str, later: tuple[str, ...]) -> None:
    """Give a section its values, but those for `later`, which must only be there."""
    known = dict.fromkeys((*section._fields, *later))
    for key in given:
        if key not in known:
            raise VoiceError(f"{where} has no {key!r}; {hint(key, known)}")
    for key in known:
        if key not in given:
            raise VoiceError(f"{where} lacks {key!r}")
    for field in section._fields:
        if field in later:
            continue
        part = getattr(section, field)
        if isinstance(part, Section):
            name = f"{where}.{field}" if where.startswith("op") else field
            _fill(part, _object(given[field], name), name, ())
        else:
            setattr(section, field, given[field])


def _object(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise VoiceError(f"{what} must be an object with named fields, not {type(value).__name__}")
    return value
