# SPDX-License-Identifier: Apache-2.0
"""What a scan has read, written into the tables; each function within a transaction of its caller."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from synth.library.categories import from_name
from synth.library.content import ALGORITHM, CARRIERS, FEEDBACK
from synth.library.text import folded, readable, visible

if TYPE_CHECKING:
    from synth.library.reading import Place, ReadFile


@dataclass(frozen=True, slots=True)
class Known:
    """A file as the library has it."""

    size: int | None
    mtime: int | None
    hash: bytes | None
    scanned: int


def known_files(connection: sqlite3.Connection) -> dict[bytes, Known]:
    """All files of the library by their paths."""
    rows = connection.execute("SELECT path, size, mtime, hash, scanned FROM files")
    return {bytes(row[0]): Known(row[1], row[2], row[3] and bytes(row[3]), row[4]) for row in rows}


def shown(path: bytes) -> str:
    """A path as people read it; letters that are no text become question marks, those that steer terminals visible."""
    return visible(readable(os.fsdecode(path)))


def return_missing(connection: sqlite3.Connection, paths: Iterable[bytes]) -> None:
    """Files that are there again."""
    away = {bytes(row[0]) for row in connection.execute("SELECT path FROM files WHERE missing")}
    back = [(path,) for path in paths if path in away]
    connection.executemany("UPDATE files SET missing = 0 WHERE path = ?", back)


def mark_missing(connection: sqlite3.Connection, paths: Iterable[bytes]) -> int:
    """Files that are gone; what held no voice is forgotten. How many held voices and were there before."""
    before = connection.total_changes
    gone = [(path,) for path in paths]
    connection.executemany("UPDATE files SET missing = 1 WHERE path = ? AND hash IS NOT NULL AND NOT missing", gone)
    count = connection.total_changes - before
    connection.executemany("DELETE FROM files WHERE path = ? AND hash IS NULL", gone)
    return count


def move(connection: sqlite3.Connection, old: bytes, found: ReadFile, now: int) -> bool:
    """Give a file that is gone its new path, unless something is known there already; its banks stay as they are."""
    path = found.seen.path
    if connection.execute("SELECT 1 FROM files WHERE path = ?", (path,)).fetchone():
        return False
    row = connection.execute("SELECT id FROM files WHERE path = ? AND hash = ?", (old, found.hash)).fetchone()
    if row is None:
        return False
    connection.execute(
        "UPDATE files SET path = ?, shown = ?, size = ?, mtime = ?, scanned = ?, missing = 0 WHERE id = ?",
        (path, shown(path), found.seen.size, found.seen.mtime, now, row["id"]),
    )
    connection.execute("UPDATE file_words SET path = ? WHERE rowid = ?", (folded(shown(path)), row["id"]))
    _title_banks(connection, row["id"], path)
    return True


def store(connection: sqlite3.Connection, files: Sequence[ReadFile], now: int) -> dict[str, int]:
    """Write what was read: files, banks, sounds and slots. Counts by the names of `Imported`."""
    counts = {"unchanged": 0, "read": 0, "foreign": 0, "unreadable": 0, "voices": 0, "sounds": 0}
    places = {place.key: place for found in files for bank in found.banks for place in bank.places}
    ids, counts["sounds"] = _sounds(connection, places)
    names: dict[int, list[str]] = {}
    for found in files:
        file, same = _file(connection, found, now)
        result = found.status if found.status in counts else "read"
        counts["unchanged" if same and result == "read" else result] += 1
        if same:
            continue
        for bank in found.banks:
            cursor = connection.execute(
                "INSERT INTO banks (file, number, start, kind, title) VALUES (?, ?, ?, ?, '')",
                (file, bank.number, bank.start, bank.kind),
            )
            slots = [(cursor.lastrowid, place.position, ids[place.key], place.name) for place in bank.places]
            connection.executemany("INSERT INTO slots VALUES (?, ?, ?, ?)", slots)
            for slot in slots:
                names.setdefault(slot[2], []).append(slot[3].strip())
            counts["voices"] += len(slots)
        _title_banks(connection, file, found.seen.path)
    _add_names(connection, names)
    return counts


def _file(connection: sqlite3.Connection, found: ReadFile, now: int) -> tuple[int, bool]:
    """The number of a file's row, made or brought up to date, and whether its voices are there already."""
    seen = found.seen
    values = (seen.size, seen.mtime, found.hash, found.status, found.reason, now)
    row = connection.execute("SELECT id, hash FROM files WHERE path = ?", (seen.path,)).fetchone()
    if row is None:
        cursor = connection.execute(
            "INSERT INTO files (path, shown, size, mtime, hash, status, reason, scanned)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (seen.path, shown(seen.path), *values),
        )
        file = int(cursor.lastrowid or 0)
        connection.execute("INSERT INTO file_words (rowid, path) VALUES (?, ?)", (file, folded(shown(seen.path))))
        return file, False
    file = int(row["id"])
    if found.status == "unreadable" and row["hash"] is not None:  # what was read before is still the best we know
        connection.execute(
            "UPDATE files SET status = ?, reason = ?, scanned = 0 WHERE id = ?", (found.status, found.reason, file)
        )
        return file, True
    connection.execute(
        "UPDATE files SET size = ?, mtime = ?, hash = ?, status = ?, reason = ?, scanned = ? WHERE id = ?",
        (*values, file),
    )
    if found.hash is not None and row["hash"] == found.hash:
        return file, True
    connection.execute("DELETE FROM banks WHERE file = ?", (file,))
    return file, False


def _title_banks(connection: sqlite3.Connection, file: int, path: bytes) -> None:
    """Name the banks of a file after it, with a number where it holds several."""
    stem = Path(shown(path)).stem
    connection.execute(
        "UPDATE banks SET title = ?1 || CASE WHEN (SELECT max(number) FROM banks WHERE file = ?2) > 1"
        " THEN ' #' || number ELSE '' END WHERE file = ?2",
        (stem, file),
    )


def _sounds(connection: sqlite3.Connection, places: dict[bytes, Place]) -> tuple[dict[bytes, int], int]:
    """The numbers of sounds by their keys, and how many of them are new."""
    before = connection.total_changes
    connection.executemany(
        "INSERT OR IGNORE INTO sounds (key, name, algorithm, feedback, carriers, category, category_by)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (_row(place) for place in places.values()),
    )
    new = connection.total_changes - before
    ids: dict[bytes, int] = {}
    keys = list(places)
    for first in range(0, len(keys), 500):
        some = keys[first : first + 500]
        rows = connection.execute(f"SELECT key, id FROM sounds WHERE key IN ({','.join('?' * len(some))})", some)
        ids.update((bytes(key), number) for key, number in rows)
    connection.executemany(
        "INSERT OR IGNORE INTO voices VALUES (?, ?)", ((ids[key], place.content) for key, place in places.items())
    )
    return ids, new


def _row(place: Place) -> tuple[bytes, str, int, int, int, str, str]:
    name, sound = place.name.strip(), place.content
    category = from_name(name)
    algorithm = sound[ALGORITHM]
    return (
        place.key, name, algorithm + 1, sound[FEEDBACK], CARRIERS[algorithm], category, "name" if category else "",
    )  # fmt: skip


def _add_names(connection: sqlite3.Connection, names: dict[int, list[str]]) -> None:
    """Let sounds be found by all their names."""
    numbers = list(names)
    known: dict[int, list[str]] = {}
    for first in range(0, len(numbers), 500):
        some = numbers[first : first + 500]
        rows = connection.execute(
            f"SELECT rowid, names FROM sound_words WHERE rowid IN ({','.join('?' * len(some))})",
            some,
        )
        known.update((number, text.split("\n")) for number, text in rows)
    new = [(sound, "\n".join(dict.fromkeys(found))) for sound, found in names.items() if sound not in known]
    connection.executemany(
        "INSERT INTO sound_words (rowid, names, category) SELECT ?1, ?2, category FROM sounds WHERE id = ?1", new
    )
    more = [
        ("\n".join(dict.fromkeys([*known[sound], *found])), sound)
        for sound, found in names.items()
        if sound in known and not set(found) <= set(known[sound])
    ]
    connection.executemany("UPDATE sound_words SET names = ? WHERE rowid = ?", more)


def forget_missing(connection: sqlite3.Connection) -> tuple[int, int]:
    """Remove files that are gone, and sounds that no file holds and nobody ever touched; how many of each."""
    files = connection.execute("DELETE FROM files WHERE missing").rowcount
    sounds = connection.execute(
        "DELETE FROM sounds WHERE mark = 0 AND rating = 0 AND notes = '' AND category_by != 'user'"
        " AND id NOT IN (SELECT sound FROM slots) AND id NOT IN (SELECT sound FROM sound_tags)"
        " AND id NOT IN (SELECT sound FROM list_items)"
        " AND id NOT IN (SELECT coalesce(json_extract(columns, '$.sound'), json_extract(columns, '$.id'))"
        " FROM changes WHERE edited IN ('sounds', 'sound_tags', 'list_items'))"
    ).rowcount
    return files, sounds
