# SPDX-License-Identifier: Apache-2.0
"""The DX7's 32 algorithms, read from the engine's own table. Every number here counts from 0.

algorithms[15].carriers            # (0,): the DX7's algorithm 16, its operator 1
print(algorithms[15].to_ascii())
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ._engine import lib
from .checks import scalar
from .diagrams import OP_LABELS, Drawn, Wiring
from .errors import AlgorithmError

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALGORITHMS = 32
OPERATORS = 6


@dataclass(frozen=True, eq=False)
class Algorithm(Drawn):
    """How six operators are wired.

    number 0..31. carriers: the operators that are heard; modulators: the others. mod_matrix: int8 (6, 6), read-only,
    [i, j] is 1 where operator j modulates operator i. feedback_edge: source and target of the feedback; they differ
    in algorithms 3 and 5 only. Equal and hashable by content.
    """

    number: int
    carriers: tuple[int, ...]
    modulators: tuple[int, ...]
    mod_matrix: NDArray[np.int8] = field(repr=False)
    feedback_edge: tuple[int, int]

    def __post_init__(self) -> None:
        matrix = np.array(self.mod_matrix, np.int8)
        matrix.flags.writeable = False
        object.__setattr__(self, "mod_matrix", matrix)

    @property
    def feedback_op(self) -> int:
        """The operator whose output is fed back."""
        return self.feedback_edge[0]

    @property
    def edges(self) -> tuple[tuple[int, int], ...]:
        """All modulations as (source, target), in the order of their targets."""
        return tuple((int(source), int(target)) for target, source in np.argwhere(self.mod_matrix))

    def wiring(self, feedback: int | None = None, title: str | None = None) -> Wiring:
        """What `synth.diagrams` draws, with a level of feedback 0..7 if it is given."""
        edges = tuple((source, target, 1.0) for source, target in self.edges)
        return Wiring(
            len(self.mod_matrix),
            edges,
            ((*self.feedback_edge, feedback),),
            self.carriers,
            title or f"Algorithm {self.number}, the DX7's {self.number + 1}",
        )

    def _wiring(self) -> Wiring:
        return self.wiring()

    def to_svg(self, *, labels: Sequence[str] | None = OP_LABELS) -> str:
        """The diagram as an SVG picture, with OP1 to OP6 as printed on the DX7."""
        return super().to_svg(labels=labels)

    def _content(self) -> tuple[Any, ...]:
        matrix = self.mod_matrix
        return self.number, self.carriers, self.modulators, matrix.shape, matrix.tobytes(), self.feedback_edge

    def __eq__(self, other: object) -> bool:
        return self._content() == other._content() if isinstance(other, Algorithm) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._content())

    def __reduce__(self) -> tuple[Any, ...]:
        return Algorithm, (self.number, self.carriers, self.modulators, np.array(self.mod_matrix), self.feedback_edge)


class AlgorithmTable(Mapping[int, Algorithm]):
    """The 32 algorithms by number: a read-only mapping of 0..31, in order.

    Iterating yields numbers. What is no algorithm's number raises AlgorithmError, a ValueError and a KeyError.
    """

    def __getitem__(self, number: int) -> Algorithm:
        whole = scalar(number)
        if isinstance(whole, bool) or not isinstance(whole, int) or not 0 <= whole < ALGORITHMS:
            raise AlgorithmError(f"an algorithm is a whole number from 0 to {ALGORITHMS - 1}, not {number!r}")
        return _algorithm(whole)

    def __len__(self) -> int:
        return ALGORITHMS

    def __iter__(self) -> Iterator[int]:
        return iter(range(ALGORITHMS))

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    def __repr__(self) -> str:
        return f"<the DX7's {ALGORITHMS} algorithms, 0 to {ALGORITHMS - 1}>"

    def __reduce__(self) -> str:
        return "algorithms"  # there is one table: copies and pickles are the table itself


@cache
def _algorithm(number: int) -> Algorithm:
    operators = range(1, OPERATORS + 1)  # as the engine's table counts them
    matrix = [
        [source != target and bool(lib.sx_modulates(number, source, target)) for source in operators]
        for target in operators
    ]
    heard = [bool(lib.sx_is_carrier(number, operator)) for operator in operators]
    source, target = divmod(lib.sx_feedback_path(number), 8)
    return Algorithm(
        number,
        tuple(operator for operator, carrier in enumerate(heard) if carrier),
        tuple(operator for operator, carrier in enumerate(heard) if not carrier),
        np.array(matrix, np.int8),
        (source - 1, target - 1),
    )


algorithms = AlgorithmTable()


def get_carriers(algorithm: int) -> list[int]:
    """The operators of algorithm 0..31 that are heard. AlgorithmError for another number."""
    return list(algorithms[algorithm].carriers)


def get_modulators(algorithm: int) -> list[int]:
    """The operators of algorithm 0..31 that are not heard. AlgorithmError for another number."""
    return list(algorithms[algorithm].modulators)


def get_mod_matrix(algorithm: int) -> NDArray[np.int8]:
    """Int8 (6, 6), a copy: [i, j] is 1 where operator j modulates operator i. AlgorithmError for another number."""
    return algorithms[algorithm].mod_matrix.copy()


def get_feedback_edge(algorithm: int) -> tuple[int, int]:
    """Source and target of the feedback of algorithm 0..31. AlgorithmError for another number."""
    return algorithms[algorithm].feedback_edge
