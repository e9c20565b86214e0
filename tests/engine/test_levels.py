# SPDX-License-Identifier: Apache-2.0
"""Loudness by the numbers on the panel: output level, velocity, envelope levels and rates, number of carriers."""

import numpy as np
import pytest
from measuring import NATIVE_RATE, UNITY, amplitude, decibels, fixed, frames_of

from synth import render_native
from synth.patch import Envelope

FULL = 99


def steady(patch, velocity=100):
    return amplitude(render_native(patch, 60, velocity, 20_000, 20_000)[4000:])


def relative(patch, velocity=100):
    return decibels(steady(patch, velocity) / steady(fixed(), 100))


def test_full_level_is_8552_units():
    assert np.abs(render_native(fixed(), 60, 100, 9000, 9000)).max() == pytest.approx(UNITY, abs=8)


@pytest.mark.parametrize("level", [98, 90, 80, 70, 60, 50, 40])
def test_output_level_has_0_75_decibels_a_step(level):
    patch = fixed()
    patch.op[0].output_level = level
    assert relative(patch) == pytest.approx((level - FULL) * 0.7526, abs=0.15)


@pytest.mark.parametrize(("level", "expected"), {98: 0, 90: -6.0, 70: -21.1, 50: -36.1, 30: -51.2}.items())
def test_envelope_level(level, expected):
    patch = fixed()
    patch.op[0].envelope = Envelope(levels=(level, level, level, 0))
    assert relative(patch) == pytest.approx(expected, abs=0.5)


# dB against sensitivity 0, at sensitivity 7.
VELOCITY = {127: 5.3, 112: 4.1, 100: 1.5, 96: -1.5, 88: -4.5, 80: -7.9, 64: -11.7, 48: -17.7, 32: -25.6, 16: -32.0,
            8: -33.5, 1: -36.9}  # fmt: skip


@pytest.mark.parametrize(("velocity", "expected"), VELOCITY.items())
def test_velocity_at_sensitivity_7(velocity, expected):
    assert decibels(steady(sensitive(7), velocity) / steady(sensitive(0), velocity)) == pytest.approx(expected, abs=0.2)


def sensitive(sensitivity, level=90):
    patch = fixed()
    patch.op[0].output_level = level
    patch.op[0].velocity_sensitivity = sensitivity
    return patch


def test_no_operator_is_louder_than_register_4():
    """Level 99 struck hardest stops 1.1 dB short of its 5.3."""
    loudest = decibels(steady(sensitive(7, 99), 127) / steady(sensitive(0, 99), 127))
    assert loudest == pytest.approx(11 / 16 * 6.0206, abs=0.05)


@pytest.mark.parametrize("sensitivity", range(8))
def test_harder_is_never_softer(sensitivity):
    patch = sensitive(sensitivity)
    levels = [steady(patch, velocity) for velocity in (1, 20, 40, 60, 80, 100, 127)]
    assert levels == sorted(levels)
    assert (levels[0] == levels[-1]) == (sensitivity == 0)


# Algorithm -> number of carriers; with n of them each is softer by this many dB.
CARRIERS = {16: 1, 1: 2, 5: 3, 21: 4, 24: 5, 32: 6}
COMPENSATION = {1: 0, 2: 6.02, 3: 9.78, 4: 12.04, 5: 14.30, 6: 15.80}


@pytest.mark.parametrize(("algorithm", "count"), CARRIERS.items())
def test_carriers_share_the_level(algorithm, count):
    patch = fixed()
    patch.algorithm = algorithm - 1
    assert relative(patch) == pytest.approx(-COMPENSATION[count], abs=0.02)


# ---- rates ---------------------------------------------------------------------------

# dB a second by rate parameter.
FALL = {20: 2.26, 30: 7.9, 40: 22.6, 50: 72, 60: 216, 70: 577, 80: 2020, 90: 5770}
# Seconds from silence to full level.
RISE = {20: 3.96, 30: 1.13, 40: 0.396, 50: 0.124, 60: 0.041, 70: 0.0155, 80: 0.0044, 90: 0.0015, 99: 0.00056}


@pytest.mark.parametrize(("rate", "per_second"), FALL.items())
def test_decay(rate, per_second):
    patch = fixed(3, 99)  # 9.8 kHz: a level every few samples
    patch.op[0].envelope = Envelope(rates=(99, rate, 99, 99), levels=(99, 0, 0, 0))
    seconds = 40 / per_second
    sound = np.abs(render_native(patch, 60, 100, frames_of(seconds) + 500, frames_of(seconds) + 500))
    marks = [np.flatnonzero(sound > UNITY * 10 ** (level / 20))[-1] for level in (-6, -30)]
    slack = 30 / (marks[1] - marks[0])  # frames
    assert 24 / ((marks[1] - marks[0]) / NATIVE_RATE) == pytest.approx(per_second, rel=0.03 + slack)


@pytest.mark.parametrize(("rate", "seconds"), RISE.items())
def test_attack(rate, seconds):
    patch = fixed(3, 90)
    patch.op[0].envelope = Envelope(rates=(rate, 99, 99, 99), levels=(99, 99, 99, 0))
    sound = np.abs(render_native(patch, 60, 100, frames_of(1.3 * seconds) + 500, frames_of(1.3 * seconds) + 500))
    full = np.flatnonzero(sound > 0.96 * UNITY)[0] / NATIVE_RATE
    assert full == pytest.approx(seconds, rel=0.05, abs=0.0004)
