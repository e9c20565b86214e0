# SPDX-License-Identifier: Apache-2.0
"""`sixop play`: the instrument, live."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from synth.cli.common import not_an_input, options, read_voices, usage, voice_number
from synth.cli.configured import configured, doubt, setting_option
from synth.cli.resuming import resumed, together
from synth.cli.starting import wanted_starting
from synth.cli.tuned import wanted_master, wanted_tuning
from synth.errors import SixopError, VoiceNotFoundError
from synth.matching import find_voice

if TYPE_CHECKING:
    from synth.config.stack import Configuration
    from synth.patch import Patch
    from synth.session import Session


AUTO = "auto"
"""What stands after `--xfm2` if no port does: the board that is found."""
# Started by the player; its name is all that this package knows of the other.
_BOARD_MODULE = "bridge.target"
_BOARD = ("xfm2.port", "xfm2.midi", "xfm2.unit", "xfm2.profile", "xfm2.alg46")
# Who sets one of these wants no demo.
_WORK = ("play.face", "play.seconds", "play.midi_file", "play.record_midi", "midi.inputs", "midi.outputs")


def play(
    context: typer.Context,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="Voices to play; the factory bank if none.")
    ] = None,
    resume: Annotated[bool | None, setting_option("play.resume")] = None,
    face: Annotated[str | None, setting_option("play.face")] = None,
    seconds: Annotated[str | None, setting_option("play.seconds")] = None,
    midi: Annotated[list[str] | None, setting_option("midi.inputs")] = None,
    curve: Annotated[str | None, setting_option("midi.curve")] = None,
    midi_out: Annotated[list[str] | None, setting_option("midi.outputs", default="none")] = None,
    mpe: Annotated[str | None, setting_option("midi.mpe")] = None,
    midi_file: Annotated[str | None, setting_option("play.midi_file")] = None,
    audio: Annotated[str | None, setting_option("audio.device")] = None,
    rate: Annotated[str | None, setting_option("audio.rate")] = None,
    frames: Annotated[str | None, setting_option("audio.frames")] = None,
    kernel: Annotated[str | None, setting_option("engine.kernel")] = None,
    voices: Annotated[str | None, setting_option("engine.voices")] = None,
    tuning: Annotated[str | None, setting_option("tuning.scale")] = None,
    keyboard: Annotated[str | None, setting_option("tuning.keyboard")] = None,
    mts_esp: Annotated[bool | None, setting_option("tuning.mts_esp")] = None,
    mono: Annotated[bool | None, setting_option("functions.mono")] = None,
    bend_range: Annotated[str | None, setting_option("functions.bend_range")] = None,
    portamento: Annotated[str | None, setting_option("functions.portamento_time")] = None,
    tune: Annotated[str | None, setting_option("functions.master_tune")] = None,
    voice: Annotated[str | None, setting_option("play.voice")] = None,
    channels: Annotated[str | None, setting_option("audio.channels")] = None,
    limiter: Annotated[bool | None, setting_option("audio.limiter")] = None,
    volume: Annotated[str | None, setting_option("audio.volume_db")] = None,
    output: Annotated[str | None, setting_option("audio.output")] = None,
    record: Annotated[str | None, setting_option("play.record")] = None,
    record_midi: Annotated[str | None, setting_option("play.record_midi")] = None,
    xfm2: Annotated[str | None, setting_option("xfm2.port")] = None,
    xfm2_midi: Annotated[str | None, setting_option("xfm2.midi")] = None,
    xfm2_unit: Annotated[str | None, setting_option("xfm2.unit")] = None,
    xfm2_profile: Annotated[str | None, setting_option("xfm2.profile")] = None,
    xfm2_alg46: Annotated[str | None, setting_option("xfm2.alg46")] = None,
    as_json: Annotated[bool | None, setting_option("play.json")] = None,
) -> None:
    """Play: from MIDI keyboards, from the computer keyboard, or a song.

    Without a terminal, and without being told what to do, it plays a short demo
    of the bank, says what it did and ends.

    With --xfm2, or any option that begins so, an XFM2 board plays the voice
    that was selected, received or edited last, on whatever channel.
    """
    settings = configured(
        context,
        {
            "audio.device": audio,
            "audio.rate": rate,
            "audio.frames": frames,
            "audio.output": output,
            "audio.channels": channels,
            "audio.limiter": limiter,
            "audio.volume_db": volume,
            "engine.kernel": kernel,
            "engine.voices": voices,
            "tuning.scale": tuning,
            "tuning.keyboard": keyboard,
            "tuning.mts_esp": mts_esp,
            "functions.mono": mono,
            "functions.bend_range": bend_range,
            "functions.portamento_time": portamento,
            "functions.master_tune": tune,
            "midi.inputs": midi,
            "midi.curve": curve,
            "midi.mpe": mpe,
            "midi.outputs": midi_out,
            "play.files": [str(file) for file in files or []],
            "play.voice": voice,
            "play.resume": resume,
            "play.face": face,
            "play.seconds": seconds,
            "play.midi_file": midi_file,
            "play.record": record,
            "play.record_midi": record_midi,
            "play.json": as_json,
            "xfm2.port": xfm2,
            "xfm2.midi": xfm2_midi,
            "xfm2.unit": xfm2_unit,
            "xfm2.profile": xfm2_profile,
            "xfm2.alg46": xfm2_alg46,
        },
    )
    keys = _has_keys(settings)
    targets = _board(settings)
    demo = not (keys or targets or any(settings.asked(key) for key in _WORK))
    song, take, midi_take = settings["play.midi_file"], settings["play.record"], settings["play.record_midi"]
    state, kept = (None, {}) if demo or song is not None else resumed(context, settings)
    if "voices" in kept:
        from synth.player.settings import unpack_voices

        bank, bank_name = unpack_voices(kept.pop("voices")), kept.pop("bank_name")
    else:
        bank, bank_name = _bank(context, settings)
    start = kept["number"] if "number" in kept else _first_voice(context, settings, bank)
    tuned = wanted_tuning(context, settings)
    starting = wanted_starting(context, settings, bank, kept.get("numbers", {}))
    if take is not None:
        not_an_input("--record", take, song, *settings["play.files"])
    if midi_take is not None:
        not_an_input("--record-midi", midi_take, song, *settings["play.files"])

    from synth.session import Session

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite kill ends as Ctrl-C does
    choices: dict[str, Any] = dict(  # noqa: C408 - as it is called with
        number=start,
        audio=settings["audio.device"],
        insist=settings.by_option("audio.device"),
        rate=settings["audio.rate"],
        frames=settings["audio.frames"],
        kernel=settings["engine.kernel"],
        polyphony=settings["engine.voices"],
        output=settings["audio.output"],
        channels=settings["audio.channels"],
        limiter=settings["audio.limiter"],
        volume_db=settings["audio.volume_db"],
        tuning=tuned,
        mts_esp=wanted_master(context, settings),
        midi=["none"] if demo else settings["midi.inputs"],
        outputs=settings["midi.outputs"],
        zones=settings["midi.zones"],
        zone_places=[str(place) for place in settings.places("midi.zones")],
        curve=settings["midi.curve"],
        mpe=settings["midi.mpe"],
        midi_file=None if song is None else str(song),
        demo=demo,
        seconds=settings["play.seconds"],
        record=None if take is None else str(take.absolute()),
        record_midi=None if midi_take is None else str(midi_take.absolute()),
        targets=targets,
    )
    choices |= together(starting, kept)
    session = Session(bank, bank_name, state=state, **choices)
    code = _face(context, settings, session, keys, bank, bank_name)
    if demo and code == 0 and not settings["play.json"]:
        _report_demo(bank, start)
    raise typer.Exit(code)


def _face(
    context: typer.Context, settings: Configuration, session: Session, keys: bool, bank: list[Patch], bank_name: str
) -> int:
    """Show the session to its end; the exit code."""
    if keys and settings["play.face"] == "tui":
        from synth.tui.start import run_screen, why_no_screen

        if not (why := why_no_screen()):
            return run_screen(session, bank, bank_name)
        print(f"sixop: {why}", file=sys.stderr)
    from synth.face.plain import PlainFace

    return PlainFace(session, keys, settings["play.json"], options(context).quiet).run()


def _bank(context: typer.Context, settings: Configuration) -> tuple[list[Patch], str]:
    """The voices to play. If those that the configuration names cannot be read, the factory bank plays instead."""
    try:
        return read_voices(context, settings["play.files"])
    except SixopError as error:
        if settings.by_option("play.files"):
            raise
        doubt(context, settings, "play.files", error, "the factory bank plays instead")
        return read_voices(context, [])


def _first_voice(context: typer.Context, settings: Configuration, bank: Sequence[Patch]) -> int:
    """The number of the voice to start with: the first one if that of the configuration is not in the bank."""
    wanted = settings["play.voice"]
    if settings.by_option("play.voice"):
        return voice_number(wanted, bank)
    try:
        return find_voice(wanted, bank)
    except VoiceNotFoundError as error:
        doubt(context, settings, "play.voice", error, "voice 1 is first")
        return 1


def _board(settings: Configuration) -> list[dict[str, Any]]:
    """The board as a target: if the configuration gives a port, or any option asks for it and none leaves it out."""
    port = settings["xfm2.port"]
    asked = any(settings.by_option(key) for key in _BOARD) and not settings.by_option("xfm2.port")
    if port is None and not asked:
        return []
    midi = settings["xfm2.midi"]
    board = {
        "port": None if port == AUTO else port,
        "midi": midi,
        "unit": settings["xfm2.unit"],
        "profile": settings["xfm2.profile"],
        "alg46": settings["xfm2.alg46"],
    }
    return [{"module": _BOARD_MODULE, "options": board, "midi": midi is not None}]


def _report_demo(bank: list[Patch], number: int) -> None:
    from synth.player.demo import demo_voices

    shown = ", ".join(f"{index + 1} {bank[index].name.strip()}" for index in demo_voices(len(bank), number))
    print(f"demo    voices {shown}; a terminal, --midi or --midi-file plays for real")


def _has_keys(settings: Configuration) -> bool:
    """True if the computer keyboard plays: a terminal on both ends, or face plain and one to read from."""
    face = settings["play.face"]
    if face == "tui" and "TEXTUAL_DRIVER" in os.environ:  # `sixop web` is its terminal
        return True
    if face in ("plain", "tui"):
        shown = sys.stdin.isatty() and (face == "plain" or sys.stdout.isatty())
        if not shown and settings.by_option("play.face"):
            usage(f"--face {face} needs a terminal to read keys from; --face none listens to MIDI only")
        return shown
    return face is None and sys.stdin.isatty() and sys.stdout.isatty()
