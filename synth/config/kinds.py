# SPDX-License-Identifier: Apache-2.0
"""What a setting may hold: in a file, as TOML gives it, or after an option, as text."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, TypeGuard

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
"""What needs no quotes to be a key of TOML."""

_SHOWN = 60  # characters of a value in a sentence


def toml_text(value: object) -> str:
    """A setting's value as a TOML file says it: strings and numbers of JSON are TOML's too."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_toml_key(key)} = {toml_text(item)}' for key, item in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml_text, value))}]"
    return json.dumps(value, ensure_ascii=False, default=str)


def _toml_key(key: str) -> str:
    return key if BARE_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def shown(value: object) -> str:
    """A value in a sentence: at most a line's worth of it."""
    try:
        text = json.dumps(value, default=str)
    except ValueError:  # Python shows no more than 4300 digits
        return "a number beyond all bounds"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _words(text: object) -> TypeGuard[str]:
    return isinstance(text, str) and bool(text.strip()) and text.isprintable()


@dataclass(frozen=True)
class Kind(ABC):
    """One kind of setting. `word` stands for None: nothing, or what the instrument chooses."""

    word: str = field(default="", kw_only=True)
    verb: ClassVar[str] = "must be"

    @property
    def off(self) -> str:
        """What switches an option without a value off, where it is not `--no-` and the option."""
        return ""

    @property
    @abstractmethod
    def range(self) -> str:
        """What may be said, `word` aside."""

    @property
    def allowed(self) -> str:
        """All that may be said, as a sentence goes on."""
        return f"{self.word} or {self.range}" if self.word else self.range

    def read(self, value: object, folder: Path = Path()) -> Any:
        """The value as it is used. Paths start from `folder`, where the file is that says them.

        Raises:
            ValueError: this is not allowed; the message goes on after the setting's name.
        """
        if self.word and value == self.word:
            return None
        try:
            return self._read(value, folder)
        except ValueError as error:
            raise ValueError(f"{self.verb} {self.allowed}, not {shown(value)}") from error

    def typed(self, text: str) -> object:
        """What a file would say for the text after an option."""
        return text

    @abstractmethod
    def _read(self, value: object, folder: Path) -> Any:
        """The value as it is used; any ValueError if it is not allowed."""


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number."""

    low: int
    high: int
    unit: str = ""

    @property
    def range(self) -> str:
        """Lowest to highest."""
        return f"a whole number of {self.low} to {self.high} {self.unit}".rstrip()

    def typed(self, text: str) -> object:
        """A number where it is one."""
        try:
            return int(text)
        except ValueError:
            return text

    def _read(self, value: object, _folder: Path) -> int:
        if not _whole(value) or not self.low <= value <= self.high:
            raise ValueError
        return value


@dataclass(frozen=True)
class Number(Kind):
    """Any number, whole or not."""

    low: float
    high: float
    unit: str = ""

    @property
    def range(self) -> str:
        """Lowest to highest."""
        return f"{self.low:g} to {self.high:g} {self.unit}".rstrip()

    def typed(self, text: str) -> object:
        """A number where it is one."""
        try:
            return float(text)
        except ValueError:
            return text

    def _read(self, value: object, _folder: Path) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or not self.low <= value <= self.high:
            raise ValueError
        return float(value)


@dataclass(frozen=True)
class OneOf(Kind):
    """One of some words."""

    words: tuple[str, ...]

    @property
    def range(self) -> str:
        """The words."""
        return " or ".join(self.words)

    def _read(self, value: object, _folder: Path) -> str:
        if not isinstance(value, str) or value not in self.words:
            raise ValueError
        return value


@dataclass(frozen=True)
class OnOff(Kind):
    """Yes or no."""

    @property
    def range(self) -> str:
        """The two words of TOML."""
        return "true or false"

    def _read(self, value: object, _folder: Path) -> bool:
        if not isinstance(value, bool):
            raise ValueError
        return value


@dataclass(frozen=True)
class Name(Kind):
    """The name of something that is looked for when it is needed; `where` says what names there are."""

    what: str
    where: str

    verb: ClassVar[str] = "needs"

    @property
    def range(self) -> str:
        """What is named, and where to find the names."""
        return f"{self.what} ({self.where})"

    def _read(self, value: object, _folder: Path) -> Any:
        if not _words(value):
            raise ValueError
        return value


@dataclass(frozen=True)
class NameOrFile(Name):
    """A name, or what ends as files do: a path."""

    def _read(self, value: object, folder: Path) -> str:
        name: str = super()._read(value, folder)
        return str(_path(name, folder)) if Path(name).suffix else name


@dataclass(frozen=True)
class Names(Name):
    """One or more names; an option says one at a time, and may be repeated. `alone` stands beside no other."""

    alone: str = ""

    def _read(self, value: object, folder: Path) -> Any:
        names = [super(Names, self)._read(item, folder) for item in _listed(value)]
        if not names or (self.alone in names and len(names) > 1):
            raise ValueError
        return names


@dataclass(frozen=True)
class Voice(Kind):
    """A voice of the bank, by number or name."""

    @property
    def range(self) -> str:
        """Both ways."""
        return "the number of a voice, from 1 on, or its name"

    def _read(self, value: object, _folder: Path) -> str:
        if not _words(value) and not (_whole(value) and value >= 1):
            raise ValueError
        return str(value)


@dataclass(frozen=True)
class File(Kind):
    """The path of a file, `~` being home. It must end in one of `suffixes`, if there are any."""

    what: str
    suffixes: tuple[str, ...] = ()

    @property
    def range(self) -> str:
        """What file."""
        return self.what + (f" that ends in {' or '.join(self.suffixes)}" if self.suffixes else "")

    def _read(self, value: object, folder: Path) -> Any:
        path = _path(value, folder)
        if self.suffixes and path.suffix.lower() not in self.suffixes:
            raise ValueError
        return path


@dataclass(frozen=True)
class Files(File):
    """Paths of files; there may be none."""

    def _read(self, value: object, folder: Path) -> Any:
        return [super(Files, self)._read(item, folder) for item in _listed(value)]


def _listed(value: object) -> list[object]:
    """A list, or the only item of one."""
    return value if isinstance(value, list) else [value]


def _path(value: object, folder: Path) -> Path:
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise ValueError
    try:
        return folder / Path(value).expanduser()
    except RuntimeError as error:  # there is no such user
        raise ValueError from error


class OnOrFresh(OnOff):
    """Yes or no, where the option that says no is `--fresh`."""

    @property
    def off(self) -> str:
        """Its word."""
        return "fresh"
