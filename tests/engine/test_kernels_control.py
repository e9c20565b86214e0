# SPDX-License-Identifier: Apache-2.0
"""What is not the sound of a voice is the same with every kernel, at any device rate."""

import numpy as np
import pytest
from measuring import plain

from synth import Engine
from synth.engine import KERNELS

RATES = (8000, 44_100, 192_000)
FADE = 128 / 49_096.354  # seconds in which a voice that is cut short fades out


def playing(kernel, rate, output="clean", key=60):
    """An engine that holds a sine."""
    engine = Engine(rate, voices=1, parts=1, kernel=kernel, output=output)
    engine.load(plain())
    engine.note_on(key, 100)
    return engine


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("rate", RATES)
def test_a_voice_that_is_cut_short_fades_for_2_6_milliseconds(kernel, rate):
    engine = playing(kernel, rate, key=96)
    engine.render(rate // 2)
    engine.panic()
    sound = np.abs(engine.render(rate // 10)[:, 0])
    last = np.flatnonzero(sound > 0.01 * sound.max())[-1] / rate
    filtered = 6 * engine.group_delay_seconds  # where there is a resampler, which spreads it to both sides
    assert 0.8 * FADE < last < FADE + max(filtered, 2 / rate)


@pytest.mark.parametrize("rate", RATES)
def test_clean_reports_the_delay_of_the_output_filter(rate):
    hertz = 65.406  # C1
    plainly, filtered = (playing("clean", rate, output, key=36) for output in ("clean", "dx7"))
    turns = np.exp(-2j * np.pi * hertz / rate * np.arange(rate))
    window = np.hanning(rate)
    phases = [np.angle((engine.render(2 * rate)[rate:, 0] * window * turns).sum()) for engine in (plainly, filtered)]
    measured = (phases[0] - phases[1]) / (2 * np.pi * hertz)
    assert plainly.group_delay_seconds == 0
    assert filtered.group_delay_seconds == pytest.approx(measured, rel=0.02)
