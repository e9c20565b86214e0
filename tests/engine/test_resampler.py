# SPDX-License-Identifier: Apache-2.0
"""From the DX7's rate to the device's: flat, without images or aliases, with the delay it reports."""

import numpy as np
import pytest
from measuring import decibels
from resampling import resampled, response

from synth import NATIVE_RATE, Engine

RATES = (8000, 11_025, 12_347, 16_000, 22_050, 44_100, 48_000, 49_096, 49_097, 88_200, 96_000, 191_999, 192_000)
FLAT = 0.1  # dB, up to 0.40 of the lower rate
CLEAN = -90.0  # dB, from 0.50 of it


def lower(rate):
    return min(rate, NATIVE_RATE)


@pytest.mark.parametrize("rate", RATES)
def test_flat_up_to_0_40_of_the_lower_rate(rate):
    for share in np.linspace(0.002, 0.40, 25):
        assert abs(decibels(abs(response(share * lower(rate), rate).gain))) < FLAT


@pytest.mark.parametrize("rate", RATES)
def test_images_of_everything_the_chip_can_play(rate):
    """A sine below half the lower rate comes with nothing else: its images all lie above half the native rate."""
    for share in np.linspace(0.003, 0.499, 25):
        assert decibels(response(share * lower(rate), rate).rest) < CLEAN


@pytest.mark.parametrize("rate", [rate for rate in RATES if rate < NATIVE_RATE])
def test_aliases_of_what_the_device_cannot_play(rate):
    for hertz in np.linspace(0.5 * rate, 0.5 * NATIVE_RATE, 25):
        assert decibels(response(hertz, rate).rest) < CLEAN


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("output", ["clean", "dx7"])
def test_reported_delay_is_true_at_low_frequencies(rate, output):
    hertz = 50.0
    measured = -np.angle(response(hertz, rate, output == "dx7").gain) / (2 * np.pi * hertz)
    reported = Engine(rate, voices=1, parts=1, output=output).group_delay_seconds
    assert reported == pytest.approx(measured, rel=0.01)
    assert reported == pytest.approx(measured, abs=3e-6)


@pytest.mark.parametrize("rate", RATES)
def test_delay_is_the_same_at_all_frequencies(rate):
    """Linear phase: what is left after undoing the reported delay is a real gain."""
    _, delay = resampled(np.zeros(60_000), rate, 8)
    for share in (0.01, 0.1, 0.2, 0.3, 0.4):
        hertz = share * lower(rate)
        undone = response(hertz, rate).gain * np.exp(2j * np.pi * hertz * delay)
        assert np.angle(undone) / (2 * np.pi * hertz) == pytest.approx(0, abs=2e-6)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("dx7", [False, True])
def test_a_constant_stays_what_it_is(rate, dx7):
    out, _ = resampled(np.ones(60_000), rate, 4000, dx7)
    assert np.abs(out[1000:] - 1).max() < 1e-6
