# SPDX-License-Identifier: Apache-2.0
"""Rows of the tables as the plain values of `records`."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from synth.library.records import MARK_NAMES, File, Item, Listing, Shelf, Slot, Sound
from synth.library.text import tidy

_AT_ONCE: Final = 500
_MOST: Final = 2**62  # rows

_SOUND: Final = """
SELECT s.id, s.name, s.algorithm, s.feedback, s.carriers, s.category, s.mark, s.rating, s.notes,
       s.level, s.attack, s.length, s.brightness, s.harmonicity, s.noise,
       (SELECT count(*) FROM slots WHERE sound = s.id) AS places,
       (SELECT group_concat(tag, char(10)) FROM (SELECT tag FROM sound_tags WHERE sound = s.id ORDER BY tag)) AS tags,
       (SELECT f.shown || ':' || p.position FROM slots p JOIN banks b ON b.id = p.bank JOIN files f ON f.id = b.file
        WHERE p.sound = s.id ORDER BY f.missing, f.id, b.number, p.position LIMIT 1) AS place
FROM sounds s WHERE s.id IN ({})"""

_SLOT: Final = """
SELECT p.sound, p.name, f.shown, b.title, b.number, p.position, f.missing
FROM slots p JOIN banks b ON b.id = p.bank JOIN files f ON f.id = b.file
WHERE {} ORDER BY f.shown, b.number, p.position"""


def most(limit: int | None) -> int:
    """How many rows SQLite is asked for; None and what is beyond its numbers is no limit."""
    return _MOST if limit is None else min(limit, _MOST)


def sounds(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Sound]:
    """Sounds by their numbers, in that order; numbers of no sound are left out."""
    found: dict[int, Sound] = {}
    for first in range(0, len(ids), _AT_ONCE):
        some = ids[first : first + _AT_ONCE]
        for row in connection.execute(_SOUND.format(",".join("?" * len(some))), some):
            found[row["id"]] = _sound(row)
    return [found[number] for number in ids if number in found]


def _sound(row: sqlite3.Row) -> Sound:
    return Sound(
        id=row["id"],
        name=row["name"],
        algorithm=row["algorithm"],
        feedback=row["feedback"],
        carriers=row["carriers"],
        category=row["category"],
        mark=MARK_NAMES[row["mark"]],
        rating=row["rating"],
        notes=row["notes"],
        places=row["places"],
        where=row["place"] or "",
        tags=tuple((row["tags"] or "").split("\n")) if row["tags"] else (),
        level=row["level"],
        attack=row["attack"],
        length=row["length"],
        brightness=row["brightness"],
        harmonicity=row["harmonicity"],
        noise=row["noise"],
    )


def slots(connection: sqlite3.Connection, condition: str, values: Sequence[object]) -> list[Slot]:
    """Places that fit a condition over slots p, banks b and files f."""
    return [
        Slot(row[0], row[1].rstrip(), row[2], row[3], row[4], row[5], bool(row[6]))
        for row in connection.execute(_SLOT.format(condition), values)
    ]


def shelves(connection: sqlite3.Connection, start: str) -> list[Shelf]:
    """Banks of files whose path begins so, by path."""
    rows = connection.execute(
        "SELECT f.shown, b.number, b.title, b.kind, (SELECT count(*) FROM slots WHERE bank = b.id), f.missing"
        " FROM banks b JOIN files f ON f.id = b.file WHERE substr(f.shown, 1, length(?1)) = ?1"
        " ORDER BY f.shown, b.number",
        (start,),
    )
    return [Shelf(row[0], row[1], row[2], row[3], row[4], bool(row[5])) for row in rows]


def files(connection: sqlite3.Connection, status: Sequence[str], missing: bool | None) -> list[File]:
    """Files of some states, by path."""
    also = "" if missing is None else " AND missing" if missing else " AND NOT missing"
    rows = connection.execute(
        "SELECT shown, status, reason, missing, (SELECT count(*) FROM banks b JOIN slots p ON p.bank = b.id"
        f" WHERE b.file = files.id) FROM files WHERE status IN ({','.join('?' * len(status))}){also} ORDER BY shown",
        list(status),
    )
    return [File(row[0], row[1], row[2], row[4], bool(row[3])) for row in rows]


def listings(connection: sqlite3.Connection) -> list[Listing]:
    """All lists by name."""
    rows = connection.execute(
        "SELECT name, kind, (SELECT count(*) FROM list_items WHERE list = lists.id) FROM lists ORDER BY name"
    )
    return [Listing(*row) for row in rows]


def list_number(connection: sqlite3.Connection, name: str) -> int | None:
    """The number of the list of a name, however its blanks and capitals are typed; None if there is none."""
    row = connection.execute("SELECT id FROM lists WHERE name = ?", (tidy(name),)).fetchone()
    return None if row is None else int(row[0])


def items(connection: sqlite3.Connection, number: int) -> list[Item]:
    """The entries of a list in order."""
    rows = connection.execute(
        "SELECT i.position, i.sound, CASE WHEN i.name = '' THEN s.name ELSE i.name END, i.note"
        " FROM list_items i JOIN sounds s ON s.id = i.sound WHERE i.list = ? ORDER BY i.position",
        (number,),
    )
    return [Item(*row) for row in rows]
