# SPDX-License-Identifier: Apache-2.0
"""The library as a shelf: thousands of rows, of which only those in view are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, overload

from synth.tui.shelf import Mark, Row

if TYPE_CHECKING:
    from synth.library import Library, Sound
    from synth.patch import Patch

_PAGE: Final = 64  # rows read at once


class LibraryRows(Sequence[Row]):
    """Sounds by their numbers, read a page at a time when somebody looks."""

    def __init__(self, library: Library, ids: Sequence[int]) -> None:
        self._library = library
        self._ids = ids
        self._pages: dict[int, list[Row]] = {}

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        page, place = divmod(index % len(self), _PAGE)
        if page not in self._pages:
            ids = self._ids[page * _PAGE : (page + 1) * _PAGE]
            self._pages[page] = [_row(sound) for sound in self._library.sounds(ids)]
        return self._pages[page][place]

    def find(self, key: int | None) -> int | None:
        """Where the sound of this number stands."""
        try:
            return self._ids.index(key) if key is not None else None
        except ValueError:
            return None

    def forget(self, index: int) -> None:
        """Read the page of this row again when it is wanted."""
        self._pages.pop(index // _PAGE, None)


class LibraryShelf:
    """All sounds that were ever scanned, each once."""

    title = "library"
    marks = True

    def __init__(self, library: Library) -> None:
        self._library = library

    def rows(self, wanted: str) -> LibraryRows:
        """Those that fit a query (see `synth.library.query`)."""
        return LibraryRows(self._library, self._library.ids(wanted))

    def patch(self, row: Row) -> Patch:
        """The sound of a row, as a voice with its name."""
        return self._library.patch(row.key, row.name)

    def mark(self, row: Row, mark: Mark) -> None:
        """Keep the mark, as an edit that can be undone."""
        self._library.mark([row.key], mark or "undecided")

    def undo(self) -> str | None:
        """Take back the library's last edit."""
        edit = self._library.undo()
        return None if edit is None else f"undone: {edit.title}"


def _row(sound: Sound) -> Row:
    mark: Mark = "" if sound.mark == "undecided" else sound.mark
    return Row(sound.id, None, sound.name, sound.where, sound.category, sound.algorithm, sound.feedback, mark)
