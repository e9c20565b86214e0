# SPDX-License-Identifier: Apache-2.0
"""Who modulates whom among the operators of a graph, who is heard, and what is fed back: checked at every change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

import numpy as np

from ._engine import lib
from .attributes import Strict
from .checks import checked_float, checked_int, scalar

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_OPERATORS: Final[int] = lib.SX_GRAPH_OPERATORS
MOST_AMOUNT: Final = float(lib.SX_GRAPH_AMOUNT)
MOST_FEEDBACK: Final = 7

Feedback: TypeAlias = Mapping[int, float] | Mapping[tuple[int, int], float] | Iterable[tuple[int, int, float]]


class Routing(Strict):
    """1 to 32 operators, counted from 0, and the edges between them.

    Edges carry an amount, 1.0 being the DX7's own depth, and never form a cycle; feedback goes any way, delayed
    by a sample, at a level of 0..7. Methods that change something return the graph, so that calls can be chained.
    """

    __slots__ = ("_amounts", "_carriers", "_feedback", "_num_ops")

    def __init__(self, num_ops: int = 6) -> None:
        self._num_ops = checked_int("num_ops", num_ops, 1, MOST_OPERATORS)
        self._amounts: dict[tuple[int, int], float] = {}
        self._feedback: dict[tuple[int, int], int] = {}
        self._carriers: tuple[int, ...] = ()

    # -- modulation ----------------------------------------------------------

    def connect(self, source: int, target: int, amount: float = 1.0) -> Self:
        """Let `source` modulate `target`, `amount` times as deep as on a DX7: -64.0..64.0, negative is inverted.

        A second call replaces the amount; 0 disconnects. Amounts are kept in single precision; the kernel "chip" takes
        the nearest 1/2048.

        Raises:
            ValueError, TypeError: operators that do not exist, an operator and itself, a cycle, an amount that is no
                finite number in range.
        """
        edge = self._operator("source", source), self._operator("target", target)
        depth = _checked_amount(edge, amount)
        if edge[0] == edge[1]:
            raise ValueError(f"operator {source} cannot modulate itself through connect; use set_feedback({source})")
        if depth == 0.0:
            return self.disconnect(*edge)
        cycle = self._path(edge[1], edge[0])
        if cycle:
            way = " -> ".join(map(str, [*cycle, cycle[0]]))
            raise ValueError(
                f"connecting {source} -> {target} closes the cycle {way}; use set_feedback({source}, {target}) instead"
            )
        self._amounts[edge] = depth
        return self

    def disconnect(self, source: int, target: int) -> Self:
        """Let `source` modulate `target` no longer, if it did."""
        self._amounts.pop((self._operator("source", source), self._operator("target", target)), None)
        return self

    def disconnect_all(self) -> Self:
        """Remove every modulation; carriers and feedback stay."""
        self._amounts.clear()
        return self

    def get_connections(self) -> list[tuple[int, int, float]]:
        """All modulations as (source, target, amount), in the order of their targets."""
        return sorted(((*edge, amount) for edge, amount in list(self._amounts.items())), key=lambda edge: edge[1::-1])

    def get_sources(self, target: int) -> list[tuple[int, float]]:
        """What modulates `target`, as (source, amount)."""
        self._operator("target", target)
        return [(source, amount) for source, to, amount in self.get_connections() if to == target]

    def get_targets(self, source: int) -> list[tuple[int, float]]:
        """What `source` modulates, as (target, amount)."""
        self._operator("source", source)
        return [(to, amount) for origin, to, amount in self.get_connections() if origin == source]

    def is_connected(self, source: int, target: int) -> bool:
        """Whether `source` modulates `target`."""
        return self.connection_amount(source, target) != 0.0

    def connection_amount(self, source: int, target: int) -> float:
        """How deep `source` modulates `target`; 0.0 if it does not."""
        return self._amounts.get((self._operator("source", source), self._operator("target", target)), 0.0)

    @property
    def mod_matrix(self) -> NDArray[np.float32]:
        """The amounts, float32 (num_ops, num_ops), a copy: [i, j] is how deep operator j modulates operator i."""
        matrix = np.zeros((self._num_ops, self._num_ops), np.float32)
        for source, target, amount in self.get_connections():
            matrix[target, source] = amount
        return matrix

    # -- output --------------------------------------------------------------

    @property
    def num_ops(self) -> int:
        """How many operators there are."""
        return self._num_ops

    @property
    def carriers(self) -> list[int]:
        """The operators that are heard, in the order they were given; assigning is `set_carriers`."""
        return list(self._carriers)

    @carriers.setter
    def carriers(self, carriers: Iterable[int]) -> None:
        self.set_carriers(carriers)

    @property
    def modulators(self) -> list[int]:
        """The operators that are not heard."""
        return [operator for operator in range(self._num_ops) if operator not in self._carriers]

    def set_carriers(self, carriers: Iterable[int]) -> Self:
        """Choose the operators that are heard, one or more.

        Raises:
            ValueError, TypeError: none, one named twice, or one that does not exist.
        """
        if isinstance(carriers, str | bytes) or not isinstance(carriers, Iterable):
            raise TypeError(f"carriers are a list of operators, such as [0, 2], not {carriers!r}")
        chosen = tuple(self._operator("a carrier", carrier) for carrier in carriers)
        if not chosen:
            raise ValueError("carriers must name at least one operator: without any the graph is silent")
        for carrier in chosen:
            if chosen.count(carrier) > 1:
                raise ValueError(f"carriers name operator {carrier} twice: {list(chosen)}")
        self._carriers = chosen
        return self

    # -- feedback ------------------------------------------------------------

    def set_feedback(self, source: int, target: int | None = None, level: float = MOST_FEEDBACK) -> Self:
        """Feed the output of `source` back to `target`, or to itself if none is given.

        level: a whole number is the DX7's 0..7, of which 0 is faint but not nothing; a float is a strength of 0.0..1.0
        and becomes the nearest level, halves going to the even one. `remove_feedback` ends it.

        Raises:
            ValueError, TypeError: operators that do not exist, a level that is none.
        """
        edge = self._feedback_edge(source, target, "target (a level is given by name: level=7)")
        self._feedback[edge] = _checked_level(level)
        return self

    def remove_feedback(self, source: int, target: int | None = None) -> Self:
        """Feed `source` back to `target`, or to itself if none is given, no longer, if it was."""
        self._feedback.pop(self._feedback_edge(source, target), None)
        return self

    def get_feedback(self, source: int, target: int | None = None) -> int:
        """The level, 0..7, at which `source` is fed back to `target`, or to itself if none is given; 0 if it is not."""
        return self._feedback.get(self._feedback_edge(source, target), 0)

    def get_feedback_edges(self) -> list[tuple[int, int, int]]:
        """All feedback as (source, target, level), in the order of the sources."""
        return sorted((*edge, level) for edge, level in list(self._feedback.items()))

    # -- inside --------------------------------------------------------------

    def _operator(self, role: str, index: object) -> int:
        return checked_int(role, index, 0, self._num_ops - 1)

    def _feedback_edge(self, source: int, target: int | None, role: str = "target") -> tuple[int, int]:
        return self._operator("source", source), self._operator(role, source if target is None else target)

    def _path(self, start: int, end: int) -> list[int]:
        """The operators from `start` along its modulations to `end`; empty if there is no way."""
        ways, seen = [[start]], {start}
        for way in ways:  # grows while it is walked
            if way[-1] == end:
                return way
            onward = [target for source, target in sorted(self._amounts) if source == way[-1] and target not in seen]
            seen.update(onward)
            ways += [[*way, target] for target in onward]
        return []


def _checked_amount(edge: tuple[int, int], amount: object) -> float:
    depth = checked_float(f"the amount of {edge[0]} -> {edge[1]}", amount, -MOST_AMOUNT, MOST_AMOUNT)
    kind = np.float16 if getattr(amount, "dtype", None) == np.float16 else np.float32
    return float(str(kind(depth)))  # what `mod_matrix` has, but 0.3 stays 0.3


def _checked_level(level: object) -> int:
    number = scalar(level)
    if not isinstance(number, float):
        return checked_int("a feedback level (a float would be a strength of 0.0 to 1.0)", number, 0, MOST_FEEDBACK)
    if not 0.0 <= number <= 1.0:
        raise ValueError(
            f"a feedback strength is a float from 0.0 to 1.0, not {number:g}; a level is a whole number from 0 to 7"
        )
    return round(MOST_FEEDBACK * number)


def edges_of_feedback(feedback: Feedback | None) -> Iterator[tuple[int, int, float]]:
    """Every spelling of feedback as (source, target, level)."""
    if isinstance(feedback, Mapping):
        for edge, level in feedback.items():
            yield (*edge, level) if isinstance(edge, tuple) and len(edge) == 2 else (edge, edge, level)
    elif feedback is not None:
        if not isinstance(feedback, Iterable):
            raise TypeError(f"feedback is a dict such as {{3: 0.5}}, or a list of edges, not {feedback!r}")
        for given in feedback:
            item: Any = given
            item = item.tolist() if hasattr(item, "tolist") else item
            if not isinstance(item, Sequence) or len(item) != 3:
                raise TypeError(f"feedback is made of (source, target, level), not {item!r}")
            source, target, level = item
            yield source, target, level
