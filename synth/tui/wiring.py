# SPDX-License-Identifier: Apache-2.0
"""An algorithm in colours: carriers green, modulators yellow, feedback red, what is switched off dim."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from synth.algorithm_table import algorithms
from synth.diagrams.layout import BOX_HEIGHT, lay_out
from synth.diagrams.text import drawn
from synth.parameters import OPERATORS, operators_switched_on
from synth.tui.cells import Cell, Line

if TYPE_CHECKING:
    from synth.patch import Patch

CARRIER: Final = "green"
MODULATOR: Final = "yellow"
FEEDBACK: Final = "red"
_LABELS: Final = tuple(str(number) for number in range(1, OPERATORS + 1))


def colour(patch: Patch, number: int) -> str:
    """The style of operator 1..6."""
    style = CARRIER if number - 1 in algorithms[patch.algorithm].carriers else MODULATOR
    return style if operators_switched_on(patch.operators_on)[number - 1] else f"dim {style}"


def coloured_wiring(patch: Patch) -> Cell:
    """The voice's operators as boxes, modulators above what they modulate: lines of one width."""
    colours = tuple(colour(patch, number) for number in range(1, OPERATORS + 1))
    return _coloured(patch.algorithm, patch.feedback, colours)


@cache
def _coloured(algorithm: int, feedback: int, colours: Sequence[str]) -> Cell:
    wiring = algorithms[algorithm].wiring(feedback)
    layout = lay_out(wiring, _LABELS)
    styles = [[""] * layout.width for _ in range(layout.height)]
    for loop in layout.loops:
        for row in range(loop.top, loop.bottom + 1):
            styles[row][loop.column - 1 : loop.column + 1] = [FEEDBACK] * 2
    for operator, (middle, top) in layout.boxes.items():
        left, right = middle - layout.half, middle + layout.half + 1
        if operator in wiring.carriers:
            for row in range(top, top + BOX_HEIGHT):
                styles[row][left:right] = [CARRIER] * (right - left)
        styles[top + BOX_HEIGHT // 2][middle] = f"bold {colours[operator]}"
    return [_line(*row) for row in zip(drawn(wiring, layout, _LABELS), styles, strict=True)]


def _line(characters: Sequence[str], styles: Sequence[str]) -> Line:
    alike = groupby(zip(characters, styles, strict=True), itemgetter(1))
    return [("".join(character for character, _ in part), style) for style, part in alike]
