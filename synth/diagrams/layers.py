# SPDX-License-Identifier: Apache-2.0
"""Where operators stand: in layers, each above all it modulates, with few crossings and short lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

Edge = tuple[int, int]
Segment = tuple[int, int, int]  # upper node, lower node, index of the edge it belongs to

_SWEEPS = 6
BOX_APART, BEND_APART = 2, 1  # columns between neighbours: two operators, or anything and a bend


@dataclass(frozen=True)
class Layers:
    """Nodes are operators, and bends where an edge passes a layer on its way further down.

    rows[0] is the lowest layer, from left to right; segments[i] lead from layer i + 1 to layer i. columns: of each
    node.
    """

    rows: list[list[int]]
    segments: list[list[Segment]]
    columns: dict[int, int]


def layered(operators: int, edges: Sequence[Edge]) -> Layers:
    """Layers for operators 0..operators - 1; the edges have no cycle."""
    rows, segments = _rows(operators, edges)
    rows = _untangled(_in_tree_order(rows, segments), segments)
    return Layers(rows, segments, _columns(operators, rows, segments))


def heights(operators: int, edges: Sequence[Edge]) -> list[int]:
    """Of each operator the longest way down: 0 for one that modulates nothing."""

    @cache
    def height(operator: int) -> int:
        return 1 + max((height(target) for source, target in edges if source == operator), default=-1)

    return [height(operator) for operator in range(operators)]


def _rows(operators: int, edges: Sequence[Edge]) -> tuple[list[list[int]], list[list[Segment]]]:
    level = heights(operators, edges)
    rows: list[list[int]] = [[] for _ in range(max(level) + 1)]
    segments: list[list[Segment]] = [[] for _ in rows[1:]]
    for operator in range(operators):
        rows[level[operator]].append(operator)
    bend = operators
    for index, (source, target) in enumerate(edges):
        upper = source
        for layer in range(level[source] - 1, level[target], -1):
            rows[layer].append(bend)
            segments[layer].append((upper, bend, index))
            upper, bend = bend, bend + 1
        segments[level[target]].append((upper, target, index))
    return rows, segments


def _in_tree_order(rows: list[list[int]], segments: list[list[Segment]]) -> list[list[int]]:
    """Rows in the order of a walk from the bottom up, so that trees stay together and do not cross."""
    order: list[list[int]] = [[] for _ in rows]
    seen: set[int] = set()

    def visit(layer: int, node: int) -> None:
        if node in seen:
            return
        seen.add(node)
        order[layer].append(node)
        for source in sorted(_neighbours(segments, layer, node, above=True)):
            visit(layer + 1, source)

    for layer, row in enumerate(rows):
        for node in row:
            visit(layer, node)
    return order


def _neighbours(segments: list[list[Segment]], layer: int, node: int, *, above: bool) -> list[int]:
    if above:
        return [upper for upper, lower, _ in segments[layer] if lower == node] if layer < len(segments) else []
    return [lower for upper, lower, _ in segments[layer - 1] if upper == node] if layer else []


def _untangled(rows: list[list[int]], segments: list[list[Segment]]) -> list[list[int]]:
    """Rows with fewer crossings: each node goes where its neighbours' middle is, as long as that helps."""
    best, fewest = rows, _crossings(rows, segments)
    for sweep in range(_SWEEPS):
        if fewest == 0:
            break
        above = sweep % 2 == 0
        rows = [list(row) for row in rows]
        for layer in range(len(rows) - 1, -1, -1) if above else range(len(rows)):
            places = {node: place for row in rows for place, node in enumerate(row)}
            middle = {
                node: sum(places[other] for other in near) / len(near) if near else float(places[node])
                for node in rows[layer]
                for near in [_neighbours(segments, layer, node, above=above)]
            }
            rows[layer].sort(key=middle.__getitem__)
        crossings = _crossings(rows, segments)
        if crossings < fewest:
            best, fewest = rows, crossings
    return best


def _crossings(rows: list[list[int]], segments: list[list[Segment]]) -> int:
    places = {node: place for row in rows for place, node in enumerate(row)}
    count = 0
    for gap in segments:
        lines = sorted((places[upper], places[lower]) for upper, lower, _ in gap)
        count += sum(
            low > other_low and high < other_high
            for index, (high, low) in enumerate(lines)
            for other_high, other_low in lines[index + 1 :]
        )
    return count


def _columns(operators: int, rows: list[list[int]], segments: list[list[Segment]]) -> dict[int, int]:
    columns: dict[int, int] = {}
    for row in rows:
        columns.update(zip(row, _offsets(operators, row), strict=True))
    upward = [(layer, False) for layer in range(1, len(rows))]
    downward = [(layer, True) for layer in range(len(rows) - 2, -1, -1)]
    for layer, above in (upward + downward) * _SWEEPS + upward:
        row = rows[layer]
        wanted = [
            _median([columns[other] for other in near]) if near else columns[node]
            for node in row
            for near in [_neighbours(segments, layer, node, above=above)]
        ]
        columns.update(zip(row, _apart(wanted, _offsets(operators, row)), strict=True))
    left = min(columns.values())
    return {node: column - left for node, column in columns.items()}


def _median(values: Sequence[int]) -> float:
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def _offsets(operators: int, row: Sequence[int]) -> list[int]:
    """Columns of a row whose nodes stand as close as they may."""
    offsets = [0]
    for left, right in pairwise(row):
        offsets.append(offsets[-1] + (BOX_APART if max(left, right) < operators else BEND_APART))
    return offsets


def _apart(wanted: Iterable[float], offsets: Sequence[int]) -> list[int]:
    """Columns as near to the wanted ones as order and distances allow: isotonic least squares, to whole columns."""
    pools: list[tuple[float, int]] = []  # mean, members
    for value, offset in zip(wanted, offsets, strict=True):
        mean, members = value - offset, 1
        while pools and pools[-1][0] >= mean:
            other, others = pools.pop()
            mean, members = (mean * members + other * others) / (members + others), members + others
        pools.append((mean, members))
    fitted = [mean for mean, members in pools for _ in range(members)]
    return [int((mean + 0.5) // 1) + offset for mean, offset in zip(fitted, offsets, strict=True)]
