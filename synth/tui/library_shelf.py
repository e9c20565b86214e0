# SPDX-License-Identifier: Apache-2.0
"""The library as a shelf: thousands of rows, of which only those in view are read; shelves of some sounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from synth.errors import SixopError
from synth.tui.shelf import Mark, Row, fits

if TYPE_CHECKING:
    from synth.library import Library, Sound
    from synth.patch import Patch

_PAGE: Final = 64  # rows read at once
_SHOWN_PARTS: Final = 2  # of a sound's path: the folder and the file
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
    """Some sounds, with numbers; a row's key is its place, so that a sound may be there twice."""

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
        rows = read_rows(self._library, [one.sound for one in self._chosen])
        made = [
            Row(
                place, place, one.name or row.name, one.remark or row.bank, row.category, row.algorithm, row.feedback,
                row.mark, row.rating, row.tags, row.sound,
            )
            for place, (one, row) in enumerate(zip(self._chosen, rows, strict=True), 1)
        ]  # fmt: skip
        return [row for row in made if fits(row, self._words)]


class ChosenShelf:
    """Some of the library's sounds in an order of their own: a list, or what is like another."""

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


def list_shelf(library: Library, name: str) -> ChosenShelf:
    """A list or set-list, in its order."""
    return ChosenShelf(
        library, name, f"The list {name} is empty: l adds a voice to a list.",
        lambda: [Chosen(item.sound, item.name, item.note) for item in library.items(name)],
    )  # fmt: skip


def similar_shelf(library: Library, row: Row, count: int) -> ChosenShelf:
    """What sounds like the sound of a row, which comes first; the distances stand beside it."""

    def choose() -> list[Chosen]:
        assert row.sound is not None
        near = library.similar(row.sound, count)
        return [Chosen(row.sound, row.name, ""), *(Chosen(sound.id, "", f"distance {far:.2f}") for sound, far in near)]

    return ChosenShelf(library, f"like {row.name}", "Nothing sounds like it.", choose)


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
