# SPDX-License-Identifier: Apache-2.0
"""`sixop send`: voices, banks and single parameters to a DX7 or one of its relatives."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synth.cli.asking import agreed, answerable, progress_bar
from synth.cli.common import fail, note, read_voices, silent_libraries, tell, usage, voice_number
from synth.cli.values import number, whole
from synth.sysex import BANK_VOICES

if TYPE_CHECKING:
    from synth.midi.gear import Outlet
    from synth.midi.outgoing import Outgoing
    from synth.patch import Patch

_LONG_BYTES = 1000  # a third of a second on the cable: worth a bar
_READY = "the instrument has to be ready for it: SYS INFO AVAIL (button FUNCTION 8) and its MIDI channel {channel}"


def send(
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(metavar="[FILE]...", help="DX7 voices, in any format.")] = None,
    midi: Annotated[
        str | None, typer.Option(metavar="NAME|PATH", help="The MIDI output, or a raw device as /dev/snd/midiC1D0.")
    ] = None,
    voice: Annotated[str | None, typer.Option(metavar="N|NAME", help="One voice, to the edit buffer.")] = None,
    bank: Annotated[
        int | None,
        typer.Option(parser=whole("--bank", 1, 9999), metavar="N", help="The Nth 32 voices, to the 32 memories."),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="One parameter, as op1.output_level=80 or bend_range=7."),
    ] = None,
    channel: Annotated[
        int, typer.Option(parser=whole("--channel", 1, 16), metavar="N", help="The instrument's MIDI channel.")
    ] = 1,
    gap: Annotated[
        float,
        typer.Option(
            parser=number("--gap", 0, 10_000, "milliseconds"), metavar="MS", help="Rest between two messages."
        ),
    ] = 100.0,
    yes: Annotated[bool, typer.Option("--yes", help="Overwrite the instrument's memories without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the messages as hex; needs no MIDI.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Send voices to a DX7 or a relative: one to its edit buffer, 32 to its memories, or single parameters.

    A file of one voice goes to the edit buffer, where it is heard at once and nothing is stored. More voices are a
    bank, which overwrites all 32 memories of the instrument, after a question. Changes follow the voice.
    """
    messages, overwrites = _messages(context, files or [], voice, bank, settings or [], channel)
    if dry_run:
        _print(context, messages, as_json)
        return
    if not midi or not midi.strip():
        usage(f"--midi says where to send; {_outputs()}")
    if overwrites:
        answerable("a bank overwrites the 32 memories of the instrument", yes)
    with silent_libraries():
        from synth.midi.gear import open_outlet

        outlet = open_outlet(midi, max(len(message.data) for message in messages))
    for ending in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, ending):
            signal.signal(getattr(signal, ending), signal.default_int_handler)
    started = time.monotonic()
    try:
        _tell_needs(context, files, overwrites, channel)
        if overwrites and not agreed(f"Overwrite all {BANK_VOICES} memories of the instrument at {outlet.name}?", yes):
            fail("nothing was sent")
        started = time.monotonic()
        try:
            _send(context, outlet, [message.data for message in messages], gap / 1000)
        except KeyboardInterrupt:
            tell("interrupted: the instrument may have taken a part of it, so send it again")
            raise
        if outlet.gone():
            fail(
                f"MIDI output {outlet.name!r} has gone meanwhile: nobody knows what arrived; connect it and send again"
            )
    finally:
        outlet.close()
    _report(messages, outlet.name, channel, time.monotonic() - started, as_json)


def _messages(
    context: typer.Context,
    files: Sequence[Path],
    voice: str | None,
    bank: int | None,
    settings: Sequence[str],
    channel: int,
) -> tuple[list[Outgoing], bool]:
    """What to send, and whether it overwrites memories."""
    from synth.midi.outgoing import bank_for, change_for, voice_for

    if not files and not settings:
        usage("there is nothing to send: name a FILE, or a parameter with --set KEY=VALUE")
    if (voice or bank) and not files:
        usage(f"{'--voice' if voice else '--bank'} chooses from a FILE, and none is named")
    if voice is not None and bank is not None:
        usage("--voice sends one voice and --bank 32 of them: give one or the other")
    try:
        changes = [change_for(setting, channel) for setting in settings]
    except (ValueError, TypeError) as error:
        usage(f"--set: {str(error).rstrip('.')}")
    if not files:
        return changes, False
    voices, source = read_voices(context, files)
    if voice is not None or (bank is None and len(voices) == 1):
        return [voice_for(voices[voice_number(voice, voices) - 1], channel), *changes], False
    return [bank_for(_bank(voices, bank, source), channel), *changes], True


def _bank(voices: list[Patch], bank: int | None, source: str) -> list[Patch]:
    """The voices that go to the memories."""
    banks = -(-len(voices) // BANK_VOICES)
    if bank is None and banks > 1:
        usage(
            f"{source} holds {len(voices)} voices and the instrument {BANK_VOICES}: --bank 1..{banks} chooses "
            f"{BANK_VOICES} of them, --voice one"
        )
    if bank is not None and bank > banks:
        usage(f"there is no --bank {bank}: {len(voices)} voices are {banks} bank{'s' if banks > 1 else ''} at most")
    first = ((bank or 1) - 1) * BANK_VOICES
    return voices[first : first + BANK_VOICES]


def _outputs() -> str:
    with silent_libraries():
        from synth.midi.apis import new_output
        from synth.midi.gear import known_names, there_are

        return there_are(known_names(new_output))


def _tell_needs(context: typer.Context, files: Sequence[Path] | None, overwrites: bool, channel: int) -> None:
    if files:
        protected = ", and MEMORY PROTECT INTERNAL off" if overwrites else ""
        note(context, _READY.format(channel=channel) + protected)


def _send(context: typer.Context, outlet: Outlet, messages: Sequence[bytes], gap: float) -> None:
    from synth.midi.gear import send_paced

    if sum(map(len, messages)) < _LONG_BYTES and len(messages) * gap < 1:
        send_paced(outlet, messages, gap, lambda _done, _total: None)
        return
    with progress_bar(context) as progress:
        send_paced(outlet, messages, gap, lambda done, total: progress("sending", done, total))


def _print(context: typer.Context, messages: Sequence[Outgoing], as_json: bool) -> None:
    note(context, "nothing is sent")
    if as_json:
        print(json.dumps([{"bytes": message.data.hex(" "), "meaning": message.meaning} for message in messages]))
        return
    for message in messages:
        note(context, f"{message.meaning}, {len(message.data)} bytes")
        print(message.data.hex(" "))


def _report(messages: Sequence[Outgoing], port: str, channel: int, seconds: float, as_json: bool) -> None:
    if as_json:
        rows = [{"meaning": message.meaning, "bytes": len(message.data)} for message in messages]
        total = sum(len(message.data) for message in messages)
        answer = {"port": port, "channel": channel, "messages": rows, "bytes_sent": total, "seconds": round(seconds, 3)}
        print(json.dumps(answer))
        return
    for message in messages:
        print(f"sent {message.meaning}: channel {channel}, {len(message.data)} bytes")
