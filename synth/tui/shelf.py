# SPDX-License-Identifier: Apache-2.0
"""What the table of voices shows: one bank, or the library."""

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
    number: int | None  #: in its bank, from 1 on
    name: str
    bank: str
    category: str
    algorithm: int  #: 1..32
    feedback: int  #: 0..7
    mark: Mark = ""


class Rows(Protocol):
    """Rows in their order, which may be read when somebody looks."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> Row: ...

    def find(self, key: int | None) -> int | None:
        """Where the row with this key stands; None if it does not."""

    def forget(self, index: int) -> None:
        """Read this row again: it has changed."""


class FixedRows(list[Row]):
    """Rows that are all there, and stay."""

    def find(self, key: int | None) -> int | None:
        """Where the row with this key stands."""
        return next((index for index, row in enumerate(self) if row.key == key), None)

    def forget(self, index: int) -> None:
        """Nothing changes here."""


class Shelf(Protocol):
    """Rows to walk through. Everything here may take a moment: ask from a worker thread."""

    @property
    def title(self) -> str:
        """What is on it, in a word or two."""

    @property
    def marks(self) -> bool:
        """Whether voices can be marked here."""

    def rows(self, wanted: str) -> Rows:
        """Those that fit a search, best first; all, in order, for an empty one."""

    def patch(self, row: Row) -> Patch:
        """The voice of a row."""

    def mark(self, row: Row, mark: Mark) -> None:
        """Mark it: a row that is read again has the mark."""

    def undo(self) -> str | None:
        """Take back the last mark, and say what that was; None if there is none."""


class BankShelf:
    """The voices of one bank, in order."""

    marks = False

    def __init__(self, voices: Sequence[Patch], name: str) -> None:
        self.title = name or "bank"
        self._voices = list(voices)
        self._rows = [
            Row(index, index + 1, voice.name.rstrip(), self.title, "", voice.algorithm + 1, voice.feedback)
            for index, voice in enumerate(self._voices)
        ]

    def rows(self, wanted: str) -> FixedRows:
        """Those whose names hold all the words."""
        words = wanted.lower().split()
        return FixedRows(row for row in self._rows if all(word in row.name.lower() for word in words))

    def patch(self, row: Row) -> Patch:
        """The voice of a row."""
        return self._voices[row.key]

    def mark(self, row: Row, mark: Mark) -> None:
        """A bank has no marks."""
        raise NotImplementedError(mark)

    def undo(self) -> str | None:
        """Nothing was changed."""
        return None
