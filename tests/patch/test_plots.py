# SPDX-License-Identifier: Apache-2.0
"""The page that shows a voice. matplotlib is an extra, and its absence is told in a sentence."""

import subprocess
import sys

import numpy as np
import pytest

from synth import Patch
from synth.plotting.curves import envelope_curves, scaling_curves
from synth.variation import random_patch


@pytest.fixture
def figures():
    return pytest.importorskip("matplotlib.figure")


def test_the_page_shows_operators_pitch_sound_and_spectra(figures):
    patch = random_patch(3, algorithm=4)
    patch.operators_on = 0b111101
    figure = patch.plot(note=48, hold=0.3, tail=0.2)
    assert isinstance(figure, figures.Figure)
    panels = [axes for axes in figure.axes if axes.get_title() != "level by key"]
    titles = [axes.get_title("left") or axes.get_title() for axes in panels]
    roles = ["carrier", "modulator"] * 3
    assert [title.split()[:2] for title in titles[1:7]] == [[f"OP{n}", roles[n - 1]] for n in range(1, 7)]
    assert [title.split()[0] for title in titles[7:]] == ["pitch", "LFO,", "sound", "spectrum", "spectrogram"]
    assert {text.get_text() for text in panels[0].texts} >= {f"OP{n}" for n in range(1, 7)}
    assert [text.get_text() for text in panels[5].texts] == ["switched off"]
    curves = envelope_curves(patch, 48, 100, 0.3, 0.2, points=2000)
    drawn = panels[1].lines[0].get_ydata()
    assert (drawn == curves.levels[0].clip(-80)).all()
    assert figure._repr_png_().startswith(b"\x89PNG")


def test_a_figure_of_ones_own(figures):
    figure = figures.Figure()
    assert Patch().plot(hold=0.1, tail=0.1, figure=figure, kernel="clean") is figure
    assert len(figure.axes) == 12


def test_levels_that_follow_the_keys_have_a_panel_of_their_own(figures):
    patch = Patch()
    patch.op[1].right_curve, patch.op[1].right_depth = "-lin", 60
    patch.op[4].right_curve, patch.op[4].right_depth = "-lin", 60
    patch.op[2].left_curve, patch.op[2].left_depth, patch.op[2].breakpoint = "-exp", 90, 60
    figure = patch.plot(hold=0.1, tail=0.1)
    (panel,) = (axes for axes in figure.axes if axes.get_title() == "level by key")
    lines = [line.get_ydata() for line in panel.lines[:3]]
    assert (np.array(lines) == scaling_curves(patch)[[1, 2, 4], 36:97]).all()
    assert {text.get_text() for text in panel.texts} == {"2 5", "3"}


@pytest.mark.parametrize(("hold", "tail", "velocity"), [(0.0, 0.0, 100), (0.0, 0.05, 0)])
def test_notes_with_little_to_see(figures, hold, tail, velocity):
    patch = Patch(" $^$<&%_{ ")
    assert patch.plot(hold=hold, tail=tail, velocity=velocity)._repr_png_()


def test_bad_arguments(figures):
    with pytest.raises(ValueError, match="note must be 0 to 127"):
        Patch().plot(note=128)
    with pytest.raises(ValueError, match="kernel must be one of chip, clean"):
        Patch().plot(kernel="fast", hold=0.1)


def test_without_matplotlib():
    program = (
        "import sys\nsys.modules['matplotlib'] = sys.modules['matplotlib.figure'] = None\n"
        "from synth import Patch\n"
        "try:\n    Patch().plot()\nexcept ImportError as error:\n    print(error)\n"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said == "Plots need matplotlib, which is not installed: pip install 'sixop[plot]'\n"


def test_drawing_does_not_touch_pyplot(figures):
    program = (
        "import sys\nfrom synth import Patch\nPatch().plot(hold=0.1, tail=0.0)\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
