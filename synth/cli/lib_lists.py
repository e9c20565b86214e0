# SPDX-License-Identifier: Apache-2.0
"""`sixop lib list`, `search` and `export`: sounds in an order of one's own, and banks of them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synth.cli.common import read_voices, usage
from synth.cli.lib_common import AsJson, Db, Sounds, Where, chosen, fitting, opened, query_text

if TYPE_CHECKING:
    from synth.library import Library


def add_to(app: typer.Typer) -> None:
    """Give the group these commands."""
    app.command("list")(edit_list)
    app.command("search", context_settings={"ignore_unknown_options": True})(search)
    app.command("compare")(compare)
    app.command("export", context_settings={"ignore_unknown_options": True})(export)


def edit_list(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Without one, all lists are listed.")] = None,
    sounds: Sounds = None,
    where: Where = None,
    at: Annotated[int | None, typer.Option(metavar="N", min=1, help="Add before this entry, not at the end.")] = None,
    set_list: Annotated[bool, typer.Option("--set", help="A new list is a set-list.")] = False,
    remove: Annotated[list[int] | None, typer.Option(metavar="N", help="Take this entry out.")] = None,
    move: Annotated[
        tuple[int, int] | None, typer.Option(metavar="N TO", help="Move an entry to another place.")
    ] = None,
    title: Annotated[
        tuple[int, str] | None, typer.Option(metavar="N TEXT", help="What an entry is called in this list.")
    ] = None,
    remark: Annotated[tuple[int, str] | None, typer.Option("--note", metavar="N TEXT", help="A note to it.")] = None,
    rename: Annotated[str | None, typer.Option(metavar="NAME", help="Another name for the list.")] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Remove the list; its sounds stay.")] = False,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Make, change and show lists and set-lists; sounds named are added, and the list is made if it is new."""
    with opened(db) as library:
        if name is None:
            _print_lists(library, as_json)
            return
        if delete:
            library.delete_list(name)
            print(json.dumps({"deleted": name}) if as_json else f"list {name} deleted")
            return
        ids = chosen(library, sounds, where)
        if (ids or set_list) and not library.has_list(name):
            library.make_list(name, "set" if set_list else "list")
        if ids:
            library.add_to_list(name, ids, at)
        if remove:
            library.remove_from_list(name, remove)
        if move:
            library.move_in_list(name, *move)
        if title:
            library.annotate_item(name, title[0], title=title[1])
        if remark:
            library.annotate_item(name, remark[0], note=remark[1])
        if rename:
            library.rename_list(name, rename)
        items = library.items(rename or name)
    if as_json:
        print(json.dumps([asdict(item) for item in items]))
        return
    for item in items:
        print(f"{item.position:4}  #{item.sound:<6}  {item.name:10}  {item.note}".rstrip())


def _print_lists(library: Library, as_json: bool) -> None:
    lists = library.lists()
    if as_json:
        print(json.dumps([asdict(listing) for listing in lists]))
    for listing in () if as_json else lists:
        print(f"{listing.size:6}  {listing.name}{'  (set-list)' if listing.kind == 'set' else ''}")


def search(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Without one, all are listed.")] = None,
    words: Annotated[list[str] | None, typer.Argument(metavar="[WORD]...", help="As for `find`.")] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Forget the search.")] = False,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Keep a search under a name, for `sixop lib find --saved NAME`."""
    with opened(db) as library:
        if name is not None and (words or delete):
            library.save_search(name, "" if delete else query_text(words, {}))
        elif name is not None:
            usage("a search needs its words, or --delete")
        known = library.searches()
    print(json.dumps(known) if as_json else "\n".join(f"{key}: {query}" for key, query in known.items()))


def export(
    words: Annotated[list[str] | None, typer.Argument(metavar="[WORD]...", help="As for `find`.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE.syx", help="Where to write.")] = None,
    listed: Annotated[str | None, typer.Option("--list", metavar="NAME", help="A list, in its order.")] = None,
    sounds: Annotated[
        list[str] | None, typer.Option("--sound", metavar="SOUND", help="A sound; may be given many times.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Write sounds as banks of 32 that a DX7 accepts: what `find` would find, a list, or some of them."""
    from synth.library.building import write_banks

    if out is None:
        usage("-o says which file to write")
    if sum(map(bool, (words, listed, sounds))) != 1:
        usage("either words, --list or --sound say what to write")
    with opened(db) as library:
        names: list[str] | None = None
        if listed:
            items = library.items(listed)
            ids, names = [item.sound for item in items], [item.name for item in items]
        elif sounds:
            ids = [library.resolve(sound).id for sound in sounds]
        else:
            ids = fitting(library, words or (), "WORD")
        written = write_banks(library.patches(ids, names), out, force=force)
    if as_json:
        print(json.dumps([{"file": str(path), "voices": count} for path, count in written]))
    else:
        print("\n".join(f"{path}: {count} voices" for path, count in written))


def compare(
    context: typer.Context,
    ours: Annotated[Path, typer.Argument(metavar="OURS", help="A bank, or any file of voices.")],
    theirs: Annotated[Path, typer.Argument(metavar="THEIRS", help="Another one.")],
    as_json: AsJson = False,
) -> None:
    """Compare two banks: which voices are the same, renamed, edited, moved, new or gone in THEIRS."""
    from synth.library.building import compare

    rows = compare(*(read_voices(context, [file])[0] for file in (ours, theirs)))
    if as_json:
        print(json.dumps([asdict(row) for row in rows]))
        return
    for row in rows:
        print(f"{row.number:4}  {row.ours:10}  {row.theirs:10}  {row.verdict}")
