# SPDX-License-Identifier: Apache-2.0
"""Pictures made of characters, put together line by line: quicker than tables, which measure every cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import TypeAlias

from rich.text import Span, Text

Line: TypeAlias = Sequence[tuple[str, str]]
"""Characters, each with its style or an empty one."""
Cell: TypeAlias = Sequence[Line]


def side_by_side(cells: Sequence[Cell], gap: int) -> list[Line]:
    """Cells next to each other, `gap` columns apart; all lines of a cell are as wide as its widest."""
    widths = [max(map(width_of, cell)) + gap for cell in cells]
    lines: list[Line] = []
    for parts in zip_longest(*cells, fillvalue=()):
        line: list[tuple[str, str]] = []
        for part, width in zip(parts, widths, strict=True):
            line += part
            line.append((" " * (width - width_of(part)), ""))
        lines.append(line[:-1])
    return lines


def width_of(line: Line) -> int:
    """Columns of a line whose characters are one wide."""
    return sum(len(characters) for characters, _ in line)


def text_of(lines: Iterable[Line]) -> Text:
    """The lines as text that is cut off where there is no room."""
    plain: list[str] = []
    spans: list[Span] = []
    at = 0
    for line in lines:
        for characters, style in line:
            end = at + len(characters)
            if style:
                spans.append(Span(at, end, style))
            plain.append(characters)
            at = end
        plain.append("\n")
        at += 1
    return Text("".join(plain[:-1]), no_wrap=True, spans=spans)
