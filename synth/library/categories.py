# SPDX-License-Identifier: Apache-2.0
"""What kind of instrument a sound is, guessed from its name.

Names have ten letters, so they are short for words: ``E.PIANO 1``, ``SynStr 3``, ``FRETL.BA.``. The table in
`category_words.toml` says which beginnings and endings of words, or which letters anywhere, tell of which category,
and how surely.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

CATEGORIES: Final = (
    "piano", "epiano", "organ", "bass", "brass", "strings", "pad", "lead", "bell", "mallet", "pluck", "guitar",
    "wind", "voice", "percussion", "effect",
)  # fmt: skip

_WORD: Final = re.compile(r"[a-z]+")
_INNER: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def words(name: str) -> list[str]:
    """The words of a name in small letters: parted by anything but letters, and by a capital after a small one."""
    return _WORD.findall(_INNER.sub(" ", name).lower())


@lru_cache(maxsize=1 << 16)
def from_name(name: str) -> str:
    """The category a name tells of; empty if it tells none.

    Of words that tell as surely, the last one counts, because it is the noun (a brass organ is an organ), and of
    two that end together the longer one.
    """
    text = f" {' '.join(words(name))} "
    if " init " in text:
        return ""
    for rules in _rules():
        ends = [
            (match.end(), len(match[0].strip()), category)
            for category, pattern in rules
            for match in pattern.finditer(text)
        ]
        if ends:
            return max(ends, key=lambda end: end[:2])[2]
    return ""


@cache
def _rules() -> tuple[tuple[tuple[str, re.Pattern[str]], ...], ...]:
    """For each degree of certainty what the words of each category look like, the surest first."""
    table = tomllib.loads((files("synth.library") / "category_words.toml").read_text("utf-8"))
    return tuple(
        tuple(
            (category, re.compile("|".join(_expression(word) for word in table[category][level])))
            for category in CATEGORIES
            if table[category].get(level)
        )
        for level in ("sure", "likely", "perhaps")
    )


def _expression(word: str) -> str:
    """A word of the table as an expression over ``" word word "``."""
    if word.startswith("~"):
        return " ?".join(word[1:].replace(" ", ""))
    if word.endswith("-"):
        return f" {word[:-1]}[a-z]*"
    return f" {word}(?= )"
