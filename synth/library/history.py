# SPDX-License-Identifier: Apache-2.0
"""Undo: every row that an edit changes leaves behind what it was.

Triggers on the tables people edit write the old row into `changes` while an edit is being recorded, which is while
`recording` has a row. To undo is to put those rows back, newest first, and the same triggers then note how to redo.
So an edit is flipped to and fro, and nothing has to know how to undo itself.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from synth.library.records import Edit
from synth.library.rows import most

KEPT: Final = 1000  # edits that can be undone

#: tables people edit: the columns that name a row, and those they change
EDITED: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "sounds": (("id",), ("mark", "rating", "notes", "category", "category_by")),
    "sound_tags": (("sound", "tag"), ()),
    "lists": (("id",), ("name", "kind")),
    "list_items": (("list", "position"), ("sound", "name", "note")),
    "searches": (("name",), ("query",)),
}
_KEPT_ROWS: Final = ("sounds",)  # whose rows come and go by scans alone


def triggers() -> Iterator[str]:
    """The statements that make the triggers."""
    for table, (keys, values) in EDITED.items():
        events = [("UPDATE", "OLD", "update")] if values else []
        if table not in _KEPT_ROWS:
            events += [("INSERT", "NEW", "delete"), ("DELETE", "OLD", "insert")]
        for event, row, inverse in events:
            columns = ", ".join(f"'{column}', {row}.{column}" for column in (*keys, *values))
            update = event == "UPDATE"
            of = f" OF {', '.join(values)}" if update else ""
            differs = f" AND ({' OR '.join(f'OLD.{one} IS NOT NEW.{one}' for one in values)})" if update else ""
            yield (
                f"CREATE TRIGGER undo_{table}_{event.lower()} AFTER {event}{of} ON {table}"
                f" WHEN EXISTS (SELECT 1 FROM recording){differs} BEGIN"
                f" INSERT INTO changes (edit, edited, inverse, columns)"
                f" SELECT edit, '{table}', '{inverse}', json_object({columns}) FROM recording; END"
            )


@contextmanager
def recorded(connection: sqlite3.Connection, title: str) -> Iterator[None]:
    """Within, what is changed becomes one edit; edits that were undone cannot be redone any more."""
    connection.execute("DELETE FROM edits WHERE undone")
    cursor = connection.execute("INSERT INTO edits (time, title) VALUES (?, ?)", (time.time(), title))
    edit = cursor.lastrowid
    connection.execute("INSERT INTO recording VALUES (?)", (edit,))
    yield
    connection.execute("DELETE FROM recording")
    if not connection.execute("SELECT 1 FROM changes WHERE edit = ?", (edit,)).fetchone():
        connection.execute("DELETE FROM edits WHERE id = ?", (edit,))
    connection.execute(
        "DELETE FROM edits WHERE id <= (SELECT id FROM edits ORDER BY id DESC LIMIT 1 OFFSET ?)", (KEPT,)
    )


def flip(connection: sqlite3.Connection, undo: bool) -> Edit | None:
    """Undo the last edit, or redo the last one undone; None if there is none."""
    order = "DESC" if undo else "ASC"
    row = connection.execute(
        f"SELECT id, time, title FROM edits WHERE undone = ? ORDER BY id {order} LIMIT 1",
        (not undo,),
    ).fetchone()
    if row is None:
        return None
    steps = connection.execute(
        "SELECT edited, inverse, columns FROM changes WHERE edit = ? ORDER BY id DESC", (row["id"],)
    ).fetchall()
    connection.execute("DELETE FROM changes WHERE edit = ?", (row["id"],))
    connection.execute("INSERT INTO recording VALUES (?)", (row["id"],))
    for step in steps:
        _apply(connection, step["edited"], step["inverse"], json.loads(step["columns"]))
    connection.execute("DELETE FROM recording")
    connection.execute("UPDATE edits SET undone = ? WHERE id = ?", (undo, row["id"]))
    return Edit(row["id"], row["time"], row["title"], undo)


def edits(connection: sqlite3.Connection, limit: int) -> list[Edit]:
    """The newest edits, newest first."""
    rows = connection.execute("SELECT id, time, title, undone FROM edits ORDER BY id DESC LIMIT ?", (most(limit),))
    return [Edit(row["id"], row["time"], row["title"], bool(row["undone"])) for row in rows]


def _apply(connection: sqlite3.Connection, table: str, inverse: str, columns: dict[str, object]) -> None:
    """One row as it was. Table and columns are those of `EDITED`, whatever the database says."""
    keys, values = EDITED[table]
    row = [columns[column] for column in (*values, *keys)]
    which = " AND ".join(f"{column} = ?" for column in keys)
    if inverse == "update":
        changed = ", ".join(f"{column} = ?" for column in values)
        connection.execute(f"UPDATE {table} SET {changed} WHERE {which}", row)
    elif inverse == "delete":
        connection.execute(f"DELETE FROM {table} WHERE {which}", row[len(values) :])
    else:
        places = ", ".join("?" * len(row))
        names = ", ".join((*values, *keys))
        connection.execute(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({places})", row)
