# SPDX-License-Identifier: Apache-2.0
"""What of a session is kept from one evening to the next, and whether what was kept makes sense."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from synth.checks import checked_float, checked_int
from synth.live.choices import MOST, checked_decibels, checked_functions, checked_part_volume
from synth.player.settings import PARTS, Settings, unpack_voices
from synth.producer import checked_pan

_KEYS = 128
_BANKS = 1 << 14  # that two controllers can tell apart

_HIGHEST_HERTZ = 1e6


def fields_to_save(settings: Settings) -> dict[str, Any]:
    """Those of `CHECKS`, as they are at this moment; containers are copies, so that other threads may go on."""
    return {name: _copied(getattr(settings, name)) for name in CHECKS}


def checked_fields(fields: object) -> dict[str, Any]:
    """Fields that were saved, if all are right; those that nobody knows are left out.

    Raises:
        ValueError, TypeError: one is not; the sentence names it.
    """
    if not isinstance(fields, dict) or "voices" not in fields:
        raise ValueError("it holds no voices")
    fields = {"bank_name": "", "number": 1, **fields}  # whoever has a bank needs these too
    return {name: check(name, fields[name]) for name, check in CHECKS.items() if name in fields}


def without(fields: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The other fields."""
    left_out = set(names)
    return {name: value for name, value in fields.items() if name not in left_out}


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(inner) for key, inner in list(value.items())}
    return value


def _voices(name: str, texts: Any) -> list[str]:
    if not isinstance(texts, list) or not texts:
        raise ValueError(f"{name} must be a list of voices")
    return [_voice(name, text) for text in texts]


def _voice(name: str, text: Any) -> str:
    try:
        unpack_voices([text])
    except (ValueError, TypeError) as error:
        raise ValueError(f"{name} holds what is no voice") from error
    return str(text)


def _text(name: str, text: Any) -> str:
    if not isinstance(text, str) or not text.isprintable():
        raise ValueError(f"{name} must be printable text")
    return text


def _truth(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false")
    return value


def _number(name: str, number: Any) -> int:
    return checked_int(name, number, 1, MOST)


def _bank(name: str, bank: Any) -> int:
    return checked_int(name, bank, 0, _BANKS - 1)


def _part(name: str, part: Any) -> int:
    return checked_int(name, part, 0, PARTS - 1)


def _hertz(name: str, hertz: Any) -> float | None:
    return None if hertz is None else checked_float(name, hertz, 0.0, _HIGHEST_HERTZ, "Hz")


def _volume(_name: str, decibels: Any) -> float:
    return checked_part_volume(decibels)


def _pan(_name: str, pan: Any) -> float:
    return checked_pan(pan)


def _functions(name: str, parts: Any) -> dict[str, dict[str, int]]:
    return checked_functions(_table(name, parts, PARTS, lambda _name, functions: _mapping(name, functions)))


def _mapping(name: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} must be a table")
    return value


def _table(name: str, table: Any, count: int, check: Callable[[str, Any], Any]) -> dict[str, Any]:
    """Numbers below `count`, as text, with values that are right."""
    for key in _mapping(name, table):
        if not (key.isdecimal() and key.isascii() and len(key) < 4 and int(key) < count):
            raise ValueError(f"{name} has no {key!r}")
    return {str(int(key)): check(name, value) for key, value in table.items()}


def _of_parts(check: Callable[[str, Any], Any]) -> Callable[[str, Any], dict[str, Any]]:
    return lambda name, table: _table(name, table, PARTS, check)


def _of_keys(name: str, table: Any) -> dict[str, float | None]:
    return _table(name, table, _KEYS, _hertz)


def _face(name: str, face: Any) -> dict[str, int]:
    """What a face asked to be kept: numbers by name."""
    return {_text(name, key): checked_int(name, value, -MOST, MOST) for key, value in _mapping(name, face).items()}


VOICE_FIELDS: Final = ("number", "numbers", "sounds", "followed")
"""Which voice of a bank each part plays, and what has been made of it."""

BANK_FIELDS: Final = ("voices", "bank_name", "banks", *VOICE_FIELDS)
"""A bank and all that means nothing without it."""

CHECKS: Final[dict[str, Callable[[str, Any], Any]]] = {
    "voices": _voices,
    "bank_name": _text,
    "number": _number,
    "numbers": _of_parts(_number),
    "sounds": _of_parts(_voice),
    "banks": _of_parts(_bank),
    "followed": _part,
    "volume_db": checked_decibels,
    "limiter": _truth,
    "part_volumes": _of_parts(_volume),
    "pans": _of_parts(_pan),
    "functions": _functions,
    "retuned": _of_parts(_of_keys),
    "face": _face,
}
"""The fields of `Settings` that are kept, each with what looks whether a value is right and gives it."""
