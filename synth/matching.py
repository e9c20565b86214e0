# SPDX-License-Identifier: Apache-2.0
"""Finding a device by the name people type.

Numbers of ports and devices move from one day to the next, so everything here
goes by name, and one rule serves audio devices, MIDI ports and voices alike:
the exact name first, then every word of the request as a case-insensitive part
of the name.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Protocol

from synth.errors import VoiceNotFoundError

_SHOWN_VOICES = 5  # names in a sentence

# ALSA ends its sequencer port names with "client:port", numbers that change at every plugging in.
_ALSA_NUMBERS = re.compile(r"\s+\d+:\d+$")


def clean(name: str) -> str:
    """The part of an ALSA or JACK port name that stays the same tomorrow.

    ``"USB Keys:USB Keys MIDI 1 20:0"`` becomes ``"USB Keys:USB Keys MIDI 1"``. What a terminal would obey becomes a
    question mark.
    """
    return "".join(char if char.isprintable() else "?" for char in _ALSA_NUMBERS.sub("", name.strip()))


def number_duplicates(names: Sequence[str]) -> list[str]:
    """Tell equal names apart: the second of a name gets `` (2)``, the third `` (3)``."""
    seen: Counter[str] = Counter()
    numbered = []
    for name in names:
        seen[name] += 1
        numbered.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return numbered


def matches(wanted: str, name: str) -> bool:
    """True if every space-separated word of `wanted` occurs in `name`, whatever the case."""
    folded = name.casefold()
    return all(word in folded for word in wanted.casefold().split())


def find(wanted: str, names: Sequence[str]) -> int | None:
    """Index of the name meant by `wanted`: an exact one, else the first that `matches`; None if there is none."""
    if wanted in names:
        return names.index(wanted)
    if not wanted.strip():
        return None
    return next((index for index, name in enumerate(names) if matches(wanted, name)), None)


def meant(wanted: str, names: Sequence[str]) -> list[int]:
    """Indices of all names that `wanted` may mean: the first equal one, else those that start so, else all matches.

    Equal and starting so are told without regard to case.
    """
    folded, wish = [name.casefold() for name in names], wanted.strip().casefold()
    if not wish:
        return []
    if wanted in names:
        return [names.index(wanted)]
    if wish in folded:
        return [folded.index(wish)]
    starting = [index for index, name in enumerate(folded) if name.startswith(wish)]
    return starting or [index for index, name in enumerate(names) if matches(wanted, name)]


def hint(wanted: object, known: Collection[str]) -> str:
    """How a sentence about an unknown name goes on: with the nearest known name, or with all of them."""
    near = difflib.get_close_matches(str(wanted), known, 1)
    return f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"


class Named(Protocol):
    """A voice, or what stands for one."""

    @property
    def name(self) -> str:
        """Its name, as it is in the bank."""


def find_voice(wanted: str, voices: Sequence[Named]) -> int:
    """The 1-based number of a voice given by number or name.

    Raises:
        VoiceNotFoundError: there is no such voice, or several could be meant.
    """
    if wanted.strip().isdecimal():
        number = int(wanted)
        if not 1 <= number <= len(voices):
            raise VoiceNotFoundError(f"there is no voice {number}: the bank holds voices 1..{len(voices)}")
        return number
    found = meant(wanted, [voice.name.strip() for voice in voices])
    if not found:
        raise VoiceNotFoundError(f"no voice is called {wanted!r}; `sixop bank ls` lists them")
    if len(found) > 1:
        shown = ", ".join(f"{index + 1} {voices[index].name.strip()}" for index in found[:_SHOWN_VOICES])
        more = f" and {len(found) - _SHOWN_VOICES} more" if len(found) > _SHOWN_VOICES else ""
        raise VoiceNotFoundError(f"several voices could be {wanted!r}: {shown}{more}; give a number or the whole name")
    return found[0] + 1
