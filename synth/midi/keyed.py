# SPDX-License-Identifier: Apache-2.0
"""Tables of plain data whose keys are known: how those of zones, outputs and parts are read, one key after the other.

A reader takes a key's value and gives what it means, or raises ValueError or SixopError with the rest of a sentence
that begins with the key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from synth.checks import LONGEST_EXCERPT, excerpt
from synth.errors import SixopError
from synth.matching import hint

Reader = Callable[[object], Any]


class TableError(ValueError):
    """What is wrong with a table, and under which of its keys; "" if it is the whole."""

    def __init__(self, key: str, sentence: str) -> None:
        name = key if key.isprintable() and len(key) <= LONGEST_EXCERPT else excerpt(key)
        super().__init__(f"{name} {sentence}" if key else sentence)
        self.key = key


def read_keys(table: Mapping[Any, object], readers: Mapping[str, Reader], what: str) -> dict[str, Any]:
    """What the keys of a table mean. `what`: what it describes, with its article.

    Raises:
        TableError: a key is unknown, or its value not allowed.
    """
    read = {}
    for key, value in table.items():
        if key not in readers:
            raise TableError(str(key), f"is nothing {what} has; {hint(str(key), readers)}")
        try:
            read[key] = readers[key](value)
        except TableError:
            raise
        except (ValueError, SixopError) as error:
            raise TableError(key, str(error)) from error
    return read


def whole(low: int, high: int, word: str = "") -> Callable[[object], int | None]:
    """A reader of whole numbers; `word` stands for None."""
    allowed = f"a whole number of {low} to {high}" + (f", or {word}" if word else "")

    def read(value: object) -> int | None:
        if word and value == word:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"must be {allowed}, not {excerpt(value)}")
        return value

    return read
