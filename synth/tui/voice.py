# SPDX-License-Identifier: Apache-2.0
"""The voice in view: its wiring, its envelopes, LFO and keyboard scaling as the engine runs them, its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from rich.console import Group, RenderableType
from rich.text import Text
from textual.widgets import Static

from synth.diagrams.braille import DOTS_WIDE, bands
from synth.parameters import OPERATORS
from synth.plotting.curves import DX7_KEYS, Curves, envelope_curves, scaling_curves
from synth.tui.cells import Cell, side_by_side, text_of, width_of
from synth.tui.keyboard_scaling import UNCHANGED, scaling_line
from synth.tui.wiring import colour, coloured_wiring
from synth.voicesheet import common_lines, frequency

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from synth.patch import Patch

_HOLD, _TAIL = 1.0, 0.5  # seconds of a note whose envelopes are drawn
_POINTS: Final = 601  # some more than the chip's ticks in that time: the fastest LFO is seen as it is
_FLOOR: Final = -72.0  # dB at the bottom of an envelope's picture
_WIDTH, _HEIGHT = 14, 3  # of an envelope's picture, in characters
_GAP: Final = 2  # between pictures
_ACROSS: Final = 3  # envelopes in a row
_LFO_WIDTH: Final = (_ACROSS - 1) * (_WIDTH + _GAP) - _GAP
_WIDEST_BESIDE: Final = 30  # characters of a wiring that has the envelopes to its right
_BESIDE: Final = 3  # between the two
_CENTS: Final = 1200.0  # at the top of the pitch envelope's picture, and below its middle
_CONTROL: Final = "cyan"


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
    curves = envelope_curves(patch, hold=_HOLD, tail=_TAIL, points=_POINTS)
    scaling = scaling_curves(patch)[:, DX7_KEYS]
    title = [(patch.name.rstrip(), "bold"), (f"   algorithm {patch.algorithm + 1}", "dim")]
    wiring, pictures = coloured_wiring(patch), _pictures(patch, curves, scaling)
    has_room = width_of(wiring[0]) <= _WIDEST_BESIDE
    drawn = side_by_side([wiring, pictures], _BESIDE) if has_room else [*wiring, *pictures]
    words = [*_keyboard(patch, bool(scaling.any())), *common_lines(patch)]
    return Group(text_of([title, [], *drawn, []]), Text("\n".join(words), style="dim"))


def _pictures(patch: Patch, curves: Curves, scaling: NDArray[np.float32]) -> Cell:
    """Of each operator its envelope and what the keys do to its level; then pitch envelope and LFO."""
    envelopes = _bands(1.0 - curves.levels / _FLOOR, _WIDTH, _HEIGHT)
    cells = [_operator(patch, number, envelope, scaling[number - 1]) for number, envelope in enumerate(envelopes, 1)]
    rows = [cells[first : first + _ACROSS] for first in range(0, OPERATORS, _ACROSS)]
    return [line for row in [*rows, [_pitch(curves), _lfo(patch, curves)]] for line in side_by_side(row, _GAP)]


def _operator(patch: Patch, number: int, envelope: Sequence[str], decibels: NDArray[np.float32]) -> Cell:
    operator, style = patch.op[number - 1], colour(patch, number)
    cell = [[(f"{number} ", f"bold {style}"), (f"{frequency(operator)} {operator.output_level:>2}", "dim")]]
    cell += [[(line, style)] for line in envelope]
    return [*cell, [(scaling_line(decibels, _WIDTH), style)]] if decibels.any() else cell


def _pitch(curves: Curves) -> Cell:
    (picture,) = _bands(0.5 + curves.cents[None] / (2 * _CENTS), _WIDTH, 1)
    return [[("pitch", "dim")], *([(line, _CONTROL)] for line in picture)]


def _lfo(patch: Patch, curves: Curves) -> Cell:
    (picture,) = _bands(0.5 + curves.lfo[None] / 2, _LFO_WIDTH, 1)
    moved, by_itself = _moved_by_lfo(patch)
    style = _CONTROL if by_itself else f"dim {_CONTROL}"
    return [[(f"LFO {moved}", "dim")], *([(line, style)] for line in picture)]


def _moved_by_lfo(patch: Patch) -> tuple[str, bool]:
    """What the LFO acts on, in words, and whether it does so without wheel, pedal, breath and pressure."""
    moved = {
        "pitch": (patch.pitch_mod_sensitivity, patch.lfo.pitch_mod_depth),
        "levels": (max(operator.amp_mod_sensitivity for operator in patch.op), patch.lfo.amp_mod_depth),
    }
    by_itself = [word for word, (sensitivity, depth) in moved.items() if sensitivity and depth]
    if by_itself:
        return f"on {' and '.join(by_itself)}", True
    waits = any(sensitivity for sensitivity, _ in moved.values())
    return "only with a controller" if waits else "on nothing", False


def _keyboard(patch: Patch, scales: bool) -> list[str]:
    """What there is to say of keyboard scaling, in a line or none."""
    rates = [operator.rate_scaling for operator in patch.op]
    words = [f"levels by key: {UNCHANGED} unchanged, each eighth 6 dB"] if scales else []
    words += [f"rate scaling {' '.join(map(str, rates))}"] if any(rates) else []
    return ["   ".join(words)] if words else []


def _bands(curves: NDArray[np.floating[Any]], width: int, height: int) -> list[list[str]]:
    """Curves (k, n) of more values than there are dots: what each column spans, to the first value of the next."""
    edges = np.linspace(0, curves.shape[1] - 1, DOTS_WIDE * width + 1).astype(int)
    firsts, nexts = edges[:-1], curves[:, edges[1:]]
    lows = np.minimum(np.minimum.reduceat(curves, firsts, axis=1), nexts)
    highs = np.maximum(np.maximum.reduceat(curves, firsts, axis=1), nexts)
    return bands(lows, highs, height)
