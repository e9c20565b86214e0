# SPDX-License-Identifier: Apache-2.0
"""What people may write after an option, and the one sentence if they write something else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import typer

from synth.cli.common import usage

LONGEST_SECONDS = 3600.0
"""Of a note, and of the silence after it."""


def whole(option: str, lowest: int, highest: int) -> Callable[[str], int]:
    """A parser of whole numbers of `lowest` to `highest`."""

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = lowest - 1
        if not lowest <= value <= highest:
            usage(f"{option} must be a whole number of {lowest} to {highest}, not {text!r}")
        return value

    return parse


def number(option: str, lowest: float, highest: float, unit: str) -> Callable[[str], float]:
    """A parser of numbers of `lowest` to `highest`."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not lowest <= value <= highest:
            usage(f"{option} must be {lowest:g} to {highest:g} {unit}, not {text!r}")
        return value

    return parse


def choice(option: str, names: Iterable[str], meaning: str) -> Any:
    """A Typer option that takes one of these names, which may be the members of a StrEnum."""
    known = tuple(names)

    def parse(text: str) -> str:
        if text not in known:
            usage(f"{option} must be {' or '.join(known)}, not {text!r}")
        return known[known.index(text)]

    return typer.Option(parser=parse, metavar="|".join(known), help=meaning)
