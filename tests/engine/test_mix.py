# SPDX-License-Identifier: Apache-2.0
"""Volume and place of parts: what comes out on either side, and that nobody hears how it is computed."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measuring import plain
from story import Action, in_pieces, story

from synth import Engine, Score
from synth.engine import KERNELS

FRAMES = 12_000
SEEDS = st.integers(0, 2**32)
PAN = 10  # controller


def mixed(seed, frames):
    """A story in which parts move as well."""
    dice = random.Random(seed)
    actions = story(seed, frames)
    free = sorted(set(range(frames)) - {action.frame for action in actions})
    for frame in dice.sample(free, 20):
        part = dice.randrange(3)
        match dice.randrange(4):
            case 0:
                actions.append(Action(frame, "set_part_volume", (dice.uniform(-30.0, 12.0),), {"part": part}))
            case 1:
                actions.append(Action(frame, "set_pan", (dice.choice((0.0, dice.uniform(-1, 1))),), {"part": part}))
            case 2:
                actions.append(Action(frame, "midi", (bytes((0xB0 | part, PAN, dice.randrange(128))),)))
            case 3:  # all in the middle again
                actions.append(Action(frame, "midi", (bytes(n for p in range(3) for n in (0xB0 | p, PAN, 64)),)))
    return sorted(actions, key=lambda action: action.frame)


def engine_for(seed, kernel, **options):
    return Engine(
        (44_100, 48_000, 8000, 192_000)[seed % 4], voices=(6, 16)[seed % 2], kernel=kernel,
        output=("clean", "dx7")[seed // 2 % 2], **options,
    )  # fmt: skip


def tone(engine, part=0):
    engine.load(plain(), part, frame=0)
    engine.note_on(60, 100, part, frame=0)
    return engine


def loudness(samples):
    return np.sqrt(np.mean(np.square(samples[-4800:], dtype=float), axis=0))


@pytest.mark.parametrize("kernel", KERNELS)
@given(seed=SEEDS)
@settings(max_examples=40)
def test_blocks_change_nothing(kernel, seed):
    whole, cut = engine_for(seed, kernel), engine_for(seed, kernel)
    for action in mixed(seed, FRAMES):
        action.send(whole)
        action.send(cut)
    assert np.array_equal(np.concatenate(in_pieces(cut, "render", FRAMES, seed)), whole.render(FRAMES))


@pytest.mark.parametrize("kernel", KERNELS)
@given(seed=SEEDS)
@settings(max_examples=20)
def test_a_part_off_the_middle_leaves_the_others_as_they_are(kernel, seed):
    """A fourth part, silent and far left, makes the engine compute both sides: they are what one was."""
    alone, beside = engine_for(seed, kernel), engine_for(seed, kernel)
    for action in story(seed, FRAMES):
        action.send(alone)
        action.send(beside)
    for frame, pan in ((0, -1.0), (4000, 0.0), (8000, 0.7)):
        beside.set_pan(pan, part=3, frame=frame)
    both = beside.render(FRAMES)
    assert np.array_equal(both, alone.render(FRAMES))
    assert np.array_equal(both[:, 0], both[:, 1])


@pytest.mark.parametrize("kernel", KERNELS)
@given(seed=SEEDS)
@settings(max_examples=20)
def test_mono_knows_no_pan(kernel, seed):
    panned, centred = engine_for(seed, kernel, mono=True), engine_for(seed, kernel)
    for action in mixed(seed, FRAMES):
        action.send(panned)
        if action.method != "set_pan" and not (action.method == "midi" and action.arguments[0][1] == PAN):
            action.send(centred)
    assert np.array_equal(panned.render(FRAMES), centred.render(FRAMES))


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize(("pan", "left", "right"), [(-1, 2**0.5, 0), (1, 0, 2**0.5), (0.5, 0.5412, 1.3066), (0, 1, 1)])
def test_a_part_is_equally_loud_in_all_places(kernel, pan, left, right):
    """By the sine and cosine of MIDI's recommended practice 36, with the middle at unity."""
    here, middle = tone(Engine(kernel=kernel)), tone(Engine(kernel=kernel))
    here.set_pan(pan, frame=0)
    sides, reference = loudness(here.render(24_000)), loudness(middle.render(24_000))
    assert np.allclose(sides, reference * (left, right), rtol=1e-4, atol=0)
    assert np.isclose(np.sum(sides**2), np.sum(reference**2), rtol=1e-4)


@pytest.mark.parametrize(
    ("value", "pan"), [(0, -1.0), (1, -1.0), (64, 0.0), (127, 1.0), (32, -32 / 63), (100, 36 / 63)]
)
def test_controller_10_is_pan(value, pan):
    controller, command = tone(Engine()), tone(Engine())
    controller.midi(bytes((0xB0, PAN, value)), frame=0)
    command.set_pan(pan, frame=0)
    assert np.allclose(controller.render(9600), command.render(9600), atol=1e-6)


def test_resetting_controllers_moves_no_part():
    """As MIDI's recommended practice 15 asks, volume and pan stay; and so does a panic."""
    moved, reset = tone(Engine()), tone(Engine())
    for engine in (moved, reset):
        engine.set_pan(-0.5, frame=0)
        engine.set_part_volume(-6, frame=0)
    reset.midi(bytes((0xB0, 121, 0)), frame=0)
    assert np.array_equal(moved.render(9600), reset.render(9600))
    reset.panic()
    reset.render(9600)
    reset.note_on(60, 100)
    left, right = loudness(reset.render(9600))
    assert left > 2 * right > 0


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("decibels", [-96, -40, -6, 0, 6, 12])
def test_the_volume_of_a_part(kernel, decibels):
    here, usual = tone(Engine(kernel=kernel)), tone(Engine(kernel=kernel))
    here.set_part_volume(decibels, frame=0)
    ratio = loudness(here.render(24_000)) / loudness(usual.render(24_000))
    assert np.allclose(20 * np.log10(ratio), decibels, atol=0.01)


def test_the_volume_of_a_part_comes_besides_its_controllers():
    engine, same = tone(Engine()), tone(Engine())
    for one in (engine, same):
        one.midi(bytes((0xB0, 7, 90, 0xB0, 11, 100)), frame=0)
    engine.set_part_volume(-6, frame=0)
    ratio = loudness(engine.render(24_000)) / loudness(same.render(24_000))
    assert np.allclose(20 * np.log10(ratio), -6, atol=0.01)


def test_a_part_without_volume_is_silent_and_the_others_are_not():
    engine = tone(tone(Engine()), 1)
    engine.set_part_volume(float("-inf"), 0, frame=0)
    assert np.array_equal(engine.render(4800), tone(Engine(), 1).render(4800))


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("move", ["pan", "volume"])
def test_moving_a_part_makes_no_click(kernel, move):
    """The slope is never steeper than the tone's own at its loudest, and a little for the way itself."""
    engine = tone(Engine(kernel=kernel))
    before = engine.render(9600)
    if move == "pan":
        engine.set_pan(-1)
        steepest = 2**0.5
    else:
        engine.set_part_volume(-60)
        steepest = 1.0
    after = np.concatenate((before[-1:], engine.render(9600)))
    assert np.max(np.abs(np.diff(after, axis=0))) <= 1.02 * steepest * np.max(np.abs(np.diff(before, axis=0)))


def test_a_part_that_has_not_sounded_is_where_it_should_be_at_once():
    engine = tone(Engine(kernel="clean"))
    engine.set_pan(1, frame=0)
    assert not engine.render(4800)[:, 0].any()


@pytest.mark.parametrize("kernel", KERNELS)
def test_back_in_the_middle_all_is_as_if_nothing_had_been(kernel):
    there_and_back, still = tone(Engine(kernel=kernel)), tone(Engine(kernel=kernel))
    there_and_back.set_pan(-0.8, frame=100)
    there_and_back.set_pan(0, frame=9000)
    moved, kept = there_and_back.render(48_000), still.render(48_000)
    assert not np.array_equal(moved[5000:9000, 0], moved[5000:9000, 1])
    assert np.array_equal(moved[40_000:], kept[40_000:])


def test_a_score_moves_parts_as_live_events_do():
    score, live = Score(), tone(Engine())
    score.load(0, 0, plain())
    score.midi(0, bytes((0x90, 60, 100)))
    for frame, pan, decibels in ((0, -0.3, -3.0), (3000, 0.8, 3.0), (5000, 0.0, 0.0)):
        score.set_pan(frame, pan, 0)
        score.set_part_volume(frame, decibels, 0)
        live.set_pan(pan, frame=frame)
        live.set_part_volume(decibels, frame=frame)
    scored = Engine()
    scored.play(score)
    assert np.array_equal(scored.render(FRAMES), live.render(FRAMES))


def test_the_recording_has_both_sides():
    engine = tone(Engine(record_seconds=1))
    engine.set_pan(0.6, frame=0)
    heard = engine.render(4800)
    assert not np.array_equal(heard[:, 0], heard[:, 1])
    assert np.array_equal(engine.record_read(4800), heard)


@pytest.mark.parametrize("feeder", [Engine, Score])
@pytest.mark.parametrize(
    ("method", "value", "error", "words"),
    [
        ("set_pan", 1.01, ValueError, "pan must be -1 to 1, not 1.01"),
        ("set_pan", float("nan"), ValueError, "pan must be -1 to 1"),
        ("set_pan", "left", TypeError, "pan must be a number"),
        ("set_part_volume", 12.1, ValueError, "at most 12 dB, not 12.1"),
        ("set_part_volume", float("nan"), ValueError, "at most 12 dB"),
    ],
)
def test_what_is_out_of_range_is_refused(feeder, method, value, error, words):
    call = getattr(feeder(), method)
    arguments = (value, 0) if feeder is Engine else (0, value, 0)
    with pytest.raises(error, match=words):
        call(*arguments)
