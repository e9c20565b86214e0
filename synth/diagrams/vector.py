# SPDX-License-Identifier: Apache-2.0
"""Wirings as SVG pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape

from .layout import BOX_HEIGHT, LOOP, Layout, Line, Loop, lay_out
from .wiring import Wiring
from .words import edge_in_words, feedback_in_words, summary

_CELL, _ROW = 10, 14  # px of a column and a row of the layout
_INSET = 4  # px between a box and the rows it fills
_MARGIN = 12
_TURN = 6  # px, radius of a feedback loop's corners
_NOTE_ROW, _NOTE_LETTER = 18, 7
_HEAD = 'xmlns="http://www.w3.org/2000/svg" class="sixop-wiring" role="img"'

# Boxes are filled, and lines of a colour that stands out from white and black: pages are not always as dark as asked.
_STYLE = """
.sixop-wiring { font: 14px sans-serif }
.sixop-wiring path { fill: none; stroke: #5f7688; stroke-width: 2 }
.sixop-wiring .dot, .sixop-wiring .tip { fill: #5f7688; stroke: none }
.sixop-wiring rect { fill: #eef2f5; stroke: #5f7688; stroke-width: 1.5 }
.sixop-wiring .carrier rect { fill: #0a7d5a; stroke: #0a7d5a }
.sixop-wiring text { fill: #5f7688 }
.sixop-wiring .box text { fill: #1d2a35; font-weight: bold; text-anchor: middle }
.sixop-wiring .carrier text { fill: #ffffff }
.sixop-wiring .feedback path { stroke: #b5542c }
.sixop-wiring .feedback .tip, .sixop-wiring .feedback text { fill: #b5542c; stroke: none }
@media (prefers-color-scheme: dark) {
  .sixop-wiring path { stroke: #9db2c2 }
  .sixop-wiring .dot, .sixop-wiring text { fill: #9db2c2 }
  .sixop-wiring .feedback path { stroke: #e58a5f }
  .sixop-wiring .feedback .tip, .sixop-wiring .feedback text { fill: #e58a5f }
}
"""


def svg(wiring: Wiring, labels: Sequence[str] | None = None) -> str:
    """The text of an SVG file: modulators above what they modulate, carriers filled, feedback as loops.

    Lines join at dots, and only there. Amounts other than 1 and levels of feedback stand beside their lines; what
    cannot be drawn without confusion is listed below. A screen reader reads title and summary.
    """
    names = wiring.labels(labels)
    layout = lay_out(wiring, names)
    notes = _notes(layout, names)
    width = max(layout.width * _CELL, *(_NOTE_LETTER * len(note) for note in notes), 0) + 2 * _MARGIN
    height = layout.height * _ROW + 2 * _MARGIN + _NOTE_ROW * len(notes)
    parts = [
        f'<svg {_HEAD} width="{width}" height="{height}" viewBox="0 0 {width} {height}">',
        f"<title>{escape(wiring.title)}</title>",
        f"<desc>{escape(summary(wiring, labels))}</desc>",
        f"<style>{_STYLE}</style>",
        f'<g transform="translate({_MARGIN} {_MARGIN})">',
        *(part for line in layout.lines for part in _line(line)),
        *(
            f'<path d="M{_x(column)} {top * _ROW - _INSET} v{BOX_HEIGHT * _ROW + 2 * _INSET}"/>'
            for column, top in layout.bends
        ),
        *(part for loop in layout.loops for part in _loop(loop)),
        *(_box(wiring, layout, operator, names[operator]) for operator in layout.boxes),
        *(
            f'<text x="0" y="{layout.height * _ROW + _NOTE_ROW * number}">{escape(note)}</text>'
            for number, note in enumerate(notes, 1)
        ),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts)


def _notes(layout: Layout, names: Sequence[str]) -> list[str]:
    return [edge_in_words(names, edge) for edge in layout.unshown_edges] + [
        f"feedback {feedback_in_words(names, edge)}" for edge in layout.unshown_feedback
    ]


def _x(column: int) -> int:
    return column * _CELL + _CELL // 2


def _box(wiring: Wiring, layout: Layout, operator: int, name: str) -> str:
    column, top = layout.boxes[operator]
    kind = "box carrier" if operator in wiring.carriers else "box"
    return (
        f'<g class="{kind}"><rect x="{_x(column - layout.half)}" y="{top * _ROW + _INSET}"'
        f' width="{2 * layout.half * _CELL}" height="{BOX_HEIGHT * _ROW - 2 * _INSET}" rx="5"/>'
        f'<text x="{_x(column)}" y="{top * _ROW + BOX_HEIGHT * _ROW // 2 + 5}">{escape(name)}</text></g>'
    )


def _line(line: Line) -> Iterator[str]:
    """From the boxes above to the boxes below, with dots where it branches."""
    start, across, end = line.top * _ROW - _INSET, line.row * _ROW + _ROW // 2, (line.bottom + 1) * _ROW + _INSET
    ends = [*line.tops, *line.bottoms]
    ways = [f"M{_x(column)} {start} V{across}" for column in line.tops]
    ways += [f"M{_x(column)} {across} V{end}" for column in line.bottoms]
    if min(ends) < max(ends):
        ways.append(f"M{_x(min(ends))} {across} H{_x(max(ends))}")
    yield f'<path stroke-linecap="square" d="{" ".join(ways)}"/>'
    for column, verticals in Counter(ends).items():
        sides = (column > min(ends)) + (column < max(ends))
        if verticals + sides > 2:
            yield f'<circle class="dot" cx="{_x(column)}" cy="{across}" r="3"/>'
    if line.label:
        yield f'<text x="{_x(line.tops[0]) + 5}" y="{line.top * _ROW + _ROW - 3}">{line.label}</text>'


def _loop(loop: Loop) -> Iterator[str]:
    """Out of the source at its foot, up beside the boxes, into the target at its head."""
    edge, side = _x(loop.column - LOOP), _x(loop.column)
    foot, head = (loop.bottom + 1) * _ROW - _INSET - 8, loop.top * _ROW + _INSET + 8
    yield '<g class="feedback">'
    yield (
        f'<path d="M{edge} {foot} H{side - _TURN} q{_TURN} 0 {_TURN} {-_TURN} V{head + _TURN}'
        f' q0 {-_TURN} {-_TURN} {-_TURN} H{edge + 4}"/>'
    )
    yield f'<path class="tip" d="M{edge} {head} l8 -4 v8 z"/>'
    if loop.level is not None:
        yield f'<text x="{side + 4}" y="{loop.bottom * _ROW - _ROW // 2 + 5}">{loop.level}</text>'
    yield "</g>"
