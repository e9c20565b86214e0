# SPDX-License-Identifier: Apache-2.0
"""Arguments of a session: checked, with errors that name them, and made plain data for the player."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

from synth.bank import Bank
from synth.checks import checked_bool, checked_choice, checked_float, checked_int
from synth.engine import KERNELS
from synth.functions import read_function
from synth.midi.control_targets import HIGHEST_CONTROLLER, SOURCES, control_target
from synth.midi.mpe import LAYOUTS
from synth.midi.outputs import read_outputs
from synth.midi.zones import read_curve, read_zones
from synth.patch import Patch
from synth.player.settings import CHANNELS, PARTS, pack_voices
from synth.producer import HIGHEST_PART_VOLUME_DB, HIGHEST_VOLUME_DB, checked_pan
from synth.tuning import checked_tuning

LOWEST_PART_VOLUME_DB: Final = -96.0
_PARTS: Final = tuple(str(part) for part in range(PARTS))

_SWITCHES: Final = frozenset({"insist", "limiter", "mts_esp"})

Voices = Sequence[Patch] | Bank | Patch | str | os.PathLike[str] | None
"""Voices to choose from: patches, a bank, one patch, the path of a file of any kind, or None for the factory bank."""

MOST: Final = 2**31 - 1
"""The highest number of a voice, a rate or a buffer that is worth asking for."""


def checked_choices(choices: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `Settings` with their numbers looked at, as plain ones; the rest as it is."""
    checked = dict(choices)
    if choices.get("frames") is not None:
        checked["frames"] = checked_int("frames", choices["frames"], 1, MOST)
    if choices.get("rate") is not None:
        checked["rate"] = checked_int("rate", choices["rate"], 1, MOST)
    if isinstance(choices.get("midi"), str):
        checked["midi"] = [choices["midi"]]
    if isinstance(choices.get("outputs"), str):
        checked["outputs"] = checked_outputs([choices["outputs"]])
    elif "outputs" in choices:
        checked["outputs"] = checked_outputs(choices["outputs"])
    if "number" in choices:
        checked["number"] = checked_voice_number(choices["number"])
    if "kernel" in choices:
        checked["kernel"] = checked_choice("kernel", choices["kernel"], KERNELS)
    for name in _SWITCHES & choices.keys():
        checked[name] = checked_bool(name, choices[name])
    if "volume_db" in choices:
        checked["volume_db"] = checked_decibels("volume_db", choices["volume_db"])
    if "channels" in choices:
        checked["channels"] = checked_choice("channels", choices["channels"], CHANNELS)
    if "part_volumes" in choices:
        checked["part_volumes"] = _of_parts("part_volumes", choices["part_volumes"], checked_part_volume)
    if "pans" in choices:
        checked["pans"] = _of_parts("pans", choices["pans"], checked_pan)
    if choices.get("tuning") is not None:
        checked["tuning"] = list(checked_tuning(choices["tuning"]).hertz)
    if "functions" in choices:
        checked["functions"] = checked_functions(choices["functions"])
    if "zones" in choices:
        checked["zones"] = checked_zones(choices["zones"])
    if "mpe" in choices:
        checked["mpe"] = checked_choice("mpe", choices["mpe"], tuple(LAYOUTS))
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
    from synth.midi.learned import ITSELF  # with a reader of files, which few sessions need

    if target != ITSELF:
        try:
            control_target(target)
        except ValueError as error:
            raise ValueError(f"target {error}.") from error
    return str(target)


def checked_source(source: int | str) -> int:
    """The number of a controller, 0..119, or of "bend" or "aftertouch"; ValueError for any other word."""
    if isinstance(source, str):
        return SOURCES[checked_choice("controller", source, tuple(SOURCES))]
    return checked_int("controller", source, 0, HIGHEST_CONTROLLER)


def checked_bank(voices: Voices, name: str | None) -> tuple[list[str], str]:
    """At least one voice, as text, and where they came from: `name`, else the file's name or what a bank knows.

    Raises:
        VoiceError: the file cannot be read or holds no voice.
    """
    if voices is None:
        from synth.factory import factory_bank

        voices = factory_bank()
    elif isinstance(voices, str | os.PathLike):
        from synth.voices import load_voices

        voices = load_voices(voices)
    elif isinstance(voices, Patch):
        voices = [voices]
    if not len(voices):
        raise ValueError("voices must hold at least one voice.")
    for index, voice in enumerate(voices):
        if not isinstance(voice, Patch):
            raise TypeError(
                f"voices must be patches, a bank, or the path of a file of voices; voices[{index}] is {voice!r}."
            )
    if name is None:
        name = os.path.basename(getattr(voices, "source", ""))  # noqa: PTH119 - a source may be no path
    if not isinstance(name, str):
        raise TypeError(f"the name of a bank must be text, not {name!r}.")
    return pack_voices(voices), "".join(char if char.isprintable() else "?" for char in name)


def checked_voice(voice: object) -> str:
    """One voice, as text."""
    if not isinstance(voice, Patch):
        raise TypeError(f"voice must be a Patch, not {type(voice).__name__}.")
    return pack_voices([voice])[0]


def checked_voice_number(number: int) -> int:
    """Number of a voice, from 1 on."""
    return checked_int("number", number, 1, MOST)


def checked_part_volume(decibels: float) -> float:
    """Decibels of a part."""
    return checked_float("decibels", decibels, LOWEST_PART_VOLUME_DB, HIGHEST_PART_VOLUME_DB, "dB")


def _of_parts(name: str, values: Mapping[str, float], checked: Callable[[float], float]) -> dict[str, float]:
    """Something for each of some parts, 0..15 as text."""
    for part in values:
        if part not in _PARTS:
            raise ValueError(f"{name} must be for parts '0' to '{PARTS - 1}', not {part!r}.")
    return {part: checked(value) for part, value in values.items()}


def checked_decibels(name: str, decibels: float) -> float:
    """A finite number of decibels that the whole instrument may have."""
    if isinstance(decibels, (str, bytes)):
        raise TypeError(f"{name} must be a number of decibels, not {decibels!r}.")
    value = float(decibels)
    if not math.isfinite(value):
        raise ValueError(f"{name} must be finite, not {value}.")
    if value > HIGHEST_VOLUME_DB:
        raise ValueError(f"{name} must be at most {HIGHEST_VOLUME_DB:g} dB, not {value:g}.")
    return value
