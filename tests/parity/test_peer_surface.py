# SPDX-License-Identifier: Apache-2.0
"""Every public name of dexed-py is ours too: members, parameters in their order, defaults.

Ours may have more members, and more parameters behind theirs.
"""

import inspect

import numpy as np
import pytest

import synth

dexed = pytest.importorskip("dexed")

CLASSES = ("DexedSynth", "Patch", "Preset", "OperatorGraph", "GraphOperator", "GraphEnvelope")
FUNCTIONS = ("get_carriers", "get_modulators", "get_mod_matrix", "get_feedback_edge")
PARTS = ("Operator", "Envelope", "PitchEnvelope", "LFO")  # in dexed.patch
CONSTANTS = (
    "BANK_SYSEX_HEADER", "BANK_SYSEX_SIZE", "CURVE_NAMES", "CURVE_INDEX_TO_NAME", "LFO_WAVE_NAMES",
    "LFO_WAVE_INDEX_TO_NAME",
)  # fmt: skip


def theirs_and_ours(name):
    """The two objects of a name."""
    home = dexed.patch if name in PARTS else dexed
    return getattr(home, name), getattr(synth, name)


def parameters(function):
    """Names and kinds of parameters without `self`, in order."""
    return [p for p in inspect.signature(function).parameters.values() if p.name != "self"]


def public(thing):
    return {name for name in dir(thing) if not name.startswith("_")}


def example(cls):
    """An object of a class made without arguments."""
    return cls()


METHODS = [
    (name, member)
    for name in CLASSES
    for member in sorted(public(getattr(dexed, name)))
    if callable(inspect.getattr_static(getattr(dexed, name), member, None))
    or isinstance(inspect.getattr_static(getattr(dexed, name), member, None), classmethod | staticmethod)
]


def test_nothing_public_is_missing():
    assert set(dexed.__all__) <= set(synth.__all__)
    assert set(dexed.__all__) == {*CLASSES, *FUNCTIONS, "algorithms"}
    assert isinstance(synth.__version__, str)


@pytest.mark.parametrize("name", [*CLASSES, *PARTS])
def test_objects_have_their_members(name):
    theirs, ours = theirs_and_ours(name)
    assert public(example(theirs)) <= public(example(ours))


@pytest.mark.parametrize("name", [*CLASSES, *PARTS])
def test_constructors_take_their_arguments_in_their_order(name):
    theirs, ours = map(parameters, theirs_and_ours(name))
    assert [p.name for p in theirs] == [p.name for p in ours[: len(theirs)]]
    assert all(p.kind is p.POSITIONAL_OR_KEYWORD for p in ours[: len(theirs)])


@pytest.mark.parametrize("name", [*CLASSES, *PARTS])
def test_attributes_start_with_their_values(name):
    theirs, ours = map(example, theirs_and_ours(name))
    for attribute in sorted(public(theirs)):
        if attribute.isupper():  # constants of the class
            assert getattr(ours, attribute) == getattr(theirs, attribute), attribute
            continue
        value = getattr(theirs, attribute)
        if isinstance(value, int | float | str | list | np.ndarray):
            mine = getattr(ours, attribute)
            numbered = {"left_curve", "right_curve"} if name == "GraphOperator" else ()
            expected = "lin" if attribute in numbered else value  # a graph's curves have the names of a patch's
            if name == "Preset" and isinstance(value, float):
                mine, expected = np.float32(mine), np.float32(value)  # as in the vector
            assert np.array_equal(mine, expected), attribute
            if isinstance(value, np.ndarray):
                assert (mine.dtype, mine.shape) == (value.dtype, value.shape), attribute


@pytest.mark.parametrize(("name", "method"), METHODS, ids=[f"{name}.{method}" for name, method in METHODS])
def test_methods_take_their_arguments(name, method):
    theirs, ours = (parameters(getattr(cls, method)) for cls in theirs_and_ours(name))
    assert [p.name for p in theirs] == [p.name for p in ours[: len(theirs)]]
    for their, our in zip(theirs, ours, strict=False):
        assert our.kind is our.POSITIONAL_OR_KEYWORD
        if (name, method) == ("Preset", "to_patch"):
            assert our.default is None  # the preset's own name, which is PRESET where it has none
        elif their.default is not their.empty:  # ours may leave out more: the target of an operator's own feedback
            assert our.default == their.default
    assert all(p.default is not p.empty or p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in ours[len(theirs) :])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_take_their_arguments(name):
    theirs, ours = map(parameters, theirs_and_ours(name))
    assert [(p.name, p.default) for p in theirs] == [(p.name, p.default) for p in ours[: len(theirs)]]


def test_properties_that_can_be_assigned_are_so_here():
    for name in (*CLASSES, *PARTS):
        theirs, ours = theirs_and_ours(name)
        for member, descriptor in inspect.getmembers_static(theirs, lambda value: isinstance(value, property)):
            if descriptor.fset is not None:
                assert hasattr(inspect.getattr_static(ours, member), "__set__"), (name, member)


@pytest.mark.parametrize("name", CONSTANTS)
def test_inner_constants_are_there(name):
    theirs, ours = getattr(dexed.patch, name), getattr(synth.patch, name)
    if isinstance(theirs, dict):  # ours knows more spellings
        assert theirs.items() <= ours.items()
    else:
        assert type(theirs)(ours) == theirs


def test_the_algorithm_table_has_its_members():
    assert public(dexed.algorithms) <= public(synth.algorithms)
    assert public(dexed.algorithms[0]) <= public(synth.algorithms[0])
    assert len(synth.algorithms) == 32
    assert list(synth.algorithms) == list(dexed.algorithms)
