# SPDX-License-Identifier: Apache-2.0
"""Banks of 32 made of any number of voices, and two banks beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Literal

from synth.bank import Bank
from synth.files import why_not_written
from synth.library.content import content
from synth.library.database import LibraryError
from synth.patch import Patch
from synth.sysex import BANK_VOICES

Verdict = Literal["same", "renamed", "edited", "moved", "new", "gone"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A place of two banks."""

    number: int  #: from 1
    ours: str  #: the name there; empty beyond the end
    theirs: str
    verdict: Verdict  #: of their voice, as seen from ours


def bank_paths(voices: int, path: Path) -> list[Path]:
    """The files that so many voices fill: `path`, or ``NAME-1.syx``, ``NAME-2.syx`` for more than 32.

    Raises:
        LibraryError: the path names no file.
    """
    if not path.name:
        raise LibraryError(f"{path} names no file; add a name, as voices.syx")
    banks = -(-voices // BANK_VOICES)
    if banks == 1:
        return [path]
    width = len(str(banks))
    return [path.with_name(f"{path.stem}-{n:0{width}}{path.suffix or '.syx'}") for n in range(1, banks + 1)]


def files_there(paths: Sequence[Path]) -> list[Path]:
    """Those that are there already.

    Raises:
        LibraryError: there can be no such file, or nobody may look.
    """
    try:
        return [path for path in paths if path.exists()]
    except OSError as error:
        raise LibraryError(f"{error.filename} cannot be written: {why_not_written(error)}") from error


def write_banks(patches: Sequence[Patch], path: Path, *, force: bool = False) -> list[tuple[Path, int]]:
    """Write voices as banks that a DX7 accepts: `path`, or ``NAME-1.syx``, ``NAME-2.syx`` for more than 32 voices.

    The last bank is filled up with INIT VOICE. What was written, and how many voices are in each. Nothing is written
    if there is no voice, or if a file is there already and not `force`.

    Raises:
        LibraryError: there is nothing to write, the path names no file, or a file is there already.
        VoiceError: a file cannot be written.
    """
    if not patches:
        raise LibraryError("there is nothing to write: no sound fits")
    banks = [patches[first : first + BANK_VOICES] for first in range(0, len(patches), BANK_VOICES)]
    paths = bank_paths(len(patches), path)
    for target in [] if force else files_there(paths):
        raise LibraryError(f"{target} is there already; --force replaces it")
    for target, voices in zip(paths, banks, strict=True):
        Bank(voices).save(target)
    return [(target, len(voices)) for target, voices in zip(paths, banks, strict=True)]


def compare(ours: Sequence[Patch], theirs: Sequence[Patch]) -> list[Comparison]:
    """Two banks place by place: the same, the same sound under another name, edited under its name, moved, new.

    Edited is a voice whose name is the same and whose sound is not; moved is one that is elsewhere in our bank.
    """
    here = {(content(patch), patch.name) for patch in ours}
    return [
        Comparison(number, a.name.rstrip() if a else "", b.name.rstrip() if b else "", _verdict(a, b, here))
        for number, (a, b) in enumerate(zip_longest(ours, theirs), 1)
    ]


def _verdict(ours: Patch | None, theirs: Patch | None, here: set[tuple[bytes, str]]) -> Verdict:
    if theirs is None:
        return "gone"
    if ours is not None and ours == theirs:
        return "same"
    if (content(theirs), theirs.name) in here:
        return "moved"
    if ours is not None and content(ours) == content(theirs):
        return "renamed"
    return "edited" if ours is not None and ours.name == theirs.name else "new"
