# SPDX-License-Identifier: Apache-2.0
"""The 32 algorithms of the DX7 as the XFM2 writes them, derived from the engine's own table.

The byte of an operator says what reaches it: bit 0 is the output (it is heard), bit k that operator k modulates it, and
its own bit is feedback, as deep as the operator's FEEDBACK (source: the vendor's presets and seven implementations).

In algorithms 4 and 6 the DX7 feeds operator 6 from operator 4 and 5. Read as such a `loop`, its strength on the board
is that operator's LEVEL, far more than the DX7's; the reading `self` lets operator 6 feed back on itself instead.
"""

from functools import cache
from typing import Literal

from bridge.parameters import OPERATORS
from synth.algorithm_table import algorithms

Alg46 = Literal["self", "loop"]
READINGS: tuple[Alg46, ...] = ("self", "loop")

_HEARD = 1


def carriers(algorithm: int) -> tuple[int, ...]:
    """The operators (1..6) that are heard. algorithm: 0..31."""
    return tuple(operator + 1 for operator in algorithms[algorithm].carriers)


def feedback_path(algorithm: int) -> tuple[int, int]:
    """From which operator (1..6) to which one the feedback goes; mostly they are the same. algorithm: 0..31."""
    source, target = algorithms[algorithm].feedback_edge
    return source + 1, target + 1


@cache
def routing(algorithm: int, alg46: Alg46 = "self") -> tuple[int, ...]:
    """The bytes ALGO1 to ALGO6. algorithm: 0..31; alg46: how algorithms 4 and 6 are read."""
    heard = carriers(algorithm)
    source, target = feedback_path(algorithm)
    feeding = source if alg46 == "loop" else target
    return tuple(
        (_HEARD if operator in heard else 0)
        | sum(1 << other for other in range(1, OPERATORS + 1) if reached[other - 1])
        | (1 << feeding if operator == target else 0)
        for operator, reached in enumerate(algorithms[algorithm].mod_matrix, 1)
    )
