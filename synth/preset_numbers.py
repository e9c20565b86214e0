# SPDX-License-Identifier: Apache-2.0
"""What a `Preset` keeps: its numbers and its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np

from synth.matching import hint
from synth.preset_fields import (
    DEFAULT_NAME,
    DEFAULT_VECTOR,
    DEFAULTS,
    INDICES,
    SINGLES,
    as_numbers,
    bound,
    gathered,
    settle,
)
from synth.pytree import is_traced
from synth.vectors import FIELDS, INTEGERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synth.vectors import Field

    Floats = NDArray[np.float32]
    Integers = NDArray[np.int32]


class Numbers:
    """A vector of legal numbers and a name.

    From the first look at an array on, the integers have an array of their own. Fractions of the whole voice that were
    given one by one are remembered to all their digits. Instead of all this there may be leaves, which JAX can make of
    anything.
    """

    __slots__ = ("_exact", "_flat", "_ints", "_leaves", "_name")

    _exact: list[float] | None
    _flat: Floats
    _ints: Integers | None
    _leaves: list[Any] | None
    _name: str

    def __init__(self, *values: Any, name: str = DEFAULT_NAME, **named: Any) -> None:
        _set_exact(self, DEFAULTS[:SINGLES].tolist())
        _set_flat(self, DEFAULT_VECTOR.copy())
        _set_ints(self, None)
        _set_leaves(self, None)
        self.name = name
        given = {INDICES[field]: value for field, value in bound(type(self), values, named).items()}
        traced = {index: value for index, value in given.items() if is_traced(value)}
        for index in given.keys() - traced.keys():
            self._write(index, given[index], as_numbers(FIELDS[index], given[index]))
        settle(self._flat)
        for index, value in traced.items():
            self._write(index, value)

    @classmethod
    def _of(
        cls,
        flat: Floats | None,
        leaves: list[Any] | None = None,
        name: str = DEFAULT_NAME,
        exact: list[float] | None = None,
    ) -> Self:
        """One of a settled vector, which it keeps, or of leaves."""
        numbers = cls.__new__(cls)
        _set_exact(numbers, exact)
        _set_flat(numbers, flat)
        _set_ints(numbers, None)
        _set_leaves(numbers, leaves)
        _set_name(numbers, name)
        return numbers

    @property
    def name(self) -> str:
        """The name of the voice; PRESET if it came from numbers alone."""
        return self._name

    @name.setter
    def name(self, name: str) -> None:
        if not isinstance(name, str):
            raise TypeError(f"the name of a preset is text, not {name!r}")
        _set_name(self, name)

    def __setattr__(self, name: str, value: object) -> None:
        if not hasattr(type(self), name):
            raise _unknown(self, name)
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        raise _unknown(self, name)

    def _read(self, index: int) -> Any:
        if self._leaves is not None:
            return self._leaves[index]
        field = FIELDS[index]
        if field.shape:
            if self._ints is None:
                self._ints = self._flat[INTEGERS:].astype(np.int32)
            return self._part(field).reshape(field.shape)
        if self._exact is not None and field.first < SINGLES:
            return self._exact[field.first]
        number = self._part(field)[0]
        return int(number) if field.integer else float(number)

    def _write(self, index: int, given: Any, numbers: Floats | None = None) -> None:
        """Take what was given, and the numbers of the field it stands for; there are none if it is traced."""
        field = FIELDS[index]
        if numbers is None and self._leaves is None:
            self._leaves = self._flatten()
        if self._leaves is not None:
            self._leaves[index] = (
                given if numbers is None else numbers.astype(np.int32 if field.integer else np.float32)
            )
        elif numbers is not None:
            self._part(field)[:] = numbers.ravel()
            if field.first < SINGLES:
                exact = self._flat[:SINGLES].tolist() if self._exact is None else self._exact
                exact[field.first] = min(max(float(given), 0.0), 1.0)
                self._exact = exact

    def _part(self, field: Field) -> NDArray[Any]:
        """Where the numbers of a field are kept."""
        if self._ints is not None and field.integer:
            return self._ints[field.first - INTEGERS :][: field.size]
        return self._flat[field.places]

    def _current(self) -> Floats:
        """The vector as it is, legal or not."""
        if self._leaves is not None:
            return gathered(self._leaves)
        if self._ints is not None:
            self._flat[INTEGERS:] = self._ints
        return self._flat

    def _settled(self) -> Floats:
        """The vector, to be read only, with every value legal."""
        if self._leaves is None and self._ints is None:
            return self._flat
        flat = self._current().copy()
        settle(flat)
        return flat

    def _flatten(self) -> list[Any]:
        """JAX's leaves: what there are, or numbers of the same types for every preset, of their own memory."""
        if self._leaves is not None:
            return list(self._leaves)
        flat = self._settled().copy()
        ints = flat.astype(np.int32)
        leaves = [(ints if field.integer else flat)[field.places].reshape(field.shape) for field in FIELDS]
        return [leaf if leaf.shape else leaf[()] for leaf in leaves]


# Twice as quick as assigning, where that is checked; presets come by the hundred thousand.
_set_exact, _set_flat, _set_ints, _set_leaves, _set_name = (vars(Numbers)[slot].__set__ for slot in Numbers.__slots__)


def _unknown(numbers: Numbers, name: str) -> AttributeError:
    public = [] if name.startswith("_") else [known for known in dir(type(numbers)) if not known.startswith("_")]
    remedy = f"; {hint(name, public)}" if public else ""  # NumPy asks for private names by the thousand
    return AttributeError(f"{type(numbers).__name__} has no {name!r}{remedy}", name=name, obj=numbers)
