# SPDX-License-Identifier: Apache-2.0
"""What several commands share: options, errors, banks and voices by number or name."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from synth.matching import Named, find_voice

if TYPE_CHECKING:
    from synth.patch import Patch

_SONGS = (".mid", ".midi", ".kar", ".rmi", ".smf")


@dataclass
class Options:
    """The global options."""

    quiet: bool = False
    config: Path | None = None
    profile: str | None = None


def options(context: typer.Context) -> Options:
    """The global options of a command's context."""
    return context.obj if isinstance(context.obj, Options) else Options()


def tell(sentence: str, code: int = 1) -> int:
    """One clear sentence on stderr; the exit code that goes with it."""
    print(f"sixop: {sentence}", file=sys.stderr)
    return code


def fail(sentence: str, code: int = 1) -> NoReturn:
    """One clear sentence on stderr, then the end."""
    sys.exit(tell(sentence, code))


def usage(sentence: str) -> NoReturn:
    """As `fail`, for a command that was asked in a wrong way."""
    fail(sentence, 2)


def note(context: typer.Context, sentence: str) -> None:
    """Something worth knowing, on stderr, unless --quiet."""
    if not options(context).quiet:
        tell(sentence)


def read_voices(context: typer.Context, files: Sequence[Path]) -> tuple[list[Patch], str]:
    """All voices of some files in order, or the factory bank; and a name for them.

    What had to be repaired in a file is told on stderr.

    Raises:
        SixopError: a file cannot be read or holds no voice.
    """
    if not files:
        from synth.factory import factory_bank

        return list(factory_bank()), "factory"
    from synth.errors import VoiceError
    from synth.voices import load_voices

    voices: list[Patch] = []
    for file in files:
        try:
            found = load_voices(file)
        except VoiceError as error:
            if file.suffix.lower() in _SONGS and context.info_name in ("play", "render"):
                raise VoiceError(f"{file} holds no DX7 voice; as a song it is given by --midi-file {file}") from error
            raise
        for problem in found.problems:
            note(context, f"{file}: {problem}")
        voices += found
    return voices, ", ".join(file.name for file in files)


def voice_number(wanted: str | None, voices: Sequence[Named]) -> int:
    """The 1-based number of a voice given by number or name; 1 if none is given. What does not fit is a usage error."""
    from synth.errors import VoiceNotFoundError

    try:
        return 1 if wanted is None else find_voice(wanted, voices)
    except VoiceNotFoundError as error:
        usage(str(error))


def not_an_input(option: str, out: Path, *inputs: Path | None) -> None:
    """Refuse to write over a file that is read."""
    for file in inputs:
        with suppress(OSError, ValueError):  # files that do not exist are not the same
            if file is not None and out.samefile(file):
                usage(f"{option} {str(out)!r} is {str(file)!r}, which is read: choose another name")


@contextmanager
def silent_libraries() -> Iterator[None]:
    """Within: what C libraries print on stderr (ALSA, JACK, PortAudio looking around) goes nowhere."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
