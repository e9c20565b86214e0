# SPDX-License-Identifier: Apache-2.0
"""What the parts begin with, as a configuration asks for it."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from synth.cli.common import note
from synth.cli.configured import doubt
from synth.config.schema import FUNCTIONS
from synth.errors import VoiceNotFoundError
from synth.functions import FUNCTIONS as PARAMETERS
from synth.matching import find_voice

if TYPE_CHECKING:
    import typer

    from synth.config.layer import Place
    from synth.config.parts import PartStart
    from synth.config.stack import Configuration
    from synth.patch import Patch

_PARTS = 16
EVERY_PART = frozenset(str(part) for part in range(_PARTS))


@dataclass
class Starting:
    """By part (0..15, as text), as the fields of `synth.player.settings.Settings` have it."""

    functions: dict[str, dict[str, int]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    part_volumes: dict[str, float] = field(default_factory=dict)
    pans: dict[str, float] = field(default_factory=dict)


def wanted_starting(
    context: typer.Context, settings: Configuration, bank: Sequence[Patch], known: Container[str] = ()
) -> Starting:
    """Function parameters of all parts and of single ones, and what else these have. An option goes before all.

    Voices of parts (0..15, as text) that are `known` already are not looked for.
    """
    starting = Starting()
    common = {name: settings[f"{FUNCTIONS}.{name}"] for name in PARAMETERS}
    by_option = {name for name in PARAMETERS if settings.by_option(f"{FUNCTIONS}.{name}")}
    tables: dict[int, PartStart] = {table.part: table for table in settings["parts"]}
    for part in range(1, _PARTS + 1):
        own = tables[part].functions if part in tables else {}
        values = common | {name: value for name, value in own.items() if name not in by_option}
        if changed := {name: value for name, value in values.items() if value != PARAMETERS[name].first}:
            starting.functions[str(part - 1)] = changed
    for part, table in tables.items():
        key = str(part - 1)
        if table.volume_db is not None:
            starting.part_volumes[key] = table.volume_db
        if table.pan is not None:
            starting.pans[key] = table.pan
        if table.voice is not None and key not in known:
            place = settings.places("parts")[settings["parts"].index(table)]
            _find_voice(context, settings, table, place, bank, starting.numbers)
    return starting


def _find_voice(
    context: typer.Context,
    settings: Configuration,
    table: PartStart,
    place: Place,
    bank: Sequence[Patch],
    numbers: dict[str, int],
) -> None:
    assert table.voice is not None
    try:
        numbers[str(table.part - 1)] = find_voice(table.voice, bank)
    except VoiceNotFoundError as error:
        doubt(context, settings, "parts", error, f"part {table.part} plays what all parts do", place)
        return
    for where, zone in zip(settings.places("midi.zones"), settings["midi.zones"], strict=True):
        other: Any = zone.get("voice")
        if zone.get("part") == table.part and other is not None and str(other) != table.voice:
            note(
                context,
                f"{where}: part {table.part} plays {table.voice!r}, as [[parts]] says, not its zone's {other!r}",
            )
