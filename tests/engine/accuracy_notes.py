# SPDX-License-Identifier: Apache-2.0
"""Notes whose sound is known: the reference renders, and notes of our own voices as the `chip` kernel plays them.

The `chip` kernel equals the reference renders sample for sample, so its notes are as good a reference where the
renders are not at hand. A unit of amplitude is one carrier at output level 99.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import soundfile
from measuring import UNITY
from strategies import SHARED

from synth import Patch, factory_bank, render_native
from synth.errors import VoiceWarning

RATE: Final = 49_096  # Hz: 7 millionths from the chip's, so that frames can be compared one by one
SHELF: Final = SHARED / "reference"
HOLD, TOTAL = RATE, RATE * 3 // 2  # frames
KEYS: Final = ((36, 64), (60, 110), (84, 90))  # with their velocities


@dataclass(frozen=True)
class Note:
    """One note and how it should sound."""

    name: str
    patch: Patch
    key: int
    velocity: int
    hold: int  # frames
    sound: np.ndarray  # float32

    @property
    def hold_seconds(self) -> float:
        return self.hold / RATE

    @property
    def tail_seconds(self) -> float:
        return (len(self.sound) - self.hold) / RATE


@cache
def reference_notes() -> tuple[Note, ...]:
    """The renders on the reference shelf; none without it."""
    index = SHELF / "index.json"
    if not index.exists():
        return ()
    notes = []
    for entry in json.loads(index.read_text())["renders"]:
        samples, _ = soundfile.read(SHELF / entry["file"], dtype="int16")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", VoiceWarning)  # one voice has a name of zeros
            patch = Patch.from_raw(bytes.fromhex(entry["voice"]))
        sound = samples.astype(np.float32) / UNITY
        name = f"{entry['source']} {entry['name'].strip()}, note {entry['note']}"
        notes.append(Note(name, patch, entry["note"], entry["velocity"], entry["hold_frames"], sound))
    return tuple(notes)


def _with_algorithm(patch: Patch, algorithm: int) -> Patch:
    changed = patch.copy()
    changed.algorithm = algorithm
    return changed


@cache
def own_notes() -> tuple[Note, ...]:
    """The factory voices on three keys, and once more each with an algorithm of its own."""
    bank = list(factory_bank())
    plays = [(patch, key, velocity) for patch in bank for key, velocity in KEYS]
    plays += [(_with_algorithm(patch, number), 60, 100) for number, patch in enumerate(bank)]
    return tuple(
        Note(
            f"{patch.name.strip()}, algorithm {patch.algorithm + 1}, note {key}, velocity {velocity}",
            patch,
            key,
            velocity,
            HOLD,
            render_native(patch, key, velocity, HOLD, TOTAL).astype(np.float32) / UNITY,
        )
        for patch, key, velocity in plays
    )
