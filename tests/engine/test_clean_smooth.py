# SPDX-License-Identifier: Apache-2.0
"""The `clean` kernel moves frame by frame where the DX7 takes steps, 372 of them a second: no zipper, no click."""

import numpy as np
import pytest
from measuring import plain

from synth import Engine, render
from synth.patch import Envelope, PitchEnvelope

RATE = 48_000
TICK = 128.93  # frames between two steps of the DX7's software
KEY = 96  # 2093 Hz
# A line from tick to tick changes evenly, but where it bends, what is measured here rings; a step would change by
# TICK times as much.
STRAIGHT = 1.5
SECONDS = 1.0


def analytic(samples):
    """The complex signal whose real part this is, without its ends, which are faded."""
    length = len(samples)
    edge = length // 8
    fade = np.ones(length)
    fade[:edge] = 0.5 - 0.5 * np.cos(np.pi * np.arange(edge) / edge)
    fade[-edge:] = fade[:edge][::-1]
    spectrum = np.fft.fft(samples * fade)
    spectrum[length // 2 :] = 0
    return 2 * np.fft.ifft(spectrum)[edge:-edge]


def frequencies(samples):
    return np.diff(np.unwrap(np.angle(analytic(samples)))) * RATE / (2 * np.pi)


def largest_changes(values):
    """In one frame, and in a tick divided by its frames."""
    ticks = int(TICK)
    return np.abs(np.diff(values)).max(), np.abs(values[ticks:] - values[:-ticks]).max() / TICK


def vibrato(wave):
    patch = plain()
    patch.pitch_mod_sensitivity = 7
    patch.lfo.wave = wave
    patch.lfo.speed = 60
    patch.lfo.pitch_mod_depth = 99
    return patch


def sweep():
    patch = plain()
    patch.pitch_envelope = PitchEnvelope(rates=(60, 50, 70, 50), levels=(70, 30, 50, 50))
    return patch


@pytest.mark.parametrize(
    "patch",
    [vibrato("triangle"), vibrato("sine"), vibrato("square"), vibrato("s&h"), sweep()],
    ids=lambda p: p.lfo.wave,
)
def test_pitch_moves_without_steps(patch):
    sound = render(patch, KEY, 100, SECONDS, 0, RATE, "clean").astype(float)
    frame, tick = largest_changes(frequencies(sound))
    assert frame < STRAIGHT * tick + 0.05
    chip, _ = largest_changes(frequencies(render(patch, KEY, 100, SECONDS, 0, RATE, "chip").astype(float)))
    assert chip > 20 * frame


def test_pitch_bend_moves_without_steps():
    engine = Engine(RATE, 1, 1, "clean")
    engine.load(plain(), frame=0)
    engine.note_on(KEY, 100, frame=0)
    for count, frame in enumerate(range(4800, int(SECONDS * RATE), 960)):
        engine.midi(bytes((0xE0, 0, count * 37 % 128)), frame=frame)
    values = frequencies(engine.render(int(SECONDS * RATE))[:, 0].astype(float))
    assert np.ptp(values) > 400
    frame, tick = largest_changes(values)
    assert frame < STRAIGHT * tick + 0.05


@pytest.mark.parametrize("wave", ["triangle", "sine", "square", "saw_up"])
def test_tremolo_moves_without_steps(wave):
    patch = plain()
    patch.op[0].amp_mod_sensitivity = 3
    patch.lfo.wave = wave
    patch.lfo.speed = 60
    patch.lfo.amp_mod_depth = 99
    sound = render(patch, KEY, 100, SECONDS, 0, RATE, "clean").astype(float)
    decibels = 20 * np.log10(np.abs(analytic(sound)))
    assert np.ptp(decibels) > 35
    _, tick = largest_changes(decibels)
    heard = np.maximum(decibels, -30)  # far down, the fast changes nearby leak in
    frame, _ = largest_changes(heard)
    assert frame < STRAIGHT * tick


# An envelope at its fastest rises by 32 / 256 of an octave a native frame, and falls by half of that.
STEEPEST = (2 ** (32 / 256) - 1) * 49_096 / 192_000  # of the amplitude, per frame at 192 kHz


@pytest.mark.parametrize("sync", [True, False])
@pytest.mark.parametrize("rate", [99, 90, 75, 60])
def test_attack_and_release_without_a_click(rate, sync):
    """The sine's slope never changes by more in a frame than the envelope's own slope."""
    patch = plain()
    patch.osc_key_sync = sync
    patch.op[0].envelope = Envelope(rates=(rate, 99, 99, rate), levels=(99, 99, 99, 0))
    sound = render(patch, 45, 100, 0.1, 0.1, 192_000, "clean").astype(float)
    assert np.abs(sound).max() > 0.9
    assert np.abs(np.diff(sound, 2)).max() < STEEPEST
    assert np.abs(np.diff(sound)).max() < 2 * np.pi * 110 / 192_000 + STEEPEST
