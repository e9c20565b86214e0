# SPDX-License-Identifier: Apache-2.0
"""Keyboard level scaling drawn on matplotlib axes."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING, Final

import numpy as np

from synth.plotting.colours import CARRIER, MODULATOR

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

_CLOSE: Final = 0.1  # of the height: names of lines that end closer than this stand together


def draw_scaling(axes: Axes, decibels: NDArray[np.float32], heard: Container[int]) -> None:
    """A line of each operator that has any, named where it is farthest from 0. decibels: (6, keys)."""
    ends: dict[int, list[tuple[float, int]]] = {0: [], decibels.shape[1] - 1: []}
    for number, line in enumerate(decibels, 1):
        if line.any():
            axes.plot(line, color=_colour(number, heard), linewidth=1.4)
            end = max(ends, key=lambda key: abs(line[key]))
            ends[end].append((float(line[end]), number))
    for key, lines in ends.items():
        for level, numbers in _together(sorted(lines), float(np.ptp(decibels)) * _CLOSE):
            axes.annotate(
                " ".join(map(str, sorted(numbers))),
                (key, level),
                (4, 0 if key else 3),  # beside the axes; at their left, where the scale is, within
                textcoords="offset points",
                va="center" if key else "bottom",
                color=_colour(numbers[0], heard),
                weight="bold",
                fontsize="small",
            )
    axes.set_xlim(0, decibels.shape[1] - 1)
    axes.set_title("level by key", fontsize="medium", weight="bold")
    axes.set_ylabel("dB")


def _colour(number: int, heard: Container[int]) -> str:
    return CARRIER if number in heard else MODULATOR


def _together(lines: list[tuple[float, int]], close: float) -> list[tuple[float, list[int]]]:
    """Where names stand, from the lowest: a level, and the operators whose lines end about there."""
    names: list[tuple[float, list[int]]] = []
    for level, number in lines:
        if names and level - names[-1][0] < close:
            names[-1][1].append(number)
        else:
            names.append((level, [number]))
    return names
