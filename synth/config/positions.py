# SPDX-License-Identifier: Apache-2.0
"""In which lines a TOML file says what; `tomllib` itself does not tell."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

Path = tuple[str, ...]
"""A key with the tables that it is in."""

_MOST_LINES = 32  # of one value; a file with a longer one is not looked through to its end


def key_lines(text: str) -> dict[Path, int]:
    """The line, from 1 on, in which each key and each table first appears, as far as it is cheaply found.

    Of a list of tables, as `[[midi.zones]]` makes one, ("midi", "zones", "0") is the first.

    `text` must be TOML. Lines are collected until they are TOML by themselves: then they are one header or one key
    with its value.
    """
    found: dict[Path, int] = {}
    lists: dict[Path, int] = {}
    table: Path = ()
    statement: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        statement.append(line)
        try:
            said = tomllib.loads("\n".join(statement))
        except ValueError:
            if len(statement) == _MOST_LINES:
                break
            continue
        paths = list(_paths(said))
        header = "\n".join(statement).lstrip()
        if header.startswith("[["):
            items = _within(paths[-1][:-1], lists) + paths[-1][-1:]
            lists[items] = lists.get(items, -1) + 1
        if header.startswith("["):
            paths = [_within(path[:-1], lists) + path[-1:] for path in paths]
            table = paths[-1]
            if table in lists:
                table += (str(lists[table]),)
                paths.append(table)
        else:
            paths = [table + path for path in paths]
        for path in paths:
            found.setdefault(path, number - len(statement) + 1)
        statement = []
    return found


def _within(path: Path, lists: dict[Path, int]) -> Path:
    """The path of a header: what is in a list of tables is in its last one."""
    full: Path = ()
    for part in path:
        full += (part,)
        if full in lists:
            full += (str(lists[full]),)
    return full


def _paths(table: dict[str, Any], above: Path = ()) -> Iterator[Path]:
    """Every key of nested tables, outer ones first. `[[a.b]]` is a list of one empty table: a key as well."""
    for key, value in table.items():
        yield (*above, key)
        if isinstance(value, dict):
            yield from _paths(value, (*above, key))
