# SPDX-License-Identifier: Apache-2.0
"""Envelope curves are what one hears: they are held to the loudness of rendered notes."""

import numpy as np
import pytest

from synth import NATIVE_RATE, Patch, render_native
from synth.plotting.curves import envelope_curves

UNITY = 8552  # chip units of one carrier at level 99


def plain_sine() -> Patch:
    patch = Patch.init_voice()
    patch.algorithm = 15  # one carrier, nothing taken off
    patch.op[0].envelope.rates = [45, 35, 30, 45]
    patch.op[0].envelope.levels = [99, 80, 70, 0]
    return patch


@pytest.mark.parametrize(("level", "velocity_sensitivity", "velocity"), [(99, 0, 100), (90, 3, 60), (80, 7, 127)])
def test_levels_are_those_of_the_sound(level, velocity_sensitivity, velocity):
    patch = plain_sine()
    patch.op[0].output_level = level
    patch.op[0].velocity_sensitivity = velocity_sensitivity
    hold, tail = 1.2, 0.6
    curves = envelope_curves(patch, 96, velocity, hold, tail, points=400)
    sound = render_native(patch, 96, velocity, round(hold * NATIVE_RATE), round((hold + tail) * NATIVE_RATE)) / UNITY
    around = 30  # native frames: more than half a period to both sides
    for seconds, expected in zip(curves.seconds[10:-1:10], curves.levels[0, 10:-1:10], strict=True):
        frame = round(seconds * NATIVE_RATE)
        heard = 20 * np.log10(np.abs(sound[max(0, frame - around) : frame + around]).max() + 1e-9)
        if expected > -50:
            assert heard == pytest.approx(expected, abs=0.5)
        else:
            assert heard < -45
    assert curves.levels[0].max() > -20


def test_shapes_and_times():
    curves = envelope_curves(Patch(), hold=1.0, tail=0.5, points=300)
    count = len(curves.seconds)
    assert 200 < count <= 300
    assert curves.levels.shape == (6, count)
    assert curves.cents.shape == (count,)
    assert curves.seconds[0] == 0
    assert curves.seconds[-1] == pytest.approx(1.5, abs=0.01)
    assert envelope_curves(Patch(), hold=0, tail=0).levels.shape == (6, 1)
    assert np.diff(envelope_curves(Patch(), hold=0.001, tail=0).seconds) == pytest.approx(1 / NATIVE_RATE)


def test_silence_is_silent():
    patch = plain_sine()
    lowest = envelope_curves(patch).levels.min()
    assert lowest < -85
    assert (envelope_curves(patch).levels[1:] == lowest).all()  # level 0
    assert (envelope_curves(patch, velocity=0).levels == lowest).all()
    patch.operators_on = 0b011111
    assert (envelope_curves(patch).levels == lowest).all()


def test_the_pitch_envelope_in_cents():
    patch = Patch()
    patch.pitch_envelope.levels = [99, 0, 75, 50]
    cents = envelope_curves(patch, hold=2.0, tail=0.5).cents
    assert cents[0] == 0
    assert cents.max() == pytest.approx(4800, rel=0.02)
    assert cents.min() == pytest.approx(-4800, rel=0.02)
    assert cents[-1] == 0
    assert not envelope_curves(Patch()).cents.any()


def test_keyboard_rate_scaling_shortens_high_notes():
    patch = plain_sine()
    patch.op[0].rate_scaling = 7
    low, high = (envelope_curves(patch, note) for note in (36, 96))
    assert high.seconds[high.levels[0].argmax()] < low.seconds[low.levels[0].argmax()]


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"note": 128}, ValueError, "note must be 0 to 127"),
        ({"velocity": 1.5}, TypeError, "velocity"),
        ({"hold": -1}, ValueError, "hold"),
        ({"tail": float("nan")}, ValueError, "tail"),
        ({"points": 1}, ValueError, "points must be 2"),
    ],
)
def test_bad_arguments(arguments, error, says):
    with pytest.raises(error, match=says):
        envelope_curves(Patch(), **arguments)
