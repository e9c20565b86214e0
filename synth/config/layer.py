# SPDX-License-Identifier: Apache-2.0
"""One file of settings: what it sets, in which lines, and what is wrong with it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from synth.config.kinds import BARE_KEY, shown
from synth.config.positions import key_lines
from synth.config.schema import BY_KEY, FUNCTIONS, PROFILES, SECTIONS, Setting
from synth.config.tables import Tables
from synth.files import read_limited
from synth.functions import contradictions
from synth.matching import hint

_LARGEST = 1 << 16  # bytes of a file of settings
_SYNTAX = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
_TWICE = re.compile(r"Cannot (?:declare|mutate immutable namespace) (\(.*\))(?: twice)?")
_WORD = r"'([^']*)'"


class Place(NamedTuple):
    """Where something is said: a file, its line if that is known, and the profile in it. No file: an option."""

    file: Path | None = None
    line: int | None = None
    profile: str | None = None

    def __str__(self) -> str:
        if self.file is None:
            return "option"
        return str(self.file) if self.line is None else f"{self.file}, line {self.line}"


class Value(NamedTuple):
    """A setting's value as it is used, as it is written, and where; of tables in a list, where each of them is."""

    value: Any
    written: object
    place: Place
    places: tuple[Place, ...] = ()


class Problem(NamedTuple):
    """What is wrong, and where."""

    place: Place
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@dataclass
class Layer:
    """A file of settings, read. Of what is wrong in it there are problems, and no values."""

    file: Path
    settings: dict[str, Value] = field(default_factory=dict)
    profiles: dict[str, dict[str, Value]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_layer(file: Path) -> Layer | None:
    """The layer that a file is; None if there is no such file. It never raises: what is wrong is in its problems."""
    layer = Layer(file)
    try:
        data = read_limited(file, _LARGEST)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        layer.problems.append(Problem(Place(file), f"it cannot be read: {reason}; check the path and its permissions"))
        return layer
    if data is None:
        layer.problems.append(Problem(Place(file), f"it is too large for settings: it goes beyond {_LARGEST >> 10} KB"))
        return layer
    try:
        text = data.decode("utf-8-sig")
        document = tomllib.loads(text + "\n")  # so that a slip in the last line has its number
        _Reader(layer, key_lines(text.replace("\r\n", "\n"))).read(document)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        layer.problems.append(Problem(Place(file, line), "this is not UTF-8 text; save it as such"))
    except tomllib.TOMLDecodeError as error:
        layer.problems.append(_syntax_problem(file, error))
    except ValueError as error:  # of Python's own limits
        layer.problems.append(Problem(Place(file), f"this is not TOML: {error}"))
    except RecursionError:
        layer.problems.append(Problem(Place(file), "its tables or lists are nested too deeply"))
    layer.problems.sort(key=lambda problem: problem.place.line or 0)
    return layer


def _syntax_problem(file: Path, error: tomllib.TOMLDecodeError) -> Problem:
    """TOML's own complaint, and the remedy for the most frequent one."""
    found = _SYNTAX.fullmatch(str(error))
    what, line, column = found.groups() if found else (str(error), None, None)
    sentence = f"this is not TOML: {what[:1].lower()}{what[1:]}"
    if twice := _TWICE.fullmatch(what):
        sentence = f"[{'.'.join(re.findall(_WORD, twice[1]))}] is there twice; put all of it under the first one"
    if what == "Invalid value":
        sentence += '; words stand in "quotes"'
    if line is None:
        return Problem(Place(file), f"{sentence} at the end of the file" if found else sentence)
    return Problem(Place(file, int(line)), f"{sentence} (column {column})")


class _Reader:
    """Fills a layer from the tables of its file."""

    def __init__(self, layer: Layer, lines: dict[tuple[str, ...], int]) -> None:
        self._layer = layer
        self._lines = lines

    def read(self, document: dict[str, Any]) -> None:
        """The settings of a whole file, and of its profiles."""
        profiles = document.pop(PROFILES, {})
        self._read_sections(document, (), self._layer.settings)
        if not isinstance(profiles, dict):
            self._refuse((PROFILES,), f"{PROFILES} must be tables, as [{PROFILES}.stage.audio], not {shown(profiles)}")
            return
        for name, sections in profiles.items():
            path = (PROFILES, name)
            if not (name.strip() and name.isprintable()):
                self._refuse(path, f"{_key(path)} needs a name that can be typed, as [{PROFILES}.stage.audio]")
                continue
            if not isinstance(sections, dict):
                self._refuse(path, f"{_key(path)} must be a table, as [{_key(path)}.audio], not {shown(sections)}")
                continue
            self._read_sections(sections, path, self._layer.profiles.setdefault(name, {}))

    def _read_sections(self, document: dict[str, Any], above: tuple[str, ...], into: dict[str, Value]) -> None:
        for section, table in document.items():
            path = (*above, section)
            if section not in SECTIONS:
                self._refuse(path, _unknown_section(path))
            elif section in BY_KEY:
                self._read_setting(path, BY_KEY[section], table, into)
            elif not isinstance(table, dict):
                self._refuse(path, f"{_key(path)} must be a table, [{_key(path)}], not {shown(table)}")
            else:
                for name, written in table.items():
                    if setting := BY_KEY.get(f"{section}.{name}"):
                        self._read_setting((*path, name), setting, written, into)
                    else:
                        self._refuse((*path, name), _unknown_key((*path, name)))
            if section == FUNCTIONS and isinstance(table, dict):
                self._refuse_contradictions(path, table, into)

    def _refuse_contradictions(self, path: tuple[str, ...], table: dict[str, Any], into: dict[str, Value]) -> None:
        right = {name: written for name, written in table.items() if f"{FUNCTIONS}.{name}" in into}
        for name, sentence in contradictions(right).items():
            self._refuse((*path, name), f"{_key((*path, name))} {sentence}")
            del into[f"{FUNCTIONS}.{name}"]

    def _read_setting(self, path: tuple[str, ...], setting: Setting, written: object, into: dict[str, Value]) -> None:
        places: tuple[Place, ...] = ()
        if isinstance(setting.kind, Tables) and isinstance(written, list):
            written, places = self._right_tables(path, written, setting.kind)
        try:
            value = setting.kind.read(written, self._layer.file.parent)
        except ValueError as error:
            self._refuse(path, f"{_key(path)} {error}")
        else:
            into[setting.key] = Value(value, written, self._place(path), places)

    def _right_tables(
        self, path: tuple[str, ...], tables: list[object], kind: Tables
    ) -> tuple[list[object], tuple[Place, ...]]:
        """The tables that are right, and where they are; the others are problems each."""
        wrong = kind.problems(tables)
        for index, error in wrong.items():
            self._refuse((*path, str(index), error.key), f"{_key(path)}, {kind.each} {index + 1}: {error}")
        right = [index for index in range(len(tables)) if index not in wrong]
        return [tables[index] for index in right], tuple(self._place((*path, str(index))) for index in right)

    def _refuse(self, path: tuple[str, ...], sentence: str) -> None:
        self._layer.problems.append(Problem(self._place(path), sentence))

    def _place(self, path: tuple[str, ...]) -> Place:
        profile = path[1] if path[0] == PROFILES and len(path) > 1 else None
        above = (path[:end] for end in range(len(path), 0, -1))  # what is deep in a value has the line of the value
        line = next((self._lines[known] for known in above if known in self._lines), None)
        return Place(self._layer.file, line, profile)


def _key(path: tuple[str, ...]) -> str:
    """A key as TOML writes it, dots and all."""
    return ".".join(part if BARE_KEY.fullmatch(part) else shown(part) for part in path)


def _unknown_section(path: tuple[str, ...]) -> str:
    """At the place of a section: a key of a section that was left out, or a word that means nothing."""
    homes = [setting for setting in BY_KEY.values() if setting.name == path[-1]]
    if homes:
        return _its_home(homes[0], path)
    known = SECTIONS if len(path) > 1 else (*SECTIONS, PROFILES)
    return f"there is no section [{_key(path)}]; {hint(path[-1], known)}"


def _unknown_key(path: tuple[str, ...]) -> str:
    section, name = path[-2:]
    homes = [setting for setting in BY_KEY.values() if setting.name == name]
    if homes:
        return f"there is no {_key(path)}; {_its_home(homes[0], path)}"
    known = [setting.name for setting in BY_KEY.values() if setting.section == section]
    return f"there is no {_key(path)}; {hint(name, known)}"


def _its_home(setting: Setting, path: tuple[str, ...]) -> str:
    above = path[:2] if path[0] == PROFILES and len(path) > 2 else ()
    return f"{setting.name} belongs in [{_key((*above, setting.section))}]"
