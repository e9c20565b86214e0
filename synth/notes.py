# SPDX-License-Identifier: Apache-2.0
"""Note names as on the DX7, where C3 is middle C, MIDI note 60."""

from __future__ import annotations

import re

from synth.errors import SixopError

_NAMES = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
_SEMITONES = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_NOTE = re.compile(r"([a-g])([#b]?)(-?\d+)", re.IGNORECASE)
_OCTAVE_OF_NOTE_0 = -2
HIGHEST = 127


def note_name(note: int) -> str:
    """60 is ``C3``."""
    return f"{_NAMES[note % 12]}{note // 12 + _OCTAVE_OF_NOTE_0}"


def parse_note(text: str) -> int:
    """A MIDI note number from ``60`` or ``C3``, ``F#2``, ``Bb-1``.

    Raises:
        SixopError: it is neither, or outside 0..127 (C-2..G8).
    """
    found = _NOTE.fullmatch(text.strip())
    if found:
        letter, accidental, octave = found.groups()
        shift = {"#": 1, "b": -1, "": 0}[accidental.lower()]
        note = _SEMITONES[letter.lower()] + shift + 12 * (int(octave) - _OCTAVE_OF_NOTE_0)
    elif text.strip().isdecimal():
        note = int(text)
    else:
        raise SixopError(f"{text!r} is no note: give a number 0..{HIGHEST} or a name such as C3 (= 60), F#2, Bb4")
    if not 0 <= note <= HIGHEST:
        raise SixopError(f"note {text!r} is outside C-2..G8 (0..{HIGHEST})")
    return note
