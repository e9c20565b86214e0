# SPDX-License-Identifier: Apache-2.0
"""Arguments of a session: checked, with errors that name them, and made plain data for the player."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from synth.checks import checked_choice, checked_int
from synth.engine import KERNELS
from synth.functions import read_function
from synth.midi.control_targets import control_target
from synth.midi.learned import ITSELF
from synth.midi.outputs import read_outputs
from synth.midi.zones import read_curve, read_zones
from synth.patch import Patch
from synth.player.settings import PARTS, pack_voices
from synth.tuning import checked_tuning

MOST: Final = 2**31 - 1
"""The highest number of a voice, a rate or a buffer that is worth asking for."""


def checked_choices(choices: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `Settings` with their numbers looked at, as plain ones; the rest as it is."""
    checked = dict(choices)
    if choices.get("frames") is not None:
        checked["frames"] = checked_int("frames", choices["frames"], 1, MOST)
    if choices.get("rate") is not None:
        checked["rate"] = checked_int("rate", choices["rate"], 1, MOST)
    if "number" in choices:
        checked["number"] = checked_voice_number(choices["number"])
    if "kernel" in choices:
        checked["kernel"] = checked_choice("kernel", choices["kernel"], KERNELS)
    if "volume_db" in choices:
        checked["volume_db"] = checked_decibels("volume_db", choices["volume_db"])
    if choices.get("tuning") is not None:
        checked["tuning"] = list(checked_tuning(choices["tuning"]).hertz)
    if "functions" in choices:
        checked["functions"] = checked_functions(choices["functions"])
    if "zones" in choices:
        checked["zones"] = checked_zones(choices["zones"])
    if "outputs" in choices:
        checked["outputs"] = checked_outputs(choices["outputs"])
    if "curve" in choices:
        checked["curve"] = checked_curve(choices["curve"])
    return checked


def checked_functions(parts: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Function parameters by part (0..15, as text) and name, as numbers; ValueError naming the one that is wrong."""
    return {
        str(checked_int("a part of functions", int(part), 0, PARTS - 1)): {
            name: read_function(name, value) for name, value in functions.items()
        }
        for part, functions in parts.items()
    }


def checked_zones(tables: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Zones as `synth/midi/zones.py` describes them; ValueError naming the one that is wrong."""
    _, wrong = read_zones(tables)
    for index, error in wrong:
        raise ValueError(f"zones[{index}]: {error}.")
    return [dict(table) for table in tables]


def checked_outputs(tables: Sequence[object]) -> list[dict[str, Any]]:
    """Outputs as `synth/midi/outputs.py` describes them, or names; ValueError naming the one that is wrong."""
    _, wrong = read_outputs(tables)
    for index, error in wrong:
        raise ValueError(f"outputs[{index}]: {error}.")
    return [{"port": table} if isinstance(table, str) else dict(cast("Mapping[str, Any]", table)) for table in tables]


def checked_curve(curve: str | int) -> str | int:
    """A velocity curve by name, or a velocity; ValueError if it is neither."""
    try:
        return read_curve(curve)
    except ValueError as error:
        raise ValueError(f"curve {error}.") from error


def checked_target(target: str | int) -> str:
    """What a controller may learn, as text; ValueError if there is no such thing."""
    if target != ITSELF:
        try:
            control_target(target)
        except ValueError as error:
            raise ValueError(f"target {error}.") from error
    return str(target)


def checked_bank(voices: Sequence[Patch]) -> list[str]:
    """At least one voice, as text."""
    if not len(voices):
        raise ValueError("voices must hold at least one voice.")
    return pack_voices(voices)


def checked_voice_number(number: int) -> int:
    """Number of a voice, from 1 on."""
    return checked_int("number", number, 1, MOST)


def checked_decibels(name: str, decibels: float) -> float:
    """A finite number of decibels."""
    if isinstance(decibels, (str, bytes)):
        raise TypeError(f"{name} must be a number of decibels, not {decibels!r}.")
    value = float(decibels)
    if not math.isfinite(value):
        raise ValueError(f"{name} must be finite, not {value}.")
    return value
