# SPDX-License-Identifier: Apache-2.0
"""An algorithm in colours: carriers green, modulators yellow, feedback red, what is switched off dim."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rich.text import Text

from synth.algorithm_table import algorithms
from synth.diagrams import ascii_art
from synth.parameters import OPERATORS, operators_switched_on

if TYPE_CHECKING:
    from synth.patch import Patch

CARRIER: Final = "green"
MODULATOR: Final = "yellow"
FEEDBACK: Final = "red"
_LABELS: Final = tuple(str(number) for number in range(1, OPERATORS + 1))
_DOUBLE: Final = "╔╗╚╝═║╤╧"
_BOX: Final = re.compile(r"(?<=[│║] )\d(?= [│║])")
_LOOP: Final = re.compile(r"─[╮╯]|(?<= )\d(?=$|  )|(?<=[│║┐┘╗╝] )[│\d]")


def colour(patch: Patch, number: int) -> str:
    """The style of operator 1..6."""
    style = CARRIER if number - 1 in algorithms[patch.algorithm].carriers else MODULATOR
    return style if operators_switched_on(patch.operators_on)[number - 1] else f"dim {style}"


def coloured_wiring(patch: Patch) -> Text:
    """The voice's operators as boxes, modulators above what they modulate."""
    drawing = ascii_art(algorithms[patch.algorithm].wiring(patch.feedback), _LABELS).rsplit("\n\n", 1)[0]
    lines = drawing.split("\n")
    width = max(map(len, lines))
    text = Text(no_wrap=True)
    for number, line in enumerate(lines):
        coloured = Text(line.ljust(width))
        for column, character in enumerate(line):
            if character in _DOUBLE:
                coloured.stylize(CARRIER, column, column + 1)
        for match in _LOOP.finditer(line):
            coloured.stylize(FEEDBACK, *match.span())
        for match in _BOX.finditer(line):
            coloured.stylize(f"bold {colour(patch, int(match.group()))}", *match.span())
        text.append_text(coloured)
        if number + 1 < len(lines):
            text.append("\n")
    return text
