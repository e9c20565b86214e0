# SPDX-License-Identifier: Apache-2.0
"""The one table of the DX7's function parameters: what a player sets for a part, whatever voice it plays.

Numbers, highest and first values are the engine's own (`csrc/function.c`). How people write and read values, and where
system exclusive has them, stands here; settings, `Session`, `sixop send` and what is printed derive from it.
"""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from synth._engine import lib
from synth.checks import excerpt, scalar
from synth.matching import hint


class Values(ABC):
    """How the values of a function parameter are written."""

    words: tuple[str, ...] = ()  #: those that may stand for numbers

    @abstractmethod
    def allowed(self, highest: int) -> str:
        """What may be written, as a sentence goes on."""

    @abstractmethod
    def text(self, value: int) -> str:
        """The value in words."""

    def number(self, _word: str) -> int | None:
        """The value that a word means; None if it means none."""
        return None


class Numbers(Values):
    """Whole numbers of some unit."""

    def __init__(self, unit: str = "") -> None:
        self._unit = unit

    def allowed(self, highest: int) -> str:
        """Lowest to highest."""
        return f"a whole number of 0 to {highest} {self._unit}".rstrip()

    def text(self, value: int) -> str:
        """The number with its unit."""
        unit = self._unit.removesuffix("s") if value == 1 else self._unit
        return f"{value} {unit}".rstrip()


class Words(Values):
    """Two words, of which either may have another name: `retain/fingered`. They may be switched off and on, too."""

    def __init__(self, *words: str) -> None:
        self._words = [word.split("/") for word in words]
        self.words = tuple(name for names in self._words for name in names)

    def allowed(self, _highest: int) -> str:
        """The words."""
        return " or ".join("/".join(names) for names in self._words)

    def text(self, value: int) -> str:
        """All names of one of the two."""
        return "/".join(self._words[value])

    def number(self, word: str) -> int | None:
        """Where it stands."""
        known = [*self._words, ["off"], ["on"]]
        return next((index % 2 for index, names in enumerate(known) if word.replace(" ", "-") in names), None)


class Purposes(Values):
    """What a controller moves: none or several of three things, joined by +. Each has a bit."""

    words = ("none", "pitch", "amp", "bias")

    def allowed(self, _highest: int) -> str:
        """The words."""
        return "none, or pitch, amp and bias, joined by +"

    def text(self, value: int) -> str:
        """What it moves."""
        return "+".join(word for bit, word in enumerate(self.words[1:]) if value >> bit & 1) or self.words[0]

    def number(self, word: str) -> int | None:
        """The sum of the bits."""
        if word == self.words[0]:
            return 0
        purposes = {purpose.strip() for purpose in word.split("+")}
        if not purposes <= set(self.words[1:]):
            return None
        return sum(1 << bit for bit, purpose in enumerate(self.words[1:]) if purpose in purposes)


class Tune(Values):
    """Steps of 1/4096 octave, written as the frequency of A3, or as cents from 440 Hz."""

    _CENTRE, _OCTAVE, _HERTZ = 256, 4096, 440.0
    _WRITTEN = re.compile(r"(?:a\s*=\s*)?([-+]?\d+(?:\.\d+)?)\s*(hz|cents?)")

    def allowed(self, highest: int) -> str:
        """Both ways, with the ends of the range."""
        low, high = (self._CENTRE * 1200 / self._OCTAVE, (highest - self._CENTRE) * 1200 / self._OCTAVE)
        hertz = f"{self._hertz(0):.1f} to {self._hertz(highest):.1f}"
        return f"the pitch of A, as '442 Hz' ({hertz}), or as '+5 cents' (-{low:.1f} to {high:.1f})"

    def text(self, value: int) -> str:
        """Both ways."""
        cents = (value - self._CENTRE) * 1200 / self._OCTAVE
        return f"{cents:+.1f} cents (A = {self._hertz(value):.1f} Hz)" if cents else "A = 440 Hz"

    def number(self, word: str) -> int | None:
        """The nearest step; it may lie outside of the range."""
        found = self._WRITTEN.fullmatch(word)
        if found is None:
            return None
        amount = float(found[1])
        if found[2] == "hz":
            octaves = math.log2(amount / self._HERTZ) if amount > 0 else -1.0
        else:
            octaves = max(-1.0, min(1.0, amount / 1200))
        return self._CENTRE + round(octaves * self._OCTAVE)

    def _hertz(self, value: int) -> float:
        return float(self._HERTZ * 2.0 ** ((value - self._CENTRE) / self._OCTAVE))


class Function(NamedTuple):
    """One function parameter. Its values go from 0 to `highest`; parts begin with `first`."""

    number: int  #: in the engine and, but for the master tune, in group 2 of the DX7's parameter changes
    highest: int
    first: int
    tx7: int  #: in group 1, and in the dump of function parameters; 0 in neither
    values: Values
    what: str  #: for people

    def read(self, value: object) -> int:
        """The value as a number. It may come as a number or as a word; words as `Values` have them.

        Raises:
            ValueError: there is no such value; the message goes on after the parameter's name.
        """
        found = scalar(value)
        if isinstance(value, str):
            found = self.values.number(value.strip().lower())
        elif isinstance(found, bool):
            found = int(found) if isinstance(self.values, Words) else None
        if not isinstance(found, int) or not 0 <= found <= self.highest:
            raise ValueError(f"must be {self.allowed}, not {excerpt(value)}")
        return found

    def text(self, value: int) -> str:
        """A value in words."""
        return self.values.text(value)

    @property
    def allowed(self) -> str:
        """What may be written."""
        return self.values.allowed(self.highest)


def _function(number: int, tx7: int, values: Values, what: str) -> Function:
    return Function(number, lib.sx_function_highest(number), lib.sx_function_first(number), tx7, values, what)


_RANGE = Numbers()
_PURPOSES = Purposes()

FUNCTIONS: Final[dict[str, Function]] = {
    "mono": _function(lib.SX_MONO, 2, Words("poly", "mono"), "Many notes at a time, or one."),
    "bend_range": _function(lib.SX_BEND_RANGE, 3, Numbers("semitones"), "How far the pitch bender goes."),
    "bend_step": _function(lib.SX_BEND_STEP, 4, Numbers("semitones"), "In what steps; 0: smoothly."),
    "portamento_mode": _function(
        lib.SX_PORTAMENTO_MODE, 7, Words("retain/fingered", "follow/full-time"), "Which notes glide."
    ),
    "glissando": _function(lib.SX_GLISSANDO, 6, Words("off", "on"), "Glide in semitones."),
    "portamento_time": _function(lib.SX_PORTAMENTO_TIME, 5, Numbers(), "How slowly notes glide; 0: not at all."),
    "wheel_range": _function(lib.SX_WHEEL_RANGE, 9, _RANGE, "How much the modulation wheel does."),
    "wheel_assign": _function(lib.SX_WHEEL_ASSIGN, 10, _PURPOSES, "What the modulation wheel moves."),
    "foot_range": _function(lib.SX_FOOT_RANGE, 11, _RANGE, "How much the foot controller does."),
    "foot_assign": _function(lib.SX_FOOT_ASSIGN, 12, _PURPOSES, "What the foot controller moves."),
    "breath_range": _function(lib.SX_BREATH_RANGE, 15, _RANGE, "How much the breath controller does."),
    "breath_assign": _function(lib.SX_BREATH_ASSIGN, 16, _PURPOSES, "What the breath controller moves."),
    "aftertouch_range": _function(lib.SX_AFTERTOUCH_RANGE, 13, _RANGE, "How much aftertouch does."),
    "aftertouch_assign": _function(lib.SX_AFTERTOUCH_ASSIGN, 14, _PURPOSES, "What aftertouch moves."),
    "master_tune": _function(lib.SX_MASTER_TUNE, 64, Tune(), "The pitch of A."),
}
"""The function parameters by name, in the order of their numbers."""


def function_named(name: object) -> Function:
    """The function parameter of that name.

    Raises:
        ValueError: there is none; the sentence has the nearest name.
    """
    if not isinstance(name, str) or name not in FUNCTIONS:
        raise ValueError(f"there is no function parameter {excerpt(name)}; {hint(name, FUNCTIONS)}")
    return FUNCTIONS[name]


def read_function(name: object, value: object) -> int:
    """The number of a function parameter's value, which may come in words.

    Raises:
        ValueError: there is no such parameter or value; a sentence.
    """
    function = function_named(name)
    try:
        return function.read(value)
    except ValueError as error:
        raise ValueError(f"{name} {error}.") from error


def contradictions(written: Mapping[str, Any]) -> dict[str, str]:
    """What does not go together in some function parameters of one place: by name, how a sentence goes on."""
    found = {}
    if written.get("bend_step") and written.get("bend_range", FUNCTIONS["bend_range"].highest) != 12:
        found["bend_range"] = "counts for nothing beside bend_step, which makes it 12; leave one of the two out"
    mode = written.get("portamento_mode")
    if isinstance(mode, str) and "mono" in written:
        mono = FUNCTIONS["mono"].read(written["mono"])
        right = [names.split("/")[mono] for names in FUNCTIONS["portamento_mode"].allowed.split(" or ")]
        if mode.replace(" ", "-") not in (*right, "off", "on"):
            found["portamento_mode"] = (
                f"is {mode!r}, which is nothing for {'mono' if mono else 'poly'}; say {' or '.join(right)}"
            )
    return found
