# SPDX-License-Identifier: Apache-2.0
"""Checks of arguments, with errors that name the argument and its range."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

LONGEST_SECONDS: Final = 3600.0


def checked_int(name: str, value: object, low: int, high: int) -> int:
    """The value as an int of low..high; ValueError or TypeError naming the argument otherwise."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be a whole number of {low} to {high}, not {value!r}.")
    if not low <= value <= high:
        raise ValueError(f"{name} must be {low} to {high}, not {value}.")
    return int(value)


def checked_choice(name: str, value: object, choices: tuple[str, ...]) -> str:
    """The value if it is one of the choices; ValueError naming them otherwise."""
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return str(value)


def checked_seconds(name: str, seconds: float) -> float:
    """The duration; TypeError if it is no number, ValueError if negative, not finite or more than an hour."""
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float, np.integer, np.floating)):
        raise TypeError(f"{name} must be a number of seconds, not {seconds!r}.")
    if not (math.isfinite(seconds) and 0.0 <= seconds <= LONGEST_SECONDS):
        raise ValueError(f"{name} must be 0 to {LONGEST_SECONDS:.0f} seconds, not {seconds}.")
    return float(seconds)
