# SPDX-License-Identifier: Apache-2.0
"""Conversion profiles: everything about the XFM2 that only hardware can settle, in files to read and change.

A profile is a TOML file; those that come with sixop are in `configs/xfm2`, where a README explains every key. Each key
is a table with what counts (`points` of a curve, a `value` or `values`) and the `source` from which it is known. A
profile with a `base` takes from there what it does not say itself.
"""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_type_hints

from bridge.curve import Curve
from bridge.dx7 import FIXED_LAWS
from bridge.errors import ProfileError
from bridge.parameters import OPERATORS
from bridge.settings import Number, OneOf, Points, Setting, Whole, Wholes
from synth.files import read_limited
from synth.resources import config_path

DEFAULT = "default"
_LONGEST = 1 << 20  # bytes of a profile


class Correction(NamedTuple):
    """A slip in the document that a profile follows, and what is done instead."""

    slip: str
    instead: str


_Level = Annotated[Curve, Points(0, 99)]
_Rate = Annotated[Curve, Points(0, 99)]
_Sensitivity = Annotated[Curve, Points(0, 7)]
_Byte = Annotated[int, Whole(0, 255)]
_StepCents = Annotated[float, Number(0, 10)]


@dataclass(frozen=True, eq=False)
class Profile:
    """How DX7 values become XFM2 values. `load_profile` makes one; the README in `configs/xfm2` explains the keys."""

    name: str  #: of the profile, or its file
    about: str  #: what it is for, one sentence
    corrections: tuple[Correction, ...]
    sources: Mapping[str, str]  #: of each key: how it is known

    carrier_level: _Level
    modulator_level: _Level
    modulator_trim: Annotated[int, Whole(-255, 255)]
    carrier_trim: Annotated[Curve, Points(1, OPERATORS, -255, 0)]
    eg_level: _Level
    attack_rate: _Rate
    rate: _Rate
    rate_scaling: _Sensitivity
    velocity: _Sensitivity
    feedback: _Sensitivity
    break_point_offset: Annotated[int, Whole(0, 28)]
    scaling_depth: _Level
    scaling_curves: Annotated[tuple[int, ...], Wholes(0, 3, length=4)]
    fixed_frequency_law: Annotated[str, OneOf(tuple(FIXED_LAWS))]
    fixed_base_hz: Annotated[float, Number(16, 64)]
    detune_cents: _StepCents
    fixed_detune_up_cents: _StepCents
    fixed_detune_down_cents: _StepCents
    pitch_level: Annotated[Curve, Points(0, 99, -128, 127)]
    pitch_ranges: Annotated[tuple[int, ...], Wholes(1, 8)]
    pitch_attack_rate: _Rate
    pitch_rate: _Rate
    lfo_hz: Annotated[Curve, Points(0, 255, 0, 200, invertible=True)]
    lfo_fade: Annotated[Curve, Points(0, 99)]
    pitch_depth_cents: Annotated[float, Number(0.5, 50)]
    pitch_sensitivity: _Sensitivity
    amp_depth: _Level
    amp_sensitivity: Annotated[Curve, Points(0, 3)]
    wheel_vibrato: _Byte
    wheel_tremolo: _Byte
    aftertouch_vibrato: _Byte
    aftertouch_tremolo: _Byte

    def says(self, key: str) -> str:
        """What a key holds, as text."""
        value = getattr(self, key)
        if isinstance(value, tuple):
            return " ".join(str(number) for number in value)
        return f"{value:g}" if isinstance(value, float) else str(value)

    def __repr__(self) -> str:
        return f"<Profile {self.name!r}>"


def _is_setting(hint: Any) -> bool:
    return isinstance(getattr(hint, "__metadata__", (None,))[0], Setting)


KEYS: dict[str, Setting] = {
    name: hint.__metadata__[0]
    for name, hint in get_type_hints(Profile, include_extras=True).items()
    if _is_setting(hint)
}
"""What a profile file may say, and what each key may hold."""

_HEAD = ("about", "base", "correction")


def profile_names() -> list[str]:
    """The profiles that come with sixop."""
    return sorted(path.stem for path in config_path("xfm2").glob("*.toml"))


def load_profile(profile: "str | Path | Profile" = DEFAULT) -> Profile:
    """A profile by the name of one that comes with sixop, or by the path of a file.

    Raises:
        ProfileError: there is none, or it makes no sense; with the file and the key.
    """
    if isinstance(profile, Profile):
        return profile
    shipped = _shipped(profile) if isinstance(profile, str) else None
    return shipped or _of_file(Path(profile), str(profile), ())


@lru_cache(maxsize=16)
def _shipped(name: str) -> Profile | None:
    if name not in profile_names():
        return None
    return _of_file(config_path(f"xfm2/{name}.toml"), name, ())


def _of_file(path: Path, name: str, derived: tuple[Path, ...]) -> Profile:
    document = _parse(path, name)
    place = path.resolve()
    if place in derived:
        raise ProfileError(f"{path}: this profile is its own base; leave out `base` in one of them")
    base = _base(path, document, (*derived, place))
    about = document.get("about", base.about if base else "")
    if not isinstance(about, str):
        raise ProfileError(f"{path}: about must be text, in quotes")
    corrections = tuple(_correction(path, entry) for entry in _tables(path, document))
    values: dict[str, Any] = {key: getattr(base, key) for key in KEYS} if base else {}
    sources = dict(base.sources) if base else {}
    for key, table in document.items():
        if key not in _HEAD:
            values[key], sources[key] = _setting(path, key, table)
    if missing := [key for key in KEYS if key not in values]:
        raise ProfileError(f'{path}: {missing[0]} is missing; `base = "{DEFAULT}"` would take it from there')
    return Profile(name, about, corrections or (base.corrections if base else ()), sources, **values)


def _parse(path: Path, name: str) -> dict[str, Any]:
    try:
        data = read_limited(path, _LONGEST)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        choice = f"give one of {', '.join(profile_names())}, or a .toml file"
        raise ProfileError(f"there is no profile {name!r} ({reason}); {choice}") from error
    if data is None:
        raise ProfileError(f"{path}: this is far too long for a profile")
    try:
        return tomllib.loads(data.decode())
    except (ValueError, RecursionError) as error:  # wrong characters as well as wrong TOML
        raise ProfileError(f"{path}: this is no TOML: {error}") from error


def _base(path: Path, document: dict[str, Any], derived: tuple[Path, ...]) -> Profile | None:
    base = document.get("base")
    if base is None:
        return None
    if not isinstance(base, str):
        raise ProfileError(f"{path}: base must be the name or the file of a profile, in quotes")
    shipped = base in profile_names()
    file = config_path(f"xfm2/{base}.toml") if shipped else path.parent / base
    return _of_file(file, base, derived)


def _tables(path: Path, document: dict[str, Any]) -> list[Any]:
    tables = document.get("correction", [])
    if not isinstance(tables, list):
        raise ProfileError(
            f"{path}: corrections are written as [[correction]], each with a slip and what is done instead"
        )
    return tables


def _correction(path: Path, table: Any) -> Correction:
    if not isinstance(table, dict) or set(table) != {"slip", "instead"}:
        raise ProfileError(f"{path}: a [[correction]] has a slip and what is done instead")
    return Correction(str(table["slip"]), str(table["instead"]))


def _setting(path: Path, key: str, table: Any) -> tuple[Any, str]:
    """What a key says, and its source."""
    setting = KEYS.get(key)
    if setting is None:
        raise ProfileError(f"{path}: there is no key {key!r}; {_nearest(key, [*KEYS, *_HEAD])}")
    holds = setting.holds
    if not isinstance(table, dict) or holds not in table:
        raise ProfileError(f"{path}: {key} must be a table: a line [{key}], and under it {setting.example}")
    for entry in table:
        if entry not in (holds, "source"):
            raise ProfileError(f"{path}: {key} takes {holds} and a source, not {entry!r}")
    source = table.get("source", "")
    if not isinstance(source, str):
        raise ProfileError(f"{path}: {key}.source must be text, in quotes")
    return setting.read(f"{path}: {key}.{holds}", table[holds]), source


def _nearest(key: str, keys: list[str]) -> str:
    near = difflib.get_close_matches(key, keys, 1, 0.4)
    return f"did you mean {near[0]}?" if near else f"the keys are {', '.join(keys)}"
