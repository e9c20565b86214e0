# SPDX-License-Identifier: Apache-2.0
"""`sixop lib analyse`, `similar` and `map`: what goes by ear."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from synth.cli.common import usage
from synth.cli.lib_common import AsJson, Db, Limit, finished, opened

if TYPE_CHECKING:
    from synth.library.listening import Likeness


def add_to(app: typer.Typer) -> None:
    """Give the group these commands."""
    app.command("analyse")(analyse)
    app.command("similar")(similar)
    app.command("map")(show_map)


def analyse(context: typer.Context, db: Db = None, as_json: AsJson = False) -> None:
    """Listen to all sounds that nobody has listened to yet: level, brightness, category and so on. May be stopped."""
    from synth.library.job import Job

    with opened(db) as library:
        counts = finished(context, Job.analyse(library.path))
    if as_json:
        print(json.dumps(counts))
    else:
        print(f"{counts['analysed']} sounds analysed, {counts['categories']} of them got a category by their sound")


def similar(
    sound: Annotated[str, typer.Argument(metavar="SOUND", help="Its number, or its name if it is the only one.")],
    by: Annotated[
        str, typer.Option(metavar="ear|parameters", help="What is heard, or what is set in whatever order.")
    ] = "ear",
    limit: Limit = 20,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """List the sounds most like one, nearest first."""
    likeness: Likeness = "ear" if by == "ear" else "parameters"
    if by != likeness:
        usage(f"--by must be ear or parameters, not {by!r}")
    with opened(db) as library:
        near = library.similar(library.resolve(sound).id, limit or library.stats().sounds, likeness)
    if as_json:
        print(json.dumps([{**one.as_dict(), "distance": round(far, 4)} for one, far in near]))
        return
    for one, far in near:
        print(f"{far:7.2f}  #{one.id:<6}  {one.name:10}  {one.category:10}  {one.where}")


def show_map(db: Db = None, as_json: AsJson = False) -> None:
    """Place all analysed sounds on a map in which neighbours sound alike: number, name, x and y of -1 to 1."""
    with opened(db) as library:
        ids, places = library.map()
        names = {sound.id: sound.name for sound in library.sounds(ids.tolist())}
    rows = [
        {"id": number, "name": names[number], "x": round(x, 4), "y": round(y, 4)}
        for number, (x, y) in zip(ids.tolist(), places.tolist(), strict=True)
    ]
    if as_json:
        print(json.dumps(rows))
    for row in () if as_json else rows:
        print(f"{row['id']:7}  {row['name']:10}  {row['x']:+.3f}  {row['y']:+.3f}")
