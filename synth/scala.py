# SPDX-License-Identifier: Apache-2.0
"""Scala's two formats: scales (.scl) and keyboard mappings (.kbm).

Both are lines of text, of which those that start with "!" are comments (source: the Scala home page, "Scala scale
file format" and "Scala keyboard mapping file format"). What follows a number on its line is commentary as well.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from synth.errors import TuningError
from synth.files import Source, read_source

_LARGEST = 1 << 20  # bytes of a file
_MOST_NOTES = 10_000
_MOST_KEYS = 1000  # of a mapping that repeats
_CENTS = re.compile(r"[-+]?(\d+\.\d*|\.\d+)")
_RATIO = re.compile(r"(\d{1,300})(?:/(\d{1,300}))?")
_TORN_RATIO = re.compile(r"\d+(\s+/\s*|/\s+)\d")
_WHOLE = re.compile(r"[-+]?\d{1,9}")
_KEYS = 128
MUTE: Final = math.nan
"""In place of cents: a key without a degree."""


@dataclass(frozen=True)
class Scale:
    """A scale: where its degrees are, and where it starts again."""

    name: str
    cents: tuple[float, ...]
    """Of degrees 1 to n above degree 0; the last is the interval at which the scale repeats."""

    def pitch(self, degree: int) -> float:
        """Cents of any degree above degree 0, also of negative ones and those beyond the last."""
        repeats, step = divmod(degree, len(self.cents))
        return repeats * self.cents[-1] + (self.cents[step - 1] if step else 0.0)


EQUAL: Final = Scale("equal temperament", tuple(100.0 * step for step in range(1, 13)))


@dataclass(frozen=True)
class KeyboardMapping:
    """Which key plays which degree of a scale, and how high. As it stands: one degree a key, from key 60 on."""

    degrees: tuple[int | None, ...] = ()
    """From the middle key on, then repeating; None: mute. Empty: one degree a key."""
    first: int = 0
    last: int = _KEYS - 1
    """The keys to tune."""
    middle: int = 60
    reference: int = 60
    hertz: float = 440 * math.exp2(-9 / 12)
    """Of the reference key."""
    octave: int = 0
    """The degree by which a repetition is higher; 0: the last one."""

    def degree_pitch(self, scale: Scale, key: int) -> float:
        """Cents of a key above degree 0; NaN for a mute one."""
        if not self.degrees:
            return scale.pitch(key - self.middle)
        repeats, at = divmod(key - self.middle, len(self.degrees))
        degree = self.degrees[at]
        octave = scale.pitch(self.octave or len(scale.cents))
        return MUTE if degree is None else scale.pitch(degree) + repeats * octave

    def cents_above_a3(self, scale: Scale) -> Iterator[float | None]:
        """Of all 128 keys, above 440 Hz: NaN for mute ones, None for those outside the range."""
        offset = 1200 * math.log2(self.hertz / 440) - self.degree_pitch(scale, self.reference)
        for key in range(_KEYS):
            yield self.degree_pitch(scale, key) + offset if self.first <= key <= self.last else None


class _Lines:
    """The lines of a file that are no comments, one after the other, and what to say about the last one."""

    def __init__(self, source: Source, what: str) -> None:
        self.name, data = read_source(source, _LARGEST, what, TuningError)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
        lines = enumerate(re.split(r"\r\n|\r|\n", text), 1)
        self._lines = [(number, line.strip()) for number, line in lines if not line.lstrip().startswith("!")]
        if self._lines and not self._lines[-1][1]:  # behind the last line's end
            self._lines.pop()
        self._number = 0

    def line(self, what: str) -> str:
        """The next line, which should hold `what`."""
        if not self._lines:
            raise TuningError(f"{self.name}: the file ends where {what} should follow: add it, or load a whole copy.")
        self._number, line = self._lines.pop(0)
        return line

    def word(self, what: str) -> str:
        """The first word of the next line; empty if there is none."""
        words = self.line(what).split(maxsplit=1)
        return words[0] if words else ""

    def whole(self, what: str, low: int, high: int) -> int:
        """A whole number at the start of the next line."""
        word = self.word(what)
        if not _WHOLE.fullmatch(word) or not low <= int(word) <= high:
            raise self.wrong(f"{what} must be a whole number of {low} to {high}, not {word[:40]!r}")
        return int(word)

    def ended(self) -> bool:
        """True if nothing but empty lines follows."""
        return not any(line for _, line in self._lines)

    def wrong(self, why: str) -> TuningError:
        """What is wrong with the line read last, to be raised."""
        return TuningError(f"{self.name}, line {self._number}: {why}; correct that line.")


def read_scale(source: Source) -> Scale:
    """The scale of an .scl file, a path or bytes.

    Raises:
        TuningError: it cannot be read or makes no sense, with its name, the line and what to do about it.
    """
    lines = _Lines(source, "a Scala scale")
    name = "".join(char if char.isprintable() else " " for char in lines.line("the scale's name"))
    count = lines.whole("the number of notes", 0, _MOST_NOTES)
    if count == 0:
        raise lines.wrong("a scale of no notes cannot be played: the number of notes must be 1 or more")
    return Scale(name, tuple(_interval(lines, f"note {note} of {count}") for note in range(1, count + 1)))


def _interval(lines: _Lines, what: str) -> float:
    """Cents, which have a point, or a ratio."""
    line = lines.line(what)
    if _TORN_RATIO.match(line):
        raise lines.wrong(f"{what} has blanks beside its slash, {line[:40]!r}: it is written as 3/2")
    word = line.split(maxsplit=1)[0] if line else ""
    if _CENTS.fullmatch(word):
        cents = float(word)
        if math.isfinite(cents):
            return cents
    elif (ratio := _RATIO.fullmatch(word)) and (above := int(ratio[1])) and (below := int(ratio[2] or 1)):
        return 1200 * (math.log2(above) - math.log2(below))
    raise lines.wrong(f"{what} must be cents with a point, as 701.955, or a ratio, as 3/2, not {word[:40]!r}")


def read_keyboard(source: Source) -> KeyboardMapping:
    """The mapping of a .kbm file, a path or bytes.

    Raises:
        TuningError: it cannot be read or makes no sense, with its name, the line and what to do about it.
    """
    lines = _Lines(source, "a Scala keyboard mapping")
    size = lines.whole("the size of the mapping", 0, _MOST_KEYS)
    first = lines.whole("the first key", 0, _KEYS - 1)
    last = lines.whole("the last key", 0, _KEYS - 1)
    if last < first:
        raise lines.wrong(f"the last key must not be below the first, which is {first}")
    middle = lines.whole("the middle key", 0, _KEYS - 1)
    reference = lines.whole("the reference key", 0, _KEYS - 1)
    hertz = _frequency(lines)
    octave = lines.whole("the degree of the octave", -_MOST_NOTES, _MOST_NOTES)
    degrees: list[int | None] = []
    while len(degrees) < size and not lines.ended():  # those left out at the end are mute
        degrees.append(_degree(lines, f"the degree of key {len(degrees) + 1} of {size}"))
    degrees += [None] * (size - len(degrees))
    if degrees and degrees[(reference - middle) % size] is None:
        raise TuningError(f"{lines.name}: key {reference} has a frequency but no degree: give it one instead of x.")
    return KeyboardMapping(tuple(degrees), first, last, middle, reference, hertz, octave)


def _degree(lines: _Lines, what: str) -> int | None:
    word = lines.word(what)
    if word.lower() == "x":
        return None
    if _WHOLE.fullmatch(word) and abs(int(word)) <= _MOST_NOTES:
        return int(word)
    raise lines.wrong(f"{what} must be a whole number, or x for none, not {word[:40]!r}")


def _frequency(lines: _Lines) -> float:
    word = lines.word("the frequency")
    if re.fullmatch(r"\d{1,9}(\.\d*)?|\.\d+", word) and 1 <= float(word) <= 24000:
        return float(word)
    raise lines.wrong(f"the frequency must be a number of 1 to 24000 Hz, not {word[:40]!r}")
