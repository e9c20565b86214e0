# SPDX-License-Identifier: Apache-2.0
"""Patches from nothing, from one another, and between two others. Nothing here changes its arguments.

    sounds = [random_patch(seed) for seed in range(100)]
    darker = mutate(sounds[0], 0.2, locked=("envelopes", "algorithm"), seed=1)
    path = interpolate(sounds[0], darker, np.linspace(0, 1, 8))

Two sorts of parameters are told apart. *Quantities* have a middle between two values. *Kinds* have none: algorithm,
waves, curves, switches, name. A frequency, that is mode, coarse and fine, is taken as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, overload

import numpy as np

from synth.checks import as_array, scalar
from synth.invention import CHARACTERS as CHARACTERS
from synth.invention import generator
from synth.invention import random_patch as random_patch
from synth.matching import hint
from synth.parameters import BY_KEY, NAME, OPERATORS, PARAMETERS, VOICE_SIZE, Parameter
from synth.patch import Patch

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from synth.sections import Operator


def _last(parameter: Parameter) -> str:
    return parameter.key.rpartition(".")[2]


def _is_of(operator: int, parameter: Parameter) -> bool:
    return parameter.operator == operator


_FREQUENCY: Final = ("frequency_mode", "frequency_coarse", "frequency_fine")
# What the parameters of a section have in common.
_MEMBERS: Final[dict[str, Callable[[Parameter], bool]]] = {
    **{f"op{number}": partial(_is_of, number) for number in range(1, OPERATORS + 1)},
    "envelopes": lambda p: p.operator > 0 and _last(p).rstrip("1234") in ("rate", "level"),
    "frequencies": lambda p: _last(p) in (*_FREQUENCY, "detune"),
    "levels": lambda p: _last(p) == "output_level",
    "scaling": lambda p: p.operator > 0 and _last(p).split("_")[0] in ("breakpoint", "left", "right", "rate"),
    "sensitivities": lambda p: p.key.endswith("_sensitivity"),
    "lfo": lambda p: p.key.startswith("lfo."),
    "pitch_envelope": lambda p: p.key.startswith("pitch_envelope."),
    "name": lambda p: p.position >= NAME,
}
#: What can be locked by name, beside single parameters: VCED positions
SECTIONS: Final = {name: [p.position for p in PARAMETERS if member(p)] for name, member in _MEMBERS.items()}
_SINGLES: Final = {p.key: [p.position] for p in PARAMETERS[:NAME]}
_LOCKS: Final = SECTIONS | _SINGLES

_IS_KIND: Final = np.array([p.discrete or p.position >= NAME for p in PARAMETERS])
_FREQUENCIES: Final = [
    [BY_KEY[f"op{number}.{key}"].position for key in _FREQUENCY] for number in range(1, OPERATORS + 1)
]
_IS_FREQUENCY: Final = np.isin(np.arange(VOICE_SIZE), _FREQUENCIES)


def mutate(
    patch: Patch,
    amount: float = 0.1,
    *,
    locked: str | Iterable[str] = ("name",),
    seed: int | np.random.Generator | None = None,
) -> Patch:
    """A relative of a patch: its values have moved towards those of a random, musical one.

    amount: 0 changes nothing, 1 leaves nothing but what is locked. Between them a quantity goes about this share of
    the way; kinds, the name and the frequencies of operators change with this probability.
    locked: what stays as it is, the name alone unless others are given. Sections: op1 .. op6, envelopes, frequencies,
    levels, scaling, sensitivities, lfo, pitch_envelope, name; or single parameters by their keys: algorithm, feedback,
    transpose, op1.output_level, lfo.speed and so on. Operator switches always stay.
    seed: a whole number, a numpy Generator or None; the same seed gives the same relative.

    Raises:
        TypeError: `patch` is no Patch, `amount` no number.
        ValueError: `amount` is outside 0 to 1; a name in `locked` is unknown (the nearest one is told).
    """
    _check_patch("patch", patch)
    share = _fraction("amount", amount)
    stays = _locked(locked)
    random = generator(seed)
    switches = random.random(VOICE_SIZE) < share
    at_algorithm, at_name = BY_KEY["algorithm"].position, slice(NAME, VOICE_SIZE)
    for together in (*_FREQUENCIES, list(range(NAME, VOICE_SIZE))):
        switches[together] = switches[together[0]]
    # The goal shares the algorithm, for what is a carrier there must be one here.
    keeps_algorithm = stays[at_algorithm] or not switches[at_algorithm]
    goal = random_patch(random, algorithm=patch.algorithm if keeps_algorithm else None).to_raw()
    old = patch.to_raw()
    shares = random.uniform(max(0.0, 2 * share - 1), min(1.0, 2 * share), VOICE_SIZE)
    moved = old + shares * (goal.astype(np.float64) - old)
    moved = np.floor(moved + random.random(VOICE_SIZE))  # small steps are taken now and then instead of never
    new = np.where(_IS_KIND | _IS_FREQUENCY, np.where(switches, goal, old), moved)
    new[at_name] = goal[at_name] if switches[NAME] else old[at_name]
    return _made(np.where(stays, old, new).astype(np.uint8), patch.operators_on)


@overload
def interpolate(a: Patch, b: Patch, t: float | np.floating) -> Patch: ...
@overload
def interpolate(a: Patch, b: Patch, t: Sequence[float] | NDArray[np.floating]) -> list[Patch]: ...
def interpolate(a: Patch, b: Patch, t: ArrayLike) -> Patch | list[Patch]:
    """The patch a share `t` of the way from `a` to `b`: a at 0, b at 1, exactly; for many `t` a list of patches.

    Quantities are rounded to the nearest number, halves to the even one. Kinds, the name and the operator switches
    are a's below 0.5 and b's from there on. Frequencies glide: halfway between ratios 1 and 4 is 2, as near as the
    DX7 can set it; where one is fixed and the other is not, they switch at the middle as well.

    t: 0.0 to 1.0, or a row of such numbers.

    Raises:
        TypeError: `a` or `b` is no Patch, `t` no number.
        ValueError: `t` is outside 0 to 1, or has more than one dimension.
    """
    _check_patch("a", a)
    _check_patch("b", b)
    shares = as_array("t", t)
    if shares.ndim > 1:
        raise ValueError(f"t must be one number or a row of them, not an array of shape {shares.shape}")
    if shares.ndim == 1:
        return [_between(a, b, _fraction("t", each)) for each in shares]
    return _between(a, b, _fraction("t", t))


def _between(a: Patch, b: Patch, t: float) -> Patch:
    if t in (0.0, 1.0):
        return (b if t else a).copy()
    first, second = a.to_raw(), b.to_raw()
    nearer = a if t < 0.5 else b
    middle = np.rint((1.0 - t) * first + t * second)
    kinds = _IS_KIND | _IS_FREQUENCY
    patch = _made(np.where(kinds, nearer.to_raw(), middle).astype(np.uint8), nearer.operators_on)
    for operator, one, other in zip(patch.op, a.op, b.op, strict=True):
        _glide(operator, one, other, t)
    return patch


def _glide(operator: Operator, a: Operator, b: Operator, t: float) -> None:
    same = (a.frequency_coarse, a.frequency_fine) == (b.frequency_coarse, b.frequency_fine)
    if a.frequency_mode == b.frequency_mode and not same:
        operator.frequency_ratio = a.frequency_ratio ** (1.0 - t) * b.frequency_ratio**t


def _made(voice: NDArray[np.uint8], switches: int) -> Patch:
    patch = Patch.from_raw(voice)
    patch.operators_on = switches
    return patch


def _locked(names: str | Iterable[str]) -> NDArray[np.bool_]:
    """For each VCED position, whether it stays."""
    stays = np.zeros(VOICE_SIZE, np.bool_)
    if not isinstance(names, Iterable):
        raise TypeError(f"locked takes names of sections and parameters, not {names!r}")
    for name in (names,) if isinstance(names, str) else names:
        if not isinstance(name, str) or name not in _LOCKS:
            raise ValueError(f"there is no section or parameter {name!r} to lock; {_known(name)}")
        stays[_LOCKS[name]] = True
    return stays


def _known(name: object) -> str:
    """The nearest name, or all sections: the parameters are too many to tell."""
    nearest = hint(str(name).lower(), _LOCKS)
    return nearest if nearest.startswith("did") else f"{hint('', SECTIONS)}, and the keys of single parameters"


def _check_patch(argument: str, value: object) -> None:
    if not isinstance(value, Patch):
        raise TypeError(f"{argument} must be a Patch, not {type(value).__name__}")


def _fraction(argument: str, value: object) -> float:
    number = scalar(value)
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise TypeError(f"{argument} must be a number from 0 to 1, not {value!r}")
    if not 0.0 <= number <= 1.0:
        raise ValueError(f"{argument} is {number}; it goes from 0 to 1")
    return float(number)
