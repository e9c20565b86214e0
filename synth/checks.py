# SPDX-License-Identifier: Apache-2.0
"""Checks of arguments, with errors that name the argument and its range."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST_SECONDS: Final = 3600.0
_SHOWN_BITS: Final = 64  # longer numbers are not spelled out


def scalar(value: Any) -> Any:
    """The number in an array without dimensions, NumPy's or another library's; anything else as it is."""
    return value.item() if getattr(value, "shape", None) == () and hasattr(value, "item") else value


def shown(whole: int) -> str:
    """A whole number in a sentence, where long ones are not spelled out."""
    return str(whole) if whole.bit_length() <= _SHOWN_BITS else f"a number of {whole.bit_length()} bits"


def checked_int(name: str, value: object, low: int, high: int) -> int:
    """The value as an int of low..high; ValueError or TypeError naming the argument otherwise."""
    number: Any = scalar(value)
    if isinstance(number, bool):
        number = None
    try:
        whole = operator.index(number)
    except TypeError:
        raise TypeError(f"{name} must be a whole number of {low} to {high}, not {value!r}.") from None
    if not low <= whole <= high:
        raise ValueError(f"{name} must be {low} to {high}, not {shown(whole)}.")
    return whole


def checked_whole(name: str, value: object, low: int, high: int) -> int:
    """As `checked_int`, but the whole number may come as a float; any other float is a ValueError."""
    number = scalar(value)
    if isinstance(number, float):
        if not number.is_integer():
            raise ValueError(f"{name} must be a whole number of {low} to {high}, not {number}.")
        number = int(number)
    return checked_int(name, number, low, high)


def checked_bool(name: str, value: object) -> bool:
    """True or False, also NumPy's or as 1 or 0; TypeError naming the argument otherwise: `"no"` would be true."""
    given = scalar(value)
    if not isinstance(given, bool | int) or given not in (0, 1):
        raise TypeError(f"{name} must be True or False, not {excerpt(value)}.")
    return bool(given)


def checked_choice(name: str, value: object, choices: tuple[str, ...]) -> str:
    """The value if it is one of the choices; ValueError naming them otherwise."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return str(value)


def checked_number(name: str, value: object, unit: str = "") -> int | float:
    """The value as an int or a float; TypeError naming the argument if it is no number."""
    number = scalar(value)
    if isinstance(number, np.longdouble):
        number = float(number)
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise TypeError(f"{name} must be a number{unit and f' of {unit}'}, not {value!r}.")
    return number


def checked_float(name: str, value: object, low: float, high: float, unit: str = "") -> float:
    """The value as a float of low..high; ValueError (NaN, too) or TypeError naming the argument otherwise."""
    number = checked_number(name, value, unit)
    if not low <= number <= high:
        told = f"{number:g}" if isinstance(number, float) or abs(number) < 1 << _SHOWN_BITS else "so large a number"
        raise ValueError(f"{name} must be {low:g} to {high:g}{unit and f' {unit}'}, not {told}.")
    return float(number)


def checked_seconds(name: str, seconds: object) -> float:
    """The duration; TypeError if it is no number, ValueError if negative, not finite or more than an hour."""
    return checked_float(name, seconds, 0.0, LONGEST_SECONDS, "seconds")


def as_array(name: str, values: object) -> NDArray[Any]:
    """The values as an array; ValueError naming the argument if they are rows of different lengths."""
    try:
        return np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} must have rows of one length.") from error


def numeric(kind: np.dtype[Any]) -> bool:
    """Whether NumPy's or JAX's values of this type are real numbers or truth values."""
    return kind.kind in "biuf" or (kind.kind == "V" and kind.type is not np.void)  # V are the short floats of JAX


def checked_ints(name: str, values: object, low: int, high: int) -> NDArray[np.integer[Any]]:
    """One whole number of low to high, or one for each row: integers () or (n,).

    ValueError or TypeError naming the argument, and the row, otherwise.
    """
    array = as_array(name, values)
    if array.ndim == 0:
        return np.asarray(checked_int(name, values if array.dtype.kind == "O" else array[()], low, high))
    if array.dtype.kind not in "iu" and array.size > 0:
        raise TypeError(f"{name} must be whole numbers of {low} to {high}, not {array.dtype.name} values.")
    _check_rows(name, array, (array >= low) & (array <= high), f"{low} to {high}")
    return array.astype(np.int64) if array.size == 0 else array


def checked_durations(name: str, values: object) -> NDArray[np.float64]:
    """A duration in seconds, 0 to an hour, or one for each row: float64 () or (n,).

    ValueError or TypeError naming the argument, and the row, otherwise.
    """
    array = as_array(name, values)
    if array.ndim == 0:
        return np.asarray(checked_seconds(name, array.item()), np.float64)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{name} must be numbers of seconds, not {array.dtype.name} values.")
    seconds = array.astype(np.float64)
    _check_rows(name, array, (seconds >= 0.0) & (seconds <= LONGEST_SECONDS), f"0 to {LONGEST_SECONDS:.0f} seconds")
    return seconds


def _check_rows(name: str, array: NDArray[Any], legal: NDArray[np.bool_], allowed: str) -> None:
    if array.ndim > 1:
        raise ValueError(f"{name} must be one value or a row of them, not an array of shape {array.shape}.")
    if not legal.all():
        row = int(legal.argmin())
        raise ValueError(f"{name} must be {allowed}, not {array[row]} in row {row}.")


LONGEST_EXCERPT = 40
"""Characters of a value in a sentence."""


def excerpt(value: object) -> str:
    """A value in a sentence, however long it is."""
    try:
        text = repr(value)
    except ValueError:  # Python shows no more than 4300 digits
        return "a number beyond all bounds"
    return text if len(text) <= LONGEST_EXCERPT else f"{text[:LONGEST_EXCERPT]}..."
