# SPDX-License-Identifier: Apache-2.0
"""`sixop play`: the instrument, live."""

from __future__ import annotations

import signal
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synth.cli.common import not_an_input, options, read_voices, usage, voice_number
from synth.cli.values import choice, number, whole

if TYPE_CHECKING:
    from synth.patch import Patch


class Face(StrEnum):
    """What the player shows."""

    PLAIN = "plain"
    NONE = "none"


class Kernel(StrEnum):
    """How the operators compute."""

    CHIP = "chip"


class OutputStage(StrEnum):
    """What comes after the operators."""

    CLEAN = "clean"
    DX7 = "dx7"


Rate = Annotated[int, typer.Option(parser=whole("--rate", 8000, 192000), metavar="HZ", help="Sample rate.")]
KernelChoice = Annotated[
    Kernel,
    choice("--kernel", Kernel, "chip: sample for sample what a DX7 computes."),
]
OutputChoice = Annotated[
    OutputStage,
    choice("--output", OutputStage, "dx7: with the grain of its converter and its low-pass."),
]
Volume = Annotated[
    float,
    typer.Option(parser=number("--volume", -96, 24, "dB"), metavar="DB", help="0 is one full carrier."),
]
_LONGEST_SECONDS = 7 * 24 * 3600


def play(
    context: typer.Context,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="Voices to play; the factory bank if none.")
    ] = None,
    face: Annotated[
        Face | None,
        choice("--face", Face, "plain: keys and text (needs a terminal); none: listen to MIDI only."),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            parser=number("--seconds", 0, _LONGEST_SECONDS, "seconds"), metavar="S", help="End after this much sound."
        ),
    ] = None,
    midi: Annotated[
        list[str] | None,
        typer.Option(metavar="auto|virtual|none|NAME", help="MIDI inputs; may be repeated. [default: auto]"),
    ] = None,
    midi_file: Annotated[
        Path | None, typer.Option(metavar="SONG.mid", help="Play a song, and end two seconds after it.")
    ] = None,
    audio: Annotated[str | None, typer.Option(metavar="NAME|none", help="Audio device. [default: the best]")] = None,
    rate: Rate | None = None,
    frames: Annotated[
        int | None, typer.Option(parser=whole("--frames", 16, 8192), metavar="N", help="Frames per buffer.")
    ] = None,
    kernel: KernelChoice = Kernel.CHIP,
    voices: Annotated[int, typer.Option(parser=whole("--voices", 1, 256), metavar="N", help="Notes at a time.")] = 32,
    voice: Annotated[str | None, typer.Option(metavar="N|NAME", help="The voice to start with.")] = None,
    volume: Volume = -12.0,
    output: OutputChoice = OutputStage.CLEAN,
    record: Annotated[Path | None, typer.Option(metavar="FILE", help="Record to a .wav or .flac.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Events as JSON, one a line.")] = False,
) -> None:
    """Play: from MIDI keyboards, from the computer keyboard, or a song.

    Without a terminal, and without being told what to do, it plays a short demo
    of the bank, says what it did and ends.
    """
    keys = _has_keys(face)
    demo = not keys and face is None and seconds is None and midi is None and midi_file is None
    bank, bank_name = read_voices(context, files or [])
    start = voice_number(voice, bank)
    if any(not name.strip() for name in midi or []):
        usage("--midi needs the name of an input, auto, virtual or none; `sixop devices` lists the inputs")
    if record is not None:
        if record.suffix.lower() not in (".wav", ".flac"):
            usage(f"--record {str(record)!r} must end in .wav or .flac")
        not_an_input("--record", record, midi_file, *(files or []))

    from synth.face.plain import PlainFace
    from synth.session import Session

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite kill ends as Ctrl-C does
    session = Session(
        bank,
        bank_name,
        number=start,
        audio=audio,
        rate=rate,
        frames=frames,
        kernel=str(kernel),
        polyphony=voices,
        output=str(output),
        volume_db=volume,
        midi=["none"] if demo else midi or ["auto"],
        midi_file=None if midi_file is None else str(midi_file),
        demo=demo,
        seconds=seconds,
        record=None if record is None else str(record.absolute()),
    )
    code = PlainFace(session, keys, as_json, options(context).quiet).run()
    if demo and code == 0 and not as_json:
        _report_demo(bank, start)
    raise typer.Exit(code)


def _report_demo(bank: list[Patch], number: int) -> None:
    from synth.player.demo import demo_voices

    shown = ", ".join(f"{index + 1} {bank[index].name.strip()}" for index in demo_voices(len(bank), number))
    print(f"demo    voices {shown}; a terminal, --midi or --midi-file plays for real")


def _has_keys(face: Face | None) -> bool:
    """True if the computer keyboard plays: a terminal on both ends, or `--face plain` and one to read from."""
    if face is Face.PLAIN:
        if not sys.stdin.isatty():
            usage("--face plain needs a terminal to read keys from; --face none listens to MIDI only")
        return True
    return face is None and sys.stdin.isatty() and sys.stdout.isatty()
