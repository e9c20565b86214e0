# SPDX-License-Identifier: Apache-2.0
"""What comes out depends on what is played and when, never on blocks, posting order or producers."""

import random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from measuring import crossings, plain
from story import in_pieces, story

from synth import NATIVE_RATE, Engine, Score

FRAMES = 12_000
NATIVE = 48_000  # any rate: native renders do not know it
SEEDS = st.integers(0, 2**32)
RATES = (8000, 44_100, 48_000, 192_000)
WAYS = (("render", "chip"), ("render_native", "chip"), ("render", "clean"))


def engine_for(rate, seed, kernel="chip"):
    """All kinds: with and without stealing, both outputs, few voices and many."""
    return Engine(
        rate, voices=(2, 6, 16, 40)[seed % 4], kernel=kernel, steal=seed % 3 > 0, output=("clean", "dx7")[seed % 2]
    )


def play(actions, rate, seed, method, kernel="chip"):
    engine = engine_for(rate, seed, kernel)
    for action in actions:
        action.send(engine)
    return getattr(engine, method)(FRAMES)


@pytest.mark.parametrize(("method", "kernel"), WAYS)
@given(seed=SEEDS, rate=st.integers(8000, 192_000))
@example(seed=784, rate=44_100)  # a voice is stolen while it is silent, and is heard again during its fade
@settings(max_examples=40)
def test_any_block_sizes_give_the_same_samples(method, kernel, seed, rate):
    actions = story(seed, FRAMES)
    engine = engine_for(rate, seed, kernel)
    for action in actions:
        action.send(engine)
    pieces = in_pieces(engine, method, FRAMES, seed)
    assert np.array_equal(np.concatenate(pieces), play(actions, rate, seed, method, kernel))


@pytest.mark.parametrize(("method", "kernel"), WAYS[1:])
@pytest.mark.parametrize("seed", range(1, 161, 2))
def test_voices_that_come_to_rest_inside_blocks(seed, method, kernel):
    """Loads and all-sound-off meet voices that have just fallen silent, which no block may hide."""
    actions = story(seed, FRAMES, actions=150)
    engine = engine_for(NATIVE, seed, kernel)
    for action in actions:
        action.send(engine)
    pieces = in_pieces(engine, method, FRAMES, seed)
    assert np.array_equal(np.concatenate(pieces), play(actions, NATIVE, seed, method, kernel))


def test_a_voice_is_free_from_the_frame_on_which_it_falls_silent():
    """A note that comes in the same block as the end of another one takes its voice, and steals nobody's."""
    patch = plain()
    patch.op[0].envelope.levels = [99, 99, 99, 5]  # inaudible, so that the end follows the last sound at once
    thefts = set()
    for frame in range(2600, 3000, 7):
        counts = []
        for size in (1, 4000):
            engine = Engine(voices=2)
            engine.load(patch, frame=0)
            engine.note_on(60, 100, frame=0)
            engine.note_on(64, 100, frame=0)
            engine.note_off(60, frame=2500)
            engine.note_on(67, 100, frame=frame)
            for _ in range(4000 // size):
                engine.render_native(size)
            counts.append(engine.stats().notes_stolen)
        assert len(set(counts)) == 1
        thefts.update(counts)
    assert thefts == {0, 1}


@pytest.mark.parametrize(("method", "kernel"), WAYS)
@given(seed=SEEDS, rate=st.sampled_from(RATES))
@settings(max_examples=40)
def test_any_order_of_posting_gives_the_same_samples(method, kernel, seed, rate):
    actions = story(seed, FRAMES)
    shuffled = random.Random(seed).sample(actions, len(actions))
    assert np.array_equal(play(shuffled, rate, seed, method, kernel), play(actions, rate, seed, method, kernel))


@pytest.mark.parametrize(("method", "kernel"), WAYS)
@given(seed=SEEDS, rate=st.sampled_from(RATES))
@settings(max_examples=30)
def test_any_producer_gives_the_same_samples(method, kernel, seed, rate):
    actions = story(seed, FRAMES)
    engine = engine_for(rate, seed, kernel)
    producers = [engine, *(engine.producer() for _ in range(7))]
    dice = random.Random(seed)
    for action in actions:
        action.send(dice.choice(producers))
    assert np.array_equal(getattr(engine, method)(FRAMES), play(actions, rate, seed, method, kernel))


@pytest.mark.parametrize(("method", "kernel"), WAYS)
@given(seed=SEEDS, rate=st.sampled_from(RATES))
@settings(max_examples=30)
def test_a_score_gives_the_same_samples_as_live_events(method, kernel, seed, rate):
    actions = [action for action in story(seed, FRAMES) if action.is_for_scores]
    score = Score()
    for action in random.Random(seed).sample(actions, len(actions)):
        action.write(score)
    engine = engine_for(rate, seed, kernel)
    engine.play(score)
    pieces = in_pieces(engine, method, FRAMES, seed)
    assert np.array_equal(np.concatenate(pieces), play(actions, rate, seed, method, kernel))


@pytest.mark.parametrize(("method", "kernel"), WAYS)
@given(seed=SEEDS)
@settings(max_examples=30)
def test_events_posted_just_in_time_give_the_same_samples(method, kernel, seed):
    """As live: each event is sent in the block before the one with its frame, or in that block."""
    actions = story(seed, FRAMES)
    engine = engine_for(48_000, seed, kernel)
    dice = random.Random(seed)
    waiting = list(actions)
    pieces, done = [], 0
    while done < FRAMES:
        size = min(FRAMES - done, dice.randrange(1, 2000))
        while waiting and waiting[0].frame < done + size:
            waiting.pop(0).send(engine)
        pieces.append(getattr(engine, method)(size))
        done += size
    assert engine.stats().late_events == 0
    assert np.array_equal(np.concatenate(pieces), play(actions, 48_000, seed, method, kernel))


def test_events_of_one_frame_keep_the_order_of_their_producer():
    def press(order):
        engine = Engine(voices=1, steal=False)
        for key in order:
            engine.note_on(key, 100, frame=500)
        return engine.render_native(3000)

    assert np.array_equal(press((60, 64)), press((60,)))
    assert np.array_equal(press((64, 60)), press((64,)))


def test_score_comes_before_live_events_of_the_same_frame():
    score = Score()
    score.midi(500, bytes((0x90, 60, 100)))
    engine = Engine(voices=1, steal=False)
    engine.play(score)
    engine.note_on(64, 100, frame=500)
    alone = Engine(voices=1, steal=False)
    alone.note_on(60, 100, frame=500)
    assert np.array_equal(engine.render_native(3000), alone.render_native(3000))


@pytest.mark.parametrize("frame", [0, 1, 131, 132, 1000, 4097])
def test_a_note_begins_on_its_native_frame(frame):
    """A full attack is audible from the next sample on: the first one is the sine's own zero."""
    engine = Engine()
    engine.note_on(60, 100, frame=frame)
    sound = engine.render_native(frame + 100)
    assert not sound[:frame].any()
    assert sound[frame : frame + 12].any()


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("frame", [1, 100, 777])
def test_a_note_begins_on_the_first_native_frame_not_before_its_device_frame(rate, frame):
    early, late = Engine(rate, voices=1), Engine(rate, voices=1)
    early.note_on(60, 100, frame=0)
    late.note_on(60, 100, frame=frame)
    here, later = (crossings(engine.render(4000)[:, 0])[-1] for engine in (early, late))
    native = rate / NATIVE_RATE  # in device frames
    period = rate / 261.64
    delay = (later - here - frame + 0.5 * period) % period - 0.5 * period
    assert -0.02 <= delay <= native + 0.02


def test_events_of_several_device_frames_that_meet_in_one_native_frame_keep_their_order():
    """At 192 kHz four device frames make one native frame. The lone voice takes the earlier note."""
    for live_first in (False, True):
        score = Score()
        engine = Engine(192_000, voices=1, steal=False)
        engine.play(score_of(score, 402 if live_first else 401, 60))
        engine.note_on(64, 100, frame=401 if live_first else 402)
        alone = Engine(192_000, voices=1, steal=False)
        alone.note_on(64 if live_first else 60, 100, frame=401)
        assert np.array_equal(engine.render(9000), alone.render(9000))


def score_of(score, frame, key):
    score.midi(frame, bytes((0x90, key, 100)))
    return score


def test_a_frame_that_has_passed_means_the_next_block():
    late = Engine()
    late.render_native(1000)
    late.note_on(60, 100, frame=10)
    now = Engine()
    now.render_native(1000)
    now.note_on(60, 100)
    assert np.array_equal(late.render_native(3000), now.render_native(3000))
    assert late.stats().late_events == 1
    assert now.stats().late_events == 0


def test_the_same_again_is_the_same():
    actions = story(7, FRAMES)
    assert np.array_equal(play(actions, 44_100, 7, "render"), play(actions, 44_100, 7, "render"))
