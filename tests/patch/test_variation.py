# SPDX-License-Identifier: Apache-2.0
"""Random patches sound and differ; relatives keep what is locked; nothing changes its arguments."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import patches

from synth import Patch, render_batch
from synth.parameters import BY_KEY, PARAMETERS
from synth.variation import CHARACTERS, SECTIONS, interpolate, mutate, random_patch

RATE = 22050


def test_random_patches_sound_and_are_no_noise():
    voices = [random_patch(seed) for seed in range(64)]
    sounds = render_batch(voices, hold=1.0, tail=0.0, sample_rate=RATE)
    peaks = np.abs(sounds).max(axis=1)
    assert peaks.min() > 0.05  # all are heard
    assert peaks.max() < 2.0  # and far from the 6.0 of six carriers in phase
    power = np.abs(np.fft.rfft(sounds * np.hanning(RATE))) ** 2
    flatness = np.exp(np.log(power + 1e-12).mean(axis=1)) / power.mean(axis=1)  # 1 is white noise
    assert flatness.max() < 0.02
    bright = (power * np.fft.rfftfreq(RATE, 1 / RATE)).sum(axis=1) / power.sum(axis=1)
    assert 120 < np.median(bright) < 2000
    assert bright.std() > 50  # they differ


def test_random_patches_differ_and_reach_every_algorithm():
    voices = [random_patch(seed) for seed in range(300)]
    assert len(set(voices)) == 300
    assert {voice.algorithm for voice in voices} == set(range(32))
    assert len({voice.name for voice in voices}) > 250


def test_seeds():
    assert random_patch(5) == random_patch(5)
    assert random_patch() != random_patch()
    one, other = np.random.default_rng(7), np.random.default_rng(7)
    assert [random_patch(one) for _ in range(3)] == [random_patch(other) for _ in range(3)]
    assert mutate(Patch(), seed=3) == mutate(Patch(), seed=3)
    for bad, error in ((1.5, TypeError), ("x", TypeError), (-1, ValueError)):
        with pytest.raises(error, match="seed must be"):
            random_patch(bad)


@pytest.mark.parametrize("character", CHARACTERS)
def test_what_is_asked_for(character):
    patch = random_patch(1, algorithm=31, character=character)
    assert patch.algorithm == 31
    sustains = any(op.envelope.levels[2] for op in patch.op)
    decays = all(random_patch(s, character=character).op[0].envelope.levels[3] == 0 for s in range(5))
    assert decays
    assert sustains or character in ("plucked", "struck")
    with pytest.raises(ValueError, match="algorithm must be 0 to 31"):
        random_patch(algorithm=32)
    with pytest.raises(ValueError, match="character must be one of plucked"):
        random_patch(character="loud")


@settings(max_examples=25)
@given(patches, st.floats(0, 1), st.integers(0, 2**32))
def test_relatives_are_legal_and_leave_the_patch_alone(patch, amount, seed):
    before = patch.copy()
    relative = mutate(patch, amount, locked=(), seed=seed)
    assert patch == before
    assert Patch.from_sysex(relative.to_sysex()) == relative
    assert relative.operators_on == patch.operators_on
    assert mutate(patch, 0, locked=(), seed=seed) == patch


def test_amounts():
    patch = random_patch(1)
    changed = [
        np.mean([np.count_nonzero(mutate(patch, amount, seed=s).to_raw() != patch.to_raw()) for s in range(20)])
        for amount in (0.02, 0.1, 0.5, 1.0)
    ]
    assert changed == sorted(changed)
    assert 0 < changed[0] < 20
    assert mutate(patch, 1.0, locked=(), seed=9).name != patch.name
    assert len({mutate(patch, 1.0, seed=s).algorithm for s in range(40)}) > 10


@settings(max_examples=25)
@given(patches, st.sets(st.sampled_from([*SECTIONS, "algorithm", "op3.detune", "feedback"])), st.integers(0, 2**32))
def test_locked_sections_stay(patch, locked, seed):
    relative = mutate(patch, 1.0, locked=locked, seed=seed).to_raw()
    for name in locked:
        places = SECTIONS.get(name) or [BY_KEY[name].position]
        assert (relative[places] == patch.to_raw()[places]).all()


def test_locks_hold_what_their_names_say():
    keys = {name: {PARAMETERS[place].key for place in places} for name, places in SECTIONS.items()}
    assert len(keys["op2"]) == 21
    assert len(keys["envelopes"]) == 48
    assert len(keys["frequencies"]) == 24
    assert len(keys["levels"]) == 6
    assert len(keys["scaling"]) == 36
    assert keys["lfo"] == {f"lfo.{n}" for n in ("speed", "delay", "pitch_mod_depth", "amp_mod_depth", "sync", "wave")}
    assert len(keys["pitch_envelope"]) == 8
    assert len(keys["name"]) == 10
    assert len(keys["sensitivities"]) == 13
    assert mutate(Patch("KEEP"), 1.0, locked="name").name == "KEEP      "


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"locked": ("evelopes",)}, ValueError, "'evelopes' to lock; did you mean 'envelopes'"),
        ({"locked": "lof"}, ValueError, "did you mean 'lfo'"),
        ({"locked": ("qqq",)}, ValueError, "known are op1, op2"),
        ({"amount": 1.1}, ValueError, "amount is 1.1; it goes from 0 to 1"),
        ({"amount": float("nan")}, ValueError, "amount is nan"),
        ({"amount": "0.1"}, TypeError, "amount must be a number"),
    ],
)
def test_bad_arguments(arguments, error, says):
    with pytest.raises(error, match=says):
        mutate(Patch(), **arguments)


@settings(max_examples=25)
@given(patches, patches, st.floats(0, 1))
def test_between_two_patches(a, b, t):
    before = a.copy(), b.copy()
    between = interpolate(a, b, t)
    assert (a, b) == before
    assert Patch.from_sysex(between.to_sysex()) == between
    low, high = np.minimum(a.to_raw(), b.to_raw()), np.maximum(a.to_raw(), b.to_raw())
    frequencies = SECTIONS["frequencies"]
    inside = (between.to_raw() >= low) & (between.to_raw() <= high)
    inside[frequencies] = True  # halfway between 1 x 1.99 and 3 x 1.00 is 2 x 1.22
    assert inside.all()
    nearer = a if t < 0.5 else b
    assert (between.algorithm, between.name, between.lfo.wave) == (nearer.algorithm, nearer.name, nearer.lfo.wave)
    assert between.operators_on == nearer.operators_on


@settings(max_examples=20)
@given(patches, patches)
def test_the_ends_are_exact(a, b):
    assert interpolate(a, b, 0) == a
    assert interpolate(a, b, 1) == b
    assert interpolate(a, b, [0.0, 1.0]) == [a, b]
    assert interpolate(a, a, 0.3) == a
    assert interpolate(a, b, np.array(0.75)) == interpolate(a, b, np.float32(0.75))
    assert interpolate(a, b, 0) is not a


def test_many_steps_and_gliding_frequencies():
    a, b = Patch("A"), Patch("B")
    b.op[0].frequency_coarse = 4
    b.op[1].frequency_mode = 1
    b.op[2].output_level = 0
    path = interpolate(a, b, np.linspace(0, 1, 5))
    assert [patch.op[0].frequency_ratio for patch in path] == pytest.approx([1, 4**0.25, 2, 4**0.75, 4], rel=0.01)
    assert [patch.op[1].frequency_mode for patch in path] == [0, 0, 1, 1, 1]
    assert [patch.op[2].output_level for patch in path] == [99, 74, 50, 25, 0]
    assert [patch.name.strip() for patch in path] == ["A", "A", "B", "B", "B"]


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((Patch(), Patch(), 1.5), ValueError, "t is 1.5"),
        ((Patch(), Patch(), [0.5, -1]), ValueError, "t is -1"),
        ((Patch(), Patch(), None), TypeError, "t must be a number"),
        ((Patch(), Patch(), [[0.5]]), ValueError, r"shape \(1, 1\)"),
        ((Patch(), b"", 0.5), TypeError, "b must be a Patch, not bytes"),
        ((None, Patch(), 0.5), TypeError, "a must be a Patch"),
    ],
)
def test_bad_interpolations(arguments, error, says):
    with pytest.raises(error, match=says):
        interpolate(*arguments)
