# SPDX-License-Identifier: Apache-2.0
"""A file's voices as a library keeps them, or the reason why it has none."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final

from synth import plausible
from synth.errors import VoiceError
from synth.files import read_limited
from synth.library import content
from synth.library.walking import Seen, why_not_read
from synth.sysex import Kind
from synth.voices import LARGEST_FILE, VoiceList, load_voices

if TYPE_CHECKING:
    from synth.patch import Patch

_HEAD: Final = 64  # bytes that tell recordings and archives, which need not be read whole
_TRIES: Final = 3  # of a file that changes while it is read
_PROBLEMS_KEPT: Final = 20


@dataclass(frozen=True, slots=True)
class Place:
    """A voice in a bank."""

    position: int  #: from 1
    name: str  #: ten letters
    content: bytes
    key: bytes


@dataclass(frozen=True, slots=True)
class ReadBank:
    """Voices that came together."""

    number: int  #: in the file, from 1
    start: int  #: byte of the file
    kind: str  #: "bank", or "voices" for single ones that follow each other
    places: list[Place]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What reading a file gave."""

    seen: Seen  #: as it was when it was read
    status: str  #: "read", "repaired", "foreign" or "unreadable"
    reason: str = ""
    hash: bytes | None = None  #: of its content, if it holds voices
    banks: list[ReadBank] = field(default_factory=list)


def read(seen: Seen) -> ReadFile:
    """The voices of a file; whatever is wrong with it becomes its status and reason."""
    if seen.reason:
        return ReadFile(seen, "unreadable", seen.reason)
    try:
        if seen.size > LARGEST_FILE:
            return ReadFile(seen, "foreign", f"too large for a file of voices: beyond {LARGEST_FILE >> 20} MB")
        now, data = _content(seen)
    except OSError as error:
        gone = isinstance(error, FileNotFoundError)
        return ReadFile(seen, "unreadable", "it vanished while it was read" if gone else why_not_read(error))
    if data is None:
        return ReadFile(now, "unreadable", "it changes all the time while it is read; scan again when that has ended")
    if known := plausible.signature(data[:_HEAD]):
        return ReadFile(now, "foreign", known)
    try:
        voices = load_voices(data)
    except VoiceError as error:
        return ReadFile(now, "foreign", str(error).removeprefix("the data ").rstrip("."))
    problems = [str(problem) for problem in voices.problems[:_PROBLEMS_KEPT]]
    if len(voices.problems) > _PROBLEMS_KEPT:
        problems.append(f"and {len(voices.problems) - _PROBLEMS_KEPT} more")
    status = "repaired" if problems else "read"
    return ReadFile(now, status, "\n".join(problems), blake2b(data, digest_size=16).digest(), banks(voices))


def _content(seen: Seen) -> tuple[Seen, bytes | None]:
    """The file as it is now, and its bytes; of a known foreign kind the first ones; None if it does not hold still."""
    path = Path(os.fsdecode(seen.path))
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if plausible.signature(head):
        return seen, head
    for _ in range(_TRIES):
        before = path.stat()
        data = read_limited(path, LARGEST_FILE)
        after = path.stat()
        now = Seen(seen.path, after.st_size, after.st_mtime_ns)
        same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
        if same and data is not None and len(data) == after.st_size:
            return now, data
    return now, None


def banks(voices: VoiceList) -> list[ReadBank]:
    """The voices of a file, bank by bank; single voices that follow each other are one."""
    found: list[ReadBank] = []
    for block in voices.blocks:
        single = block.kind is Kind.VOICE
        if not (single and found and found[-1].kind == "voices"):
            found.append(ReadBank(len(found) + 1, block.offset, "voices" if single else "bank", []))
        places = found[-1].places
        for patch in voices[block.first : block.first + block.count]:
            places.append(_place(len(places) + 1, patch))
    return found


def _place(position: int, patch: Patch) -> Place:
    sound = content.content(patch)
    return Place(position, patch.name, sound, content.key(sound))
