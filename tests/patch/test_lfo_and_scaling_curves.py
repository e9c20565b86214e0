# SPDX-License-Identifier: Apache-2.0
"""The LFO and keyboard level scaling as curves: measured periods and delays, and what rendered notes make of them."""

import numpy as np
import pytest

from synth import NATIVE_RATE, Patch, render_native
from synth.plotting.curves import envelope_curves, scaling_curves

C3 = 60
BREAKPOINT_C3 = 39
TICK = 132 / NATIVE_RATE  # seconds
GROUP = 3  # semitones of a step of the scaling


def lfo_patch(wave: str = "triangle", speed: int = 60, delay: int = 0) -> Patch:
    patch = Patch.init_voice()
    patch.lfo.wave, patch.lfo.speed, patch.lfo.delay = wave, speed, delay
    return patch


def scaled(left: tuple[str, int] = ("-lin", 0), right: tuple[str, int] = ("-lin", 0), level: int = 80) -> Patch:
    patch = Patch.init_voice()
    operator = patch.op[0]
    operator.output_level, operator.breakpoint = level, BREAKPOINT_C3
    operator.left_curve, operator.left_depth = left
    operator.right_curve, operator.right_depth = right
    patch.algorithm = 31
    return patch


@pytest.mark.parametrize(("speed", "hertz"), [(1, 0.125), (35, 5.62), (60, 9.62), (99, 49.25)])
def test_the_period_is_what_was_measured_on_hardware(speed, hertz):
    seconds = 0.2 + 4.6 / hertz
    curves = envelope_curves(lfo_patch(wave="square", speed=speed), hold=seconds, tail=0, points=1 << 18)
    rising = curves.seconds[1:][(curves.lfo[:-1] < 0) & (curves.lfo[1:] > 0)]
    assert len(rising) >= 4
    assert np.diff(rising).mean() == pytest.approx(1 / hertz, rel=0.01, abs=TICK)


@pytest.mark.parametrize("wave", ["triangle", "saw_down", "saw_up", "square", "sine"])
def test_each_wave_reaches_both_ends(wave):
    lfo = envelope_curves(lfo_patch(wave=wave, speed=30)).lfo
    assert lfo.min() == pytest.approx(-1, abs=0.03)
    assert lfo.max() == pytest.approx(1, abs=0.03)


def test_the_delay_waits_and_fades_in():
    curves = envelope_curves(lfo_patch(wave="square", delay=60), hold=2, points=4000)
    size = np.abs(curves.lfo)
    assert not size[curves.seconds < 0.47].any()
    fading = size[(curves.seconds > 0.49) & (curves.seconds < 1.15)]
    assert (fading > 0).all()
    assert (fading < 1).all()
    assert size[curves.seconds > 1.2].min() > 0.99
    middle = size[np.abs(curves.seconds - 0.48 - 0.685 / 2).argmin()]
    assert middle == pytest.approx(0.5, abs=0.03)


def test_the_lfo_is_what_moves_a_rendered_note():
    patch = lfo_patch(speed=40, delay=20)
    patch.algorithm, patch.pitch_mod_sensitivity, patch.lfo.pitch_mod_depth = 31, 7, 99
    curves = envelope_curves(patch, 96, hold=1.5, tail=0, points=1 << 17)
    frames = round(1.5 * NATIVE_RATE)
    sound = render_native(patch, 96, 100, frames, frames)
    periods = np.flatnonzero((sound[:-1] < 0) & (sound[1:] >= 0))[::8] / NATIVE_RATE
    cents = -1200 * np.log2(np.diff(periods))
    drawn = np.interp((periods[1:] + periods[:-1]) / 2, curves.seconds, curves.lfo)
    assert np.ptp(cents) > 1200
    assert np.corrcoef(cents, drawn)[0, 1] > 0.99


def test_without_depth_no_key_changes_a_level():
    assert not scaling_curves(scaled(("+lin", 0), ("-exp", 0))).any()
    assert scaling_curves(Patch()).shape == (6, 128)


@pytest.mark.parametrize(("curve", "sign"), [("-lin", -1), ("-exp", -1), ("+exp", 1), ("+lin", 1)])
def test_a_curve_bends_its_side_of_the_breakpoint(curve, sign):
    left, right = scaling_curves(scaled(left=(curve, 60)))[0], scaling_curves(scaled(right=(curve, 60)))[0]
    below = C3 - GROUP  # the breakpoint's own group is the first of the right side
    for changed, other in ((left[below::-1], left[below:]), (right[below:], right[below::-1])):
        assert not other.any()
        assert (np.diff(changed) * sign >= 0).all()
        assert abs(changed[2 * GROUP]) < 7
        assert changed[-1] * sign > 10
    assert not scaling_curves(scaled(left=(curve, 60)))[1:].any()


def test_scaling_follows_transpose():
    patch = scaled(("+lin", 40), ("-exp", 70))
    plain = scaling_curves(patch)[0]
    patch.transpose = 24 + 12
    assert (scaling_curves(patch)[0, :-12] == plain[12:]).all()


@pytest.mark.parametrize("note", [40, 60, 84])
def test_scaling_is_the_loudness_of_rendered_notes(note):
    patch = scaled(("-lin", 30), ("+exp", 50), level=70)
    added = scaling_curves(patch)[0, note]
    assert (added == 0) == (note == C3)
    frames = round(0.2 * NATIVE_RATE)
    with_it, without = (
        np.abs(render_native(voice, note, 100, frames, frames)).max() for voice in (patch, scaled(level=70))
    )
    assert 20 * np.log10(with_it / without) == pytest.approx(added, abs=0.3)
