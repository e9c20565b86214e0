# SPDX-License-Identifier: Apache-2.0
"""The parameters of an OperatorGraph, which are those of Patches: six operators each, and what all operators share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Generic, Self, TypeVar, overload

from .parameters import OPERATORS, operator_position
from .sections import Envelope, Operator, Operators

if TYPE_CHECKING:
    from .operator_graph import OperatorGraph
    from .patch import Patch

_T = TypeVar("_T")


class Shared(Generic[_T]):
    """An attribute of the graph's first voice as one of the graph."""

    def __init__(self, doc: str) -> None:
        self.__doc__ = doc

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, graph: None, owner: type) -> Self: ...
    @overload
    def __get__(self, graph: OperatorGraph, owner: type) -> _T: ...
    def __get__(self, graph: OperatorGraph | None, owner: type) -> Self | _T:
        """Return the value; the descriptor itself on the class."""
        if graph is None:
            return self
        value: _T = getattr(graph._voices[0], self.name)
        return value

    def __set__(self, graph: OperatorGraph, value: _T) -> None:
        """Store a checked value."""
        setattr(graph._voices[0], self.name, value)


class GraphOperator(Operator):
    """An operator as a patch's, with dexed-py's order of arguments."""

    __slots__ = ()

    def __init__(
        self,
        output_level: int = 99,
        frequency_coarse: int = 1,
        frequency_fine: int = 0,
        frequency_mode: int | str = 0,
        detune: int = 7,
        velocity_sensitivity: int = 0,
        rate_scaling: int = 0,
        amp_mod_sensitivity: int = 0,
        breakpoint: int = 39,  # noqa: A002 - the name the DX7 gave it
        left_depth: int = 0,
        right_depth: int = 0,
        left_curve: int | str = 0,
        right_curve: int | str = 0,
        envelope: Envelope | None = None,
        *,
        frequency_ratio: float | None = None,
    ) -> None:
        super().__init__(
            envelope, output_level, frequency_coarse, frequency_fine, frequency_mode, detune, velocity_sensitivity,
            amp_mod_sensitivity, rate_scaling, breakpoint, left_depth, right_depth, left_curve, right_curve,
            frequency_ratio=frequency_ratio,
        )  # fmt: skip


class GraphOperators(Sequence[GraphOperator]):
    """The operators of a graph: ``op[0]``, ``op[-1]``, ``len(op)``; slices are lists of operators."""

    __slots__ = ("_count", "_voices")

    def __init__(self, voices: tuple[Patch, ...], count: int) -> None:
        self._voices = voices
        self._count = count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> GraphOperator: ...
    @overload
    def __getitem__(self, index: slice) -> list[GraphOperator]: ...
    def __getitem__(self, index: int | slice) -> GraphOperator | list[GraphOperator]:
        if isinstance(index, slice):
            return [self[place] for place in range(self._count)[index]]
        voice, place = divmod(self._checked(index), OPERATORS)
        return GraphOperator._view(self._voices[voice]._data, place)

    @overload
    def __setitem__(self, index: int, other: Operator) -> None: ...
    @overload
    def __setitem__(self, index: slice, other: Iterable[Operator]) -> None: ...
    def __setitem__(self, index: int | slice, other: Operator | Iterable[Operator]) -> None:
        """Copy all values of another operator, or of as many as the slice has."""
        if isinstance(index, slice):
            places = range(self._count)[index]
            for place, values in zip(places, Operators._values_of(other, len(places)), strict=True):
                self._voices[place // OPERATORS]._data.replace_at(operator_position(place % OPERATORS), values)
        else:
            self[index]._take(other)

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(list(self))

    def _checked(self, index: int) -> int:
        if isinstance(index, bool) or not hasattr(index, "__index__"):
            raise TypeError(f"op takes an index from 0 to {self._count - 1} or a slice, not {index!r}")
        if not -self._count <= index < self._count:
            raise IndexError(f"op[{index}] does not exist; the graph has op[0] to op[{self._count - 1}]")
        return int(index) % self._count
