# SPDX-License-Identifier: Apache-2.0
"""What a key of a profile may hold, and the one sentence if it holds something else."""

from dataclasses import dataclass
from typing import Any, ClassVar, NoReturn

from bridge.curve import Curve, rises
from bridge.errors import ProfileError


@dataclass(frozen=True)
class Points:
    """A curve from x = `first` to x = `last`, with y from `lowest` to `highest`."""

    first: int
    last: int
    lowest: float = 0
    highest: float = 255
    invertible: bool = False  #: y rises as well

    holds: ClassVar[str] = "points"
    example: ClassVar[str] = "points = [[0, 0], [99, 255]]"

    def read(self, where: str, given: Any) -> Curve:
        """The curve; `where` begins the sentence of the ProfileError if it is none."""
        pairs = isinstance(given, list) and len(given) >= 2 and all(isinstance(p, list) and len(p) == 2 for p in given)
        if not pairs or not all(_is_number(n) for point in given for n in point):
            _refuse(where, f"must be two or more pairs of numbers, as in {self.example}")
        points = [(x, y) for x, y in given]
        if (points[0][0], points[-1][0]) != (self.first, self.last):
            ends = f"starts at {points[0][0]:g} and ends at {points[-1][0]:g}"
            _refuse(where, f"{ends}; it must go from {self.first} to {self.last}")
        if not rises(points):
            _refuse(where, "has points out of order; the first number must rise from point to point")
        for x, y in points:
            if not self.lowest <= y <= self.highest:
                _refuse(where, f"is {y:g} at {x:g}; it must stay within {self.lowest:g} to {self.highest:g}")
        if self.invertible and not rises(points, 1):
            _refuse(where, "stands still or falls; the second number must rise from point to point")
        return Curve(points)


@dataclass(frozen=True)
class Number:
    """A number from `lowest` to `highest`."""

    lowest: float
    highest: float

    holds: ClassVar[str] = "value"
    example: ClassVar[str] = "value = 1.0"

    def read(self, where: str, given: Any) -> float:
        """The number, or a ProfileError."""
        if not _is_number(given) or not self.lowest <= given <= self.highest:
            _refuse(where, f"is {given!r}; it must be a number from {self.lowest:g} to {self.highest:g}")
        return float(given)


@dataclass(frozen=True)
class Whole:
    """A whole number from `lowest` to `highest`."""

    lowest: int
    highest: int

    holds: ClassVar[str] = "value"
    example: ClassVar[str] = "value = 1"

    def read(self, where: str, given: Any) -> int:
        """The number, or a ProfileError."""
        if not _is_whole(given) or not self.lowest <= given <= self.highest:
            _refuse(where, f"is {given!r}; it must be a whole number from {self.lowest} to {self.highest}")
        return int(given)


@dataclass(frozen=True)
class Wholes:
    """Whole numbers from `lowest` to `highest`, at least one, or exactly `length`."""

    lowest: int
    highest: int
    length: int | None = None

    holds: ClassVar[str] = "values"
    example: ClassVar[str] = "values = [1, 2, 4]"

    def read(self, where: str, given: Any) -> tuple[int, ...]:
        """The numbers, or a ProfileError."""
        fits = isinstance(given, list) and len(given) == (self.length or max(1, len(given)))
        if not fits or not all(_is_whole(n) for n in given):
            _refuse(where, f"must be {self.length or 'some'} whole numbers, as in {self.example}")
        for n in given:
            if not self.lowest <= n <= self.highest:
                _refuse(where, f"holds {n}; its numbers must be within {self.lowest} to {self.highest}")
        return tuple(given)


@dataclass(frozen=True)
class OneOf:
    """One of some words."""

    words: tuple[str, ...]

    holds: ClassVar[str] = "value"
    example: ClassVar[str] = 'value = "a word"'

    def read(self, where: str, given: Any) -> str:
        """The word, or a ProfileError."""
        if not isinstance(given, str) or given not in self.words:
            _refuse(where, f"is {given!r}; it must be {' or '.join(self.words)}")
        return given


_HUGE = 1e9  # beyond all settings; infinity and what is no number are not below it either

Setting = Points | Number | Whole | Wholes | OneOf


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _HUGE


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _refuse(where: str, sentence: str) -> NoReturn:
    raise ProfileError(f"{where} {sentence}")
