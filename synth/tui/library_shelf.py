# SPDX-License-Identifier: Apache-2.0
"""The library as a shelf: thousands of rows, of which only those in view are read; shelves of some sounds."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from synth.errors import SixopError
from synth.library.database import LibraryError
from synth.tui.shelf import Mark, Row, fits

if TYPE_CHECKING:
    from synth.library import Library, Sound
    from synth.patch import Patch

_PAGE: Final = 64  # rows read at once
_SHOWN_PARTS: Final = 2  # of a sound's path: the folder and the file
_AGAIN: Final = 1 << 62  # added to the key of a sound for each time that it stands before
EMPTY_LIBRARY: Final = (
    "Your library is empty.\n\nCtrl-O asks for a folder of .syx files and reads all it holds,\n"
    "so does `sixop lib scan FOLDER` in a shell. Nothing is moved or changed there."
)


class LibraryRows:
    """Sounds by their numbers, read a page at a time when somebody looks. A row's key is its sound's number."""

    def __init__(self, library: Library, ids: Sequence[int]) -> None:
        self._library = library
        self._ids = ids
        self._pages: dict[int, list[Row]] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, index: int, /) -> Row:
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        page, place = divmod(index % len(self), _PAGE)
        if page not in self._pages:
            self._pages[page] = read_rows(self._library, self._ids[page * _PAGE : (page + 1) * _PAGE])
        return self._pages[page][place]

    def find(self, key: int | None) -> int | None:
        """Where the sound of this number stands."""
        try:
            return self._ids.index(key) if key is not None else None
        except ValueError:
            return None

    def forget(self) -> None:
        """Read all of them again when they are wanted."""
        self._pages.clear()


class LibraryShelf:
    """All sounds that were ever scanned, each once."""

    title = "library"
    empty = EMPTY_LIBRARY
    whole_query = True

    def __init__(self, library: Library) -> None:
        self._library = library

    def rows(self, wanted: str) -> LibraryRows:
        """Those that fit a query (see `synth.library.query`)."""
        return LibraryRows(self._library, self._library.ids(wanted))

    def patch(self, row: Row) -> Patch:
        """The sound of a row, as a voice with its name."""
        return self._library.patch(row.key, row.name)


class Chosen(NamedTuple):
    """A sound on a shelf of some."""

    sound: int
    name: str  #: there; empty for its own
    remark: str  #: stands where its bank would


class ChosenRows(list[Row]):
    """Some sounds, with numbers. A row keeps its key when others come, go and change places."""

    def __init__(self, library: Library, chosen: Sequence[Chosen], wanted: str) -> None:
        self._library = library
        self._chosen = chosen
        self._words = wanted.lower().split()
        super().__init__(self._read())

    def find(self, key: int | None) -> int | None:
        """Where the row with this key stands."""
        return next((index for index, row in enumerate(self) if row.key == key), None)

    def forget(self) -> None:
        """Read all of them again."""
        self[:] = self._read()

    def _read(self) -> list[Row]:
        sounds = [one.sound for one in self._chosen]
        entries = zip(_keys(sounds), self._chosen, read_rows(self._library, sounds), strict=True)
        made = [
            Row(
                key, place, one.name or row.name, one.remark or row.bank, row.category, row.algorithm, row.feedback,
                row.mark, row.rating, row.tags, row.sound,
            )
            for place, (key, one, row) in enumerate(entries, 1)
        ]  # fmt: skip
        return [row for row in made if fits(row, self._words)]


class ChosenShelf:
    """Some of the library's sounds in an order of their own."""

    whole_query = False

    def __init__(self, library: Library, title: str, empty: str, choose: Callable[[], Sequence[Chosen]]) -> None:
        self.title = title
        self.empty = empty
        self._library = library
        self._choose = choose

    def rows(self, wanted: str) -> ChosenRows:
        """Those that hold all the words."""
        return ChosenRows(self._library, self._choose(), wanted)

    def patch(self, row: Row) -> Patch:
        """The sound of a row, with the name it has here."""
        assert row.sound is not None
        return self._library.patch(row.sound, row.name)


class ListShelf(ChosenShelf):
    """A list or set-list, in its order. Rows are moved and taken off one after the other, whatever threads ask."""

    def __init__(self, library: Library, name: str) -> None:
        super().__init__(library, name, "", self._entries)
        self._lock = threading.Lock()

    def move(self, row: Row, by: int) -> int:
        """Bring a row so many places down, or up if negative, as far as the list goes; its place then, from 1 on.

        Raises:
            LibraryError: it stands there no longer.
        """
        with self._lock:
            place, count = self._place(row)
            to = min(max(place + by, 1), count)
            if to != place:
                self._library.move_in_list(self.title, place, to)
            return to

    def take_off(self, row: Row) -> None:
        """Take a row off the list; its sound stays in the library.

        Raises:
            LibraryError: it stands there no longer.
        """
        with self._lock:
            self._library.remove_from_list(self.title, [self._place(row)[0]])

    def rename(self, new: str) -> None:
        """Give the list another name.

        Raises:
            LibraryError: it is none for a list, or another list's.
        """
        with self._lock:
            self.title = self._library.rename_list(self.title, new)

    def _place(self, row: Row) -> tuple[int, int]:
        """Where it stands now, and of how many: others may have changed the list since it was read."""
        keys = _keys(item.sound for item in self._library.items(self.title))
        if row.key not in keys:
            raise LibraryError(f"{row.name} is no longer in {self.title}: open the list again with Ctrl-L")
        return keys.index(row.key) + 1, len(keys)

    def _entries(self) -> list[Chosen]:
        name = self.title
        there = name in (found.name for found in self._library.lists())
        self.empty = (
            f"The list {name} is empty: l adds a voice to a list."
            if there
            else f"There is no list {name} any more: Ctrl-L walks another one."
        )
        return [Chosen(item.sound, item.name, item.note) for item in self._library.items(name)] if there else []


def similar_shelf(library: Library, row: Row, count: int) -> ChosenShelf:
    """What sounds like the sound of a row, which comes first; the distances stand beside it."""

    def choose() -> list[Chosen]:
        assert row.sound is not None
        near = library.similar(row.sound, count)
        return [Chosen(row.sound, row.name, ""), *(Chosen(sound.id, "", f"distance {far:.2f}") for sound, far in near)]

    return ChosenShelf(library, f"like {row.name}", "Nothing sounds like it.", choose)


def _keys(sounds: Iterable[int]) -> list[int]:
    """A key for each of some sounds, which may be there several times."""
    seen: Counter[int] = Counter()
    keys = []
    for sound in sounds:
        keys.append(sound + _AGAIN * seen[sound])
        seen[sound] += 1
    return keys


def read_rows(library: Library, ids: Sequence[int]) -> list[Row]:
    """A row for each number, whatever the library can tell of it at the moment."""
    try:
        found = {sound.id: sound for sound in library.sounds(ids)}
    except SixopError as error:
        return [Row(number, None, "?", str(error), "", 0, 0, sound=number) for number in ids]
    return [
        _row(found[number]) if number in found else Row(number, None, "?", "no longer there", "", 0, 0)
        for number in ids
    ]


def _row(sound: Sound) -> Row:
    mark: Mark = "" if sound.mark == "undecided" else sound.mark
    where = "/".join(sound.where.replace("\\", "/").split("/")[-_SHOWN_PARTS:])
    return Row(
        sound.id, None, sound.name, where, sound.category, sound.algorithm, sound.feedback,
        mark, sound.rating, sound.tags, sound.id,
    )  # fmt: skip
