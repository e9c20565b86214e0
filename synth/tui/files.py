# SPDX-License-Identifier: Apache-2.0
"""Voices written as files that a DX7 accepts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from synth.errors import VoiceError
from synth.files import create, replacing, why_not_written
from synth.library.building import write_banks
from synth.patch import Patch

MOST_SAVED = 32 * 32
"""Voices that are saved at once: as many banks as a bank has voices."""


def folder_here() -> Path:
    """The working directory, or the home folder if that is gone."""
    try:
        return Path.cwd()
    except OSError:
        return Path.home()


def suggested(name: str) -> str:
    """A file for something of this name."""
    return (re.sub(r"[^\w.+-]+", "_", name.strip()).strip("_.") or "voices") + ".syx"


def save_voices(voices: Sequence[Patch], path: Path, replace: bool) -> None:
    """Write one voice as a single voice, more as banks of 32.

    Raises:
        SixopError: a file is there already and shall not be replaced, or cannot be written.
    """
    if len(voices) != 1:
        write_banks(voices, path, force=replace)
        return
    try:
        if replace:
            with replacing(path) as place:
                place.write_bytes(voices[0].to_message())
        else:
            create(path, voices[0].to_message())
    except OSError as error:
        raise VoiceError(f"{path} cannot be written: {why_not_written(error)}") from error
