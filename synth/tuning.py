# SPDX-License-Identifier: Apache-2.0
"""What the 128 keys sound: the DX7's own tuning, or any other, as from Scala's files.

A `Tuning` says what each key sounds while TRANSPOSE stands at C3; TRANSPOSE then moves every key by its semitones,
in any tuning, so a voice that plays an octave lower does so still. Fixed frequencies know no keys and no tuning.
A tuned key is exact to a hundredth of a cent; a key of the DX7's own tuning is where its registers put it, up to
1.4 cents above equal temperament. What moves a key, such as bend or portamento, goes in the registers' steps of 1.2
cents, and operators of other ratios than 1.00, 2.00, 4.00 keep the registers' small errors.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Self

from synth.engine import lib
from synth.errors import TuningError
from synth.files import Source
from synth.scala import EQUAL, KeyboardMapping, read_keyboard, read_scale

KEYS: Final = lib.SX_KEYS
HIGHEST_HERTZ: Final = float(lib.SX_HIGHEST_HERTZ)
LOWEST_HERTZ: Final = 1.0
"""Keys of a scale that would lie below this, or above `HIGHEST_HERTZ`, are mute."""
MUTE: Final = 0.0
"""In place of a frequency: the key makes no sound."""
_A3, _A3_HERTZ = 69, 440.0


def equal_hertz(key: float) -> float:
    """Equal temperament at A3 = 440 Hz (the DX7 calls MIDI note 69 so); keys may have fractions."""
    return _A3_HERTZ * math.exp2((key - _A3) / 12)


@dataclass(frozen=True)
class Tuning:
    """Immutable; equal, and hashed, by its keys.

    Raises:
        TuningError: there are not 128 keys, or one has no frequency of 0 to 24 000 Hz.
    """

    hertz: tuple[float | None, ...]
    """Of each MIDI note 0..127; None: what the DX7 plays there; 0.0: the key is mute."""
    name: str = field(default="", compare=False)
    """For people."""

    def __post_init__(self) -> None:
        keys = tuple(self.hertz)
        if len(keys) != KEYS:
            raise TuningError(f"A tuning has {KEYS} keys, not {len(keys)}: give None for those that are not tuned.")
        object.__setattr__(self, "hertz", tuple(_checked(key, hertz) for key, hertz in enumerate(keys)))

    @classmethod
    def equal(cls) -> Self:
        """The DX7's own tuning, to the last bit: what sounds if nobody asks for another."""
        return cls((None,) * KEYS, EQUAL.name)

    @classmethod
    def from_scl(cls, scl: Source | None, kbm: Source | None = None) -> Self:
        """A scale of Scala's .scl, laid on the keys as a .kbm says: each a path, or a file's bytes.

        Without kbm the scale starts on key 60 (C3) with 261.6256 Hz, and goes on in both directions, one degree a key.
        Without scl (None) the scale is twelve equal steps. Keys that the mapping leaves out with an x are mute, keys
        outside its range keep the DX7's pitch.

        Raises:
            TuningError: a file cannot be read or makes no sense; with its name, the line and what to do about it.
        """
        scale = EQUAL if scl is None else read_scale(scl)
        mapping = KeyboardMapping() if kbm is None else read_keyboard(kbm)
        return cls(tuple(_hertz(cents) for cents in mapping.cents_above_a3(scale)), scale.name)

    @property
    def frequencies(self) -> tuple[float, ...]:
        """Hertz of the 128 keys; of those the DX7 tunes itself, what equal temperament says; 0.0 of mute ones."""
        return tuple(equal_hertz(key) if hertz is None else hertz for key, hertz in enumerate(self.hertz))

    @property
    def cents(self) -> tuple[float | None, ...]:
        """Cents by which each key is above equal temperament at A3 = 440 Hz; None of mute ones."""
        return tuple(
            None if hertz == MUTE else 1200 * math.log2(hertz / equal_hertz(key))
            for key, hertz in enumerate(self.frequencies)
        )


@dataclass(frozen=True)
class TuningChange:
    """What a message of the MIDI tuning standard asks for."""

    keys: dict[int, float | None]
    """The new frequencies of some keys, as in `Tuning.hertz`."""
    parts: tuple[int, ...]
    """The parts (0..15) it is for."""
    sounding: bool
    """True if notes that sound follow; else they keep their pitch."""
    problems: tuple[str, ...] = ()
    """What had to be overlooked."""

    def hertz(self) -> list[float]:
        """As the engine takes it."""
        return [_engine_hertz(self.keys.get(key, _SAME)) for key in range(KEYS)]


_SAME: Final = float(lib.SX_SAME_PITCH)


def checked_tuning(tuning: Tuning) -> Tuning:
    """The tuning; TypeError if it is none."""
    if not isinstance(tuning, Tuning):
        raise TypeError(f"tuning must be a Tuning, not {tuning!r}.")
    return tuning


def engine_keys(tuning: Tuning) -> list[float]:
    """A tuning as the engine takes it; TypeError if it is none."""
    return [_engine_hertz(hertz) for hertz in checked_tuning(tuning).hertz]


def part_bits(parts: Iterable[int]) -> int:
    """Parts as the engine takes them: bit n for part n."""
    return sum(1 << part for part in set(parts))


def _engine_hertz(hertz: float | None) -> float:
    return float(lib.SX_OWN_PITCH) if hertz is None else hertz


def _checked(key: int, hertz: float | None) -> float | None:
    if hertz is None:
        return None
    if isinstance(hertz, bool) or not isinstance(hertz, (int, float)):
        raise TuningError(f"Key {key} of a tuning must be a number of hertz or None, not {hertz!r}.")
    if not 0.0 <= hertz <= HIGHEST_HERTZ:
        raise TuningError(f"Key {key} of a tuning must be 0 (mute) to {HIGHEST_HERTZ:g} Hz, not {hertz!r}.")
    return float(hertz)


def _hertz(cents: float | None) -> float | None:
    """Of cents above A3; what cannot be heard is mute. NaN stands for a mute key, None for one that is not tuned."""
    if cents is None:
        return None
    lowest, highest = (1200 * math.log2(hertz / _A3_HERTZ) for hertz in (LOWEST_HERTZ, HIGHEST_HERTZ))
    if not lowest <= cents <= highest:
        return MUTE
    return min(HIGHEST_HERTZ, _A3_HERTZ * math.exp2(cents / 1200))
