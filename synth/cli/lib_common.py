# SPDX-License-Identifier: Apache-2.0
"""What the commands of `sixop lib` share."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from synth.cli.asking import progress_bar
from synth.cli.common import fail, usage

if TYPE_CHECKING:
    from synth.library import Library, Sound
    from synth.library.job import Job

Db = Annotated[
    Path | None, typer.Option("--db", metavar="FILE", help="The library's file. [default: SIXOP_LIBRARY, or your own]")
]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
Limit = Annotated[int, typer.Option(metavar="N", min=0, help="At most so many; 0 is all.")]
Most = Annotated[
    int | None,
    typer.Option("--limit", metavar="N", min=0, help="At most so many; 0 is all. [default: 50, with --json all]"),
]
Sounds = Annotated[
    list[str] | None, typer.Argument(metavar="[SOUND]...", help="Numbers of sounds, or names that are the only ones.")
]
Where = Annotated[
    str | None, typer.Option("--where", metavar="QUERY", help="All sounds that fit as well, words as they are spelt.")
]


def most(limit: int | None, as_json: bool) -> int | None:
    """How many rows are wanted, None for all: people get a screenful, scripts everything, unless they say."""
    return limit or None if limit is not None or as_json else 50


def opened(db: Path | None) -> Library:
    """The library that is meant."""
    from synth.library import Library

    return Library.open(db)


def query_text(words: Sequence[str] | None, fields: dict[str, str | None], start: str = "") -> str:
    """A query of words and options; what cannot be understood is a usage error.

    A word with blanks came in quotes, and is looked for with its blanks.
    """
    from synth.library import parse

    typed = [f'"{word}"' if " " in word and len(words or ()) > 1 and ":" not in word else word for word in words or ()]
    chosen = [f'{field}:"{value}"' if " " in value else f"{field}:{value}" for field, value in fields.items() if value]
    text = " ".join([start, *typed, *chosen]).strip()
    if mistakes := parse(text).mistakes:
        usage(mistakes[0])
    return text


def chosen(library: Library, sounds: Sequence[str] | None, where: str | None) -> list[int]:
    """The numbers of the sounds that are named, and of those a query finds, its words as they are typed.

    None of either is an empty list; a query that says nothing, or that nothing fits, is an error.
    """
    ids = [library.resolve(sound).id for sound in sounds or ()]
    if where is not None:
        ids += fitting(library, [where], "--where")
    return list(dict.fromkeys(ids))


def fitting(library: Library, words: Sequence[str], said: str) -> list[int]:
    """The numbers of the sounds that fit a query, its words as they are typed; there is one at least.

    said: where the query stands on the command line, for sentences.
    """
    from synth.library import parse

    text = query_text(words, {})
    query = parse(text)
    if not (query.words or query.ranges or query.choices):
        usage(f"{said} says nothing of the sounds that are meant; is:all means every one")
    return library.ids(query, as_typed=True) or fail(f"no sound fits {text!r}; `sixop lib find` tries it out")


def print_sounds(sounds: Sequence[Sound], as_json: bool) -> None:
    """A row for each sound."""
    if as_json:
        print(json.dumps([sound.as_dict() for sound in sounds]))
    elif sounds:
        print("      #    name        category    alg  fb  rating  places  where")
        for sound in sounds:
            mark = {"favourite": "*", "hidden": "-"}.get(sound.mark, " ")
            print(
                f"{sound.id:7} {mark}  {sound.name:10}  {sound.category:10}  {sound.algorithm:3}  {sound.feedback:2}"
                f"  {'*' * sound.rating:6}  {sound.places:6}  {sound.where}"
            )


def finished(context: typer.Context, job: Job) -> dict[str, Any]:
    """What a job says when it is done, with a bar while it works."""
    with job, progress_bar(context) as progress:
        for event in job:
            if event["event"] == "progress":
                if event["total"]:
                    progress(event["what"], event["done"], event["total"])
            elif event["event"] == "error":
                fail(event["text"])
            else:
                counts = {name: value for name, value in event.items() if name != "event"}
    return counts
