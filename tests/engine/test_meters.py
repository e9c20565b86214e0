# SPDX-License-Identifier: Apache-2.0
"""Load, waits and output delay, as the audio callback measures them. Only bounds that hold on any computer."""

import time

import numpy as np
import pytest

from synth import Engine
from synth.engine import ffi, lib

FRAMES = 256


def call_back(engine, time_info=ffi.NULL):
    """One block, as an audio server asks for it; the nanoseconds it took, seen from outside."""
    block = ffi.new("float[]", 2 * FRAMES)
    before = time.monotonic_ns()
    lib.sx_portaudio_callback(ffi.NULL, block, FRAMES, time_info, 0, engine.handle)
    return time.monotonic_ns() - before


def test_the_load_is_the_time_of_the_callbacks():
    engine = Engine(voices=64)
    for key in range(40, 104):
        engine.note_on(key, 100)
    outside = [call_back(engine) for _ in range(20)]
    stats = engine.stats()
    assert 0 < stats.rendering_ns <= sum(outside)
    assert 0 < stats.load_peak <= max(outside) * 1e-9 / (FRAMES / 48_000) * 1.0001
    assert stats.load_peak >= stats.rendering_ns * 1e-9 / 20 / (FRAMES / 48_000) * 0.9999


def test_what_is_rendered_by_hand_is_not_metered():
    engine = Engine()
    engine.note_on(60, 100)
    engine.render(10_000)
    stats = engine.stats()
    assert (stats.rendering_ns, stats.live_events, stats.waiting_ns, stats.load_peak) == (0, 0, 0, 0)


def test_live_events_wait_for_the_next_block_and_timed_ones_do_not_count():
    engine = Engine()
    before = time.monotonic_ns()
    engine.note_on(60, 100)
    time.sleep(0.02)
    engine.note_on(64, 100)
    engine.note_on(67, 100, frame=100)
    time.sleep(0.005)
    call_back(engine)
    longest = time.monotonic_ns() - before
    stats = engine.stats()
    assert stats.events == 3
    assert stats.live_events == 2
    assert 30e6 <= stats.waiting_ns <= 2 * longest  # at least 25 and 5 ms
    assert 0.025 * 0.9999 <= stats.wait_peak <= longest * 1e-9 * 1.0001


def test_peaks_are_measured_anew():
    engine = Engine()
    engine.note_on(60, 100)
    call_back(engine)
    assert engine.stats().wait_peak > 0
    engine.reset_peak()
    stats = engine.stats()
    assert (stats.peak, stats.load_peak, stats.wait_peak) == (0, 0, 0)
    assert stats.live_events == 1


@pytest.mark.parametrize(
    ("now", "dac", "delay"),
    [(7.0, 7.0125, 0.0125), (7.0, 7.0, 0), (7.0, 0.0, 0), (7.0, 9e9, 0), (0.0, float("nan"), 0)],
)
def test_the_output_delay_is_what_the_audio_server_says(now, dac, delay):
    engine = Engine()
    info = ffi.new("double[3]", [0.0, now, dac])
    call_back(engine, info)
    assert engine.stats().output_delay == pytest.approx(delay)


def test_the_clock_changes_no_sample():
    called, rendered = Engine(), Engine()
    for engine in (called, rendered):
        engine.note_on(60, 100)
    block = ffi.new("float[]", 2 * FRAMES)
    lib.sx_portaudio_callback(ffi.NULL, block, FRAMES, ffi.NULL, 0, called.handle)
    heard = np.frombuffer(ffi.buffer(block), np.float32).reshape(-1, 2)
    assert np.array_equal(heard, rendered.render(FRAMES))
