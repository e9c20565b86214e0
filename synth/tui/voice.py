# SPDX-License-Identifier: Apache-2.0
"""The voice in view: its wiring, its envelopes as the engine runs them, its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from textual.widgets import Static

from synth.parameters import OPERATORS
from synth.plotting.curves import Curves, envelope_curves
from synth.tui.braille import DOTS_WIDE, curve
from synth.tui.wiring import colour, coloured_wiring
from synth.voicesheet import common_lines, frequency

if TYPE_CHECKING:
    from synth.patch import Patch

_HOLD, _TAIL = 1.0, 0.5  # seconds of a note whose envelopes are drawn
_FLOOR: Final = -72.0  # dB at the bottom of an envelope's picture
_WIDTH, _HEIGHT = 14, 3  # of an envelope's picture, in characters
_ACROSS: Final = 3  # envelopes in a row
_WIDEST_BESIDE: Final = 30  # characters of a wiring that has the envelopes to its right
_CENTS: Final = 1200.0  # at the top of the pitch envelope's picture, and below its middle


class VoiceView(Static):
    """One voice. `show` takes about 2 ms, so it is for after the voice sounds."""

    def show(self, patch: Patch) -> None:
        """Draw this voice."""
        self.update(voice_picture(patch))

    def show_nothing(self) -> None:
        """There is no voice."""
        self.update("")


def voice_picture(patch: Patch) -> RenderableType:
    """Everything there is to see of a voice."""
    curves = envelope_curves(patch, hold=_HOLD, tail=_TAIL, points=DOTS_WIDE * _WIDTH)
    wiring, envelopes = coloured_wiring(patch), _envelopes(patch, curves)
    top = Table.grid(padding=(0, 3))
    if max(map(len, wiring.plain.split("\n"))) <= _WIDEST_BESIDE:
        top.add_row(wiring, envelopes)
    else:
        top.add_row(wiring)
        top.add_row(envelopes)
    title = Text(patch.name.rstrip(), style="bold")
    title.append(f"   algorithm {patch.algorithm + 1}", style="dim")
    return Group(title, Text(), top, Text(), *(Text(line, style="dim") for line in common_lines(patch)))


def _envelopes(patch: Patch, curves: Curves) -> Table:
    grid = Table.grid(padding=(0, 2))
    pictures: list[Text] = [_envelope(patch, curves, number) for number in range(1, OPERATORS + 1)]
    for first in range(0, OPERATORS, _ACROSS):
        grid.add_row(*pictures[first : first + _ACROSS])
    grid.add_row(_pitch(curves))
    return grid


def _envelope(patch: Patch, curves: Curves, number: int) -> Text:
    operator = patch.op[number - 1]
    style = colour(patch, number)
    levels = 1.0 - curves.levels[number - 1] / _FLOOR
    text = Text(no_wrap=True)
    text.append(f"{number} ", style=f"bold {style}")
    text.append(f"{frequency(operator)} {operator.output_level:>2}", style="dim")
    for line in curve(levels.tolist(), _WIDTH, _HEIGHT):
        text.append("\n" + line, style=style)
    return text


def _pitch(curves: Curves) -> Text:
    text = Text("pitch", style="dim", no_wrap=True)
    for line in curve((0.5 + curves.cents / (2 * _CENTS)).tolist(), _WIDTH, 1):
        text.append("\n" + line, style="cyan")
    return text
