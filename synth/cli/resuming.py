# SPDX-License-Identifier: Apache-2.0
"""Where `sixop play` stopped, and what of that still counts.

What an option says goes first; then what was remembered; then the settings of files. But what a file has said
differently since the state was written is news, and goes before what was remembered; and so does a profile that was not
chosen then.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import typer

from synth.cli.common import note
from synth.cli.starting import Starting
from synth.config.schema import BY_KEY, FUNCTIONS
from synth.config.stack import Configuration
from synth.errors import SixopError
from synth.live.saved import BANK_FIELDS, VOICE_FIELDS, without
from synth.live.statefile import StateFile

_GOVERNED: Final = {
    "play.files": BANK_FIELDS,
    "play.voice": VOICE_FIELDS,
    "audio.volume_db": ("volume_db",),
    "audio.limiter": ("limiter",),
    "tuning.scale": ("retuned",),
    "tuning.keyboard": ("retuned",),
    "parts": ("part_volumes", "pans", "functions"),
}
"""Settings, each with what was remembered that it takes the place of."""
_FUNCTION_KEYS: Final = tuple(key for key in BY_KEY if key.startswith(f"{FUNCTIONS}."))
_TABLES: Final = ("midi.zones", "parts")  # whose entries may name the voice of a part
_KEYS: Final = (*_GOVERNED, *_FUNCTION_KEYS, "midi.zones")


def resumed(context: typer.Context, settings: Configuration) -> tuple[StateFile | None, dict[str, Any]]:
    """The file to remember in, None for none, and the fields of `Settings` that go on from there."""
    fresh = not settings["play.resume"]
    if fresh and not settings.by_option("play.resume"):
        return None, {}
    try:
        file = StateFile.of_player()
        said = file.read()
        if fresh:
            file.put_by()
    except SixopError as error:
        note(context, f"{error}; this evening will not be remembered")
        return None, {}
    file.configured = {key: _plain(settings.said_by_files(key)) for key in _KEYS}
    return file, {} if fresh or said is None else _what_counts(settings, *said, file.configured)


def _what_counts(
    settings: Configuration, fields: dict[str, Any], before: Mapping[str, Any], now: Mapping[str, Any]
) -> dict[str, Any]:
    news = {key for key in _KEYS if settings.by_option(key) or now[key] != before.get(key, now[key])}
    for key in news & _GOVERNED.keys():
        fields = without(fields, _GOVERNED[key])
    heard = {key.partition(".")[2] for key in news & set(_FUNCTION_KEYS)}
    if "functions" in fields:
        fields["functions"] = {part: without(values, heard) for part, values in fields["functions"].items()}
    for table in _TABLES:
        for part in {str(entry["part"] - 1) for entry in now[table] if _names_voice(entry)}:
            if table in news:
                fields.get("numbers", {}).pop(part, None)
                fields.get("sounds", {}).pop(part, None)
            elif "numbers" in fields:
                fields["numbers"].setdefault(part, fields["number"])
    return fields


def _names_voice(entry: Mapping[str, Any]) -> bool:
    return isinstance(entry.get("part"), int) and entry.get("voice") is not None


def _plain(written: object) -> Any:
    """A value of TOML as JSON gives it back."""
    return json.loads(json.dumps(written, default=str))


def together(starting: Starting, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What parts begin with: as remembered, and where nothing is, as the settings have it."""
    kept = dict(fields)
    functions = kept.get("functions", {})
    kept["functions"] = {
        part: {**starting.functions.get(part, {}), **functions.get(part, {})}
        for part in {*starting.functions, *functions}
    }
    for name in ("numbers", "part_volumes", "pans"):
        kept[name] = {**getattr(starting, name), **kept.get(name, {})}
    return kept
