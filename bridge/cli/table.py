# SPDX-License-Identifier: Apache-2.0
"""`sixop xfm2 table`: what becomes of each DX7 parameter on the board, by number, name and rule."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from bridge.profile import Profile

ProfileChoice = Annotated[str, typer.Option("--profile", metavar="NAME|FILE", help="How values are converted.")]


def table(
    profile: ProfileChoice = "default",
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Print the reference of all 155 DX7 parameters: their numbers on both sides, and the rule between them."""
    from bridge.profile import load_profile

    chosen = load_profile(profile)
    if as_json:
        print(json.dumps(_reference(chosen)))
    else:
        _print(chosen)


def _reference(profile: Profile) -> dict[str, Any]:
    from bridge.parameters import PARAMETERS
    from bridge.profile import KEYS
    from bridge.purpose import purposes
    from bridge.rules import ENTRIES

    return {
        "profile": profile.name,
        "about": profile.about,
        "parameters": [
            {
                "number": entry.parameter.position,
                "key": entry.parameter.key,
                "name": entry.parameter.label,
                "numbers": entry.numbers,
                "names": [PARAMETERS[number].name for number in entry.numbers],
                "rule": entry.rule.describe(profile),
            }
            for entry in ENTRIES
        ],
        "on_purpose": [
            {
                "numbers": numbers,
                "names": [PARAMETERS[number].name for number in numbers],
                "values": values,
                "reason": reason,
            }
            for numbers, values, reason in purposes(profile)
        ],
        "settings": [
            {"key": key, "says": profile.says(key), "source": profile.sources[key]} for key in KEYS
        ],
        "corrections": [correction._asdict() for correction in profile.corrections],
    }  # fmt: skip


def _print(profile: Profile) -> None:
    reference = _reference(profile)
    print(f"{profile.name}: {profile.about}")
    print("A curve such as 0>0 99>255 is straight between its points: the DX7's 0 becomes 0, its 99 becomes 255.\n")
    columns(
        ("DX7", "parameter", "XFM2", "names", "rule"),
        (
            (str(row["number"]), row["name"], spans(row["numbers"]), _ends(row["names"]), row["rule"])
            for row in reference["parameters"]
        ),
    )
    print("\nSet on purpose, because a DX7 voice has none of it:\n")
    columns(
        ("XFM2", "names", "value", "why"),
        (
            (spans(row["numbers"]), _ends(row["names"]), _value(row["values"]), row["reason"])
            for row in reference["on_purpose"]
        ),
    )
    print("\nThe profile, and how each of its settings is known:\n")
    columns(
        ("setting", "value", "source"),
        ((row["key"], row["says"], row["source"]) for row in reference["settings"]),
    )
    if reference["corrections"]:
        print("\nSlips of the document it follows, and what is done instead:\n")
        columns(
            ("slip", "instead"),
            ((row["slip"], row["instead"]) for row in reference["corrections"]),
        )


def spans(numbers: Iterable[int]) -> str:
    """Numbers with their neighbours drawn together: ``149 222-227``."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return " ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in runs) or "-"


def _ends(names: Sequence[str]) -> str:
    """Up to four names; of more, the first and the last."""
    return " ".join(names) if len(names) <= _FEW else f"{names[0]} .. {names[-1]}"


def _value(values: Sequence[int]) -> str:
    return str(values[0]) if len(set(values)) == 1 else "init"


_FEW = 4
_WIDEST = 44  # of a column that is not the last one


def columns(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Aligned columns, unwrapped; a cell that is too wide pushes its line to the right."""
    lines = [head, *rows]
    widths = [min(_WIDEST, max(len(line[column]) for line in lines)) for column in range(len(head) - 1)]
    for line in lines:
        cells = [f"{cell:{width}}" for cell, width in zip(line, widths, strict=False)]
        print("  ".join([*cells, line[-1]]).rstrip())
