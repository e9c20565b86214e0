# SPDX-License-Identifier: Apache-2.0
"""What the table of voices shows: one bank, or the library or a part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from synth.patch import Patch

Mark = Literal["", "favourite", "hidden"]


@dataclass(frozen=True, slots=True)
class Row:
    """One voice as it stands in the table."""

    key: int  #: names it on its shelf
    number: int | None  #: in its bank or list, from 1 on
    name: str
    bank: str
    category: str
    algorithm: int  #: 1..32
    feedback: int  #: 0..7
    mark: Mark = ""
    rating: int = 0  #: 0 (none) to 5
    tags: tuple[str, ...] = ()
    sound: int | None = None  #: its number in the library; None for a voice that is not from there


class Rows(Protocol):
    """Rows in their order, which may be read when somebody looks. Looking never raises."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> Row: ...

    def find(self, key: int | None) -> int | None:
        """Where the row with this key stands; None if it does not."""

    def forget(self) -> None:
        """Read all rows again when they are looked at: some have changed."""


class FixedRows(list[Row]):
    """Rows that are all there, and stay."""

    def find(self, key: int | None) -> int | None:
        """Where the row with this key stands."""
        return next((index for index, row in enumerate(self) if row.key == key), None)

    def forget(self) -> None:
        """Nothing changes here."""


class Shelf(Protocol):
    """Rows to walk through."""

    @property
    def title(self) -> str:
        """What is on it, in a word or two."""

    @property
    def empty(self) -> str:
        """What to say if nothing is on it at all."""

    @property
    def whole_query(self) -> bool:
        """Whether a search may say more than words: fields, and how to sort."""

    def rows(self, wanted: str) -> Rows:
        """Those that fit a search, best first; all, in order, for an empty one. It may take a moment.

        Raises:
            SixopError: they cannot be read.
        """

    def patch(self, row: Row) -> Patch:
        """The voice of a row.

        Raises:
            SixopError: it cannot be read.
        """


def fits(row: Row, words: Sequence[str]) -> bool:
    """Whether its name, category or bank has all these words, which are in small letters."""
    text = f"{row.name} {row.category} {row.bank}".lower()
    return all(word in text for word in words)


class BankShelf:
    """The voices of one bank, in order."""

    empty = "This bank is empty."
    whole_query = False

    def __init__(self, voices: Sequence[Patch], name: str) -> None:
        self.title = name or "bank"
        self._voices = list(voices)
        self._rows = [
            Row(index, index + 1, voice.name.rstrip(), "", "", voice.algorithm + 1, voice.feedback)
            for index, voice in enumerate(self._voices)
        ]

    @property
    def voices(self) -> Sequence[Patch]:
        """All of them."""
        return self._voices

    def place_of(self, voice: Patch) -> int | None:
        """Where a voice stands, from 0 on; one that was edited keeps its name, and has the place of that."""
        same = [place for place, own in enumerate(self._voices) if own == voice]
        named = [place for place, own in enumerate(self._voices) if own.name == voice.name]
        return next(iter(same or named), None)

    def rows(self, wanted: str) -> FixedRows:
        """Those whose names hold all the words."""
        words = wanted.lower().split()
        return FixedRows(row for row in self._rows if fits(row, words))

    def patch(self, row: Row) -> Patch:
        """The voice of a row."""
        return self._voices[row.key]
