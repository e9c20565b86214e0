# SPDX-License-Identifier: Apache-2.0
"""The whole way from chip units to floats: as computed, or through the DX7's DAC and output low-pass."""

import numpy as np
import pytest
from measuring import UNITY, decibels, plain
from resampling import resampled, response

from synth import NATIVE_RATE, Engine, Patch, render, render_native

# The output low-pass in dB, by frequency: circuit analysis of the DX7's output stage.
LOW_PASS = {1000: -0.03, 5000: -0.29, 8000: -0.09, 12_000: 0.06, 14_000: 0.56, 15_000: 0.8, 16_000: -0.12,
            17_000: -3.0, 18_000: -6.9, 20_000: -14.2, 22_000: -20.3}  # fmt: skip


@pytest.mark.parametrize(("hertz", "expected"), LOW_PASS.items())
def test_low_pass_of_the_dx7(hertz, expected):
    with_filter, without = (abs(response(hertz, 192_000, dx7).gain) for dx7 in (True, False))
    assert decibels(with_filter / without) == pytest.approx(expected, abs=0.3)


@pytest.mark.parametrize("rate", [22_050, 48_000, 96_000])
def test_low_pass_is_the_same_at_other_rates(rate):
    for hertz in (1000, 5000, 8000):
        with_filter, without = (abs(response(hertz, rate, dx7).gain) for dx7 in (True, False))
        assert decibels(with_filter / without) == pytest.approx(LOW_PASS[hertz], abs=0.3)


def loud(note=57):
    """Six operators with feedback, from full level down through all ranges of the DAC."""
    patch = plain()
    patch.algorithm = 7
    patch.feedback = 5
    for number, operator in enumerate(patch.op):
        operator.output_level = 99 - 4 * number
        operator.frequency_coarse = 1 + number
        operator.envelope.rates = [99, 75, 60, 60]
        operator.envelope.levels = [99, 60, 40, 0]
    return patch, note


def grained(samples):
    """The floating DAC has 12 bits and four ranges: from 1024, 2048 and 4096 on it drops 1, 2 and 3 bits."""
    magnitude = np.abs(samples)
    lost = np.select([magnitude >= 4096, magnitude >= 2048, magnitude >= 1024], [3, 2, 1], 0)
    return np.sign(samples) * (magnitude >> lost << lost)


def native(note, frames=60_000):
    patch, _ = loud()
    return render_native(patch, note, 100, frames, frames)


@pytest.mark.parametrize("rate", [8000, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("output", ["clean", "dx7"])
def test_render_is_the_native_render_resampled(rate, output):
    """In dx7 output every voice goes through the DAC on its own: the real one plays them one after another."""
    patch, _ = loud()
    engine = Engine(rate, output=output)
    engine.load(patch, frame=0)
    voices = []
    for note in (45, 57, 70):
        engine.note_on(note, 100, frame=0)
        voices.append(native(note))
    bus = sum(grained(voice) if output == "dx7" else voice for voice in voices) / UNITY
    expected, _ = resampled(bus, rate, rate, output == "dx7")
    assert np.abs(engine.render(rate)[:, 0] - expected).max() < 2e-6


def test_grain_is_what_the_dac_loses():
    """No more than 7 chip units at full level, none below 1024."""
    voice = native(57)
    lost = np.abs(voice - grained(voice))
    assert lost.max() == 7
    assert not lost[np.abs(voice) < 1024].any()


def test_render_of_one_note_is_the_engine_s():
    patch, note = loud()
    engine = Engine(48_000, voices=1, parts=1)
    engine.load(patch, frame=0)
    engine.note_on(note, 100, frame=0)
    engine.note_off(note, frame=24_000)
    sound = render(patch, note, 100, hold=0.5, tail=0.25)
    assert sound.dtype == np.float32
    assert sound.shape == (36_000,)
    assert np.array_equal(sound, engine.render(36_000)[:, 0])


@pytest.mark.parametrize("rate", [8000, 48_000, 192_000])
def test_length_in_frames(rate):
    assert len(render(Patch.init_voice(), hold=0.1234, tail=0.1, sample_rate=rate)) == round(0.2234 * rate)


def test_native_rate():
    assert pytest.approx(49_096.354, abs=0.001) == NATIVE_RATE
