# SPDX-License-Identifier: Apache-2.0
"""From zones to tables: what each message of an input becomes.

One rule says which zones count:

    **Every zone that fits plays. Zones that name an input take it over from those that name none,
    and an input without any zone plays as if there were none: channel n plays part n.**

So a setup for one keyboard is neither doubled nor disturbed by what is meant for the rest, and a keyboard that
nobody planned for makes sound. Within an input the order of the zones does not matter to notes: two zones that
overlap are a layer. Keys that a transposition would move beyond 0..127 are silent.

The channels of an MPE zone's notes play what the zone's manager plays (`mpe.py`), so a table knows managers only.

Everything is looked up when a zone changes, so that a message costs some table look-ups (`routing.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from synth.matching import matches
from synth.midi.control_targets import HIGHEST_CONTROLLER, SOURCE_NUMBERS, ControlTarget, control_target, source_name
from synth.midi.curves import velocity_curve
from synth.midi.mpe import BOTH_MEMBERS, LAYOUTS, MANAGERS, MOST_MEMBERS, Layout
from synth.midi.zones import Zone

CHANNELS: Final = 16
_NUMBERS = 128
_ITSELF: Final = tuple(
    control_target(number) if number <= HIGHEST_CONTROLLER else ControlTarget("itself", source_name(number))
    for number in range(SOURCE_NUMBERS)
)

NoteRoute = tuple[int, int, bytes]
"""Part, key, and the velocity for each velocity sent; 0 is silence."""


class ControlRoute(NamedTuple):
    """What a controller does to one part; no part is the instrument as a whole."""

    part: int | None
    target: ControlTarget


class TouchRoute(NamedTuple):
    """What bend and timbre of a member's notes do in one part."""

    part: int
    cents: int
    timbre: str | None


class Table(NamedTuple):
    """What one input's messages become, by channel 0..15. Parts are 0..15 too."""

    notes: tuple[tuple[tuple[NoteRoute, ...], ...], ...]
    """[channel][key]"""
    controls: tuple[tuple[tuple[ControlRoute, ...], ...], ...]
    """[channel][controller or other source]"""
    parts: tuple[tuple[int, ...], ...]
    """[channel]: all parts it plays, for channel mode"""
    programs: tuple[int | None, ...]
    """[channel]: the part whose voice a program change selects"""
    touches: tuple[tuple[TouchRoute, ...], ...]
    """[channel]: what members do whose manager it is"""
    layout: Layout = Layout()
    """The MPE zones, until the input says others"""
    listens: bool = True
    """Whether it may say others"""


class _Channel(NamedTuple):
    """One channel of a table."""

    notes: tuple[tuple[NoteRoute, ...], ...]
    controls: tuple[tuple[ControlRoute, ...], ...]
    parts: tuple[int, ...]
    program: int | None
    touches: tuple[TouchRoute, ...]


class Router:
    """Zones, learned controllers and the usual curve, and the tables that follow from them."""

    def __init__(
        self,
        zones: Sequence[Zone] = (),
        curve: str | int = "linear",
        learned: Mapping[int, str] | None = None,
        mpe: str = "auto",
    ) -> None:
        self.zones = tuple(zones)
        self.curve = curve
        self.mpe = mpe
        self.learned: dict[int, str] = dict(learned or {})
        self._tables: dict[tuple[int, ...], Table] = {}

    @property
    def lead(self) -> int | None:
        """The part whose voice the arrow keys change, of those that zones name; None for all parts."""
        return _chosen([(zone, zone.part - 1) for zone in self.zones if zone.part is not None])

    def learn(self, source: int, target: str | None) -> None:
        """The controller, or other source, has this target from now on; None gives it back its own meaning."""
        if target is None:
            self.learned.pop(source, None)
        else:
            self.learned[source] = target
        self._tables.clear()

    def zones_of(self, port: str) -> tuple[Zone, ...]:
        """The zones that an input plays, by the one rule."""
        own = tuple(zone for zone in self.zones if zone.port and _means(zone.port, port))
        return own or tuple(zone for zone in self.zones if not zone.port)

    def table(self, port: str) -> Table:
        """What the messages of this input become."""
        zones = self.zones_of(port)
        key = tuple(map(id, zones))
        if key not in self._tables:
            self._tables[key] = self._compile(zones or (Zone(),))
        return self._tables[key]

    def doubts(self, ports: Sequence[str]) -> list[str]:
        """A sentence for each zone whose words mean several of these inputs."""
        sentences = []
        for wanted in dict.fromkeys(zone.port for zone in self.zones if zone.port):
            meant = [name for name in ports if _means(wanted, name)]
            if len(meant) > 1 and wanted not in meant:
                names = " and ".join(repr(name) for name in meant)
                sentences.append(
                    f"midi.zones: port {wanted!r} means {names}; each plays the zone: give more of the name"
                )
        return sentences

    # ---- tables ---------------------------------------------------------------------

    def _compile(self, zones: Sequence[Zone]) -> Table:
        learned = {number: control_target(target) for number, target in self.learned.items()}
        curves = [self._velocities(zone) for zone in zones]
        known: dict[tuple[tuple[int, int], ...], _Channel] = {}  # most channels are alike
        channels = []
        for channel in range(CHANNELS):
            playing = tuple(
                (index, channel if zone.part is None else zone.part - 1)
                for index, zone in enumerate(zones)
                if _channel(zone) in (None, channel + 1)
            )
            if playing not in known:
                here = [(zones[index], part) for index, part in playing]
                known[playing] = _Channel(
                    _notes([(zones[index], part, curves[index]) for index, part in playing]),
                    _controls(here, learned),
                    tuple(dict.fromkeys(part for _, part in here)),
                    _chosen(here),
                    _touches(here),
                )
            channels.append(known[playing])
        return Table._make([*zip(*channels, strict=True), self._layout(zones), self.mpe != "off"])

    def _layout(self, zones: Sequence[Zone]) -> Layout:
        members = {zone.mpe: zone.members for zone in sorted(zones, key=lambda zone: zone.members or 0) if zone.mpe}
        layout = Layout() if members else LAYOUTS[self.mpe]
        alone = MOST_MEMBERS if len(members) == 1 else BOTH_MEMBERS // 2
        for name, count in members.items():
            layout = layout.with_zone(MANAGERS[name], count or alone)
        return layout

    def _velocities(self, zone: Zone) -> bytes:
        """The zone's curve, and silence for velocities that are not its own."""
        curve = self.curve if zone.curve is None else zone.curve
        limits = None if isinstance(curve, int) else zone.limits
        played = velocity_curve(curve, limits)
        return bytes(played[sent] if zone.softest <= sent <= zone.loudest else 0 for sent in range(_NUMBERS))


@cache
def direct() -> Table:
    """Channel n plays part n, as it is."""
    return Router().table("")


def _chosen(zones: Sequence[tuple[Zone, int]]) -> int | None:
    """Of zones with their parts, the part whose voice is chosen: the first one whose zone names none."""
    parts = [part for zone, part in zones if zone.voice is None] or [part for _, part in zones]
    return parts[0] if parts else None


def _channel(zone: Zone) -> int | None:
    return zone.channel if zone.mpe is None else MANAGERS[zone.mpe] + 1


def _touches(zones: Sequence[tuple[Zone, int]]) -> tuple[TouchRoute, ...]:
    """Of several zones that play a part, the first one's."""
    routes: dict[int, TouchRoute] = {}
    for zone, part in zones:
        routes.setdefault(part, TouchRoute(part, 100 * zone.note_bend, zone.timbre))
    return tuple(routes.values())


def _means(wanted: str, name: str) -> bool:
    return wanted == name or matches(wanted, name)


def _notes(zones: Sequence[tuple[Zone, int, bytes]]) -> tuple[tuple[NoteRoute, ...], ...]:
    routes: list[list[NoteRoute]] = [[] for _ in range(_NUMBERS)]
    for zone, part, curve in zones:
        for key in range(max(zone.low, -zone.transpose), min(zone.high, _NUMBERS - 1 - zone.transpose) + 1):
            routes[key].append((part, key + zone.transpose, curve))
    return tuple(map(tuple, routes))


def _controls(
    zones: Sequence[tuple[Zone, int]], learned: Mapping[int, ControlTarget]
) -> tuple[tuple[ControlRoute, ...], ...]:
    """Learned targets go before those of zones, and those before the controller itself."""
    routes = []
    for number in range(SOURCE_NUMBERS):
        found: dict[tuple[int | None, str, str], ControlRoute] = {}
        for zone, part in zones:
            target = learned.get(number) or zone.controllers.get(number)
            if target is None:
                target = _ITSELF[number]
            if target.kind == "none":
                continue
            whole = target.kind == "command" and (number in learned or target.name == "panic")
            route = ControlRoute(None if whole else part, target)
            found.setdefault((route.part, target.kind, str(target.number) + target.name), route)
        routes.append(tuple(found.values()))
    return tuple(routes)
