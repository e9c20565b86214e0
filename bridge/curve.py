# SPDX-License-Identifier: Apache-2.0
"""A curve through named points, straight in between."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise


def nearest(value: float) -> int:
    """The nearest whole number; halves go up."""
    return math.floor(value + 0.5)


def clamped(value: float) -> int:
    """The nearest byte."""
    return min(255, max(0, nearest(value)))


class Curve:
    """A line through points of rising x; `curve[x]` is the whole number nearest to it at a whole x."""

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        self.points = tuple(points)
        self._first = int(self.points[0][0])
        self._table = tuple(nearest(self.at(x)) for x in range(self._first, int(self.points[-1][0]) + 1))

    def __getitem__(self, x: int) -> int:
        return self._table[x - self._first]

    def at(self, x: float) -> float:
        """The curve at `x`; beyond its ends it stays where it ended."""
        return _between(self.points, x)

    def rounding(self, x: int) -> float:
        """How far `curve[x]` is from the line, 0..0.5."""
        return abs(self.at(x) - self[x])

    def where(self, y: float) -> float:
        """The x at which a rising curve is `y`; the nearest end for what it never reaches."""
        return _between([(b, a) for a, b in self.points], y)

    def __str__(self) -> str:
        return " ".join(f"{x:g}>{y:g}" for x, y in self.points)

    def __repr__(self) -> str:
        return f"<Curve {self}>"


def rises(points: Sequence[tuple[float, float]], axis: int = 0) -> bool:
    """True if each point has a greater x (axis 0) or y (axis 1) than the one before."""
    return all(after[axis] > before[axis] for before, after in pairwise(points))


def _between(points: Sequence[tuple[float, float]], x: float) -> float:
    if x <= points[0][0]:
        return points[0][1]
    if x >= points[-1][0]:
        return points[-1][1]
    place = bisect_right(points, x, key=lambda point: point[0])
    (left, low), (right, high) = points[place - 1], points[place]
    return low + (high - low) * (x - left) / (right - left)
