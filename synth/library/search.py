# SPDX-License-Identifier: Apache-2.0
"""A query as SQL over the table of sounds, `s`."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from synth.library.query import NUMBERS, Choice, Query, Range, Word
from synth.library.text import folded, tidy

_TRIGRAM: Final = 3  # letters from which on the index finds a word anywhere

Similar = Callable[[str], Sequence[int]]
"""The sounds with a word that is nearly this one."""

_STATES: Final = {
    "favourite": "s.mark = 1",
    "hidden": "s.mark = -1",
    "undecided": "s.mark = 0",
    "decided": "s.mark != 0",
    "duplicate": "s.id IN (SELECT sound FROM slots GROUP BY sound HAVING count(*) > 1)",
    "missing": "NOT EXISTS (SELECT 1 FROM slots JOIN banks ON banks.id = slots.bank JOIN files ON files.id = banks.file"
    " WHERE slots.sound = s.id AND NOT files.missing)",
    "analysed": "s.level IS NOT NULL",
    "new": "s.level IS NULL",
    "all": "1",
}
_SHOWING_HIDDEN: Final = ("hidden", "decided", "all")
_ORDERS: Final = {
    "name": "s.name COLLATE NOCASE",
    "category": "s.category",
    "added": "s.id",
    # The square of a number below 2^31 fits 64 bits, and its remainder by the prime 2^31 - 1 has no order left.
    "random": "((s.id * 2654435761 + :seed * 40503) % 2147483648 * ((s.id * 2654435761 + :seed * 40503) % 2147483648)"
    " % 2147483647)",
    **{name: number.column for name, number in NUMBERS.items()},
}
_WHOLE: Final = (
    # a look for the letters alone is quicker than for the word, and there are many names
    "s.id IN (SELECT sound FROM slots WHERE name LIKE {inside} ESCAPE '\\' AND ' ' || name || ' ' GLOB {place}"
    # LIMIT -1: each tag is folded once, however many sounds have it
    " UNION SELECT sound FROM sound_tags WHERE tag IN (SELECT tag FROM (SELECT DISTINCT tag FROM sound_tags LIMIT -1)"
    " WHERE ' ' || folded(tag) || ' ' GLOB {place})"
    " UNION SELECT id FROM sounds WHERE notes != '' AND ' ' || folded(notes) || ' ' GLOB {place}"
    " UNION SELECT slots.sound FROM slots JOIN banks ON banks.id = slots.bank WHERE banks.file IN"
    " (SELECT rowid FROM file_words WHERE ' ' || path || ' ' GLOB {place}))"
)
_IN_FILES: Final = (
    "SELECT slots.sound FROM slots JOIN banks ON banks.id = slots.bank WHERE banks.file IN"
    " (SELECT rowid FROM file_words WHERE file_words MATCH {})"
)


@dataclass
class Statement:
    """The conditions of a query, its order and its values."""

    conditions: list[str] = field(default_factory=list)
    values: dict[str, object] = field(default_factory=dict)
    order: str = "s.name COLLATE NOCASE, s.id"
    corrected: list[str] = field(default_factory=list)
    words: bool = False  #: whether any are looked for

    def value(self, value: object) -> str:
        """A place for a value."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    @property
    def where(self) -> str:
        """What stands behind WHERE."""
        return " AND ".join(self.conditions) or "1"


def statement(query: Query, connection: sqlite3.Connection, similar: Similar) -> Statement:
    """The SQL of a query. Words that are nowhere are looked for with mistakes, if `similar` can."""
    made = Statement(values={"seed": query.seed}, words=bool(query.words))
    for word in query.words:
        _word(made, word, connection, similar)
    for span in query.ranges:
        _range(made, span)
    for choice in query.choices:
        _choice(made, choice)
    if not any(map(_shows_hidden, query.choices)):
        made.conditions.append("s.mark >= 0")
    made.order = _order(made, query)
    return made


def _word(made: Statement, word: Word, connection: sqlite3.Connection, similar: Similar) -> None:
    text = folded(word.text)
    if len(text) < _TRIGRAM:
        # a single letter, as somebody begins to type, is looked for in names alone: it finds too much anyway
        like = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        start, inner = made.value(f"{like}%"), made.value(f"% {like}%")
        whole = "" if len(text) == 1 and text.isalpha() else f" OR {_whole(made, text, like)}"
        condition = f"(s.name LIKE {start} ESCAPE '\\' OR s.name LIKE {inner} ESCAPE '\\'{whole})"
    else:
        phrase = '"' + text.replace('"', '""') + '"'
        sound = _exists(connection, "sound_words", phrase)
        file = _exists(connection, "file_words", phrase)
        if not sound and not file and word.wanted and (near := similar(text)):
            made.corrected.append(word.text)
            condition = f"s.id IN (SELECT value FROM json_each({made.value(json.dumps(list(near)))}))"
        else:
            place = made.value(phrase)
            parts = [f"s.id IN (SELECT rowid FROM sound_words WHERE sound_words MATCH {place})"] if sound else []
            parts += [f"s.id IN ({_IN_FILES.format(place)})"] if file else []
            condition = f"({' OR '.join(parts)})" if parts else "0"
    made.conditions.append(condition if word.wanted else f"NOT {condition}")


def _whole(made: Statement, word: str, like: str) -> str:
    """Whether a word too short for the index stands by itself in a name, tag, note or path; no category is so short."""
    letters = ("".join(sorted({char, char.lower(), char.upper()})) for char in word)
    pattern = "".join(f"[{choice}]" if choice.isalnum() or choice in "*?[" else choice for choice in letters)
    place, inside = made.value(f"*[^a-zA-Z0-9]{pattern}[^a-zA-Z0-9]*"), made.value(f"%{like}%")
    return _WHOLE.format(place=place, inside=inside)


def _exists(connection: sqlite3.Connection, table: str, phrase: str) -> bool:
    row = connection.execute(f"SELECT 1 FROM {table} WHERE {table} MATCH ? LIMIT 1", (phrase,)).fetchone()
    return row is not None


def _shows_hidden(choice: Choice) -> bool:
    """Whether it asks for hidden sounds: the entries of a list are all of them."""
    return choice.wanted and (choice.field == "list" or (choice.field == "is" and choice.value in _SHOWING_HIDDEN))


def _range(made: Statement, span: Range) -> None:
    column = NUMBERS[span.field].column
    parts = []
    for low, high in span.spans:
        bounds = [f"{column} >= {made.value(low)}"] if math.isfinite(low) else []
        bounds += [f"{column} <= {made.value(high)}"] if math.isfinite(high) else []
        parts.append(f"({' AND '.join(bounds) or column + ' IS NOT NULL'})")
    condition = f"coalesce({' OR '.join(parts)}, 0)"
    made.conditions.append(condition if span.wanted else f"NOT {condition}")


def _choice(made: Statement, choice: Choice) -> None:
    condition = _condition(made, choice)
    made.conditions.append(condition if choice.wanted else f"NOT ({condition})")


def _condition(made: Statement, choice: Choice) -> str:
    if choice.field == "is":
        return _STATES[choice.value]
    if choice.field == "category":
        return f"s.category = {made.value('' if choice.value == 'none' else choice.value)}"
    if choice.field == "tag":
        if choice.value.lower() == "none":
            return "s.id NOT IN (SELECT sound FROM sound_tags)"
        return f"s.id IN (SELECT sound FROM sound_tags WHERE tag = {made.value(tidy(choice.value))})"
    if choice.field == "list":
        named = f"SELECT id FROM lists WHERE name = {made.value(tidy(choice.value))}"
        return f"s.id IN (SELECT sound FROM list_items WHERE list IN ({named}))"
    text = folded(choice.value) if choice.field == "in" else choice.value
    like = made.value("%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%")
    if choice.field == "name":
        return f"s.id IN (SELECT sound FROM slots WHERE name LIKE {like} ESCAPE '\\')"
    fits = f"title LIKE {like} ESCAPE '\\'"
    if choice.field == "in":
        fits = f"file IN (SELECT rowid FROM file_words WHERE path LIKE {like} ESCAPE '\\')"
    return f"s.id IN (SELECT sound FROM slots WHERE bank IN (SELECT id FROM banks WHERE {fits}))"


def _order(made: Statement, query: Query) -> str:
    falling = " DESC" if query.falling else ""
    listed = next((choice for choice in query.choices if choice.field == "list" and choice.wanted), None)
    if query.sort == "list" or (listed and not query.sort):
        named = made.value(tidy(listed.value) if listed else "")
        return (
            "(SELECT min(position) FROM list_items WHERE sound = s.id AND list IN"
            f" (SELECT id FROM lists WHERE name = {named})){falling}, s.id"
        )
    if query.sort in _ORDERS:
        column = _ORDERS[query.sort]
        nothing = "" if query.sort in ("name", "category", "added", "random") else f"{column} IS NULL, "
        return f"{nothing}{column}{falling}, s.name COLLATE NOCASE, s.id"
    first = next((word.text for word in query.words if word.wanted), "")
    by_name = "s.name COLLATE NOCASE, s.id"
    if not first:
        return by_name
    place = made.value(folded(first).lower())
    return f"instr(' ' || lower(s.name), ' ' || {place}) = 0, instr(lower(s.name), {place}) = 0, {by_name}"
