# SPDX-License-Identifier: Apache-2.0
"""A wiring of operators drawn on matplotlib axes, laid out as in the SVG pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from matplotlib.patches import FancyBboxPatch

from synth.diagrams.layout import BOX_HEIGHT, LOOP, Line, Loop, lay_out
from synth.plotting.colours import CARRIER, FEEDBACK, MODULATOR, ON_COLOUR

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from synth.diagrams import Wiring

_ROW: Final = 1.4  # height of a row, in columns
_INSET: Final = 0.4  # between a box and the rows it fills
_WIDTH: Final = 1.6  # of lines, points


def draw_wiring(axes: Axes, wiring: Wiring, names: Sequence[str]) -> None:
    """Modulators above what they modulate, carriers coloured, feedback as a loop with its level."""
    layout = lay_out(wiring, names)
    for line in layout.lines:
        _draw_line(axes, line)
    for column, top in layout.bends:
        axes.plot([column, column], [top * _ROW, (top + BOX_HEIGHT) * _ROW], color=MODULATOR, linewidth=_WIDTH)
    for loop in layout.loops:
        _draw_loop(axes, loop)
    for operator, (column, top) in layout.boxes.items():
        colour = CARRIER if operator in wiring.carriers else MODULATOR
        corner = (column - layout.half, top * _ROW + _INSET)
        size = (2 * layout.half, BOX_HEIGHT * _ROW - 2 * _INSET)
        axes.add_patch(
            FancyBboxPatch(corner, *size, "round,pad=0,rounding_size=0.5", facecolor=colour, edgecolor="none", zorder=3)
        )
        middle = (top + BOX_HEIGHT / 2) * _ROW
        axes.text(column, middle, names[operator], color=ON_COLOUR, weight="bold", ha="center", va="center", zorder=4)
    axes.set_xlim(-0.5, layout.width + 1.0)
    axes.set_ylim(layout.height * _ROW, 0.0)
    axes.set_aspect("equal")
    axes.set_axis_off()


def _draw_line(axes: Axes, line: Line) -> None:
    """From the boxes above to the boxes below, with dots where it branches."""
    start, across, end = line.top * _ROW - _INSET, (line.row + 0.5) * _ROW, (line.bottom + 1) * _ROW + _INSET
    ends = [*line.tops, *line.bottoms]
    ways = [([column, column], [start, across]) for column in line.tops]
    ways += [([column, column], [across, end]) for column in line.bottoms]
    ways.append(([min(ends), max(ends)], [across, across]))
    for x, y in ways:
        axes.plot(x, y, color=MODULATOR, linewidth=_WIDTH, solid_capstyle="projecting")
    for column, verticals in Counter(ends).items():
        if verticals + (column > min(ends)) + (column < max(ends)) > 2:
            axes.plot([column], [across], "o", color=MODULATOR, markersize=4)
    if line.label:
        axes.text(line.tops[0] + 0.5, start + _ROW, line.label, color=MODULATOR)


def _draw_loop(axes: Axes, loop: Loop) -> None:
    """Out of the source at its foot, up beside the boxes, into the target at its head."""
    edge = loop.column - LOOP
    foot, head = (loop.bottom + 1) * _ROW - _INSET - 0.8, loop.top * _ROW + _INSET + 0.8
    style = {"arrowstyle": "-|>", "color": FEEDBACK, "linewidth": _WIDTH, "shrinkA": 0, "shrinkB": 0}
    axes.plot([edge, loop.column, loop.column], [foot, foot, head], color=FEEDBACK, linewidth=_WIDTH)
    axes.annotate("", (edge, head), (loop.column, head), arrowprops=style)
    if loop.level is not None:
        axes.text(loop.column + 0.4, (foot + head) / 2, str(loop.level), color=FEEDBACK, va="center")
