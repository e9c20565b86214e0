# SPDX-License-Identifier: Apache-2.0
"""Loudness: the eight steps of the DX7's volume, expression, the output's own volume, the clamp."""

import math

import numpy as np
import pytest
from measuring import amplitude, decibels, fixed

from synth import Engine

RATE = 48_000
# What the DAC's three-bit reference gives, in thousandths of its 4.79 V.
VOLUME = (0, 100, 200, 380, 710, 1390, 2590, 4790)
SETTLE = RATE // 4


def tone(messages=(), **options):
    """Half a second of a fixed 437 Hz at full level after control changes (controller, value)."""
    engine = Engine(RATE, **options)
    engine.load(fixed(), frame=0)
    for controller, value in messages:
        engine.midi(bytes((0xB0, controller, value)), frame=0)
    engine.note_on(60, 100, frame=0)
    return engine.render(2 * SETTLE)[:, 0]


def test_one_carrier_at_level_99_is_1():
    assert amplitude(tone()[SETTLE:]) == pytest.approx(1.0, abs=0.003)


def test_both_channels_are_equal():
    engine = Engine(RATE)
    engine.note_on(60, 100)
    stereo = engine.render(4800)
    assert stereo.shape == (4800, 2)
    assert stereo.dtype == np.float32
    assert np.array_equal(stereo[:, 0], stereo[:, 1])


@pytest.mark.parametrize("value", [0, 15, 16, 31, 40, 63, 64, 90, 96, 111, 112, 127])
def test_volume_has_eight_steps(value):
    expected = VOLUME[value // 16] / VOLUME[7]
    assert amplitude(tone([(7, value)])[SETTLE:]) == pytest.approx(expected, abs=0.003)


@pytest.mark.parametrize("value", [0, 1, 32, 64, 100, 127])
def test_expression_is_continuous(value):
    assert amplitude(tone([(11, value)])[SETTLE:]) == pytest.approx((value / 127) ** 2, abs=0.003)


def test_volume_and_expression_multiply():
    assert amplitude(tone([(7, 100), (11, 64)])[SETTLE:]) == pytest.approx(2590 / 4790 * (64 / 127) ** 2, abs=0.002)


def falling():
    engine = Engine(RATE)
    engine.load(fixed(), frame=0)
    engine.note_on(60, 100, frame=0)
    engine.midi(bytes((0xB0, 7, 0)), frame=SETTLE)
    return engine.render(2 * SETTLE)[:, 0]


def test_volume_moves_with_10_hz():
    """A first-order low-pass of 10 Hz has moved by 1 - 1/e after 16 ms."""
    sound = np.abs(falling()[SETTLE:])
    period = round(RATE / 437)
    peaks = np.array([sound[i : i + period].max() for i in range(4000)])
    at = np.flatnonzero(peaks < 1 / math.e)[0] / RATE
    assert at == pytest.approx(1 / (2 * math.pi * 10), rel=0.15)


def test_volume_moves_without_a_click():
    """No step between two samples is larger than those of the tone itself."""
    sound = falling()
    assert np.abs(np.diff(sound[SETTLE:])).max() <= np.abs(np.diff(sound[SETTLE // 2 : SETTLE])).max()


@pytest.mark.parametrize("volume", [-60.0, -12.0, -6.0, 0.0, 6.0, 24.0])
def test_output_volume_in_decibels(volume):
    assert decibels(amplitude(tone(volume_db=volume)[SETTLE:])) == pytest.approx(volume, abs=0.03)


def test_output_volume_of_minus_infinity_is_silence():
    assert not tone(volume_db=-math.inf).any()


def test_output_volume_can_change_while_sounding():
    engine = Engine(RATE)
    engine.load(fixed(), frame=0)
    engine.note_on(60, 100, frame=0)
    engine.set_volume(-20.0, frame=SETTLE)
    sound = engine.render(3 * SETTLE)[:, 0]
    assert decibels(amplitude(sound[SETTLE // 2 : SETTLE])) == pytest.approx(0, abs=0.03)
    assert decibels(amplitude(sound[2 * SETTLE :])) == pytest.approx(-20, abs=0.03)
    assert np.abs(np.diff(sound[SETTLE:])).max() <= np.abs(np.diff(sound[SETTLE // 2 : SETTLE])).max()


def test_clamp_limits_and_the_peak_tells_what_it_was():
    engine = Engine(RATE, volume_db=12.0, clamp=True)
    engine.load(fixed(), frame=0)
    engine.note_on(60, 100, frame=0)
    sound = engine.render(2 * SETTLE)
    assert np.abs(sound).max() == 1.0
    assert engine.stats().peak == pytest.approx(10 ** (12 / 20), rel=0.01)
    engine.reset_peak()
    assert engine.stats().peak == 0.0


def test_clamp_is_transparent_below_full_scale():
    assert np.array_equal(tone(clamp=True, volume_db=-1.0), tone(volume_db=-1.0))
