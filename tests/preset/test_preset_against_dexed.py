# SPDX-License-Identifier: Apache-2.0
"""Every call of dexed-py's Preset gives here what it gives there."""

import dataclasses
import inspect

import numpy as np
import pytest
from strategies import random_voices
from test_preset import random_vectors

from synth import Patch, Preset, vectors

dexed = pytest.importorskip("dexed")

CALLS = ("to_array", "global_continuous", "global_ints", "op_continuous", "op_ints")


def same(ours, theirs):
    ours_, theirs_ = np.asarray(ours), np.asarray(theirs)
    return ours_.shape == theirs_.shape and np.array_equal(ours_.astype(theirs_.dtype), theirs_)


def check_field(ours, theirs, name):
    mine, wanted = getattr(ours, name), getattr(theirs, name)
    assert same(mine, wanted)
    assert getattr(mine, "dtype", type(mine)) == getattr(wanted, "dtype", type(wanted))


@pytest.fixture(scope="module")
def pairs():
    rows = random_vectors(11, 20)
    rows[:, 125] -= 0.25  # rounded on the way
    rows = np.abs(rows)
    return [(Preset.from_array(row), dexed.Preset.from_array(row)) for row in rows]


def test_signature():
    ours = dict(inspect.signature(Preset).parameters)
    assert ours.pop("name").kind is inspect.Parameter.KEYWORD_ONLY
    theirs = inspect.signature(dexed.Preset).parameters
    assert list(ours) == list(theirs)
    for name, parameter in theirs.items():
        assert ours[name].kind == parameter.kind
        if isinstance(parameter.default, float | int):
            assert ours[name].default == parameter.default
            assert type(ours[name].default) is type(parameter.default)


def test_constants():
    for name in (
        "SCALES", "DATA_FIELDS", "META_FIELDS", "GLOBAL_CONTINUOUS_SIZE", "GLOBAL_INT_MAXES", "OP_CONTINUOUS_SIZE",
        "OP_INT_MAXES",
    ):  # fmt: skip
        assert getattr(Preset, name) == getattr(dexed.Preset, name)
    assert list(Preset.SCALES) == list(dexed.Preset.SCALES)


def test_defaults():
    ours, theirs = Preset(), dexed.Preset()
    for field in dataclasses.fields(theirs):
        check_field(ours, theirs, field.name)


def test_fields(pairs):
    voice = random_voices(14, 1)[0]
    built = {"feedback": 0.37, "algorithm": 3, "op_detune": np.linspace(0, 1, 6, dtype=np.float32)}
    more = [
        (Patch.from_raw(voice).to_preset(), dexed.Patch.from_raw(voice).to_preset()),
        (Preset(**built), dexed.Preset(**built)),
    ]
    for ours, theirs in [*pairs, *more]:
        for name in Preset.DATA_FIELDS:
            check_field(ours, theirs, name)


@pytest.mark.parametrize("call", CALLS)
def test_calls(pairs, call):
    for ours, theirs in [*pairs, (Preset(), dexed.Preset())]:
        mine, wanted = getattr(ours, call)(), getattr(theirs, call)()
        assert mine.dtype == wanted.dtype
        assert same(mine, wanted)


def test_bundles(pairs):
    for ours, theirs in pairs:
        bundles = [getattr(theirs, call)() for call in CALLS[1:]]
        assert same(Preset.from_operator_bundles(*bundles).to_array(), theirs.to_array())
        assert Preset.from_operator_bundles(*bundles) == ours


def test_leaves(pairs):
    for ours, theirs in pairs:
        mine, wanted = Preset.array_to_leaves(ours.to_array()), dexed.Preset.array_to_leaves(theirs.to_array())
        assert len(mine) == len(wanted)
        for field, one, other in zip(vectors.FIELDS, mine, wanted, strict=True):
            assert same(np.float32(one), other)
            assert one.dtype == (np.int32 if field.integer else np.float32)


def test_patches():
    for voice in random_voices(12, 50):
        ours, theirs = Patch.from_raw(voice).to_preset(), dexed.Patch.from_raw(voice).to_preset()
        assert same(ours.to_array(), theirs.to_array())
        assert np.array_equal(ours.to_patch("NAME").to_raw(), theirs.to_patch("NAME").to_raw())


def test_numbers_between_those_of_the_dx7():
    for row in random_vectors(13, 200):
        ours, theirs = Preset.from_array(row), dexed.Preset.from_array(row)
        assert np.array_equal(ours.to_patch().to_raw(), theirs.to_patch().to_raw())
