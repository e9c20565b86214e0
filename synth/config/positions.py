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

    `text` must be TOML. Lines are collected until they are TOML by themselves: then they are one header or one key
    with its value.
    """
    found: dict[Path, int] = {}
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
        if "\n".join(statement).lstrip().startswith("["):
            table = paths[-1]
        else:
            paths = [table + path for path in paths]
        for path in paths:
            found.setdefault(path, number - len(statement) + 1)
        statement = []
    return found


def _paths(table: dict[str, Any], above: Path = ()) -> Iterator[Path]:
    """Every key of nested tables, outer ones first. `[[a.b]]` is a list of one empty table: a key as well."""
    for key, value in table.items():
        yield (*above, key)
        if isinstance(value, dict):
            yield from _paths(value, (*above, key))
