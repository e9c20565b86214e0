# SPDX-License-Identifier: Apache-2.0
"""Random voices that a musician might have made: envelopes that fit together, simple ratios, moderate modulation.

What is drawn, and how often, follows what voices made by hand have in common: carriers near full level at the
played pitch or an octave from it, modulators quieter the higher they are tuned, fast attacks and releases that end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from synth.checks import checked_choice, checked_int, scalar
from synth.parameters import BY_KEY
from synth.patch import Patch
from synth.voicesheet import carriers

if TYPE_CHECKING:
    from synth.sections import Envelope, Operator

_Range = tuple[int, int]  # both ends included


@dataclass(frozen=True)
class _Character:
    """How loud a note is over its time: ranges of the four rates and of the four levels."""

    rates: tuple[_Range, _Range, _Range, _Range]
    levels: tuple[_Range, _Range, _Range, _Range]


_END: Final = (0, 0)
_CHARACTERS: Final = {
    "plucked": _Character(((94, 99), (42, 65), (28, 45), (48, 70)), ((97, 99), (55, 88), _END, _END)),
    "struck": _Character(((85, 99), (22, 42), (15, 32), (42, 65)), ((95, 99), (72, 95), _END, _END)),
    "held": _Character(((62, 90), (35, 70), (20, 50), (48, 75)), ((92, 99), (84, 97), (80, 96), _END)),
    "swelling": _Character(((40, 56), (25, 50), (18, 45), (30, 48)), ((92, 99), (88, 99), (82, 97), _END)),
}
CHARACTERS: Final = tuple(_CHARACTERS)

# Coarse ratios and their weights; 0 is half the pitch.
_CARRIER_RATIOS: Final = {0: 12, 1: 60, 2: 18, 3: 6, 4: 4}
_MODULATOR_RATIOS: Final = {0: 10, 1: 34, 2: 17, 3: 12, 4: 8, 5: 6, 6: 3, 7: 4, 8: 2, 9: 1, 11: 1, 12: 1, 14: 1}
_FEEDBACKS: Final = {0: 20, 1: 6, 2: 8, 3: 12, 4: 14, 5: 16, 6: 16, 7: 8}
_WAVES: Final = {"sine": 52, "triangle": 36, "square": 4, "saw_down": 3, "saw_up": 2, "s&h": 3}
_SYLLABLES: Final = ("BA", "DO", "FI", "GRA", "KE", "LU", "MI", "NO", "PRI", "RA", "SO", "TI", "VE", "ZU")


def generator(seed: int | np.random.Generator | None) -> np.random.Generator:
    """The generator itself, or a new one from a seed: the same numbers for the same seed, others each time for None.

    Raises:
        TypeError, ValueError: anything else.
    """
    try:
        if isinstance(seed, bool):
            raise TypeError
        return np.random.default_rng(scalar(seed))
    except (TypeError, ValueError) as error:
        raise type(error)(f"seed must be a whole number from 0 on, a numpy Generator or None, not {seed!r}") from None


def random_patch(
    seed: int | np.random.Generator | None = None, *, algorithm: int | None = None, character: str | None = None
) -> Patch:
    """A random but musical patch, with a random name; the same one for the same seed.

    seed: a whole number, a numpy Generator (which moves on, so that a loop gives different patches), or None.
    algorithm: 0..31, or any of them. character: "plucked", "struck" (a note decays while held), "held" or
    "swelling", or any of them.

    Raises ValueError or TypeError naming the argument.
    """
    random = generator(seed)
    last = BY_KEY["algorithm"].maximum
    patch = Patch("".join(random.choice(_SYLLABLES, random.integers(2, 5))))
    patch.algorithm = (
        int(random.integers(0, last, endpoint=True))
        if algorithm is None
        else checked_int("algorithm", algorithm, 0, last)
    )
    kind = str(random.choice(CHARACTERS)) if character is None else checked_choice("character", character, CHARACTERS)
    patch.feedback = _weighted(random, _FEEDBACKS)
    patch.osc_key_sync = bool(random.random() < 0.7)
    patch.transpose = 12 if random.random() < 0.15 else 24
    _draw_lfo(patch, random)
    _draw_pitch_envelope(patch, random)
    heard = carriers(patch.algorithm)
    leader = int(random.choice(heard))
    for number, operator in enumerate(patch.op, 1):
        own = kind if number == leader or random.random() < 0.85 else str(random.choice(CHARACTERS))
        if number in heard:
            _draw_carrier(operator, random, leads=number == leader)
        else:
            _draw_modulator(operator, random)
        _draw_envelope(operator.envelope, _CHARACTERS[own], random, modulates=number not in heard)
    return patch


def _draw_carrier(operator: Operator, random: np.random.Generator, *, leads: bool) -> None:
    operator.output_level = 99 if leads else _between(random, 76, 99)
    operator.frequency_coarse = 1 if leads else _weighted(random, _CARRIER_RATIOS)
    operator.detune = _around(random, 7, 1.5, 2, 12)
    operator.velocity_sensitivity = _between(random, 0, 3)
    operator.rate_scaling = _between(random, 0, 3)
    operator.amp_mod_sensitivity = _between(random, 1, 2) if random.random() < 0.08 else 0


def _draw_modulator(operator: Operator, random: np.random.Generator) -> None:
    operator.frequency_coarse = coarse = _weighted(random, _MODULATOR_RATIOS)
    if random.random() < 0.1:
        operator.frequency_fine = _between(random, 0, 50)
    # An octave higher, and the same level sounds about twice as bright.
    operator.output_level = _around(random, 82 - 4.0 * float(np.log2(max(coarse, 1))), 8, 42, 94)
    operator.detune = _around(random, 7, 2, 0, 14)
    operator.velocity_sensitivity = _between(random, 0, 5)
    operator.rate_scaling = _between(random, 0, 4)
    operator.breakpoint = _between(random, 27, 48)
    operator.right_depth = _between(random, 8, 45) if random.random() < 0.6 else 0  # "lin": duller up the keyboard


def _draw_envelope(envelope: Envelope, character: _Character, random: np.random.Generator, *, modulates: bool) -> None:
    envelope.rates = [_between(random, *limits) for limits in character.rates]
    levels = [_between(random, *limits) for limits in character.levels]
    if modulates:  # sounds grow duller as they go on
        levels[1] -= _between(random, 0, 15)
        levels[2] = max(0, levels[2] - _between(random, 0, 25))
    envelope.levels = levels


def _draw_lfo(patch: Patch, random: np.random.Generator) -> None:
    lfo = patch.lfo
    lfo.wave = _weighted(random, _WAVES)
    lfo.speed = _around(random, 34, 6, 10, 60)
    lfo.delay = _between(random, 20, 70) if random.random() < 0.6 else 0
    lfo.pitch_mod_depth = _between(random, 3, 15) if random.random() < 0.4 else 0
    lfo.amp_mod_depth = _between(random, 10, 60) if random.random() < 0.2 else 0
    lfo.sync = bool(random.random() < 0.2)
    patch.pitch_mod_sensitivity = _between(random, 1, 3)


def _draw_pitch_envelope(patch: Patch, random: np.random.Generator) -> None:
    """Mostly none; now and then the pitch is a little off at first."""
    if random.random() < 0.1:
        patch.pitch_envelope.rates = [_between(random, 70, 95), 99, 99, 30]
        patch.pitch_envelope.levels = [50, 50, 50, 50 + int(random.choice([-3, -2, -1, 1, 2]))]


def _between(random: np.random.Generator, low: int, high: int) -> int:
    return int(random.integers(low, high, endpoint=True))


def _around(random: np.random.Generator, middle: float, deviation: float, low: int, high: int) -> int:
    return int(np.clip(round(random.normal(middle, deviation)), low, high))


def _weighted(random: np.random.Generator, weights: dict[Any, int]) -> Any:
    """One of the keys, as often as its weight says."""
    place = random.integers(sum(weights.values()))
    return list(weights)[int(np.searchsorted(np.cumsum(list(weights.values())), place, side="right"))]
