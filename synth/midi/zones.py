# SPDX-License-Identifier: Apache-2.0
"""Zones: which keys of which keyboard play which part.

A zone is a table of plain data, the same in a file of settings (`[[midi.zones]]`), in `Session` and between the
processes. All of its keys may be left out:

    port                 words of an input's name, or its whole name; "" for any
    channel              1..16, or "any"
    low, high            lowest and highest key: note names (C3 = 60) or numbers
    softest, loudest     the velocities that play it, 1..127
    transpose            semitones
    part                 the part that plays, 1..16, or "same": the one of the message's channel
    voice                the voice its part starts with: number or name
    curve, limits        see `curves.py`
    controllers          { 1 = "breath", 4 = { to = 11, values = [127, 0] } }: see `control_targets.py`
    mpe                  "lower" or "upper": an MPE zone's channels, from 1 up or from 16 down; "none"
    members              how many of them have a note each, 1..15; else as many as there can be
    note_bend            semitones that a note's own bend reaches, 0..96
    timbre               what a note's own controller 74 is: "wheel", "foot", "breath", "aftertouch" or "none"
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields

from synth.checks import excerpt
from synth.errors import SixopError
from synth.matching import hint
from synth.midi.control_targets import HIGHEST_CONTROLLER, SOURCES, ControlTarget, control_target, source_number
from synth.midi.curves import CURVES
from synth.midi.keyed import Reader, TableError, read_keys, whole
from synth.midi.mpe import BOTH_MEMBERS, MANAGERS, MOST_MEMBERS, NOTE_BEND, WIDEST_NOTE_BEND
from synth.notes import HIGHEST, note_name, parse_note
from synth.producer import PARTS

_MOST_SEMITONES = 120
_TIMBRES = ("wheel", "foot", "breath", "aftertouch", "none")


@dataclass(frozen=True)
class Zone:
    """One zone, checked. Channel and part are 1-based; None is any channel, and the part of the channel."""

    port: str = ""
    channel: int | None = None
    low: int = 0
    high: int = HIGHEST
    softest: int = 1
    loudest: int = HIGHEST
    transpose: int = 0
    part: int | None = None
    voice: str | None = None
    curve: str | int | None = None
    limits: tuple[int, int] | None = None
    controllers: Mapping[int, ControlTarget] = field(default_factory=dict)
    mpe: str | None = None
    members: int | None = None
    note_bend: int = NOTE_BEND
    timbre: str | None = None


def read_zone(table: object) -> Zone:
    """The zone that a table describes.

    Raises:
        TableError: something in it is not allowed, or contradicts something else in it.
    """
    if not isinstance(table, Mapping):
        raise TableError("", f"must be a table, as {{ low = 'C3', part = 2 }}, not {excerpt(table)}")
    zone = Zone(**read_keys(table, _READERS, "a zone"))
    _check(zone)
    return zone


def read_zones(tables: Sequence[object]) -> tuple[list[Zone], list[tuple[int, TableError]]]:
    """The zones that are right, and what is wrong with the others, each with its index."""
    zones: list[Zone] = []
    wrong: list[tuple[int, TableError]] = []
    for index, table in enumerate(tables):
        try:
            zone = read_zone(table)
            _check_beside(zone, zones)
        except TableError as error:
            wrong.append((index, error))
        else:
            zones.append(zone)
    return zones, wrong


def _check(zone: Zone) -> None:
    if zone.low > zone.high:
        raise TableError("low", f"lies above high: {note_name(zone.low)} above {note_name(zone.high)}; exchange them")
    if zone.softest > zone.loudest:
        raise TableError("softest", f"lies above loudest: {zone.softest} above {zone.loudest}; exchange them")
    if zone.low + zone.transpose > HIGHEST or zone.high + zone.transpose < 0:
        raise TableError("transpose", f"by {zone.transpose:+d} leaves no key within C-2..G8; take fewer semitones")
    if isinstance(zone.curve, int) and zone.limits is not None:
        raise TableError("limits", f"mean nothing beside the fixed velocity {zone.curve}; leave one of the two out")
    if zone.voice is not None and zone.part is None:
        raise TableError("voice", "needs a part to play it, as part = 2")
    if zone.mpe is not None and zone.channel is not None:
        raise TableError("channel", "means nothing beside mpe, which has channels of its own; leave one of the two out")
    if zone.members is not None and zone.mpe is None:
        raise TableError("members", "mean nothing without mpe, as mpe = 'lower'")


def _check_beside(zone: Zone, others: Sequence[Zone]) -> None:
    """Contradictions with the zones before it."""
    for other in others:
        if zone == other:
            raise TableError("", "is there twice, and would play every note twice; leave one of the two out")
        if zone.part == other.part and None not in (zone.voice, other.voice) and zone.voice != other.voice:
            raise TableError(
                "voice", f"of part {zone.part} is {zone.voice!r} here and {other.voice!r} before; take another part"
            )
        if None not in (zone.members, other.members) and zone.port == other.port:
            _check_members(zone, other)


def _check_members(zone: Zone, other: Zone) -> None:
    assert zone.members is not None
    assert other.members is not None
    if zone.mpe == other.mpe and zone.members != other.members:
        raise TableError("members", f"are {zone.members} here and {other.members} before; an MPE zone has one number")
    if zone.mpe != other.mpe and zone.members + other.members > BOTH_MEMBERS:
        raise TableError(
            "members", f"of the two MPE zones are {zone.members} and {other.members}: {BOTH_MEMBERS} are all there are"
        )


# ---- one key after the other --------------------------------------------------------


def _note(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise ValueError(f"must be a note, as 'C3' or 60, not {excerpt(value)}")
    try:
        return parse_note(value)
    except SixopError as error:
        raise ValueError(f"must be a note: {error}") from error


def _text(value: object) -> str:
    if not isinstance(value, str) or not (value.isprintable() and len(value) < 256):
        raise ValueError(f"must be words of an input's name (`sixop devices` lists the inputs), not {excerpt(value)}")
    return value.strip()


def _voice(value: object) -> str:
    if isinstance(value, str) and value.strip() and value.isprintable():
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return str(value)
    raise ValueError(f"must be the number of a voice, from 1 on, or its name, not {excerpt(value)}")


def read_curve(value: object) -> str | int:
    """The name of a curve, or a fixed velocity. Raises ValueError if it is neither."""
    if isinstance(value, str) and value in CURVES:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= HIGHEST:
        return value
    known = " or ".join(CURVES)
    near = f"; {hint(value, CURVES)}" if isinstance(value, str) else ""
    raise ValueError(f"must be {known} or a velocity of 1 to {HIGHEST}, not {excerpt(value)}{near}")


def _one_of(words: Iterable[str]) -> Callable[[object], str | None]:
    """A reader of words; "none" is None."""
    known = tuple(words)

    def read(value: object) -> str | None:
        if not isinstance(value, str) or value not in known:
            near = f"; {hint(value, known)}" if isinstance(value, str) else ""
            raise ValueError(f"must be {' or '.join(known)}, not {excerpt(value)}{near}")
        return None if value == "none" else value

    return read


def _pair(low: int, high: int, falling: bool) -> Callable[[object], tuple[int, int]]:
    allowed = f"two whole numbers of {low} to {high}" + ("" if falling else ", the lower one first")

    def read(value: object) -> tuple[int, int]:
        if (
            not isinstance(value, list | tuple)
            or len(value) != 2
            or not all(isinstance(number, int) and not isinstance(number, bool) for number in value)
            or not all(low <= number <= high for number in value)
            or (not falling and value[0] > value[1])
        ):
            raise ValueError(f"must be {allowed}, not {excerpt(value)}")
        return value[0], value[1]

    return read


_values = _pair(0, 127, falling=True)


def _controllers(value: object) -> dict[int, ControlTarget]:
    if not isinstance(value, Mapping):
        raise ValueError(f"must be a table, as {{ 1 = 'breath' }}, not {excerpt(value)}")
    return {_source(name): _target(name, wanted) for name, wanted in value.items()}


def _source(name: object) -> int:
    number = source_number(str(name))
    if number is None:
        others = " or ".join(SOURCES)
        raise TableError(
            "controllers",
            f"must be controllers of 0 to {HIGHEST_CONTROLLER}, {others}, as 4 = 'breath', not {excerpt(name)}",
        )
    return number


def _target(name: object, wanted: object) -> ControlTarget:
    try:
        if not isinstance(wanted, Mapping):
            return control_target(wanted)
        if unknown := [key for key in wanted if key not in ("to", "values")]:
            raise ValueError(f"has no {unknown[0]!r}; known are to, values")
        return control_target(wanted.get("to", name), _values(wanted["values"]) if "values" in wanted else None)
    except ValueError as error:
        raise TableError("controllers", f"{name} {error}") from error


_READERS: dict[str, Reader] = {
    "port": _text,
    "channel": whole(1, 16, "any"),
    "low": _note,
    "high": _note,
    "softest": whole(1, HIGHEST),
    "loudest": whole(1, HIGHEST),
    "transpose": whole(-_MOST_SEMITONES, _MOST_SEMITONES),
    "part": whole(1, PARTS, "same"),
    "voice": _voice,
    "curve": read_curve,
    "limits": _pair(1, HIGHEST, falling=False),
    "controllers": _controllers,
    "mpe": _one_of((*MANAGERS, "none")),
    "members": whole(1, MOST_MEMBERS),
    "note_bend": whole(0, WIDEST_NOTE_BEND),
    "timbre": _one_of(_TIMBRES),
}
assert list(_READERS) == [field.name for field in fields(Zone)]
