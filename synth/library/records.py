# SPDX-License-Identifier: Apache-2.0
"""What a library tells, as plain frozen values that any thread or process may keep."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Mark = Literal["undecided", "favourite", "hidden"]

MARKS: dict[Mark, int] = {"hidden": -1, "undecided": 0, "favourite": 1}
"""As the database has them."""

MARK_NAMES: dict[int, Mark] = {number: name for name, number in MARKS.items()}


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound: what a row of the library shows. None stands for what has not been analysed yet."""

    id: int  #: the library's own number, which stays
    name: str  #: the first name it was found under
    algorithm: int  #: 1..32
    feedback: int  #: 0..7
    carriers: int  #: 1..6
    category: str  #: "bass"; empty if nobody can tell
    mark: Mark
    rating: int  #: 0 (none) to 5
    notes: str
    places: int  #: how many slots hold it
    where: str  #: a place of it: ``FILE:POSITION``, empty if no file holds it any more
    tags: tuple[str, ...]
    level: float | None  #: dB, K-weighted, of the first second of a held C3
    attack: float | None  #: seconds from silence to within 3 dB of the peak
    length: float | None  #: seconds of a key held for 1.5 s in which it is less than 40 dB below its peak
    brightness: float | None  #: Hz, centre of the spectrum while it sounds
    harmonicity: float | None  #: 0..1, share of the energy in partials of one fundamental
    noise: float | None  #: 0 (lines) to 1 (noise), flatness of the spectrum

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {**asdict(self), "tags": list(self.tags)}


@dataclass(frozen=True, slots=True)
class Slot:
    """A place where a sound is found."""

    sound: int
    name: str  #: as it is there, without blanks at the end
    path: str  #: of the file
    bank: str  #: the bank's title; a file may hold several
    number: int  #: of the bank in its file, from 1
    position: int  #: in the bank, from 1
    missing: bool  #: the file is no longer there


@dataclass(frozen=True, slots=True)
class Shelf:
    """A bank in a file."""

    path: str  #: of the file
    number: int  #: in the file, from 1
    title: str  #: the file's name without its ending, and the number where there are several
    kind: str  #: "bank", or "voices" for single ones that follow each other
    voices: int
    missing: bool  #: the file is no longer there


@dataclass(frozen=True, slots=True)
class File:
    """A file or folder a scan has met."""

    path: str
    status: str  #: "read", "repaired", "foreign" (no DX7 voice in it) or "unreadable"
    reason: str  #: what was repaired, or why nothing was read; empty for "read"
    voices: int  #: places in it
    missing: bool  #: it was there once


@dataclass(frozen=True, slots=True)
class Listing:
    """A list or set-list."""

    name: str
    kind: str  #: "list" or "set"
    size: int


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list, in its order."""

    position: int  #: from 1
    sound: int
    name: str  #: of the sound in this list
    note: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Something a person changed."""

    id: int
    time: float  #: seconds since 1970
    title: str
    undone: bool


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """Small pictures of a sound, 64 columns each."""

    waveform: bytes  #: 64 lowest, then 64 highest values as signed bytes: two seconds, 127 is the sound's peak
    spectrum: bytes  #: 40 Hz to 16 kHz in equal intervals: 255 is the loudest, a step 0.38 dB


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a search: how many sounds fit, and some of them."""

    total: int
    sounds: tuple[Sound, ...]
    corrected: tuple[str, ...] = ()  #: words that nothing holds, for which similar ones were taken


@dataclass(frozen=True, slots=True)
class Stats:
    """What a library holds."""

    path: str
    sounds: int
    slots: int
    banks: int
    files: int  #: that hold voices and are there
    missing: int  #: that held voices and are gone
    foreign: int
    unreadable: int
    repaired: int
    analysed: int
    favourites: int
    hidden: int
    tags: int
    lists: int
    categories: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)
