# SPDX-License-Identifier: Apache-2.0
"""The LFO: its speeds (measured on hardware), its delay and fade, its waves, key sync."""

import numpy as np
import pytest
from measuring import NATIVE_RATE, TICK, cents, frames_of, native_engine, pitch_track, plain, tempered

from synth import render_native

# Hz by speed parameter.
SPEED = {0: 0.0625, 1: 0.125, 10: 1.56, 20: 3.19, 30: 4.81, 35: 5.62, 40: 6.44, 50: 8.00, 60: 9.62, 64: 11.25,
         70: 16.4, 80: 25.7, 90: 38.2, 99: 49.25}  # fmt: skip
# Seconds of waiting and of fading in, by delay parameter.
DELAY = {10: (0.055, 0.059), 20: (0.089, 0.099), 30: (0.131, 0.137), 40: (0.204, 0.228), 50: (0.324, 0.344),
         60: (0.478, 0.685), 70: (0.759, 0.685), 80: (1.16, 0.685), 90: (1.76, 0.685), 99: (2.75, 0.685)}  # fmt: skip
TICK_SECONDS = TICK / NATIVE_RATE
FADED_IN = 2 * 17 * TICK_SECONDS  # by when a fade without delay has come in after power-up


def vibrato(wave="square", speed=35, delay=0, sync=True):
    patch = plain()
    patch.lfo.wave = wave
    patch.lfo.speed = speed
    patch.lfo.delay = delay
    patch.lfo.sync = sync
    patch.lfo.pitch_mod_depth = 99
    patch.pitch_mod_sensitivity = 7
    return patch


def track(patch, seconds, note=93):
    """Seconds and cents from the note, period by period."""
    frames = frames_of(seconds)
    at, hertz = pitch_track(render_native(patch, note, 100, frames, frames))
    return at / NATIVE_RATE, cents(hertz, tempered(note))


@pytest.mark.parametrize(("speed", "hertz"), SPEED.items())
def test_speed(speed, hertz):
    cycles = 3 if hertz < 1 else 10 if hertz < 10 else 40
    seconds, deviation = track(vibrato(speed=speed), (cycles + 0.6) / hertz + 0.2)
    rising = seconds[1:][(deviation[:-1] < 0) & (deviation[1:] >= 0)]
    assert len(rising) >= cycles
    measured = (len(rising) - 1) / (rising[-1] - rising[0])
    tick = 2 * TICK_SECONDS / (rising[-1] - rising[0])  # edges fall on ticks
    assert measured == pytest.approx(hertz, rel=0.01 + tick)


@pytest.mark.parametrize(("delay", "times"), DELAY.items())
def test_delay_and_fade(delay, times):
    """The slowest square holds its lower half for eight seconds, so what moves is the fade alone."""
    wait, fade = times
    seconds, deviation = track(vibrato(speed=0, delay=delay), wait + fade + 0.3)
    begins = seconds[np.flatnonzero(deviation < -6)[0]]
    complete = seconds[np.flatnonzero(deviation < -1170)[0]]
    slack = 4 * TICK_SECONDS
    assert begins == pytest.approx(wait, rel=0.02, abs=slack)
    assert complete - begins == pytest.approx(fade, rel=0.02, abs=slack)
    assert np.all(deviation[seconds < wait - slack] > -3)


def test_every_note_starts_the_delay_anew_for_all():
    """On the DX7 a new note takes the vibrato from the notes that are held."""
    engine = native_engine(vibrato(speed=0, delay=30))
    engine.note_on(93, 100, frame=0)
    second = frames_of(1.0)
    engine.note_on(1, 1, frame=second)
    sound = engine.render_native(frames_of(1.2))
    before = sound[second - 4000 : second]
    after = sound[second + 500 : second + 4500]
    assert np.median(cents(pitch_track(before)[1], tempered(93))) < -1170
    assert np.abs(np.median(cents(pitch_track(after)[1], tempered(93)))) < 30


def test_without_delay_it_comes_in_once_after_power_up():
    engine = native_engine(vibrato(speed=0))
    engine.note_on(93, 100, frame=frames_of(0.5))
    first = engine.render_native(frames_of(0.6))[frames_of(0.5) :]
    assert np.median(cents(pitch_track(first)[1][20:], tempered(93))) < -1170


def cycles(seconds, increment):
    """LFO cycles since its key sync, with this phase increment of 65536 a tick; the first tick is at frame 0."""
    return (seconds / TICK_SECONDS + 0.5) * increment / 65536


WAVES = {
    "triangle": lambda phase: 4 * np.abs(phase - 0.5) - 1,
    "saw_down": lambda phase: 1 - 2 * phase,
    "saw_up": lambda phase: 2 * phase - 1,
    "square": lambda phase: np.where(phase < 0.5, -1.0, 1.0),
    "sine": lambda phase: -np.sin(2 * np.pi * phase),
}


@pytest.mark.parametrize("wave", WAVES)
def test_wave(wave):
    """Key sync starts a cycle in its middle; measured from there, each wave has its own line."""
    seconds, deviation = track(vibrato(wave, speed=10), 2.5)
    phase = cycles(seconds, 275) % 1
    expected = 1177 * WAVES[wave](phase)
    clear = (seconds > FADED_IN) & (phase > 0.02) & (phase < 0.98) & (np.abs(phase - 0.5) > 0.02)
    assert np.abs(deviation - expected)[clear].max() < 40


def test_sample_and_hold_draws_a_new_pitch_each_cycle():
    seconds, deviation = track(vibrato("s&h", speed=30), 4.0)
    cycle = np.floor(cycles(seconds, 847)).astype(int)
    steps = []
    for number in range(1, 17):
        inside = deviation[cycle == number][5:-5]
        assert np.ptp(inside) < 15
        steps.append(round(float(np.median(inside))))
    assert len(set(steps)) > 12
    assert max(steps) > 500
    assert min(steps) < -500


def test_key_sync_starts_the_lfo_with_the_note():
    two_ticks = round(16 * TICK)  # a multiple that is a whole number of frames
    first, second = (saw(start, sync=True) for start in (frames_of(1.0), frames_of(1.0) + 20 * two_ticks))
    assert np.abs(first - second).max() < 10


def test_without_key_sync_the_lfo_runs_on():
    first, second = (saw(start, sync=False) for start in (frames_of(1.0), frames_of(1.3)))
    assert np.abs(first - second).min() > 300


def saw(start, sync):
    """Cents of the first periods of a note that begins on this frame, long after the fade."""
    engine = native_engine(vibrato("saw_up", speed=10, sync=sync))
    engine.note_on(93, 100, frame=start)
    sound = engine.render_native(start + frames_of(0.15))[start + 300 :]
    return cents(pitch_track(sound)[1], tempered(93))[:100]
