# SPDX-License-Identifier: Apache-2.0
"""`sixop xfm2 send`: voices to the board's edit buffer, and from there into its memory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from bridge.cli import frames
from bridge.cli.board import agreed, answerable, back_up, foreign, opened, progress_bar, stored, title
from bridge.cli.convert import Alg46Choice, Reading
from bridge.cli.options import DryRunOption, JsonOption, PortOption, UnitOption, YesOption
from bridge.cli.table import ProfileChoice
from bridge.cli.voices import Voice, read_file
from synth.cli.common import fail, note, voice_number
from synth.files import why_not_written

if TYPE_CHECKING:
    from bridge.backup import Progress
    from bridge.device import Loaded, Xfm2
    from bridge.names import Names


@dataclass(frozen=True, slots=True)
class _Sent:
    """A voice on the board, and the program it is stored as, if it is."""

    voice: Voice
    loaded: Loaded
    program: int | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.voice.name,
            "verified": self.loaded.verified,
            "mismatches": self.loaded.mismatches,
            "bytes_sent": self.loaded.bytes_sent,
            "ms": round(1000 * self.loaded.seconds, 1),
            "exact": self.voice.exact,
            "approximated": self.voice.approximated,
            "lost": self.voice.lost,
            "program": self.program,
        }

    def __str__(self) -> str:
        where = "" if self.program is None else f"program {self.program}: "
        how = "verified" if self.loaded.verified else "NOT VERIFIED"
        return f"{where}{self.voice.name or 'unnamed'}, {how}; {self.voice.summary}"


def send(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="DX7 voices, or programs of the XFM2.")],
    voice: Annotated[
        str | None, typer.Option(metavar="N|NAME", help="Which voice. [default: the first; with --store all]")
    ] = None,
    store: Annotated[
        int | None, typer.Option("--store", metavar="FIRST", help="Store as program FIRST (1..128) and those after it.")
    ] = None,
    profile: ProfileChoice = "default",
    alg46: Alg46Choice = Reading.SELF,
    no_backup: Annotated[
        bool, typer.Option("--no-backup", help="Store even though this board was never backed up.")
    ] = False,
    port: PortOption = None,
    unit: UnitOption = 1,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Put a voice on the board, where it sounds at once, or store it, or store a whole bank.

    Before the first store to a board a backup of it is offered; with --yes it is made without asking.
    """
    voices = read_file(context, file, profile, alg46.value)
    chosen = voices if store is not None and voice is None else [voices[voice_number(voice, voices) - 1]]
    if store is not None:
        _check_room(store, len(chosen))
    elif voice is None and len(voices) > 1:
        note(context, f"the first of {len(voices)} voices in {file}; --voice sends another one")
    if dry_run:
        _dry_run(context, unit, chosen, store, as_json)
    if store is not None:
        answerable("storing asks before it overwrites", yes)
    doubt = foreign([each.program for each in chosen])
    if doubt and not agreed(f"{file}: {doubt}. Send it all the same?", yes):
        fail("nothing was sent")
    with opened(context, port, unit) as board:
        if store is None:
            sent = [_load(context, board, chosen[0])]
        else:
            sent = _store_all(context, board, chosen, store, yes, no_backup)
        where = board.port
    if as_json:
        print(json.dumps({"port": where, "unit": unit, "voices": [each.as_dict() for each in sent]}))
        return
    for each in sent:
        print(each)
    if store is not None:
        note(context, f"the edit buffer of unit {unit} holds the last of them, {chosen[-1].name or 'unnamed'}")


def _check_room(first: int, count: int) -> None:
    from bridge.protocol import PROGRAMS

    stored("--store", first)
    if first + count - 1 > PROGRAMS:
        fail(
            f"{count} voices from program {first} on would end at {first + count - 1}, and the memory ends at "
            f"{PROGRAMS}: begin at {PROGRAMS - count + 1} or before, or choose one with --voice"
            if count <= PROGRAMS
            else f"{count} voices do not fit into {PROGRAMS} programs; choose one with --voice"
        )


def _load(context: typer.Context, board: Xfm2, voice: Voice) -> _Sent:
    from bridge.backup import kept_edit_buffer
    from bridge.names import Names

    with kept_edit_buffer(board, only_after_errors=True):
        loaded = board.load(voice.program)
    names = Names.load(board.identity)
    names.remember(voice.program, voice.name)
    names.keep(lambda text: note(context, text))
    return _Sent(voice, loaded)


def _store_all(
    context: typer.Context, board: Xfm2, voices: Sequence[Voice], first: int, yes: bool, no_backup: bool
) -> list[_Sent]:
    from bridge.backup import adding, kept_edit_buffer
    from bridge.names import Names

    if not no_backup:
        _offer_backup(context, board, yes)
    names = Names.load(board.identity)
    try:
        with kept_edit_buffer(board, only_after_errors=True), progress_bar(context) as progress:
            with adding(lambda: "nothing was stored"):
                _confirm(context, board, voices, first, yes, names, progress)
            return _store_each(board, voices, first, names, progress)
    finally:
        names.keep(lambda text: note(context, text))


def _store_each(board: Xfm2, voices: Sequence[Voice], first: int, names: Names, progress: Progress) -> list[_Sent]:
    from bridge.backup import adding, store

    sent: list[_Sent] = []

    def done() -> str:
        stored = f"{_span(first, first + len(sent) - 1)} {'is' if len(sent) == 1 else 'are'} stored and verified"
        return f"{stored if sent else 'no program is stored and verified yet'}; the same command stores them all"

    with adding(done):
        for number, voice in enumerate(voices, first):
            progress("storing", len(sent), len(voices))
            loaded = store(board, number, voice.program)
            names.remember(voice.program, voice.name, number)
            sent.append(_Sent(voice, loaded, number))
    progress("storing", len(sent), len(voices))
    return sent


def _offer_backup(context: typer.Context, board: Xfm2, yes: bool) -> None:
    from bridge.backup import adding
    from bridge.errors import BridgeError
    from bridge.names import Names

    names = Names.load(board.identity)
    if names.last_backup is not None:
        return
    path = names.backup_path
    if not agreed(f"This board was never backed up. Save all it holds to {path} first?", yes, default=True):
        return
    remedy = "`sixop xfm2 backup FILE` saves the board to another place, and with --no-backup storing goes on then"
    with adding(lambda: f"nothing was stored; {remedy}"):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except (OSError, ValueError) as error:
            raise BridgeError(f"cannot write {str(path)!r}: {why_not_written(error)}") from error
        back_up(context, board, path)
    note(context, f"what the board held is saved in {path}; `sixop xfm2 restore` puts it back")


def _confirm(
    context: typer.Context,
    board: Xfm2,
    voices: Sequence[Voice],
    first: int,
    yes: bool,
    names: Names,
    progress: Progress,
) -> None:
    """Show what is overwritten, and end here unless that is agreed to."""
    from bridge.names import differing

    changes = []
    for number, voice in enumerate(voices, first):
        progress("comparing", number - first, len(voices))
        before = board.read_program(number)
        names.remember(before, place=number)
        count = len(differing(before, voice.program))
        how = f"{count} parameters differ" if count else "nothing differs"
        changes.append(f"program {number}: {title(before, names)} becomes {voice.name or 'unnamed'}, {how}")
    progress("comparing", len(voices), len(voices))
    for change in changes:
        note(context, change)
    if not agreed(f"Overwrite {_span(first, first + len(voices) - 1)}?", yes):
        fail("nothing was stored; the board is as it was")


def _span(first: int, last: int) -> str:
    return f"program {first}" if first == last else f"programs {first} to {last}"


def _dry_run(context: typer.Context, unit: int, voices: Sequence[Voice], first: int | None, as_json: bool) -> NoReturn:
    def all_frames() -> Iterator[frames.Frame]:
        yield frames.selecting(unit)
        yield frames.dumping()
        if first is None:
            yield from frames.loading(voices[0].program)
            yield frames.dumping()
            return
        for number in range(first, first + len(voices)):
            yield from frames.reading(number)
        before = None
        for number, voice in enumerate(voices, first):
            yield from frames.loading(voice.program, before)
            yield frames.dumping()
            yield frames.storing(number)
            yield from frames.reading(number)
            before = voice.program

    besides = ["a board gets only what differs from what it holds", frames.BLOCK]
    if first is not None:
        besides.append("a board that was never backed up is read before (`sixop xfm2 backup --dry-run FILE`)")
    frames.show(context, as_json, all_frames(), *besides)
