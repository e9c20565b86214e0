# SPDX-License-Identifier: Apache-2.0
"""The tables of a library, as the list of steps that make them. A step, once released, never changes.

A *sound* is unique; a *slot* is a place where it was found: a position in a bank of a file. Paths are bytes, because
file names may be no text; what people read and search is beside them. Small columns that searches go through stand in
`sounds`, everything large beside it: the voice in `voices`, vectors and thumbnails in `analyses`.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from synth.library.history import triggers

APPLICATION: Final = 0x736F7870  # "soxp", the id by which `file` and we know such a database

_FIRST: Final = (
    "CREATE TABLE roots (path BLOB PRIMARY KEY) WITHOUT ROWID",
    """CREATE TABLE files (
        id INTEGER PRIMARY KEY,
        path BLOB NOT NULL UNIQUE,
        shown TEXT NOT NULL,
        size INTEGER,               -- bytes; NULL for what could not be read
        mtime INTEGER,              -- nanoseconds
        hash BLOB,                  -- of the whole content; NULL unless it holds voices
        status TEXT NOT NULL,       -- read, repaired, foreign, unreadable
        reason TEXT NOT NULL,
        scanned INTEGER NOT NULL,   -- nanoseconds, when it was read
        missing INTEGER NOT NULL DEFAULT 0)""",
    "CREATE INDEX files_hash ON files (hash) WHERE hash IS NOT NULL",
    """CREATE TABLE banks (
        id INTEGER PRIMARY KEY,
        file INTEGER NOT NULL REFERENCES files ON DELETE CASCADE,
        number INTEGER NOT NULL,    -- in the file, from 1
        start INTEGER NOT NULL,     -- byte of the file
        kind TEXT NOT NULL,         -- bank, or voices for single ones that follow each other
        title TEXT NOT NULL,
        UNIQUE (file, number))""",
    """CREATE TABLE sounds (
        id INTEGER PRIMARY KEY,
        key BLOB NOT NULL UNIQUE,
        name TEXT NOT NULL,
        algorithm INTEGER NOT NULL, -- 1..32
        feedback INTEGER NOT NULL,
        carriers INTEGER NOT NULL,
        category TEXT NOT NULL DEFAULT '',
        category_by TEXT NOT NULL DEFAULT '',  -- name, sound or user
        mark INTEGER NOT NULL DEFAULT 0,       -- -1 hidden, 0 undecided, 1 favourite
        rating INTEGER NOT NULL DEFAULT 0,
        notes TEXT NOT NULL DEFAULT '',
        level REAL, attack REAL, length REAL, brightness REAL, harmonicity REAL, noise REAL)""",
    "CREATE INDEX sounds_name ON sounds (name COLLATE NOCASE, id, mark)",  # all that a list by name needs
    "CREATE INDEX sounds_mark ON sounds (mark) WHERE mark != 0",
    "CREATE TABLE voices (sound INTEGER PRIMARY KEY REFERENCES sounds ON DELETE CASCADE, content BLOB NOT NULL)",
    """CREATE TABLE slots (
        bank INTEGER NOT NULL REFERENCES banks ON DELETE CASCADE,
        position INTEGER NOT NULL,  -- from 1
        sound INTEGER NOT NULL REFERENCES sounds,
        name TEXT NOT NULL,         -- all ten letters
        PRIMARY KEY (bank, position)) WITHOUT ROWID""",
    "CREATE INDEX slots_sound ON slots (sound, bank)",
    """CREATE TABLE analyses (
        sound INTEGER PRIMARY KEY REFERENCES sounds ON DELETE CASCADE,
        version INTEGER NOT NULL,
        vector BLOB NOT NULL, waveform BLOB NOT NULL, spectrum BLOB NOT NULL)""",
    """CREATE TABLE sound_tags (
        sound INTEGER NOT NULL REFERENCES sounds ON DELETE CASCADE,
        tag TEXT NOT NULL COLLATE NOCASE,
        PRIMARY KEY (sound, tag)) WITHOUT ROWID""",
    "CREATE INDEX sound_tags_tag ON sound_tags (tag)",
    "CREATE TABLE lists (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, kind TEXT NOT NULL)",
    """CREATE TABLE list_items (
        list INTEGER NOT NULL,
        position INTEGER NOT NULL,
        sound INTEGER NOT NULL REFERENCES sounds,
        name TEXT NOT NULL, note TEXT NOT NULL,
        PRIMARY KEY (list, position)) WITHOUT ROWID""",
    "CREATE INDEX list_items_sound ON list_items (sound)",
    "CREATE TABLE searches (name TEXT PRIMARY KEY COLLATE NOCASE, query TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE edits (
        id INTEGER PRIMARY KEY, time REAL NOT NULL, title TEXT NOT NULL, undone INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE changes (
        id INTEGER PRIMARY KEY, edit INTEGER NOT NULL REFERENCES edits ON DELETE CASCADE,
        edited TEXT NOT NULL, inverse TEXT NOT NULL, columns TEXT NOT NULL)""",
    "CREATE INDEX changes_edit ON changes (edit)",
    "CREATE TABLE recording (edit INTEGER NOT NULL)",
    # What words are looked for in: one row a sound, and one a file. Three letters and more are found anywhere.
    "CREATE VIRTUAL TABLE sound_words USING fts5 (names, tags, notes, category, tokenize = 'trigram')",
    "CREATE VIRTUAL TABLE file_words USING fts5 (path, tokenize = 'trigram')",
    """CREATE TRIGGER words_tag_insert AFTER INSERT ON sound_tags BEGIN
        UPDATE sound_words SET tags = (SELECT group_concat(tag, char(10)) FROM sound_tags WHERE sound = NEW.sound)
        WHERE rowid = NEW.sound; END""",
    """CREATE TRIGGER words_tag_delete AFTER DELETE ON sound_tags BEGIN
        UPDATE sound_words SET tags = (SELECT group_concat(tag, char(10)) FROM sound_tags WHERE sound = OLD.sound)
        WHERE rowid = OLD.sound; END""",
    """CREATE TRIGGER words_sound_update AFTER UPDATE OF notes, category ON sounds
        WHEN NEW.notes != OLD.notes OR NEW.category != OLD.category BEGIN
        UPDATE sound_words SET notes = NEW.notes, category = NEW.category WHERE rowid = NEW.id; END""",
    "CREATE TRIGGER words_sound_delete AFTER DELETE ON sounds BEGIN DELETE FROM sound_words WHERE rowid = OLD.id; END",
    "CREATE TRIGGER words_file_delete AFTER DELETE ON files BEGIN DELETE FROM file_words WHERE rowid = OLD.id; END",
    *triggers(),
)

# Tags and notes are searched without their accents, as paths and the words that people type are.
_TAGS_FOLDED: Final = (
    "UPDATE sound_words SET tags ="
    " (SELECT folded(coalesce(group_concat(tag, char(10)), '')) FROM sound_tags WHERE sound = {0}) WHERE rowid = {0}"
)
_ACCENTS: Final = (
    "DROP TRIGGER words_tag_insert",
    "DROP TRIGGER words_tag_delete",
    "DROP TRIGGER words_sound_update",
    f"CREATE TRIGGER words_tag_insert AFTER INSERT ON sound_tags BEGIN {_TAGS_FOLDED.format('NEW.sound')}; END",
    f"CREATE TRIGGER words_tag_delete AFTER DELETE ON sound_tags BEGIN {_TAGS_FOLDED.format('OLD.sound')}; END",
    """CREATE TRIGGER words_sound_update AFTER UPDATE OF notes, category ON sounds
        WHEN NEW.notes != OLD.notes OR NEW.category != OLD.category BEGIN
        UPDATE sound_words SET notes = folded(NEW.notes), category = NEW.category WHERE rowid = NEW.id; END""",
    "UPDATE sound_words SET tags = folded(tags) WHERE rowid IN (SELECT sound FROM sound_tags)",
    "UPDATE sound_words SET notes = folded(notes) WHERE rowid IN (SELECT id FROM sounds WHERE notes != '')",
    "CREATE INDEX sounds_noted ON sounds (id) WHERE notes != ''",  # to go through the few notes there are
)

STEPS: Final[tuple[tuple[str, ...], ...]] = (_FIRST, _ACCENTS)
VERSION: Final = len(STEPS)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a database to this program's version, within the transaction that is open."""
    done = version(connection)
    for step in STEPS[done:]:
        for statement in step:
            connection.execute(statement)
    if done < VERSION:
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")


def version(connection: sqlite3.Connection) -> int:
    """How many steps a database has seen."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def is_foreign(connection: sqlite3.Connection) -> bool:
    """True for a database of another program."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    return bool(application != APPLICATION and connection.execute("SELECT 1 FROM sqlite_master").fetchone())
