# SPDX-License-Identifier: Apache-2.0
"""Files of settings on top of each other.

A later file wins over an earlier one (shipped, the user's own, the one named), a profile over everything outside of
profiles, an option over all. So the shipped profiles change what the user's file says outside of profiles, and are
changed by profiles of the same name there.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from synth.config.layer import Layer, Place, Problem, Value, read_layer
from synth.config.schema import BY_KEY
from synth.directories import directory
from synth.errors import ConfigError
from synth.matching import hint
from synth.resources import config_path

SHIPPED = "default.toml"


def user_file() -> Path:
    """Where the user's own settings are, or would be."""
    return directory("config") / "config.toml"


@cache
def shipped() -> Layer:
    """The settings that come with sixop.

    Raises:
        ConfigError: somebody has changed them, and they are no longer whole.
    """
    file = config_path(SHIPPED)
    layer = read_layer(file)
    if layer is None:
        raise ConfigError(f"{file} is missing: install sixop again")
    if layer.problems:
        raise ConfigError(f"{layer.problems[0]}; it came with sixop and must be right: undo the change")
    for key, setting in BY_KEY.items():
        if key == setting.section:  # a list of tables has none to begin with
            layer.settings.setdefault(key, Value([], [], Place(file)))
    if missing := BY_KEY.keys() - layer.settings:
        raise ConfigError(f"{file} lacks {', '.join(sorted(missing))}; it came with sixop whole: undo the change")
    return layer


class Configuration:
    """What is set, by whom. `configuration["audio.rate"]` is the value as it is used, None if it is left to us."""

    def __init__(
        self, values: Mapping[str, Value], profiles: list[str], problems: list[Problem], named: Path | None
    ) -> None:
        self._named = named
        self.values = dict(values)
        self._files_say = dict(values)
        self.profiles = profiles  #: names of all that there are
        self.problems = problems  #: in the user's own file, which this does without

    def __getitem__(self, key: str) -> Any:
        return self.values[key].value

    def place(self, key: str) -> Place:
        """Where the value was set."""
        return self.values[key].place

    def places(self, key: str) -> tuple[Place, ...]:
        """Of tables in a list, where each of them was set."""
        return self.values[key].places

    def said_by_files(self, key: str) -> object:
        """What files and profiles say, as it is written, whatever an option says."""
        return self._files_say[key].written

    def asked(self, key: str) -> bool:
        """True if anybody has set this: an option, a profile, any file but the shipped one."""
        place = self.place(key)
        return place.file != config_path(SHIPPED) or place.profile is not None

    def by_option(self, key: str) -> bool:
        """True if an option on the command line has set this."""
        return self.place(key).file is None

    def for_this_once(self, key: str) -> bool:
        """True if the command line has set this: an option, or the file that --config names."""
        return self.place(key).file in (None, self._named)

    def set_options(self, options: Mapping[str, object]) -> None:
        """Put options on top: by key what was typed, text or a list of texts or a bool. None and [] were not typed.

        Raises:
            ConfigError: a value is not allowed.
        """
        for key, said in options.items():
            if said is None or said == []:
                continue
            setting = BY_KEY[key]
            kind = setting.kind
            written = kind.typed(said) if isinstance(said, str) else said
            try:
                self.values[key] = Value(kind.read(written), written, Place())
            except ValueError as error:
                name = setting.option or setting.metavar
                wrong = said[0] if isinstance(said, list) and len(said) == 1 else said
                raise ConfigError(f"{name} {kind.verb} {kind.allowed}, not {wrong!r}") from error


class Layers(NamedTuple):
    """The files that there are, each but the shipped one only if it is there."""

    shipped: Layer
    user: Layer | None
    named: Layer | None

    @property
    def all(self) -> list[Layer]:
        """From the first one on, each winning over those before."""
        return [layer for layer in self if layer is not None]


def read_layers(named: Path | None = None) -> Layers:
    """Read all files; `named` is that of --config.

    Raises:
        ConfigError: the shipped file is not whole, or there is no such file as `named`.
    """
    layer = None if named is None else read_layer(named)
    if named is not None and layer is None:
        raise ConfigError(f"--config {named}: there is no such file; check the path")
    return Layers(shipped(), read_layer(user_file()), layer)


def load_configuration(named: Path | None = None, profile: str | None = None) -> Configuration:
    """What the files say, with a profile if one is chosen. What is wrong in the user's file is left out, and told.

    Raises:
        ConfigError: there is no such profile, or something is wrong in the file that was named, `named`, or in the
            shipped one.
    """
    layers = read_layers(named)
    profiles = sorted({name for layer in layers.all for name in layer.profiles})
    if layers.named is not None and (wrong := _told(layers.named, profile)):
        more = f"; `sixop config check {named}` tells {len(wrong) - 1} more" if len(wrong) > 1 else ""
        raise ConfigError(f"{wrong[0]}{more}")
    problems = [] if layers.user is None else _told(layers.user, profile)
    if profile is not None and profile not in profiles:
        because = f" ({problems[0]})" if problems else ""
        raise ConfigError(f"there is no profile {profile!r}; {hint(profile, profiles)}{because}")
    values: dict[str, Value] = {}
    for layer in layers.all:
        values |= layer.settings
    if profile is not None:
        for layer in layers.all:
            values |= layer.profiles.get(profile, {})
    return Configuration(values, profiles, problems, named)


def _told(layer: Layer, profile: str | None) -> list[Problem]:
    """What is wrong with what would count: nothing in a profile that is not chosen."""
    return [problem for problem in layer.problems if problem.place.profile in (None, profile)]
