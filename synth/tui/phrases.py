# SPDX-License-Identifier: Apache-2.0
"""What is played for a voice when nobody holds a key: a few notes that show what its kind is for."""

from __future__ import annotations

from typing import Final, NamedTuple


class PhraseNote(NamedTuple):
    """One note of a phrase."""

    start: float  #: seconds from the phrase's beginning
    note: int  #: 0..127, 60 is C3
    velocity: int  #: 1..127
    seconds: float  #: how long its key is down


Phrase = tuple[PhraseNote, ...]


def _line(notes: str, gap: float, held: float, velocity: int = 95) -> Phrase:
    """One note after the other."""
    return tuple(PhraseNote(gap * i, int(note), velocity, held) for i, note in enumerate(notes.split()))


def _chord(notes: str, held: float, spread: float = 0.012, velocity: int = 85) -> Phrase:
    """Together, or nearly: fingers are never quite at once."""
    return _line(notes, spread, held, velocity)


_RIFF: Final = _line("36 36 48 36 43 46", 0.19, 0.16, 105)
_COMPING: Final = _chord("48 60 64 67 71", 0.7)
_BED: Final = _chord("48 55 60 64 67", 2.2, velocity=80)
_TUNE: Final = _line("60 64 67 72 71 67", 0.21, 0.2)
_BELLS: Final = _line("72 79 84 88", 0.24, 0.22, 90)
_STABS: Final = _chord("55 60 64 67", 0.35, velocity=105)
_HITS: Final = _line("48 60 48 72", 0.22, 0.1, 110)

_BY_CATEGORY: Final = {
    "bass": _RIFF,
    "brass": _STABS,
    "strings": _BED,
    "pad": _BED,
    "voice": _BED,
    "organ": _BED,
    "lead": _TUNE,
    "wind": _TUNE,
    "pluck": _TUNE,
    "guitar": _TUNE,
    "bell": _BELLS,
    "mallet": _BELLS,
    "percussion": _HITS,
}


def phrase_for(category: str) -> Phrase:
    """The phrase of a category of the library; a chord for what has none of its own."""
    return _BY_CATEGORY.get(category, _COMPING)
