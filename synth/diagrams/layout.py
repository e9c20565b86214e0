# SPDX-License-Identifier: Apache-2.0
"""Where everything of a drawing is, on a grid of characters: what the text and the SVG drawing share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .layers import Layers, heights, layered
from .tracks import Net, assign_tracks, nets_of, set_ports
from .wiring import Wiring, number

BOX_HEIGHT = 3
LOOP = 2  # from a box's right edge to the line of a feedback loop
_WIDEST = 160  # characters
_MOST_BENDS = 48


@dataclass(frozen=True)
class Line:
    """A net: from the rows below its upper boxes down to `row`, sideways there, and down to the boxes below.

    top, bottom: first and last row between the boxes; there is none if bottom < top. label: of its amount, beside the
    first row; empty where the amount is 1 or shown further up.
    """

    tops: list[int]
    bottoms: list[int]
    top: int
    row: int
    bottom: int
    label: str


@dataclass(frozen=True)
class Loop:
    """Feedback beside its boxes: from the foot of the source to the head of the target, the rows `top` to `bottom`."""

    source: int
    target: int
    level: int | None
    column: int
    top: int
    bottom: int


@dataclass(frozen=True)
class Layout:
    """Columns and rows from 0.

    boxes: of each operator the column of its middle and the row of its top; boxes reach `half` to either side. bends:
    columns and top rows where a line passes a layer of boxes. unshown: what the drawing has no room for.
    """

    boxes: dict[int, tuple[int, int]]
    half: int
    lines: list[Line]
    bends: list[tuple[int, int]]
    loops: list[Loop]
    unshown_edges: list[tuple[int, int, float]]
    unshown_feedback: list[tuple[int, int, int | None]]
    width: int
    height: int


def lay_out(wiring: Wiring, labels: Sequence[str]) -> Layout:
    """The whole wiring if that can be drawn clearly; else one edge of each operator, without amounts."""
    level = heights(wiring.operators, [edge[:2] for edge in wiring.edges])
    bends = sum(level[source] - level[target] - 1 for source, target, _ in wiring.edges)
    layout = _attempt(wiring, labels, wiring.edges) if bends <= _MOST_BENDS else None
    if layout and layout.width <= _WIDEST:
        return layout
    nearest = {
        source: (source, target, 1.0) for source, target, _ in wiring.edges if level[source] == level[target] + 1
    }
    layout = _attempt(wiring, labels, tuple(nearest.values()))
    assert layout, "trees drawn side by side do not cross"
    return layout


def _attempt(wiring: Wiring, labels: Sequence[str], edges: Sequence[tuple[int, int, float]]) -> Layout | None:
    """These edges drawn; None if their lines would run into each other."""
    layers = layered(wiring.operators, [edge[:2] for edge in edges])
    amounts = [amount for _, _, amount in edges]
    gaps = [nets_of(gap, amounts, wiring.operators) for gap in layers.segments]
    half, apart = _sizes(wiring.operators, labels, gaps)
    columns = {node: half + (half + LOOP + 1) * column for node, column in layers.columns.items()}
    for nets in gaps:
        set_ports(nets, columns, apart)
    tracks = [assign_tracks(nets) for nets in gaps]
    if None in tracks:
        return None

    tops: dict[int, int] = {}  # first row of each layer
    lines: list[Line] = []
    row = 0
    for layer in range(len(layers.rows) - 1, -1, -1):
        tops[layer] = row
        row += BOX_HEIGHT
        if layer:
            nets, depth = gaps[layer - 1], tracks[layer - 1] or 0
            labelled = any(_label(net, wiring.operators) for net in nets)
            first, end = row + labelled, row + labelled + depth
            lines += [
                Line(
                    net.tops,
                    net.bottoms,
                    row,
                    end - 1 if net.track is None else first + net.track,
                    end - 1,
                    _label(net, wiring.operators),
                )
                for net in nets
            ]
            row = end
    places = {node: (columns[node], tops[layer]) for layer, nodes in enumerate(layers.rows) for node in nodes}
    boxes = {operator: places.pop(operator) for operator in range(wiring.operators)}
    loops = _loops(wiring, layers, columns, tops, half)
    shown = {(loop.source, loop.target) for loop in loops}
    return Layout(
        boxes,
        half,
        lines,
        list(places.values()),
        loops,
        [edge for edge in wiring.edges if edge not in edges],
        [edge for edge in wiring.feedback if edge[:2] not in shown],
        max(columns.values()) + half + LOOP + 1,
        row,
    )


def _label(net: Net, operators: int) -> str:
    return f"×{number(net.amount)}" if net.amount != 1.0 and net.uppers[0] < operators else ""


def _sizes(operators: int, labels: Sequence[str], gaps: Sequence[Sequence[Net]]) -> tuple[int, int]:
    """Half the width of boxes and the distance of their ports, with room for names and amounts."""
    depth = max((len(_label(net, operators)) for nets in gaps for net in nets), default=0)
    apart = 2 * ((depth + 3) // 2) if depth else 2
    ports = 1
    for nets in gaps:
        for side in ("uppers", "lowers"):
            ends = [node for net in nets for node in getattr(net, side)]
            ports = max([ports, *map(ends.count, ends)])
    name = max(len(labels[operator]) for operator in range(operators))
    return max((name + 4) // 2, (ports - 1) * apart // 2 + max(1, depth)), apart


def _loops(wiring: Wiring, layers: Layers, columns: dict[int, int], tops: dict[int, int], half: int) -> list[Loop]:
    """The feedback that can be drawn beside its boxes, with nothing in its way."""
    layer_of = {node: layer for layer, row in enumerate(layers.rows) for node in row}
    loops: list[Loop] = []
    busy: set[int] = set()  # operators beside which there is a loop
    for source, target, level in sorted(wiring.feedback, key=lambda edge: (edge[0] != edge[1], edge[:2])):
        low, high = layer_of[source], layer_of[target]
        column = columns[source] + half + LOOP
        passed = [node for layer in range(low, high + 1) for node in layers.rows[layer]]
        beside = {node for node in passed if columns[node] == columns[source]}
        blocked = any(abs(columns[node] - column) <= half + 1 for node in passed if node not in beside)
        if target in beside and not beside & busy and not (blocked and low != high):
            loops.append(Loop(source, target, level, column, tops[high], tops[low] + BOX_HEIGHT - 1))
            busy |= beside
    return loops
