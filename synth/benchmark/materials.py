# SPDX-License-Identifier: Apache-2.0
"""What is played: 32 voices of three kinds, and the notes they are played on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from synth.factory import factory_bank
from synth.patch import Patch

if TYPE_CHECKING:
    from collections.abc import Callable

VELOCITY: Final = 100
NOTES: Final = tuple(sorted(range(36, 84, 3), key=lambda note: abs(note - 60)))
"""Four octaves in steps of three semitones, C3 first: of N notes the first N are held, and so around."""

_ALGORITHMS: Final = 32
_DETUNE: Final = (4, 5, 6, 8, 9, 10)  # of the operators 1 to 6; 7 is none


def factory_voices() -> list[Patch]:
    """The factory bank: what people play, with operators that fall silent."""
    return list(factory_bank())


def full_voices() -> list[Patch]:
    """The dearest voice of each algorithm: six operators at full level for ever, feedback 7."""
    return [_voice(algorithm, 99, 7) for algorithm in range(_ALGORITHMS)]


def silent_voices() -> list[Patch]:
    """A voice of each algorithm whose operators all have level 0: what a voice costs without its operators."""
    return [_voice(algorithm, 0, 0) for algorithm in range(_ALGORITHMS)]


def _voice(algorithm: int, level: int, feedback: int) -> Patch:
    patch = Patch.init_voice()
    patch.algorithm = algorithm
    patch.feedback = feedback
    for operator, detune in zip(patch.op, _DETUNE, strict=True):
        operator.output_level = level
        operator.detune = detune
    return patch


MATERIALS: Final[dict[str, Callable[[], list[Patch]]]] = {
    "factory": factory_voices,
    "full": full_voices,
    "silent": silent_voices,
}
