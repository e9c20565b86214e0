# SPDX-License-Identifier: Apache-2.0
"""Voices that are near another by their parameters, whatever the order of their operators.

An operator that nobody hears does not count, so each is a vector scaled by how loud it is. Between two voices the
operators are matched in the way that fits their wirings: all orders are tried that make as many modulations, carriers
and feedback paths of one algorithm meet those of the other as any order does. Within one algorithm these are its
symmetries (algorithm 32 has 120), so exchanged operators make no difference.
"""

from __future__ import annotations

from functools import cache
from itertools import permutations
from typing import TYPE_CHECKING, Final

import numpy as np

from synth.algorithm_table import algorithms
from synth.parameters import OPERATOR_SIZE, OPERATORS, PARAMETERS, operator_position

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synth.packing import Bytes

    Floats = NDArray[np.float32]

#: how much a parameter's whole range counts
_WEIGHTS: Final = {
    "rate": 0.5, "level": 0.7, "breakpoint": 0.1, "left_depth": 0.2, "right_depth": 0.2, "left_curve": 0.1,
    "right_curve": 0.1, "rate_scaling": 0.2, "amp_mod_sensitivity": 0.2, "velocity_sensitivity": 0.3,
    "output_level": 2.0, "frequency_mode": 2.0, "frequency_coarse": 0.0, "frequency_fine": 0.0, "detune": 0.3,
}  # fmt: skip
_PITCH_WEIGHT: Final = 0.5  # of an octave between two operators
_COMMON_WEIGHTS: Final = {
    "pitch_envelope": 0.5, "feedback": 0.7, "osc_key_sync": 0.05, "lfo": 0.2, "pitch_mod_sensitivity": 0.2,
    "transpose": 1.0,
}  # fmt: skip
_MISMATCH: Final = 0.6  # of a modulation, carrier or feedback path that the other voice has not
_HEARD_DB: Final = 0.75  # dB of a step of output level; an operator counts by the square root of its amplitude
_COLUMNS: Final = 1920  # of a product: so few that it stays on this thread, which waits for no other to wake up
_MOST_ORDERS: Final = 120
_WIDTH: Final = OPERATOR_SIZE + 2  # numbers of an operator: its parameters, its pitch, its presence


def operators(voices: Bytes) -> Floats:
    """The operators of voices (n, 155) as vectors (n, 6, width), scaled by how much they are heard."""
    count = len(voices)
    made = np.zeros((count, OPERATORS, _WIDTH), np.float32)
    first = operator_position(0)
    maxima = np.array([parameter.maximum for parameter in PARAMETERS[first : first + OPERATOR_SIZE]], np.float32)
    for index in range(OPERATORS):
        start = operator_position(index)
        raw = voices[:, start : start + OPERATOR_SIZE].astype(np.float32)
        level = raw[:, _OFFSETS["output_level"]]
        heard = 10 ** (-(99 - level) * _HEARD_DB / 40) * (level > 0)
        made[:, index, :OPERATOR_SIZE] = raw / maxima * _OPERATOR_WEIGHTS
        made[:, index, OPERATOR_SIZE] = _octaves(raw) * _PITCH_WEIGHT
        made[:, index, OPERATOR_SIZE + 1] = 1.0
        made[:, index] *= heard[:, None]
    return made


def common(voices: Bytes) -> Floats:
    """What concerns whole voices (n, 155), without the algorithm: (n, width)."""
    raw = voices[:, _COMMON_PLACES].astype(np.float32)
    return np.asarray(raw / _COMMON_MAXIMA * _COMMON_FACTORS, np.float32)


def distances(ours: Floats, theirs: Floats, norms: Floats, algorithm: int, their_algorithm: int) -> Floats:
    """The squares of the distances of a voice's operators (6, width) from those of n voices of one algorithm.

    theirs: (width, 6, n), as fast as it gets; norms: (n,), the squared lengths of all their operators.
    All operators are matched, so that only the products depend on the order, and the largest sum of them is nearest.
    """
    orders, mismatches = _orders(algorithm, their_algorithm)
    width, _, count = theirs.shape
    table = theirs.reshape(width, OPERATORS * count)
    products = np.empty((OPERATORS, OPERATORS * count), np.float32)
    for first in range(0, OPERATORS * count, _COLUMNS):
        some = slice(first, first + _COLUMNS)
        np.matmul(ours, table[:, some], out=products[:, some])
    products = products.reshape(OPERATORS * OPERATORS, count)
    largest = products[orders[0]].sum(axis=0)
    for order in orders[1:]:
        np.maximum(largest, products[order].sum(axis=0), out=largest)
    return np.asarray(norms - 2 * largest + (np.sum(ours * ours) + _MISMATCH * mismatches), np.float32)


def least(ours: int, theirs: int) -> float:
    """What the wirings of two algorithms are apart at least, as a part of `distances`."""
    return _MISMATCH * _orders(ours, theirs)[1]


@cache
def _orders(ours: int, theirs: int) -> tuple[NDArray[np.intp], int]:
    """The orders in which the operators of two algorithms match best, and how many edges then do not.

    (orders, 6): for each of our operators where its distance stands in a flattened (ours, theirs) table.
    """
    every = _every_order()
    wanted, other = _wiring(ours), _wiring(theirs)
    # [k, i, j] of the other wiring with our operator i played by its operator every[k, i]; column 6 is the output
    extended = np.concatenate([every, np.full((len(every), 1), OPERATORS)], axis=1)
    moved = other[extended[:, :, None], extended[:, None, :]]
    wrong = np.abs(moved - wanted).sum(axis=(1, 2))
    best = every[wrong == wrong.min()][:_MOST_ORDERS]
    return best + np.arange(OPERATORS) * OPERATORS, int(wrong.min())


@cache
def _every_order() -> NDArray[np.intp]:
    return np.array(list(permutations(range(OPERATORS))), np.intp)


@cache
def _wiring(number: int) -> NDArray[np.int64]:
    """(7, 7): [source, target] is 1 for a modulation, [source, 6] for a carrier; 2 is added for the feedback path."""
    algorithm = algorithms[number]
    made = np.zeros((OPERATORS + 1, OPERATORS + 1), np.int64)
    for source, target in algorithm.edges:
        made[source, target] += 1
    for carrier in algorithm.carriers:
        made[carrier, OPERATORS] += 1
    made[algorithm.feedback_edge] += 2
    return made


def _octaves(raw: Floats) -> Floats:
    """The pitch of operators from their coarse and fine settings, in octaves; a fixed one's over 100 Hz."""
    coarse, fine = raw[:, _OFFSETS["frequency_coarse"]], raw[:, _OFFSETS["frequency_fine"]]
    ratio = np.log2(np.maximum(coarse, 0.5) * (1 + fine / 100))
    fixed = ((coarse % 4) + fine / 100 - 2) * np.log2(10)
    return np.where(raw[:, _OFFSETS["frequency_mode"]] > 0, fixed, ratio).astype(np.float32)


_OFFSETS: Final = {
    parameter.key.partition(".")[2]: parameter.position - operator_position(0)
    for parameter in PARAMETERS
    if parameter.operator == 1
}
_OPERATOR_WEIGHTS: Final = np.array(
    [_WEIGHTS[key.rstrip("1234")] for key, _ in sorted(_OFFSETS.items(), key=lambda entry: entry[1])], np.float32
)
_COMMON_PLACES: Final = [parameter.position for parameter in PARAMETERS[126:145] if parameter.key != "algorithm"]
_COMMON_MAXIMA: Final = np.array([PARAMETERS[place].maximum for place in _COMMON_PLACES], np.float32)
_COMMON_FACTORS: Final = np.array(
    [_COMMON_WEIGHTS[PARAMETERS[place].key.partition(".")[0]] for place in _COMMON_PLACES], np.float32
)
