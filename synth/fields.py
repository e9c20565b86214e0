# SPDX-License-Identifier: Apache-2.0
"""Checked attributes over the bytes of a voice.

The parts of a Patch (operator, envelope, LFO) hold no values of their own: each is a window on
the same 155 bytes, and each attribute one descriptor that checks against the parameter table.
"""

import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING, Any, Self, SupportsIndex, TypeVar, overload

import numpy as np

from .attributes import Strict, own
from .checks import shown
from .parameters import INIT_VOICE, PARAMETERS, Parameter
from .voicewindows import VoiceBytes

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Names for values in code, as dexed-py spells them and the DX7's panel. Of the names of one value the first is the one
# that is read. "lin" is the DX7's -LIN and "log" the DX7's +LIN.
CURVE_NAMES = {
    "lin": 0, "-lin": 0, "lin-": 0, "linear": 0, "exp-": 1, "-exp": 1, "-exp-": 1,
    "exp+": 2, "+exp": 2, "+exp-": 2, "log": 3, "+lin": 3, "lin+": 3, "-log": 3,
}  # fmt: skip
LFO_WAVE_NAMES = {
    "triangle": 0, "tri": 0, "saw_down": 1, "saw down": 1, "saw": 1, "sawtooth": 1, "saw_up": 2, "saw up": 2,
    "square": 3, "sq": 3, "sine": 4, "sin": 4, "s&h": 5, "s/hold": 5, "sample_hold": 5, "sh": 5,
}  # fmt: skip
_SPELLINGS = {
    "curve": CURVE_NAMES,
    "wave": LFO_WAVE_NAMES,
    "mode": {"ratio": 0, "fixed": 1},
    "sync": {"off": 0, "on": 1},
}


def names_read(spellings: dict[str, int]) -> list[str]:
    """The first name of each value, by value."""
    values = list(spellings.values())
    return [list(spellings)[values.index(value)] for value in range(max(values) + 1)]


CURVE_INDEX_TO_NAME = names_read(CURVE_NAMES)
LFO_WAVE_INDEX_TO_NAME = names_read(LFO_WAVE_NAMES)

_MOST_LISTED = 1000  # items that are counted of something that may have no end
_S = TypeVar("_S", bound="Section")


def check(parameter: Parameter, value: object) -> int:
    """`value` as the byte of `parameter`.

    Whole numbers of any kind (numpy's too) within the range; for named values also their name; for
    on/off parameters also a bool.

    Raises:
        TypeError: not a whole number, a bool where a quantity is meant.
        ValueError: outside the range, or an unknown name.
    """
    if isinstance(value, str) and parameter.choices:
        return _named(parameter, value)
    if isinstance(value, bool | np.bool_):
        if parameter.maximum != 1:
            raise TypeError(f"{parameter.label} is a number from 0 to {parameter.maximum}, not {value}")
        return int(value)
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        kind = type(value).__name__
        hint = "; round it first, e.g. int(round(x))" if isinstance(value, float | np.floating) else ""
        raise TypeError(
            f"{parameter.label} takes a whole number from {parameter.minimum} to {parameter.maximum},"
            f" not {value!r} ({kind}){hint}"
        ) from None
    if not parameter.minimum <= number <= parameter.maximum:
        raise ValueError(
            f"{parameter.label} is {shown(number)}; it goes from {parameter.minimum} to {parameter.maximum}"
        )
    return number


def _spellings(parameter: Parameter) -> dict[str, int]:
    return _SPELLINGS[parameter.key.rpartition("_")[2].rpartition(".")[2]]


def _named(parameter: Parameter, value: str) -> int:
    spellings = _spellings(parameter)
    text = value.strip().lower()
    if text in spellings:
        return spellings[text]
    near = get_close_matches(text, names_read(spellings), 1) or get_close_matches(text, spellings, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(parameter.choices)}"
    raise ValueError(f"{parameter.label} cannot be {value!r}; {hint}")


class _Byte:
    """One byte of the voice as an attribute, `position` bytes after the section's first."""

    def __init__(self, position: int) -> None:
        self.position = position

    def _read(self, section: "Section") -> int:
        return section._data[section._base + self.position]

    def _write(self, section: "Section", value: object) -> None:
        position = section._base + self.position
        section._data[position] = check(PARAMETERS[position], value)

    def __set_name__(self, owner: "type[Section]", name: str) -> None:
        parameter = PARAMETERS[owner._home() + self.position]
        names = names_read(_spellings(parameter)) if parameter.choices else ()
        self.__doc__ = f"{parameter.minimum} to {parameter.maximum}" + (f": {', '.join(names)}" if names else "")


class Value(_Byte):
    """A number."""

    @overload
    def __get__(self, section: None, owner: type) -> Self: ...
    @overload
    def __get__(self, section: "Section", owner: type) -> int: ...
    def __get__(self, section: "Section | None", owner: type) -> Self | int:
        """Return the number; the descriptor itself on the class."""
        return self if section is None else self._read(section)

    def __set__(self, section: "Section", value: SupportsIndex | str) -> None:
        """Store a checked value; a name where the parameter has names."""
        self._write(section, value)


class Switch(_Byte):
    """On or off."""

    @overload
    def __get__(self, section: None, owner: type) -> Self: ...
    @overload
    def __get__(self, section: "Section", owner: type) -> bool: ...
    def __get__(self, section: "Section | None", owner: type) -> Self | bool:
        """Return whether it is on; the descriptor itself on the class."""
        return self if section is None else bool(self._read(section))

    def __set__(self, section: "Section", value: "SupportsIndex | np.bool_ | str") -> None:
        """Store True or False, 1 or 0, "on" or "off"."""
        self._write(section, value)


class Choice(_Byte):
    """One of some names."""

    def __init__(self, position: int, names: Sequence[str]) -> None:
        super().__init__(position)
        self.names = names

    @overload
    def __get__(self, section: None, owner: type) -> Self: ...
    @overload
    def __get__(self, section: "Section", owner: type) -> str: ...
    def __get__(self, section: "Section | None", owner: type) -> Self | str:
        """Return the name; the descriptor itself on the class."""
        return self if section is None else self.names[self._read(section)]

    def __set__(self, section: "Section", value: SupportsIndex | str) -> None:
        """Store a name, or the number of one."""
        self._write(section, value)


class Four(Sequence[int]):
    """The four rates or four levels of an envelope: like a list of fixed length whose items are checked.

    It equals a list or tuple of the same numbers, and hashes as the tuple does: do not change it while it is a key.
    Copied or pickled, it stands alone.
    """

    __slots__ = ("__weakref__", "_data", "_first")

    def __init__(self, data: VoiceBytes, first: int) -> None:
        self._data = data
        self._first = first
        data.watch(self)

    def _span(self) -> tuple[int, int]:
        return self._first, self._first + 4

    def __len__(self) -> int:
        return 4

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> list[int]: ...
    def __getitem__(self, index: int | slice) -> int | list[int]:
        return list(self._data[self._first : self._first + 4])[index]

    def __setitem__(self, index: int | slice, value: object) -> None:
        if not isinstance(index, slice) and index not in range(-4, 4):
            raise IndexError(f"{self._name()}s have the indices 0 to 3, not {index!r}")
        places = range(self._first, self._first + 4)[index]
        if isinstance(places, int):
            self._data[places] = check(PARAMETERS[places], value)
            return
        # All are checked before the first is stored: a refused list changes nothing.
        for place, item in zip(places, self._checked(places, value), strict=True):
            self._data[place] = item

    def _checked(self, places: range, value: object) -> bytes:
        """The bytes for some of the places; TypeError or ValueError if these are others."""
        name = self._name()
        if isinstance(value, str | bytes | AbstractSet | Mapping) or not hasattr(value, "__iter__"):
            raise TypeError(f"{name}s take {len(places)} whole numbers, not {value!r}")
        values = list(islice(value, _MOST_LISTED))
        if len(values) != len(places):
            many = f"{_MOST_LISTED} or more" if len(values) == _MOST_LISTED else str(len(values))
            raise ValueError(f"{name}s take {len(places)} values, not {many}")
        return bytes(check(PARAMETERS[place], item) for place, item in zip(places, values, strict=True))

    def _name(self) -> str:
        return PARAMETERS[self._first].label.removesuffix(" 1").lower().replace("eg", "EG").replace("op", "OP", 1)

    def _take(self, values: object) -> None:
        checked = self._checked(range(*self._span()), values)
        if not (isinstance(values, Four) and values._data is self._data and values._first == self._first):
            self._data.replace_at(self._first, checked, self)

    def __iter__(self) -> Iterator[int]:
        return iter(self[:])

    def __add__(self, more: "Four | list[int] | tuple[int, ...]") -> list[int]:
        return [*self, *more] if isinstance(more, Four | list | tuple) else NotImplemented

    def __radd__(self, first: "list[int] | tuple[int, ...]") -> list[int]:
        return [*first, *self] if isinstance(first, list | tuple) else NotImplemented

    def copy(self) -> list[int]:
        """The four numbers, a list of its own."""
        return self[:]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Four | list | tuple):
            return list(self) == list(other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __reduce__(self) -> "tuple[Any, tuple[type[Self], bytes, int]]":
        return _four, (type(self), bytes(self), self._first)

    def __repr__(self) -> str:
        return repr(list(self))


class FourValues:
    """An envelope's rates or levels as an attribute that takes any four whole numbers."""

    def __init__(self, position: int) -> None:
        self.position = position

    def __set_name__(self, owner: type, name: str) -> None:
        self.__doc__ = f"Four {name}, 0 to 99."

    @overload
    def __get__(self, section: None, owner: type) -> Self: ...
    @overload
    def __get__(self, section: "Section", owner: type) -> Four: ...
    def __get__(self, section: "Section | None", owner: type) -> "Self | Four":
        """Return the four values; the descriptor itself on the class."""
        return self if section is None else Four(section._data, section._base + self.position)

    def __set__(self, section: "Section", values: "Iterable[int] | NDArray[np.integer[Any]]") -> None:
        """Store four checked values."""
        Four(section._data, section._base + self.position)._take(values)


class Section(Strict):
    """Some bytes of a voice with named attributes; unknown attributes are refused with the nearest name.

    Sections compare and hash by content: do not change one while it is a key. Copied or pickled, one stands alone.
    """

    __slots__ = ("__weakref__", "_base", "_data")

    _size = 0  # VCED bytes of the section
    _kind = ""  # sections of one kind compare, and take each other's values
    _fields: tuple[str, ...] = ()  # its attributes, in the order people read them

    def __init__(self, data: VoiceBytes | None = None, base: int = 0) -> None:
        self._data = VoiceBytes(INIT_VOICE) if data is None else data
        self._base = base

    @classmethod
    def _window(cls, data: VoiceBytes, base: int) -> Self:
        """A section of somebody's bytes."""
        window = cls.__new__(cls)
        Section.__init__(window, data, base)
        data.watch(window)
        return window

    @staticmethod
    def _home() -> int:
        """The place of the first byte of such a section in a voice."""
        return 0

    def _span(self) -> tuple[int, int]:
        return self._base, self._base + self._size

    def _bytes(self) -> bytes:
        return bytes(self._data[self._base : self._base + self._size])

    def _take(self, other: object) -> None:
        """Become equal to another section of the same kind."""
        values = self._values_of(other)
        if not (isinstance(other, Section) and other._data is self._data and other._base == self._base):
            self._data.replace_at(self._base, values, self)

    @classmethod
    def _values_of(cls, other: object) -> bytes:
        """The bytes of a section of the same kind; TypeError if it is none."""
        if not isinstance(other, Section) or other._kind != cls._kind:
            raise TypeError(f"expected {cls.__name__}, not {type(other).__name__}")
        return other._bytes()

    def copy(self) -> Self:
        """The same values, apart from any patch."""
        return _section(type(self), self._bytes(), self._base)

    __copy__ = copy

    def __reduce__(self) -> "tuple[Any, tuple[Any, ...]]":
        return _section, (type(self), self._bytes(), self._base)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Section) or other._kind != self._kind:
            return NotImplemented
        return self._bytes() == other._bytes()

    def __hash__(self) -> int:
        return hash((self._kind, self._bytes()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self._fields)})"

    def __delattr__(self, name: str) -> None:
        if name not in (own(self) or ()):
            raise AttributeError(f"{name} of {type(self).__name__} cannot be deleted", name=name, obj=self)
        object.__delattr__(self, name)


def _section(kind: type[_S], values: bytes, base: int) -> _S:
    """A section with these values at its place in a voice of its own."""
    section = kind.__new__(kind)
    Section.__init__(section, VoiceBytes(INIT_VOICE), base)
    section._data[base : base + len(values)] = values
    return section


def _four(kind: type[Four], values: bytes, first: int) -> Four:
    """Four values at their place in a voice of their own."""
    data = VoiceBytes(INIT_VOICE)
    data[first : first + len(values)] = values
    return kind(data, first)
