# SPDX-License-Identifier: Apache-2.0
"""The fields of a `Preset`: what they take, and how they become attributes and a signature."""

from __future__ import annotations

import inspect
from dataclasses import InitVar, fields, make_dataclass
from dataclasses import field as dataclass_field
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar, dataclass_transform, overload

import numpy as np

from synth import vectors
from synth._engine import ffi, lib
from synth.checks import numeric
from synth.matching import hint
from synth.patch import Patch
from synth.pytree import is_traced, whole
from synth.vectors import FIELDS, INTEGERS, LAYOUT, MAXIMA, POSITIONS, SCALES, VECTOR_SIZE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float32]
DEFAULT_NAME: Final = "PRESET"
INDICES: Final[dict[str, int]] = {field.name: index for index, field in enumerate(FIELDS)}
SINGLES: Final = next(field.first for field in FIELDS if field.shape)  #: 7: the first places are fields of their own
DEFAULTS: Final = Patch().to_raw()[POSITIONS] / SCALES
DEFAULT_VECTOR: Final = DEFAULTS.astype(np.float32)
_P = TypeVar("_P")


def settle(array: Floats) -> None:
    """Round the integers of vectors, C-contiguous float32 (145,) or (n, 145), and clip noise at the ends, in place.

    Raises:
        ValueError: a value that is not legal, with its field and range.
    """
    if lib.sx_settle_vectors(LAYOUT, ffi.from_buffer("float[]", array), array.size // VECTOR_SIZE) >= 0:
        raise refusal(array)


def refusal(array: Floats) -> ValueError:
    """What to raise about the first illegal value of vectors, as of `settle`."""
    row, place = divmod(
        lib.sx_settle_vectors(LAYOUT, ffi.from_buffer("float[]", array), array.size // VECTOR_SIZE), VECTOR_SIZE
    )
    value = array.reshape(-1, VECTOR_SIZE)[row, place]
    where = f" in row {row}" if array.ndim > 1 else ""
    top = f"{MAXIMA[place]:.0f}" if place >= INTEGERS else "1.0"
    return ValueError(f"{vectors.label(place)} is {value:g}{where}; it goes from 0 to {top}")


def as_numbers(field: vectors.Field, value: object) -> Floats:
    """The numbers of a field as float32 of its shape; ranges are not looked at.

    Raises:
        TypeError, ValueError: no numbers, or another shape.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{_taken(field)}, not rows of several lengths") from None
    if not numeric(array.dtype):
        raise TypeError(f"{_taken(field)}, not {value!r}")
    if array.shape != field.shape:
        given = f"an array of shape {array.shape}" if array.ndim else array[()]
        raise ValueError(f"{_taken(field)}, not {given}")
    if array.dtype != np.float64:
        return array.astype(np.float32)
    with np.errstate(over="ignore"):  # infinities are refused by name
        return array.astype(np.float32)


def as_leaf(field: vectors.Field, value: Any, shape: tuple[int, ...]) -> Any:
    """An array, traced or not, as a leaf of a field, of its type and its shape or another one that will do.

    Raises:
        ValueError: another shape.
    """
    array = value if hasattr(value, "astype") else np.asarray(value)
    if array.shape not in (field.shape, shape):
        raise ValueError(f"{_taken(field)}, not an array of shape {array.shape}")
    return whole(array) if field.integer else array.astype(np.float32)


def _taken(field: vectors.Field) -> str:
    return f"{field.name} takes {f'{field.size} numbers of shape {field.shape}' if field.shape else 'one number'}"


def checked(field: vectors.Field, value: object) -> Floats:
    """The legal numbers of a field as float32 of its shape, integers rounded; errors as of both."""
    vector = np.zeros(VECTOR_SIZE, np.float32)
    vector[field.places] = as_numbers(field, value).ravel()
    settle(vector)  # zeros are legal everywhere
    return vector[field.places].reshape(field.shape)


def gathered(leaves: Iterable[object]) -> Floats:
    """The vector of all fields' values, one after another; not settled."""
    return np.concatenate([as_numbers(field, leaf).ravel() for field, leaf in zip(FIELDS, leaves, strict=True)])


def readable(field: vectors.Field, numbers: Floats) -> Any:
    """The numbers of a field in plain Python: ints, and floats with no more digits than they need."""
    plain = [int(number) if field.integer else float(str(number)) for number in numbers]
    return np.array(plain).reshape(field.shape).tolist()


class Value:
    """A field as an attribute: a float, an int, or a writable window on the preset's own numbers."""

    def __init__(self, index: int) -> None:
        self.index = index
        field = FIELDS[index]
        numbers = f"{int(MAXIMA[field.first])}" if field.integer else f"1.0, of {int(MAXIMA[field.first])}"
        self.__doc__ = f"0 to {numbers}; " + (f"shape {field.shape}" if field.shape else "one number")

    def __get__(self, preset: Any, owner: type) -> Any:
        """Return the value; the descriptor itself on the class."""
        return self if preset is None else preset._read(self.index)

    def __set__(self, preset: Any, value: object) -> None:
        """Store a value that is legal, or not known yet because JAX is tracing, or many in a batch of presets."""
        free = is_traced(value) or preset._is_batch(self.index, value)
        preset._write(self.index, value, None if free else checked(FIELDS[self.index], value))


if TYPE_CHECKING:

    class FloatArray:
        """A float32 array that any numbers can be assigned to."""

        @overload
        def __get__(self, preset: None, owner: type) -> Self: ...
        @overload
        def __get__(self, preset: object, owner: type) -> Floats: ...
        def __get__(self, preset: object, owner: type) -> Self | Floats: ...
        def __set__(self, preset: object, value: ArrayLike) -> None: ...

    class IntArray:
        """An int32 array that any numbers can be assigned to."""

        @overload
        def __get__(self, preset: None, owner: type) -> Self: ...
        @overload
        def __get__(self, preset: object, owner: type) -> NDArray[np.int32]: ...
        def __get__(self, preset: object, owner: type) -> Self | NDArray[np.int32]: ...
        def __set__(self, preset: object, value: ArrayLike) -> None: ...


def specified(*, default: Any, kw_only: bool = False) -> Any:  # noqa: ARG001 (for type checkers)
    """A field in the body of a class; its default is that of a `Patch()`."""
    return default


@dataclass_transform(field_specifiers=(specified,))
def fielded(cls: type[_P]) -> type[_P]:
    """Give a class the attributes, signature and fields of a dataclass, as its annotations order them."""
    specs: list[tuple[str, Any, Any]] = []
    for name, kind in cls.__annotations__.items():
        if name in INDICES:
            setattr(cls, name, Value(INDICES[name]))
            specs.append((name, kind, _specification(name)))
    # No field, but something that dataclasses.replace hands on.
    specs.append(("name", InitVar[str], dataclass_field(default=DEFAULT_NAME, kw_only=True)))
    plain: Any = make_dataclass(cls.__name__, specs)
    given: Any = cls
    given.__dataclass_fields__ = plain.__dataclass_fields__
    given.__signature__ = inspect.signature(plain)
    return cls


def bound(cls: Any, values: tuple[object, ...], named: Mapping[str, object]) -> dict[str, object]:
    """The values of a call by the names of their fields; TypeError for one too many or unknown."""
    names = [field.name for field in fields(cls)]
    if len(values) > len(names):
        raise TypeError(f"{cls.__name__} has {len(names)} fields, not {len(values)}")
    given = dict(zip(names, values, strict=False))
    for name, value in named.items():
        if name not in INDICES:
            raise TypeError(f"{cls.__name__} has no field {name!r}; {hint(name, names)}")
        if name in given:
            raise TypeError(f"{cls.__name__} got two values for {name}")
        given[name] = value
    return given


def _specification(name: str) -> Any:
    field = FIELDS[INDICES[name]]
    numbers = DEFAULTS[field.places]
    if not field.shape:
        return dataclass_field(default=int(numbers[0]) if field.integer else float(numbers[0]))
    kind = np.int32 if field.integer else np.float32
    return dataclass_field(default_factory=lambda: numbers.astype(kind).reshape(field.shape))
