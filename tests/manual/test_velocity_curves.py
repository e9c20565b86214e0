# SPDX-License-Identifier: Apache-2.0
"""How hard a key was struck: curves make other velocities of it, zones choose by it, and one may be fixed."""

from __future__ import annotations

import numpy as np
import pytest
from hearing import Stage, played

from synth import Patch


def touched(velocity: int, **stage) -> np.ndarray:
    """C3 of a voice that knows how hard a key is struck."""
    voice = Patch.init_voice()
    voice.op[0].velocity_sensitivity = 7
    zones = stage.pop("zones", ())
    return Stage(*zones, voices=[voice], **stage).play(bytes((0x90, 60, velocity))).sound()


@pytest.mark.parametrize(
    ("curve", "struck", "sounds_as"),
    [
        ("linear", 64, 64),
        ("soft", 32, 55),
        ("soft", 64, 84),
        ("soft", 127, 127),
        ("hard", 32, 13),
        ("hard", 96, 80),
        ("dx7-keybed", 1, 16),
        ("dx7-keybed", 64, 62),
        ("dx7-keybed", 127, 109),
        (100, 1, 100),
        (100, 127, 100),
    ],
)
def test_a_curve(curve, struck, sounds_as):
    assert np.array_equal(touched(struck, curve=curve), touched(sounds_as))
    assert np.array_equal(touched(struck, zones=[{"curve": curve}]), touched(sounds_as))


def test_a_zone_s_own_curve_goes_before_the_usual_one():
    assert np.array_equal(touched(32, curve="hard", zones=[{"curve": "soft"}]), touched(55))


@pytest.mark.parametrize(("struck", "sounds_as"), [(1, 40), (64, 70), (127, 100)])
def test_limits(struck, sounds_as):
    zone = {"limits": [40, 100]}
    assert np.array_equal(touched(struck, zones=[zone]), touched(sounds_as))


@pytest.mark.parametrize(
    ("bytes_in", "notes_out"),
    [
        ("90 3C 01", "C3"),
        ("90 3C 3F", "C3"),
        ("90 3C 40", "2: C4"),
        ("90 3C 7F", "2: C4"),
        # A note-off finds the part that its note-on chose.
        ("90 3C 3F  90 3C 00", ""),
        ("90 3C 7F  80 3C 01", ""),
        ("90 3C 3F 3C 7F", "2: C4"),
    ],
)
def test_soft_and_loud_notes_play_different_parts(bytes_in, notes_out):
    switched = [{"loudest": 63, "part": 1}, {"softest": 64, "part": 2, "transpose": 12}]
    assert played(bytes_in, zones=switched) == notes_out


def test_no_curve_makes_silence_of_the_softest_touch():
    for curve in ("linear", "soft", "hard", "dx7-keybed", 1):
        assert played("90 3C 01", curve=curve) == "C3"
