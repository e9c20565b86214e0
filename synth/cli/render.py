# SPDX-License-Identifier: Apache-2.0
"""`sixop render`: notes and songs to sound files, faster than they sound.

The engine, its volume and its clamp are those of `sixop play`, so a song
rendered here equals the song played there, bit for bit.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synth.audio.stream import DEFAULT_RATE
from synth.cli.common import fail, not_an_input, note, options, read_voices, usage, voice_number
from synth.cli.configured import configured, setting_option
from synth.cli.starting import EVERY_PART, Starting, wanted_starting
from synth.cli.tuned import wanted_tuning
from synth.cli.values import LONGEST_SECONDS, choice, number, whole
from synth.files import replacing, why_not_written
from synth.player.settings import by_part

if TYPE_CHECKING:
    from synth.engine import Engine
    from synth.patch import Patch
    from synth.score import Score
    from synth.tuning import Tuning

_BLOCK_FRAMES = 4096
_LONG_SECONDS = 20.0  # from here on a progress bar is worth its line
_FRAME_BYTES = {"PCM_16": 4, "PCM_24": 6, "FLOAT": 8}
_LARGEST_WAV = (1 << 32) - 4096  # bytes; the sizes in its header have 32 bits


class Bits(StrEnum):
    """Sample formats of a file."""

    PCM_16 = "16"
    PCM_24 = "24"
    FLOAT = "float"


def render(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="Voices to render; the factory bank if left out.")] = None,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT.wav", help="A .wav or .flac to write.")] = Path(
        "out.wav"
    ),
    voice: Annotated[str | None, typer.Option(metavar="N|NAME", help="Which voice. [default: 1]")] = None,
    note_: Annotated[str, typer.Option("--note", metavar="N|NAME", help="60 or C3.")] = "C3",
    velocity: Annotated[
        int, typer.Option(parser=whole("--velocity", 1, 127), metavar="N", help="How hard the key is struck.")
    ] = 100,
    hold: Annotated[
        float,
        typer.Option(
            parser=number("--hold", 0, LONGEST_SECONDS, "seconds"), metavar="S", help="Seconds until the key is let go."
        ),
    ] = 1.0,
    tail: Annotated[
        float | None,
        typer.Option(
            parser=number("--tail", 0, LONGEST_SECONDS, "seconds"),
            metavar="S",
            help="Seconds after it. [default: 0.5, after a song 2]",
        ),
    ] = None,
    rate: Annotated[str | None, setting_option("audio.rate", default="48000")] = None,
    kernel: Annotated[str | None, setting_option("engine.kernel")] = None,
    tuning: Annotated[str | None, setting_option("tuning.scale")] = None,
    keyboard: Annotated[str | None, setting_option("tuning.keyboard")] = None,
    midi_file: Annotated[Path | None, typer.Option(metavar="SONG.mid", help="Render a song, not a note.")] = None,
    channels: Annotated[str | None, setting_option("audio.channels")] = None,
    limiter: Annotated[bool | None, setting_option("audio.limiter")] = None,
    volume: Annotated[str | None, setting_option("audio.volume_db")] = None,
    output: Annotated[str | None, setting_option("audio.output")] = None,
    bits: Annotated[
        Bits | None,
        choice("--bits", Bits, "Sample format. [default: float for .wav, 24 for .flac]"),
    ] = None,
) -> None:
    """Render a note, or a song, to a WAV or FLAC file: stereo; both sides are equal unless the song pans."""
    settings = configured(
        context,
        {
            "audio.rate": rate,
            "audio.output": output,
            "audio.channels": channels,
            "audio.limiter": limiter,
            "audio.volume_db": volume,
            "engine.kernel": kernel,
            "tuning.scale": tuning,
            "tuning.keyboard": keyboard,
        },
    )
    hz = settings["audio.rate"] or DEFAULT_RATE
    subtype = _subtype(out, bits)
    not_an_input("-o", out, file, midi_file)
    key = _key(note_)
    tuned = wanted_tuning(context, settings)
    bank, _ = read_voices(context, [file] if file else [])
    starting = wanted_starting(context, settings, bank, EVERY_PART if midi_file is None else ())
    start = voice_number(voice, bank)
    if midi_file is None:
        score, frames = _note_score(bank[start - 1], starting, key, velocity, round(hold * hz), tuned)
        frames += round((0.5 if tail is None else tail) * hz)
    else:
        from synth.midi.file import score_from_midi_file

        score, frames = score_from_midi_file(
            midi_file,
            bank,
            hz,
            start,
            tuned,
            numbers=by_part(starting.numbers),
            functions=by_part(starting.functions),
            doubt=partial(note, context),
        )
        frames += round((2.0 if tail is None else tail) * hz)

    from synth.engine import Engine

    engine = Engine(
        sample_rate=hz,
        voices=settings["engine.voices"],
        kernel=settings["engine.kernel"],
        output=settings["audio.output"],
        mono=settings["audio.channels"] == "mono",
        limiter=settings["audio.limiter"],
        volume_db=settings["audio.volume_db"],
        clamp=True,
    )
    for part, decibels in by_part(starting.part_volumes).items():
        engine.set_part_volume(decibels, part, frame=0)
    for part, pan in by_part(starting.pans).items():
        engine.set_pan(pan, part, frame=0)
    engine.play(score)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite kill leaves no stump, as Ctrl-C does
    _write(engine, frames, out, subtype, show=not options(context).quiet)
    note(context, f"{out}: {frames} frames, {frames / hz:.2f} s at {hz} Hz")


def _key(text: str) -> int:
    from synth.errors import SixopError
    from synth.notes import parse_note

    try:
        return parse_note(text)
    except SixopError as error:
        usage(str(error))


def _note_score(
    voice: Patch, starting: Starting, key: int, velocity: int, hold_frames: int, tuning: Tuning | None
) -> tuple[Score, int]:
    from synth.score import Score

    score = Score()
    if tuning is not None:
        score.set_tuning(0, tuning)
    score.load(0, 0, voice)
    for name, value in by_part(starting.functions).get(0, {}).items():
        score.set_function(0, name, value)
    score.midi(0, bytes((0x90, key, velocity)))
    score.midi(hold_frames, bytes((0x80, key, 64)))
    return score, hold_frames


def _subtype(out: Path, bits: Bits | None) -> str:
    """The sound file's sample format, by suffix and --bits."""
    kind = out.suffix.lower()
    if kind not in (".wav", ".flac"):
        usage(f"-o {str(out)!r} must end in .wav or .flac")
    if kind == ".flac" and bits is Bits.FLOAT:
        usage("FLAC holds no floats: leave out --bits or write a .wav")
    if bits is None:
        return "FLOAT" if kind == ".wav" else "PCM_24"
    return "FLOAT" if bits is Bits.FLOAT else f"PCM_{bits}"


def _write(engine: Engine, frames: int, out: Path, subtype: str, show: bool) -> None:
    import soundfile

    if out.suffix.lower() == ".wav" and frames * _FRAME_BYTES[subtype] > _LARGEST_WAV:
        fail(f"{str(out)!r} would grow beyond the 4 GB of a WAV file: write a .flac, or render less")
    try:
        with replacing(out) as place:
            try:
                with soundfile.SoundFile(place, "w", engine.sample_rate, 2, subtype) as sound:
                    for block in _progress(frames, show and frames > _LONG_SECONDS * engine.sample_rate):
                        sound.write(engine.render(block))
            except soundfile.LibsndfileError as error:
                _write_more(place)
                fail(f"cannot write {str(out)!r}: {error.error_string}")
    except (OSError, ValueError) as error:
        fail(f"cannot write {str(out)!r}: {why_not_written(error)}")


def _write_more(place: Path) -> None:
    """Let the system say what libsndfile keeps to itself: why nothing more can be written.

    Raises:
        OSError: that is why.
    """
    with place.open("ab", buffering=0) as file:
        file.write(bytes(_FRAME_BYTES["FLOAT"] * _BLOCK_FRAMES))


def _progress(frames: int, show: bool) -> Iterator[int]:
    """Block sizes that add up to `frames`; with a bar on stderr if it is a terminal and the work is long."""
    blocks = [_BLOCK_FRAMES] * (frames // _BLOCK_FRAMES) + ([frames % _BLOCK_FRAMES] if frames % _BLOCK_FRAMES else [])
    if not (show and sys.stderr.isatty()):
        yield from blocks
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("rendering", total=frames)
        for block in blocks:
            yield block
            progress.advance(task, block)
