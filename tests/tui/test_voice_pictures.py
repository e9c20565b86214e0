# SPDX-License-Identifier: Apache-2.0
"""The pictures beside a voice: nothing that moves fast or steeply is lost between the dots."""

from __future__ import annotations

import numpy as np
import pytest
from rich.console import Console

from synth import Patch
from synth.diagrams.braille import BLANK, bands
from synth.plotting.curves import DX7_KEYS, scaling_curves
from synth.tui.cells import side_by_side, text_of
from synth.tui.keyboard_scaling import scaling_line
from synth.tui.voice import voice_picture

FULL = chr(BLANK + 0xFF)
WIDTH = 78
C3 = 39  # as a breakpoint


def lines(patch: Patch) -> list[str]:
    console = Console(width=WIDTH)
    with console.capture() as capture:
        console.print(voice_picture(patch))
    return capture.get().split("\n")


def below(text: str, shown: list[str]) -> str:
    """What is drawn right below a title."""
    (row,) = (number for number, line in enumerate(shown) if text in line)
    return shown[row + 1][shown[row].index(text) :].split("  ")[0].rstrip()


def test_a_band_reaches_from_low_to_high() -> None:
    lows, highs = np.array([[0.0, 0.0, 0.5, 1.0]]), np.array([[0.0, 1.0, 0.5, 1.0]])
    assert bands(lows, highs, 1) == [["⣸⠊"]]
    assert bands(lows[:, :2], highs[:, :2], 2) == [["⢸", "⣸"]]
    outside = bands(np.array([[-9.0, -9.0]]), np.array([[9.0, -5.0]]), 1)
    assert outside == bands(np.array([[0.0, 0.0]]), np.array([[1.0, 0.0]]), 1)


@pytest.mark.parametrize("wave", ["triangle", "square", "sine"])
def test_the_fastest_lfo_is_a_full_band(wave: str) -> None:
    patch = Patch.init_voice()
    patch.lfo.wave, patch.lfo.speed, patch.lfo.amp_mod_depth = wave, 99, 50
    patch.op[0].amp_mod_sensitivity = 3
    picture = below("LFO on levels", lines(patch))
    assert picture[6:] == FULL * (len(picture) - 6)
    assert len(picture) == 30


def test_the_lfo_says_what_it_acts_on() -> None:
    patch = Patch.init_voice()
    patch.lfo.pitch_mod_depth = patch.lfo.amp_mod_depth = 50
    patch.pitch_mod_sensitivity = 0
    assert any("LFO on nothing" in line for line in lines(patch))
    patch.pitch_mod_sensitivity, patch.op[5].amp_mod_sensitivity = 3, 1
    assert any("LFO on pitch and levels" in line for line in lines(patch))
    patch.lfo.pitch_mod_depth = patch.lfo.amp_mod_depth = 0
    assert any("LFO only with a controller" in line for line in lines(patch))


def test_a_line_of_bars_follows_the_keys() -> None:
    patch = Patch.init_voice()
    operator = patch.op[0]
    operator.output_level, operator.breakpoint = 60, C3
    operator.left_curve, operator.left_depth = "+lin", 40
    operator.right_curve, operator.right_depth = "-lin", 99
    (line, *others) = (scaling_line(decibels, 14) for decibels in scaling_curves(patch)[:, DX7_KEYS])
    bars = line.removeprefix("C1").removesuffix("C6")
    assert len(line) == 14
    assert bars[0] > "▄"
    assert bars[-1] == " "
    assert sorted(bars.rstrip(), reverse=True) == list(bars.rstrip())
    assert set(others) == {"C1" + "▄" * 10 + "C6"}


def test_scaling_is_shown_only_where_there_is_any() -> None:
    patch = Patch.init_voice()
    assert not any("scaling" in line or "C1" in line or "▄" in line for line in lines(patch))
    patch.op[3].rate_scaling = 5
    assert "rate scaling 0 0 0 5 0 0" in lines(patch)
    patch.op[0].right_depth, patch.op[0].breakpoint = 50, C3
    shown = lines(patch)
    assert sum("C1▄" in line for line in shown) == 1
    assert any("▄ unchanged" in line for line in shown)


def test_pictures_of_every_algorithm_fit_the_view() -> None:
    patch = Patch.init_voice()
    for operator in patch.op:
        operator.frequency_mode, operator.frequency_coarse, operator.output_level = 1, 3, 99
        operator.right_depth, operator.breakpoint = 99, C3
    for patch.algorithm in range(32):
        shown = lines(patch)
        assert sum("C1▄" in line for line in shown) == 2
        assert sum(line.count("C6") for line in shown) == 6


def test_cells_stand_side_by_side() -> None:
    left, right = [[("ab", "red")], [("c", "")]], [[("x", "bold"), ("y", "")]]
    text = text_of(side_by_side([left, right], 2))
    assert text.plain == "ab  xy\nc   "
    assert [(text.plain[span.start : span.end], span.style) for span in text.spans] == [("ab", "red"), ("x", "bold")]
