# SPDX-License-Identifier: Apache-2.0
"""What people write into a search box, understood.

    warm pad                     both words, in the name, a tag, a note, the category, the bank or the path
                                 (of one or two letters: where a name begins a word with them, or as whole words)
    "e.piano 1"                  these letters in a row
    -dx9                         not this
    category:bass algorithm:5    as a table of fields says; al:, cat: and so on are enough
    level:>-20 length:..0.5      numbers: 5, 1..6, 1,2,5, >3, <=0.5
    is:favourite                 or hidden, undecided, duplicate, missing, analysed; is:all shows hidden ones as well
    tag:live list:"Friday" in:jazz/ rating:>=4
    sort:-level                  falling; by any number, by name, category, algorithm, added, or random:SEED

Nothing here is refused: what cannot be understood is left out and told in `mistakes`, because a query is also what
stands in the box while somebody is still typing.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from synth.library.categories import CATEGORIES
from synth.library.text import readable
from synth.matching import hint

_TOKEN: Final = re.compile(r'(-?)(?:([a-zA-Z]+):)?("[^"]*"?|\S+)?')
_RANGE: Final = re.compile(r"^(?P<low>[^.]*(?:\.\d+)?)\.\.(?P<high>.*)$")
_COMPARED: Final = re.compile(r"^(<=|>=|<|>)(.+)$")
LONGEST: Final = 1000  # letters


@dataclass(frozen=True, slots=True)
class Number:
    """A field of numbers."""

    column: str  #: an expression over the row `s` of sounds
    unit: str
    lowest: float
    highest: float


NUMBERS: Final[dict[str, Number]] = {
    "algorithm": Number("s.algorithm", "", 1, 32),
    "feedback": Number("s.feedback", "", 0, 7),
    "carriers": Number("s.carriers", "", 1, 6),
    "rating": Number("s.rating", "", 0, 5),
    "places": Number("(SELECT count(*) FROM slots WHERE sound = s.id)", "", 0, math.inf),
    "level": Number("s.level", "dB", -200, 50),
    "attack": Number("s.attack", "s", 0, 10),
    "length": Number("s.length", "s", 0, 10),
    "brightness": Number("s.brightness", "Hz", 0, 24000),
    "harmonicity": Number("s.harmonicity", "", 0, 1),
    "noise": Number("s.noise", "", 0, 1),
    "id": Number("s.id", "", 1, math.inf),
}
STATES: Final = (
    "favourite", "hidden", "undecided", "decided", "duplicate", "missing", "analysed", "new", "all",
)  # fmt: skip
_TEXTS: Final = ("category", "is", "tag", "list", "in", "bank", "name", "sort")
FIELDS: Final = (*NUMBERS, *_TEXTS)
SORTS: Final = ("name", "category", "added", "random", "relevance", "list", *NUMBERS)


@dataclass(frozen=True, slots=True)
class Word:
    """Letters to be found, or not."""

    text: str
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers to be in, ends included; several are alternatives."""

    field: str
    spans: tuple[tuple[float, float], ...]
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """A field that is text."""

    field: str
    value: str
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Query:
    """A search, understood."""

    words: tuple[Word, ...] = ()
    ranges: tuple[Range, ...] = ()
    choices: tuple[Choice, ...] = ()
    sort: str = ""  #: one of `SORTS`; empty: what fits best first, then by name
    falling: bool = False
    seed: int = 0  #: of sort random
    mistakes: tuple[str, ...] = ()  #: sentences on what was left out


def parse(text: str) -> Query:
    """The query in a text. Total: any text is one."""
    words: list[Word] = []
    ranges: list[Range] = []
    choices: list[Choice] = []
    mistakes: list[str] = []
    sort, falling, seed = "", False, 0
    for match in _TOKEN.finditer(readable(text[:LONGEST]).replace("\0", " ")):
        minus, field, raw = match.groups()
        value = (raw or "").strip('"').strip()
        if field is None or not _is_field(field):
            word = value if field is None else f"{field}:{value}"
            words += [Word(word, not minus)] if word.strip('"') else []
            continue
        name = _full_name(field)
        if not value:
            mistakes.append(f"{name}: waits for a value")
        elif name in NUMBERS:
            spans = _spans(value)
            if spans:
                ranges.append(Range(name, spans, not minus))
            else:
                mistakes.append(f"{name}:{value} is no number or range; write {name}:5, {name}:1..6, {name}:>3")
        elif name == "sort":
            falling = value.startswith("-")
            key, _, number = value.lstrip("-").partition(":")
            fits = [known for known in SORTS if known.startswith(key.lower())]
            if fits and key:
                sort, seed = fits[0], int(number) if number.isdecimal() else 0
            else:
                mistakes.append(f"nothing is sorted by {key!r}; {hint(key, SORTS)}")
        else:
            known = {"category": CATEGORIES, "is": STATES}.get(name)
            chosen = value.lower() if known else value
            fits = [one for one in known or () if one.startswith(chosen)]
            if known and not fits and (name, chosen) != ("category", "none"):
                mistakes.append(f"there is no {name}:{value}; {hint(chosen, known)}")
            else:
                choices.append(Choice(name, fits[0] if fits else chosen, not minus))
    return Query(tuple(words), tuple(ranges), tuple(choices), sort, falling, seed % 2**31, tuple(mistakes))


def _is_field(name: str) -> bool:
    return len(name) > 1 and any(field.startswith(name.lower()) for field in FIELDS)


def _full_name(name: str) -> str:
    """The field that a name begins; an exact one first."""
    short = name.lower()
    return short if short in FIELDS else next(field for field in FIELDS if field.startswith(short))


def _spans(value: str) -> tuple[tuple[float, float], ...]:
    """The alternatives of ``5``, ``1..6``, ``1,2,5``, ``>3``; none if it is no such thing."""
    spans = []
    for part in value.split(","):
        span = _span(part.strip())
        if span is None:
            return ()
        spans.append(span)
    return tuple(spans)


def _span(part: str) -> tuple[float, float] | None:
    if match := _COMPARED.match(part):
        sign, bound = match[1], _number(match[2])
        if bound is None:
            return None
        edge = bound if "=" in sign else math.nextafter(bound, math.inf if sign == ">" else -math.inf)
        return (edge, math.inf) if sign[0] == ">" else (-math.inf, edge)
    if ".." in part:
        low_text, high_text = part.split("..", 1)
        low = _number(low_text) if low_text else -math.inf
        high = _number(high_text) if high_text else math.inf
        return None if low is None or high is None else (min(low, high), max(low, high))
    exact = _number(part)
    return None if exact is None else (exact, exact)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
