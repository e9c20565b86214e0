# SPDX-License-Identifier: Apache-2.0
"""What people change about their sounds. Each call is one edit that can be undone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from synth.library import history, rows
from synth.library.categories import CATEGORIES
from synth.library.database import Database, LibraryError
from synth.library.query import parse
from synth.library.records import MARKS, Edit, Item, Listing, Mark
from synth.library.text import readable, tidy
from synth.matching import hint

BEST: Final = 5  # of ratings
LONGEST_NAME: Final = 100  # letters of a tag, a list, a search
LONGEST_NOTE: Final = 10_000
LIST_KINDS: Final = ("list", "set")


class Editing:
    """The part of a `Library` that changes something. Sounds are given by their numbers."""

    _database: Database

    # -- sounds ------------------------------------------------------------------

    def mark(self, sounds: Iterable[int], mark: Mark) -> None:
        """Make sounds a favourite, hidden or undecided."""
        if mark not in MARKS:
            raise LibraryError(f"a sound is marked favourite, hidden or undecided, not {mark!r}")
        with self._edit(sounds, f"{mark}: {{}}") as (connection, ids):
            connection.executemany("UPDATE sounds SET mark = ? WHERE id = ?", [(MARKS[mark], one) for one in ids])

    def rate(self, sounds: Iterable[int], rating: int) -> None:
        """Rate sounds from 1 to 5; 0 takes the rating away."""
        if isinstance(rating, bool) or not isinstance(rating, int) or not 0 <= rating <= BEST:
            raise LibraryError(f"a rating goes from 1 to {BEST}, and 0 is none, not {rating!r}")
        with self._edit(sounds, f"rating {rating}: {{}}") as (connection, ids):
            connection.executemany("UPDATE sounds SET rating = ? WHERE id = ?", [(rating, one) for one in ids])

    def note(self, sounds: Iterable[int], text: str) -> None:
        """Write a note beside sounds, instead of the one that is there."""
        text = readable(text).strip()[:LONGEST_NOTE]
        with self._edit(sounds, "note: {}") as (connection, ids):
            connection.executemany("UPDATE sounds SET notes = ? WHERE id = ?", [(text, one) for one in ids])

    def categorise(self, sounds: Iterable[int], category: str) -> None:
        """Say what instrument sounds are; later guesses leave that alone."""
        if category not in CATEGORIES:
            raise LibraryError(f"there is no category {category!r}; {hint(category, CATEGORIES)}")
        with self._edit(sounds, f"category {category}: {{}}") as (connection, ids):
            connection.executemany(
                "UPDATE sounds SET category = ?, category_by = 'user' WHERE id = ?", [(category, one) for one in ids]
            )

    def tag(self, sounds: Iterable[int], tag: str) -> None:
        """Give sounds a tag."""
        name = _name(tag, "a tag")
        with self._edit(sounds, f"tag {name}: {{}}") as (connection, ids):
            connection.executemany("INSERT OR IGNORE INTO sound_tags VALUES (?, ?)", [(one, name) for one in ids])

    def untag(self, sounds: Iterable[int], tag: str) -> None:
        """Take a tag away from sounds."""
        name = _name(tag, "a tag")
        with self._edit(sounds, f"tag {name} removed: {{}}") as (connection, ids):
            connection.executemany("DELETE FROM sound_tags WHERE sound = ? AND tag = ?", [(one, name) for one in ids])

    def tags(self) -> dict[str, int]:
        """All tags, and how many sounds have each."""
        with self._database.reading() as connection:
            return dict(connection.execute("SELECT tag, count(*) FROM sound_tags GROUP BY tag ORDER BY tag").fetchall())

    # -- lists -------------------------------------------------------------------

    def lists(self) -> list[Listing]:
        """All lists and set-lists by name."""
        with self._database.reading() as connection:
            return rows.listings(connection)

    def has_list(self, name: str) -> bool:
        """Whether there is a list of this name, whatever its blanks and capitals."""
        with self._database.reading() as connection:
            return rows.list_number(connection, name) is not None

    def items(self, name: str) -> list[Item]:
        """The entries of a list, in its order."""
        with self._database.snapshot() as connection:
            return rows.items(connection, _list(connection, name))

    def make_list(self, name: str, kind: str = "list") -> None:
        """A new empty list, or a set-list ("set")."""
        title = _name(name, "a list")
        if kind not in LIST_KINDS:
            raise LibraryError(f"a list is a list or a set, not {kind!r}")
        with self._recorded(f"new list {title}") as connection:
            if rows.list_number(connection, title) is not None:
                raise LibraryError(f"there is a list {title!r} already; choose another name")
            connection.execute("INSERT INTO lists (name, kind) VALUES (?, ?)", (title, kind))

    def rename_list(self, name: str, new: str) -> str:
        """Another name for a list; the name as it is kept, with single blanks."""
        title = _name(new, "a list")
        with self._recorded(f"list {tidy(name)} is now {title}") as connection:
            number = _list(connection, name)
            if rows.list_number(connection, title) not in (None, number):
                raise LibraryError(f"there is a list {title!r} already; choose another name")
            connection.execute("UPDATE lists SET name = ? WHERE id = ?", (title, number))
        return title

    def delete_list(self, name: str) -> None:
        """Remove a list; its sounds stay in the library."""
        with self._recorded(f"list {tidy(name)} deleted") as connection:
            number = _list(connection, name)
            connection.execute("DELETE FROM list_items WHERE list = ?", (number,))
            connection.execute("DELETE FROM lists WHERE id = ?", (number,))

    def add_to_list(self, name: str, sounds: Iterable[int], position: int | None = None) -> None:
        """Put sounds at the end of a list, or before the entry at a position from 1 on."""
        with self._list_edit(name, "added to") as (connection, entries):
            new = [(one, "", "") for one in _known(connection, sounds)]
            place = len(entries) if position is None else min(max(position - 1, 0), len(entries))
            entries[place:place] = new

    def remove_from_list(self, name: str, positions: Iterable[int]) -> None:
        """Take entries out of a list, by their positions from 1 on."""
        with self._list_edit(name, "removed from") as (_, entries):
            for position in sorted(set(positions), reverse=True):
                del entries[_index(name, entries, position)]

    def move_in_list(self, name: str, position: int, to: int) -> None:
        """Move an entry to another position; those between close up."""
        with self._list_edit(name, "moved in") as (_, entries):
            target = _index(name, entries, to)
            entries.insert(target, entries.pop(_index(name, entries, position)))

    def annotate_item(self, name: str, position: int, title: str | None = None, note: str | None = None) -> None:
        """Give an entry of a list a name or a note of its own: the song, the voice's name in a bank made of it."""
        with self._list_edit(name, "annotated in") as (_, entries):
            index = _index(name, entries, position)
            sound, old_title, old_note = entries[index]
            new = old_title if title is None else readable(title).strip()[:LONGEST_NAME]
            entries[index] = (sound, new, old_note if note is None else readable(note).strip()[:LONGEST_NOTE])

    # -- searches ----------------------------------------------------------------

    def searches(self) -> dict[str, str]:
        """Saved searches: name and query."""
        with self._database.reading() as connection:
            return dict(connection.execute("SELECT name, query FROM searches ORDER BY name").fetchall())

    def saved_search(self, name: str) -> str | None:
        """The query of a saved search, None if there is none of this name, whatever its blanks and capitals."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT query FROM searches WHERE name = ?", (tidy(name),)).fetchone()
            return None if row is None else str(row[0])

    def save_search(self, name: str, query: str) -> None:
        """Keep a search under a name; an empty query removes it."""
        title = _name(name, "a search")
        query = readable(query)
        if mistakes := parse(query).mistakes:
            raise LibraryError(f"the search cannot be saved: {mistakes[0]}")
        with self._recorded(f"search {title}") as connection:
            if query.strip():
                connection.execute(
                    "INSERT INTO searches VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET query = excluded.query",
                    (title, query.strip()),
                )
            else:
                connection.execute("DELETE FROM searches WHERE name = ?", (title,))

    # -- history -----------------------------------------------------------------

    def undo(self) -> Edit | None:
        """Take the last edit back; None if there is nothing left to undo."""
        with self._database.writing() as connection:
            return history.flip(connection, undo=True)

    def redo(self) -> Edit | None:
        """Do the last edit again that was undone; None if there is none."""
        with self._database.writing() as connection:
            return history.flip(connection, undo=False)

    def edits(self, limit: int = 50) -> list[Edit]:
        """What was changed last, newest first."""
        with self._database.reading() as connection:
            return history.edits(connection, limit)

    # -- how edits are made ------------------------------------------------------

    @contextmanager
    def _recorded(self, title: str) -> Iterator[sqlite3.Connection]:
        with self._database.writing() as connection, history.recorded(connection, title):
            yield connection

    @contextmanager
    def _edit(self, sounds: Iterable[int], title: str) -> Iterator[tuple[sqlite3.Connection, list[int]]]:
        """Within: the sounds that an edit concerns, known to be there."""
        with self._database.writing() as connection:
            ids = _known(connection, sounds)
            names = connection.execute("SELECT name FROM sounds WHERE id = ?", (ids[0],)).fetchone() if ids else ("",)
            named = names[0] if len(ids) == 1 else f"{len(ids)} sounds"
            with history.recorded(connection, title.format(named)):
                yield connection, ids

    @contextmanager
    def _list_edit(self, name: str, what: str) -> Iterator[tuple[sqlite3.Connection, list[tuple[int, str, str]]]]:
        """Within: the entries of a list (sound, name, note), to be changed in place."""
        with self._recorded(f"{what} list {tidy(name)}") as connection:
            number = _list(connection, name)
            found = connection.execute(
                "SELECT sound, name, note FROM list_items WHERE list = ? ORDER BY position", (number,)
            )
            before = [(row[0], row[1], row[2]) for row in found]
            after = list(before)
            yield connection, after
            if after != before:
                connection.execute("DELETE FROM list_items WHERE list = ?", (number,))
                entries = [(number, position, *entry) for position, entry in enumerate(after, 1)]
                connection.executemany("INSERT INTO list_items VALUES (?, ?, ?, ?, ?)", entries)


def _known(connection: sqlite3.Connection, sounds: Iterable[int]) -> list[int]:
    """The numbers, each once, or an error if one is no sound's."""
    ids = list(dict.fromkeys(int(number) for number in sounds))
    for number in ids:
        if (
            not -(2**63) <= number < 2**63
            or not connection.execute("SELECT 1 FROM sounds WHERE id = ?", (number,)).fetchone()
        ):
            raise LibraryError(f"the library has no sound {number}; `sixop lib find` lists their numbers")
    return ids


def _list(connection: sqlite3.Connection, name: str) -> int:
    number = rows.list_number(connection, name)
    if number is None:
        known = [listing.name for listing in rows.listings(connection)]
        raise LibraryError(f"there is no list {name!r}; {hint(name, known) if known else 'none has been made yet'}")
    return number


def _index(name: str, entries: Sequence[object], position: int) -> int:
    if not 1 <= position <= len(entries):
        raise LibraryError(f"list {name!r} has no entry {position}; it has {len(entries)}")
    return position - 1


def _name(text: str, what: str) -> str:
    name = tidy(text)
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or '"' in name:
        raise LibraryError(
            f"{what} has a name of 1 to {LONGEST_NAME} printable letters without quotation marks,"
            f" not {text[:LONGEST_NAME]!r}"
        )
    return name
