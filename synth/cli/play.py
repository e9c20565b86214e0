# SPDX-License-Identifier: Apache-2.0
"""`sixop play`: the instrument, live."""

from __future__ import annotations

import signal
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from synth.cli.common import not_an_input, options, read_voices, usage, voice_number
from synth.cli.values import choice, number, whole
from synth.engine import KERNELS

if TYPE_CHECKING:
    from synth.patch import Patch


class Face(StrEnum):
    """What the player shows."""

    PLAIN = "plain"
    NONE = "none"


class OutputStage(StrEnum):
    """What comes after the operators."""

    CLEAN = "clean"
    DX7 = "dx7"


Rate = Annotated[int, typer.Option(parser=whole("--rate", 8000, 192000), metavar="HZ", help="Sample rate.")]
KernelChoice = Annotated[
    str,
    choice("--kernel", KERNELS, "chip: sample for sample what a DX7 computes; clean: without its grain, and faster."),
]
OutputChoice = Annotated[
    OutputStage,
    choice("--output", OutputStage, "dx7: with the grain of its converter and its low-pass."),
]


class Alg46(StrEnum):
    """How a board is to understand the feedback of algorithms 4 and 6."""

    SELF = "self"
    LOOP = "loop"


Volume = Annotated[
    float,
    typer.Option(parser=number("--volume", -96, 24, "dB"), metavar="DB", help="0 is one full carrier."),
]
_LONGEST_SECONDS = 7 * 24 * 3600
AUTO = "auto"
"""What stands after `--xfm2` if no port does: the board that is found."""
# Started by the player; its name is all that this package knows of the other.
_BOARD_MODULE = "bridge.target"


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
    kernel: KernelChoice = "chip",
    voices: Annotated[int, typer.Option(parser=whole("--voices", 1, 256), metavar="N", help="Notes at a time.")] = 32,
    voice: Annotated[str | None, typer.Option(metavar="N|NAME", help="The voice to start with.")] = None,
    volume: Volume = -12.0,
    output: OutputChoice = OutputStage.CLEAN,
    record: Annotated[Path | None, typer.Option(metavar="FILE", help="Record to a .wav or .flac.")] = None,
    xfm2: Annotated[
        str | None,
        typer.Option(
            metavar="[PORT]",
            help="The voice of the moment is on an XFM2's edit buffer too; without PORT on the board found. "
            "A song's notes and voices do not go there.",
        ),
    ] = None,
    xfm2_midi: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Play an XFM2 by this MIDI output: notes, bend, controllers and pressure."),
    ] = None,
    xfm2_unit: Annotated[
        int | None, typer.Option(parser=whole("--xfm2-unit", 1, 2), metavar="1|2", help="Its unit. [default: 1]")
    ] = None,
    xfm2_profile: Annotated[
        str | None, typer.Option(metavar="NAME|FILE", help="How voices are converted. [default: default]")
    ] = None,
    xfm2_alg46: Annotated[
        Alg46 | None,
        choice("--xfm2-alg46", Alg46, "Feedback of algorithms 4 and 6: operator 6 alone, or the DX7's loop."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Events as JSON, one a line.")] = False,
) -> None:
    """Play: from MIDI keyboards, from the computer keyboard, or a song.

    Without a terminal, and without being told what to do, it plays a short demo
    of the bank, says what it did and ends.

    With --xfm2, or any option that begins so, an XFM2 board plays the voice
    that was selected, received or edited last, on whatever channel.
    """
    targets = _board(xfm2, xfm2_midi, xfm2_unit, xfm2_profile, xfm2_alg46)
    keys = _has_keys(face)
    told = targets or face is not None or seconds is not None or midi is not None or midi_file is not None
    demo = not keys and not told
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
        kernel=kernel,
        polyphony=voices,
        output=str(output),
        volume_db=volume,
        midi=["none"] if demo else midi or ["auto"],
        midi_file=None if midi_file is None else str(midi_file),
        demo=demo,
        seconds=seconds,
        record=None if record is None else str(record.absolute()),
        targets=targets,
    )
    code = PlainFace(session, keys, as_json, options(context).quiet).run()
    if demo and code == 0 and not as_json:
        _report_demo(bank, start)
    raise typer.Exit(code)


def _board(
    port: str | None, midi: str | None, unit: int | None, profile: str | None, alg46: Alg46 | None
) -> list[dict[str, Any]]:
    """The board as a target, if any option asks for it."""
    for option, text in (("--xfm2", port), ("--xfm2-midi", midi), ("--xfm2-profile", profile)):
        if text is not None and not text.strip():
            usage(f"{option} needs a name; `sixop xfm2 ports` and `sixop devices` list what there is")
    if all(choice is None for choice in (port, midi, unit, profile, alg46)):
        return []
    board = {
        "port": None if port == AUTO else port,
        "midi": midi,
        "unit": unit or 1,
        "profile": profile or "default",
        "alg46": str(alg46 or Alg46.SELF),
    }
    return [{"module": _BOARD_MODULE, "options": board, "midi": midi is not None}]


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
