# SPDX-License-Identifier: Apache-2.0
"""Eight threads feed one engine while another renders: every event arrives, in its thread's order, once."""

import threading

import numpy as np
import pytest

from synth import Engine, EngineError, Producer

NOTES = 3000


def feed(producer: Producer, part: int) -> None:
    """Press and release one key after another on a part of our own; wait for room when the ring is full."""
    for number in range(NOTES):
        key = 30 + number % 64
        insist(producer.note_on, key, 100, part)
        insist(producer.note_off, key, part)


def insist(call, *arguments):
    while True:
        try:
            return call(*arguments)
        except EngineError:
            threading.Event().wait(0.001)


@pytest.mark.parametrize("method", ["render", "render_native"])
def test_no_event_is_lost_or_doubled(method):
    engine = Engine(voices=64)
    producers = [engine, *(engine.producer() for _ in range(7))]
    threads = [threading.Thread(target=feed, args=(producer, part)) for part, producer in enumerate(producers)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert np.isfinite(getattr(engine, method)(64)).all()
    for _ in range(3):
        getattr(engine, method)(64)
    stats = engine.stats()
    assert stats.events == 8 * 2 * NOTES
    assert stats.notes_on == 8 * NOTES
    assert stats.keys_held == 0


def test_an_engine_outlives_its_name_while_a_producer_uses_it():
    producer = Engine().producer()
    producer.note_on(60, 100)
    producer.panic()


def test_many_engines_side_by_side_give_what_each_gives_alone():
    def sound(note):
        engine = Engine()
        engine.note_on(note, 100)
        return engine.render(20_000)

    notes = range(40, 56)
    results = {}
    threads = [threading.Thread(target=lambda n=n: results.__setitem__(n, sound(n))) for n in notes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(results[note], sound(note)) for note in notes)
