# SPDX-License-Identifier: Apache-2.0
"""`sixop lib`: all the voices somebody owns, searched and kept in order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synth.cli import lib_edits, lib_lists, lib_sound
from synth.cli.asking import agreed
from synth.cli.common import fail, note, usage
from synth.cli.lib_common import AsJson, Db, Most, finished, most, opened, print_sounds, query_text

if TYPE_CHECKING:
    pass

app = typer.Typer(help="The library of all your voices: find them, mark them, make banks of them.")
lib_sound.add_to(app)
lib_edits.add_to(app)
lib_lists.add_to(app)

_STATUS = ("read", "repaired", "foreign", "unreadable")
_PICTURE_HEIGHT = 3  # lines


@app.command("scan")
def scan(
    context: typer.Context,
    folders: Annotated[
        list[Path] | None, typer.Argument(metavar="[FOLDER]...", help="Folders or files; those known if none is named.")
    ] = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Read folders of voice files into the library: new, changed and moved files; what is gone stays, marked."""
    from synth.library.job import Job

    with opened(db) as library:
        counts = finished(context, Job.scan(library.path, folders or []))
    if as_json:
        print(json.dumps(counts))
        return
    print(
        f"{counts['files']} files: {counts['read']} read, {counts['unchanged']} unchanged, {counts['moved']} moved, "
        f"{counts['foreign']} without a DX7 voice, {counts['unreadable']} unreadable"
    )
    print(f"{counts['voices']} voices, {counts['sounds']} of them new sounds")
    if counts["missing"]:
        print(f"{counts['missing']} files are gone; their voices stay")
    if counts["absent"]:
        note(context, f"{counts['absent']} folders of earlier scans are not there now; their voices stay as they are")
    if counts["sounds"]:
        note(context, "`sixop lib analyse` listens to what is new, for level, brightness, categories and likeness")
    if counts["foreign"] or counts["unreadable"]:
        note(context, "`sixop lib files` says why files were not read")


@app.command("find", context_settings={"ignore_unknown_options": True})
def find(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[WORD]...", help="Words and fields: warm pad category:bass level:>-20"),
    ] = None,
    algorithm: Annotated[str | None, typer.Option(metavar="N|A..B", help="1 to 32.")] = None,
    feedback: Annotated[str | None, typer.Option(metavar="N|A..B", help="0 to 7.")] = None,
    carriers: Annotated[str | None, typer.Option(metavar="N|A..B", help="How many operators are heard.")] = None,
    category: Annotated[str | None, typer.Option(metavar="NAME", help="Such as bass, epiano or bell.")] = None,
    tag: Annotated[str | None, typer.Option(metavar="TAG", help="With this tag.")] = None,
    rating: Annotated[str | None, typer.Option(metavar="N|A..B", help="0 to 5.")] = None,
    level: Annotated[str | None, typer.Option(metavar="DB|A..B", help="How loud, in dB.")] = None,
    length: Annotated[str | None, typer.Option(metavar="S|A..B", help="How many seconds a held key sounds.")] = None,
    brightness: Annotated[str | None, typer.Option(metavar="HZ|A..B", help="Centre of the spectrum.")] = None,
    favourites: Annotated[bool, typer.Option("--favourites", help="Only favourites.")] = False,
    sort: Annotated[
        str | None, typer.Option(metavar="FIELD|-FIELD", help="Order; a minus sign turns it round.")
    ] = None,
    saved: Annotated[str | None, typer.Option(metavar="NAME", help="A saved search; words narrow it down.")] = None,
    limit: Most = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Find sounds by words, however they are spelt, and by what they are."""
    fields = {
        "algorithm": algorithm, "feedback": feedback, "carriers": carriers, "category": category, "tag": tag,
        "rating": rating, "level": level, "length": length, "brightness": brightness, "sort": sort,
        "is": "favourite" if favourites else None,
    }  # fmt: skip
    with opened(db) as library:
        start = ""
        if saved is not None:
            start = library.saved_search(saved) or fail(f"there is no saved search {saved!r}")
        found = library.find(query_text(words, fields, start), limit=most(limit, as_json))
        empty = not found.total and not library.stats().sounds
    for word in found.corrected:
        note(context, f"nothing holds {word!r}; this is what comes near")
    print_sounds(found.sounds, as_json)
    if empty:
        note(context, "the library is empty; `sixop lib scan FOLDER` reads your voices into it")
    elif not found.total:
        note(context, "no sound fits")
    if len(found.sounds) < found.total and not as_json:
        note(context, f"{len(found.sounds)} of {found.total} sounds; --limit 0 shows all")


@app.command("show")
def show(
    sound: Annotated[str, typer.Argument(metavar="SOUND", help="Its number, or its name if it is the only one.")],
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Show one sound: what is known of it, where it is found, and all its parameters."""
    from dataclasses import asdict

    from synth.library import heard
    from synth.voicesheet import facts, sheet

    with opened(db) as library:
        known = library.resolve(sound)
        slots = library.slots(known.id)
        patch = library.patch(known.id)
        thumbnail = library.thumbnail(known.id)
    if as_json:
        print(json.dumps({**known.as_dict(), "slots": [asdict(slot) for slot in slots], "voice": facts(patch)}))
        return
    print_sounds([known], as_json=False)
    for label, value in (("tags", ", ".join(known.tags)), ("notes", known.notes), ("sound", heard.figures(known))):
        if value:
            print(f"{label}: {value}")
    if thumbnail is not None:
        print("\n".join([heard.headings(), *heard.pictures(thumbnail, _PICTURE_HEIGHT)]))
    for slot in slots:
        print(f"  {slot.path}:{slot.position}  {slot.name}{'  (gone)' if slot.missing else ''}")
    print(sheet(patch))


@app.command("dupes")
def dupes(limit: Most = None, db: Db = None, as_json: AsJson = False) -> None:
    """List sounds that are found in several places, with their names there."""
    from dataclasses import asdict

    with opened(db) as library:
        found = library.duplicates(most(limit, as_json))
    if as_json:
        print(json.dumps([{**sound.as_dict(), "slots": [asdict(slot) for slot in slots]} for sound, slots in found]))
        return
    for sound, slots in found:
        print(f"#{sound.id} {sound.name}: {sound.places} places")
        for slot in slots:
            print(f"  {slot.path}:{slot.position}  {slot.name}")


@app.command("banks")
def banks(
    folder: Annotated[str, typer.Argument(metavar="[FOLDER]", help="Only banks whose path begins so.")] = "",
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """List the banks of all files, folder by folder."""
    from dataclasses import asdict

    with opened(db) as library:
        found = library.banks(folder)
    if as_json:
        print(json.dumps([asdict(bank) for bank in found]))
    for bank in () if as_json else found:
        print(f"{bank.voices:4}  {bank.path}  {bank.title}{'  (gone)' if bank.missing else ''}")


@app.command("files")
def files(
    status: Annotated[
        str | None, typer.Option(metavar="|".join(_STATUS), help="Only these. [default: all but read]")
    ] = None,
    missing: Annotated[bool, typer.Option("--missing", help="Only files that are gone.")] = False,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """List the files that were repaired, hold no voice, could not be read or are gone, with the reason."""
    from dataclasses import asdict

    if status is not None and status not in _STATUS:
        usage(f"--status must be {', '.join(_STATUS)}, not {status!r}")
    with opened(db) as library:
        wanted = (status,) if status else _STATUS if missing else _STATUS[1:]
        found = library.files(wanted, True if missing else None)
    if as_json:
        print(json.dumps([asdict(file) for file in found]))
        return
    for file in found:
        reasons = file.reason.splitlines() or ["read"]
        print(f"{file.path}: {'gone; ' if file.missing else ''}{file.status}, {file.voices} voices")
        print("\n".join(f"  {reason}" for reason in reasons))


@app.command("forget")
def forget(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False, db: Db = None, as_json: AsJson = False
) -> None:
    """Forget files that are gone, and their sounds that nobody ever touched. This cannot be undone."""
    with opened(db) as library:
        gone = len(library.files(_STATUS, missing=True))
        if not agreed(f"forget {gone} files that are gone?", yes):
            raise typer.Exit(1)
        files, sounds = library.forget()
    print(json.dumps({"files": files, "sounds": sounds}) if as_json else f"{files} files and {sounds} sounds forgotten")


@app.command("stats")
def stats(db: Db = None, as_json: AsJson = False) -> None:
    """Count what the library holds."""
    with opened(db) as library:
        counts = library.stats().as_dict()
    if as_json:
        print(json.dumps(counts))
        return
    categories = counts.pop("categories")
    for name, count in counts.items():
        print(f"{name:11} {count}")
    for name, count in categories.items():
        print(f"  {name:11} {count}")
