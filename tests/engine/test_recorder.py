# SPDX-License-Identifier: Apache-2.0
"""The recorder hands out what was rendered, to the last bit, and counts what it had no room for."""

import numpy as np

from synth import Engine
from synth.engine import NATIVE_RATE


def playing(**options):
    engine = Engine(**options)
    engine.note_on(60, 100)
    return engine


def test_recording_is_what_was_rendered():
    engine = playing(record_seconds=0.5)
    rendered, recorded = [], []
    for size in (1, 100, 4000, 777, 5000):
        rendered.append(engine.render(size))
        recorded.append(engine.record_read(10_000))
    assert np.array_equal(np.concatenate(recorded), np.concatenate(rendered))
    assert engine.stats().record_lost == 0


def test_reading_in_small_pieces():
    engine = playing(record_seconds=0.5)
    rendered = engine.render(5000)
    pieces = [engine.record_read(64) for _ in range(100)]
    assert np.array_equal(np.concatenate(pieces), rendered)
    assert len(pieces[-1]) == 0


def test_what_does_not_fit_is_counted():
    engine = playing(record_seconds=0.01)
    engine.render(48_000)
    kept = engine.record_read(48_000)
    assert engine.stats().record_lost == 48_000 - len(kept)
    assert len(kept) >= 480


def test_without_a_recorder_there_is_nothing_to_read():
    engine = playing()
    engine.render(1000)
    assert engine.record_read(1000).shape == (0, 2)
    assert engine.stats().record_lost == 0


def test_counters():
    engine = playing(sample_rate=44_100)
    engine.render(44_100)
    stats = engine.stats()
    assert stats.frames == 44_100
    assert abs(stats.native_frames - NATIVE_RATE) <= 1
    assert (stats.events, stats.notes_on, stats.keys_held, stats.voices_sounding) == (1, 1, 1, 1)
    assert 0.4 < stats.peak < 0.6
