# SPDX-License-Identifier: Apache-2.0
"""What a `Preset` keeps: its numbers and its name."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from synth.attributes import Strict
from synth.preset_fields import (
    DEFAULT_NAME,
    DEFAULT_VECTOR,
    DEFAULTS,
    INDICES,
    SINGLES,
    as_leaf,
    as_numbers,
    bound,
    gathered,
    settle,
)
from synth.pytree import is_traced
from synth.vectors import FIELDS, INTEGERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from synth.vectors import Field

    Floats = NDArray[np.float32]
    Integers = NDArray[np.int32]


class More:
    """What most presets, made of arrays by the hundred thousand, do without."""

    __slots__ = ("exact", "ints", "leaves", "name")

    def __init__(
        self,
        name: str = DEFAULT_NAME,
        exact: list[float] | None = None,
        leaves: list[Any] | None = None,
    ) -> None:
        self.name = name
        #: fractions of the whole voice to all their digits, as they were given
        self.exact: list[float] | None = exact and list(exact)
        #: what JAX made the preset of, instead of a vector: anything
        self.leaves: list[Any] | None = leaves and list(leaves)
        #: the integers, once somebody has looked at one of their arrays
        self.ints: Integers | None = None

    def __copy__(self) -> More:
        return More(self.name, self.exact, self.leaves)  # a twin's integers are in its vector

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return type(self), (self.name, self.exact, self.leaves)


class Numbers(Strict):
    """A vector of legal numbers, and more if there is more."""

    __slots__ = ("_flat", "_more")

    _flat: Floats
    _more: More | None

    def __init__(self, *values: Any, name: str = DEFAULT_NAME, **named: Any) -> None:
        _set_flat(self, DEFAULT_VECTOR.copy())
        _set_more(self, More(exact=DEFAULTS[:SINGLES].tolist()))
        self.name = name
        given = {INDICES[field]: value for field, value in bound(type(self), values, named).items()}
        traced = {index: value for index, value in given.items() if is_traced(value)}
        for index in given.keys() - traced.keys():
            self._write(index, given[index], as_numbers(FIELDS[index], given[index]))
        settle(self._flat)
        for index, value in traced.items():
            self._write(index, value)

    @classmethod
    def _of(cls, flat: Floats | None, more: More | None = None) -> Self:
        """One of a settled vector, which it keeps."""
        numbers = cls.__new__(cls)
        _set_flat(numbers, flat)
        _set_more(numbers, more)
        return numbers

    @classmethod
    def _of_leaves(cls, leaves: Iterable[Any]) -> Self:
        return cls._of(None, More(leaves=list(leaves)))

    @property
    def name(self) -> str:
        """The name of the voice; PRESET if it came from numbers alone."""
        return DEFAULT_NAME if self._more is None else self._more.name

    @name.setter
    def name(self, name: str) -> None:
        if not isinstance(name, str):
            raise TypeError(f"the name of a preset is text, not {name!r}")
        self._with_more().name = name

    def _with_more(self) -> More:
        more = self._more
        if more is None:
            more = self._more = More()
        return more

    @property
    def _leaves(self) -> list[Any] | None:
        return None if self._more is None else self._more.leaves

    def _is_batch(self, index: int, value: Any) -> bool:
        """Whether this is a batch of presets, as JAX stacks them, and the value one field of all of them."""
        leaves = self._leaves
        return leaves is not None and FIELDS[index].shape != np.shape(leaves[index]) == np.shape(value)

    def _read(self, index: int) -> Any:
        field, more = FIELDS[index], self._more
        if more is not None and more.leaves is not None:
            return more.leaves[index]
        if field.shape:
            more = self._with_more()
            if more.ints is None:
                more.ints = self._flat[INTEGERS:].astype(np.int32)
            return self._part(field).reshape(field.shape)
        if more is not None and more.exact is not None and field.first < SINGLES:
            return more.exact[field.first]
        number = self._part(field)[0]
        return int(number) if field.integer else float(number)

    def _write(self, index: int, given: Any, numbers: Floats | None = None) -> None:
        """Take what was given, and the numbers of the field it stands for; there are none if it is traced."""
        field, more = FIELDS[index], self._with_more()
        if numbers is None and more.leaves is None:
            more.leaves = self._flatten()
        if more.leaves is not None:
            kind = np.int32 if field.integer else np.float32
            more.leaves[index] = (
                as_leaf(field, given, np.shape(more.leaves[index])) if numbers is None else numbers.astype(kind)
            )
        elif numbers is not None:
            self._part(field)[:] = numbers.ravel()
            if field.first < SINGLES:
                more.exact = more.exact or self._flat[:SINGLES].tolist()
                more.exact[field.first] = min(max(float(given), 0.0), 1.0)

    def _part(self, field: Field) -> NDArray[Any]:
        """Where the numbers of a field are kept."""
        ints = None if self._more is None else self._more.ints
        if ints is not None and field.integer:
            return ints[field.first - INTEGERS :][: field.size]
        return self._flat[field.places]

    def _current(self) -> Floats:
        """The vector as it is, legal or not."""
        more = self._more
        if more is not None and more.leaves is not None:
            return gathered(more.leaves)
        if more is not None and more.ints is not None:
            self._flat[INTEGERS:] = more.ints
        return self._flat

    def _settled(self) -> Floats:
        """The vector, to be read only, with every value legal."""
        more = self._more
        if more is None or (more.ints is None and more.leaves is None):
            return self._flat
        flat = self._current().copy()
        settle(flat)
        return flat

    def _comparable(self) -> Floats:
        """The vector, to be read only; as it is if something illegal has been written into an array."""
        try:
            return self._settled()
        except ValueError:
            return self._current()

    def _flatten(self) -> list[Any]:
        """JAX's leaves: what there are, or numbers of the same types for every preset, of their own memory."""
        if self._leaves is not None:
            return list(self._leaves)
        flat = self._settled().copy()
        ints = flat.astype(np.int32)
        leaves = [(ints if field.integer else flat)[field.places].reshape(field.shape) for field in FIELDS]
        return [leaf if leaf.shape else leaf[()] for leaf in leaves]

    def _content(self) -> tuple[Floats | None, More | None]:
        """All of it, of its own memory, for `_of`."""
        return None if self._leaves is not None else self._settled().copy(), copy(self._more)


# Twice as quick as assigning, where that is checked.
_set_flat, _set_more = (vars(Numbers)[slot].__set__ for slot in Numbers.__slots__)
