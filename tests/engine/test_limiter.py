# SPDX-License-Identifier: Apache-2.0
"""The limiter: nothing above full scale, nothing else changed, and nobody hears it come and go."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measuring import plain
from story import Action, in_pieces, story

from synth import Engine
from synth.engine import KERNELS

RATE = 48_000
DELAY = 63  # frames at that rate
SEEDS = st.integers(0, 2**32)
FULL = 1 + 1e-6  # what single precision makes of 1


def playing(keys=(60,), **options):
    engine = Engine(RATE, **options)
    engine.load(plain(), frame=0)
    for key in keys:
        engine.note_on(key, 100, frame=0)
    return engine


@pytest.mark.parametrize("kernel", KERNELS)
def test_what_is_below_full_scale_is_only_delayed(kernel):
    bare, limited = playing(kernel=kernel), playing(kernel=kernel, limiter=True)
    plain_sound, sound = bare.render(20_000), limited.render(20_000)
    assert np.abs(plain_sound).max() <= 1
    assert np.array_equal(sound[DELAY:], plain_sound[:-DELAY])
    assert not sound[:DELAY].any()
    assert limited.stats().limiter_gain == 1
    assert limited.group_delay_seconds - bare.group_delay_seconds == pytest.approx(DELAY / RATE)


@pytest.mark.parametrize("rate", [8000, 44_100, 96_000, 192_000])
@pytest.mark.parametrize("kernel", KERNELS)
@given(seed=SEEDS)
@settings(max_examples=5)
def test_nothing_is_above_full_scale(kernel, rate, seed):
    engine = Engine(rate, kernel=kernel, limiter=True, volume_db=24)
    for action in story(seed, 12_000):
        if action.method != "set_volume":
            action.send(engine)
    engine.set_pan(0.7, 1, frame=3000)
    assert np.abs(engine.render(12_000)).max() <= FULL


def test_what_it_does_can_be_read():
    engine = playing(range(40, 72), limiter=True)
    assert np.abs(engine.render(9600)).max() <= FULL
    stats = engine.stats()
    assert stats.peak > 4  # before it
    assert 0 < stats.limiter_gain <= 1 / 3


def test_its_gain_is_steady_while_the_sound_is():
    """A hold of half a period keeps the gain from following a low note's own waves."""
    bare, limited = playing((36,), volume_db=18), playing((36,), volume_db=18, limiter=True)
    source, sound = bare.render(48_000)[20_000 - DELAY : -DELAY, 0], limited.render(48_000)[20_000:, 0]
    loud = np.abs(source) > 1
    gains = sound[loud] / source[loud]
    assert gains.max() - gains.min() < 0.02 * gains.mean()
    assert np.abs(sound).max() == pytest.approx(1, abs=0.02)


def test_both_sides_have_one_gain():
    def panned(**options):
        engine = playing((48,), volume_db=20, **options)
        engine.set_pan(-0.6, frame=0)
        return engine.render(20_000)

    source, sound = panned()[: 20_000 - DELAY], panned(limiter=True)[DELAY:]
    heard = np.abs(source).min(axis=1) > 0.1
    left, right = (sound[heard, side] / source[heard, side] for side in (0, 1))
    assert np.allclose(left, right, rtol=1e-5)
    assert left.min() < 0.5


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("decibels", [-6, 0])
def test_it_comes_and_goes_without_a_click(kernel, decibels):
    engine = playing(kernel=kernel, volume_db=decibels)
    bare = engine.render(9600)
    engine.set_limiter(True)
    coming = engine.render(4800)
    engine.set_limiter(False)
    going = engine.render(4800)
    slopes = np.abs(np.diff(np.concatenate((bare[-1:], coming, going)), axis=0))
    assert slopes.max() <= 1.1 * np.abs(np.diff(bare, axis=0)).max()
    twin = playing(kernel=kernel, volume_db=decibels)
    assert np.array_equal(going[-2000:], twin.render(19_200)[-2000:])


def test_the_delay_is_told_while_it_is_on():
    engine = playing()
    usual = engine.group_delay_seconds
    engine.set_limiter(True)
    engine.render(4800)
    assert engine.group_delay_seconds == pytest.approx(usual + DELAY / RATE)
    engine.set_limiter(False)
    engine.render(4800)
    assert engine.group_delay_seconds == usual


@pytest.mark.parametrize("rate", [8000, 48_000, 192_000])
@pytest.mark.parametrize("kernel", KERNELS)
def test_a_switch_on_the_edge_of_a_block(kernel, rate):
    """The frame of the switch may be out already when its turn comes."""
    for frame in range(500, 520):
        sounds = []
        for first in (frame, frame + 1, 5000):
            engine = Engine(rate, kernel=kernel, volume_db=12)
            engine.note_on(60, 100, frame=0)
            engine.set_limiter(True, frame=frame)
            sounds.append(np.concatenate((engine.render(first), engine.render(5000 - first))))
        assert np.array_equal(sounds[0], sounds[2])
        assert np.array_equal(sounds[1], sounds[2])


@pytest.mark.parametrize("kernel", KERNELS)
@given(seed=SEEDS, rate=st.sampled_from((8000, 44_100, 48_000, 192_000)))
@settings(max_examples=30)
def test_blocks_change_nothing(kernel, seed, rate):
    dice = random.Random(seed)
    actions = [action for action in story(seed, 12_000) if action.method != "set_volume"]
    free = sorted(set(range(12_000)) - {action.frame for action in actions})
    actions += [Action(frame, "set_limiter", (dice.random() < 0.6,)) for frame in dice.sample(free, 12)]
    actions += [Action(frame, "set_pan", (dice.uniform(-1, 1),), {"part": 1}) for frame in dice.sample(free, 5)]
    whole, cut = (Engine(rate, kernel=kernel, volume_db=12, limiter=seed % 2 > 0) for _ in range(2))
    for action in actions:
        action.send(whole)
        action.send(cut)
    assert np.array_equal(np.concatenate(in_pieces(cut, "render", 12_000, seed)), whole.render(12_000))
