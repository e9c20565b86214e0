# SPDX-License-Identifier: Apache-2.0
"""Options that are settings as well, and the configuration that a command runs with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import typer

from synth.cli.common import note, options, usage
from synth.config.kinds import toml_text
from synth.config.layer import Place
from synth.config.schema import BY_KEY
from synth.config.stack import Configuration, load_configuration, shipped
from synth.errors import ConfigError, SixopError

_MOST_TOLD = 3  # of what is wrong in the user's file


def setting_option(key: str, **default: str) -> Any:
    """The option of a setting, with its help and its shipped value; `default` says another, and None says nothing.

    What follows the option stays text until `configured` checks it.
    """
    setting = BY_KEY[key]
    name = setting.option if setting.metavar else f"{setting.option}/--{setting.kind.off or f'no-{setting.option[2:]}'}"
    help_ = f"{setting.what} [default: {default.get('default') or _shipped_text(key)}]"
    return typer.Option(name, metavar=setting.metavar or None, help=help_)


def configured(context: typer.Context, said: Mapping[str, object]) -> Configuration:
    """The configuration with a command's options on top. What is wrong in the user's file is told."""
    chosen = options(context)
    try:
        configuration = load_configuration(chosen.config, chosen.profile)
        configuration.set_options(said)
    except ConfigError as error:
        usage(str(error))
    for problem in configuration.problems[:_MOST_TOLD]:
        note(context, f"{problem}; this is left out")
    if len(configuration.problems) > _MOST_TOLD:
        more = len(configuration.problems) - _MOST_TOLD
        what = f"{more} more problem{'s' if more > 1 else ''}"
        note(context, f"{configuration.problems[0].place.file}: {what}; `sixop config check` tells them")
    return configuration


def doubt(
    context: typer.Context,
    configuration: Configuration,
    key: str,
    error: SixopError,
    instead: str,
    place: Place | None = None,
) -> None:
    """Tell what is done instead of what a setting asks for; if the file of --config set it, nothing is.

    `place` is that of one table of a list; without, that of the setting.
    """
    sentence = f"{place or configuration.place(key)}: {error}"
    if configuration.for_this_once(key):
        usage(sentence)
    note(context, f"{sentence}; {instead}")


def _shipped_text(key: str) -> str:
    """The shipped value, for help; `?` if somebody broke the shipped file: help is the last thing that may fail."""
    try:
        written = shipped().settings[key].written
    except ConfigError:
        return "?"
    return (
        " ".join(written) if isinstance(written, list) else written if isinstance(written, str) else toml_text(written)
    )
