# SPDX-License-Identifier: Apache-2.0
"""Wirings drawn with characters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .layout import BOX_HEIGHT, Layout, Line, lay_out
from .wiring import Wiring
from .words import edge_in_words, feedback_in_words

_UP, _DOWN, _LEFT, _RIGHT = 1, 2, 4, 8
_JOINTS = " ╵╷│╴┘┐┤╶└┌├─┴┬┼"  # by the sum of the directions in which there are lines
_MODULATOR, _CARRIER = ("┌─┐", "│ │", "└─┘"), ("╔═╗", "║ ║", "╚═╝")
_PORTS = {"─": "┴┬", "═": "╧╤"}  # in the head of a box, and in its foot
_PLAIN = str.maketrans(
    {**dict.fromkeys("╵╷│", "|"), **dict.fromkeys("╴╶─", "-"), **dict.fromkeys("┘┐┤└┌├┴┬┼╮╯", "+"),
     **dict.fromkeys("═", "="), **dict.fromkeys("║╔╗╚╝", "#"), **dict.fromkeys("╤╧", "+"), "×": "x"}
)  # fmt: skip


def ascii_art(wiring: Wiring, labels: Sequence[str] | None = None, *, plain: bool = False) -> str:
    """Modulators above what they modulate, carriers in double frames, feedback as a loop at a box's right.

    A line that joins several operators means that each above modulates each below; lines that cross are not joined.
    Amounts other than 1 and levels of feedback stand beside their lines. What cannot be drawn without confusion is
    listed below the drawing. plain: ASCII alone, with carriers framed by = and #.
    """
    names = wiring.labels(labels)
    layout = lay_out(wiring, names)
    rows = drawn(wiring, layout, names)
    notes = [f"carriers: {', '.join(names[operator] for operator in wiring.carriers) or 'none'}"]
    if layout.unshown_edges:
        notes.append(f"modulation: {', '.join(edge_in_words(names, edge) for edge in layout.unshown_edges)}")
    if layout.unshown_feedback:
        notes.append(f"feedback: {', '.join(feedback_in_words(names, edge) for edge in layout.unshown_feedback)}")
    drawing = "\n".join(["".join(row).rstrip() for row in rows] + ["", *notes])
    return drawing.translate(_PLAIN) if plain else drawing


def drawn(wiring: Wiring, layout: Layout, names: Sequence[str]) -> list[list[str]]:
    """The characters of a layout, row by row, each at its place."""
    grid = [[" "] * layout.width for _ in range(layout.height)]
    half = layout.half
    for operator, (middle, top) in layout.boxes.items():
        for row, frame in enumerate(_CARRIER if operator in wiring.carriers else _MODULATOR):
            inside = names[operator].center(2 * half - 1) if row == 1 else frame[1] * (2 * half - 1)
            grid[top + row][middle - half : middle + half + 1] = [frame[0], *inside, frame[2]]
    for column, top in layout.bends:
        for row in range(top, top + BOX_HEIGHT):
            grid[row][column] = "│"
    for line in layout.lines:
        _draw_line(grid, line)
    for loop in layout.loops:
        for row in range(loop.top + 1, loop.bottom):
            grid[row][loop.column] = "│"
        grid[loop.top][loop.column - 1 : loop.column + 1] = "─╮"
        grid[loop.bottom][loop.column - 1 : loop.column + 1] = "─╯"
        if loop.level is not None:
            grid[loop.bottom - 1][loop.column] = str(loop.level)
    return grid


def _draw_line(grid: list[list[str]], line: Line) -> None:
    joints: dict[tuple[int, int], int] = {}

    def draw(rows: range, columns: range, before: int, after: int) -> None:
        cells = [(row, column) for row in rows for column in columns]
        for one, other in pairwise(cells):
            joints[one] = joints.get(one, 0) | after
            joints[other] = joints.get(other, 0) | before

    # Verticals begin in the foot of a box or bend and end in the head of the next.
    for column in line.tops:
        draw(range(line.top - 1, line.row + 1), range(column, column + 1), _UP, _DOWN)
    for column in line.bottoms:
        draw(range(line.row, line.bottom + 2), range(column, column + 1), _UP, _DOWN)
    ends = line.tops + line.bottoms
    draw(range(line.row, line.row + 1), range(min(ends), max(ends) + 1), _LEFT, _RIGHT)
    for (row, column), arms in joints.items():
        here = grid[row][column]
        if here in _PORTS and arms in (_UP, _DOWN):
            grid[row][column] = _PORTS[here][arms == _DOWN]
        elif here != "│":  # of two lines that cross, the vertical one stays whole
            grid[row][column] = _JOINTS[arms]
    if line.label:
        grid[line.top][line.tops[0] + 1 : line.tops[0] + 1 + len(line.label)] = line.label
