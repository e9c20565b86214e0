# SPDX-License-Identifier: Apache-2.0
"""`sixop lib tag`, `fav` and so on: what people say about their sounds, and how they take it back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from synth.cli.common import fail, usage
from synth.cli.lib_common import AsJson, Db, Limit, Sounds, Where, chosen, opened, print_sounds

if TYPE_CHECKING:
    from synth.library import Library


def add_to(app: typer.Typer) -> None:
    """Give the group these commands."""
    for command in (tag, fav, hide, rate, comment, category, undo, redo, history):
        app.command(_NAMES.get(command.__name__, command.__name__))(command)


_NAMES = {"comment": "note"}
_UNNAMED = "name the sounds, by number or with --where"


def tag(
    name: Annotated[str | None, typer.Argument(metavar="[TAG]", help="Without one, all tags are listed.")] = None,
    sounds: Sounds = None,
    where: Where = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the tag away.")] = False,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Give sounds a tag; without a sound, list those that have it, and without a tag, list all tags."""
    with opened(db) as library:
        if name is None:
            tags = library.tags()
            print(json.dumps(tags) if as_json else "\n".join(f"{count:6}  {tag}" for tag, count in tags.items()))
            return
        ids = chosen(library, sounds, where)
        if ids:
            (library.untag if remove else library.tag)(ids, name)
        elif remove or sounds or where:
            usage(_UNNAMED)
        shown = ids or library.ids(f'tag:"{name}"')
        print_sounds(library.sounds(shown), as_json)


def fav(
    sounds: Sounds = None,
    where: Where = None,
    off: Annotated[bool, typer.Option("--off", help="No longer a favourite.")] = False,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Make sounds favourites; without any, list the favourites."""
    _mark("favourite", sounds, where, off, db, as_json)


def hide(
    sounds: Sounds = None,
    where: Where = None,
    off: Annotated[bool, typer.Option("--off", help="No longer hidden.")] = False,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Hide sounds, so that searches leave them out; without any, list the hidden ones."""
    _mark("hidden", sounds, where, off, db, as_json)


def _mark(mark: str, sounds: Sounds, where: Where, off: bool, db: Db, as_json: bool) -> None:
    with opened(db) as library:
        ids = chosen(library, sounds, where)
        if ids:
            library.mark(ids, "undecided" if off else "hidden" if mark == "hidden" else "favourite")
        elif off:
            usage(_UNNAMED)
        shown = ids or ([] if sounds or where else library.ids(f"is:{mark}"))
        print_sounds(library.sounds(shown), as_json)


def rate(
    rating: Annotated[int, typer.Argument(metavar="0..5", min=0, max=5, help="0 takes the rating away.")],
    sounds: Sounds = None,
    where: Where = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Rate sounds."""
    with opened(db) as library:
        _change(library, sounds, where, as_json, lambda ids: library.rate(ids, rating))


def comment(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="An empty one removes the note.")],
    sounds: Sounds = None,
    where: Where = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Write a note beside sounds; searches find its words."""
    with opened(db) as library:
        _change(library, sounds, where, as_json, lambda ids: library.note(ids, text))


def category(
    name: Annotated[str | None, typer.Argument(metavar="[CATEGORY]", help="Without one, all are counted.")] = None,
    sounds: Sounds = None,
    where: Where = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Say what instrument sounds are, where the guess is wrong; without a sound, count the categories."""
    with opened(db) as library:
        if name is None:
            counts = library.stats().categories
            print(json.dumps(counts) if as_json else "\n".join(f"{count:6}  {key}" for key, count in counts.items()))
            return
        _change(library, sounds, where, as_json, lambda ids: library.categorise(ids, name))


def _change(
    library: Library, sounds: Sounds, where: Where, as_json: bool, change: Callable[[list[int]], object]
) -> None:
    """Change the sounds that were named, and print them."""
    ids = chosen(library, sounds, where) or usage(_UNNAMED)
    change(ids)
    print_sounds(library.sounds(ids), as_json)


def undo(db: Db = None, as_json: AsJson = False) -> None:
    """Take back the last thing that was changed."""
    with opened(db) as library:
        edit = library.undo() or fail("there is nothing left to undo")
    print(json.dumps(asdict(edit)) if as_json else f"undone: {edit.title}")


def redo(db: Db = None, as_json: AsJson = False) -> None:
    """Do again what was taken back last."""
    with opened(db) as library:
        edit = library.redo() or fail("there is nothing to do again")
    print(json.dumps(asdict(edit)) if as_json else f"done again: {edit.title}")


def history(limit: Limit = 20, db: Db = None, as_json: AsJson = False) -> None:
    """List what was changed last."""
    with opened(db) as library:
        edits = library.edits(limit or 1000)
    if as_json:
        print(json.dumps([asdict(edit) for edit in edits]))
        return
    for edit in edits:
        when = datetime.fromtimestamp(edit.time).astimezone()
        print(f"{when:%Y-%m-%d %H:%M:%S}  {edit.title}{'  (undone)' if edit.undone else ''}")
