# SPDX-License-Identifier: Apache-2.0
"""Patches and their parts compare, hash, copy and pickle by content; both spellings of dexed-py's constructors work."""

import copy
import pickle

import pytest
from hypothesis import given, settings
from strategies import banks, patches

from synth.bank import Bank
from synth.patch import LFO, Envelope, Operator, Patch, PitchEnvelope
from synth.sections import Operators


def parts_of(patch: Patch) -> list:
    operators = [part for op in patch.op for part in (op, op.envelope, op.envelope.rates, op.envelope.levels)]
    return [patch, patch.op, patch.lfo, patch.pitch_envelope, patch.pitch_envelope.rates, *operators]


def twins_of(thing: object) -> list:
    return [copy.copy(thing), copy.deepcopy(thing), pickle.loads(pickle.dumps(thing))]


@settings(max_examples=30)
@given(patches)
def test_every_part_equals_its_twins_and_hashes_alike(patch: Patch):
    for part in parts_of(patch):
        for twin in twins_of(part):
            assert type(twin) is type(part)
            assert twin == part
            assert hash(twin) == hash(part)


def test_windows_stand_alone_once_copied():
    patch = Patch()
    for twin in twins_of(patch.op[2]):
        twin.output_level = 1
        twin.envelope.rates[0] = 1
    for twin in twins_of(patch.op[2].envelope.rates):
        twin[1] = 1
    for twin in twins_of(patch.op):
        twin[2].detune = 1
    for twin in twins_of(patch.lfo):
        twin.wave = "s&h"
    assert patch == Patch()


def test_a_pickled_window_takes_nothing_else_of_its_patch_along():
    patch = Patch("SECRET")
    assert b"SECRET" not in pickle.dumps([patch.op, patch.op[0], patch.lfo, patch.pitch_envelope.rates])


def test_a_twin_is_told_where_it_came_from():
    with pytest.raises(ValueError, match="OP3 OUTPUT LEVEL is 100"):
        pickle.loads(pickle.dumps(Patch().op[2])).output_level = 100


@settings(max_examples=5)
@given(banks)
def test_banks(bank: Bank):
    for twin in (*twins_of(bank), bank.copy()):
        assert twin == bank
        assert hash(twin) == hash(bank)
        twin[3] = Patch("OTHER")
        twin[4].feedback = 7 - twin[4].feedback
        assert twin != bank
        assert bank[3].name != "OTHER     "


def test_attributes_tell_their_ranges_and_names():
    assert Patch.algorithm.__doc__ == "0 to 31"
    assert LFO.wave.__doc__ == "0 to 5: triangle, saw_down, saw_up, square, sine, s&h"
    assert LFO.speed.__doc__ == "0 to 99"
    assert Operator.left_curve.__doc__ == "0 to 3: lin, exp-, exp+, log"
    assert Operator.detune.__doc__ == "0 to 14"
    assert Envelope.rates.__doc__ == "Four rates, 0 to 99."


def test_different_kinds_differ():
    assert Envelope([1] * 4, [50] * 4) != PitchEnvelope([1] * 4, [50] * 4)
    with pytest.raises(TypeError, match="expected PitchEnvelope, not Envelope"):
        Patch().pitch_envelope = Envelope()
    assert Patch().op[0] != Patch().lfo


def test_a_subclass_is_of_the_same_kind():
    class Loud(Operator):
        __slots__ = ()

    patch = Patch()
    patch.op[0] = Loud(output_level=88)
    assert patch.op[0] == Loud(output_level=88)
    assert hash(patch.op[0]) == hash(Loud(output_level=88))


def test_slices_of_operators():
    patch = Patch()
    for number, op in enumerate(patch.op, 1):
        op.output_level = number
    patch.op[1:3][0].detune = 0
    assert patch.op[1].detune == 0
    assert [op.output_level for op in patch.op[::-2]] == [6, 4, 2]
    patch.op[:] = patch.op[::-1]
    assert [op.output_level for op in patch.op] == [6, 5, 4, 3, 2, 1]
    assert isinstance(patch.op, Operators)
    assert patch.op == list(patch.op)
    with pytest.raises(TypeError, match="op takes the values of 6 operators, not None"):
        Patch().op = None
    with pytest.raises(ValueError, match="3 operators take the values of as many, not of 2"):
        patch.op[:3] = patch.op[:2]
    with pytest.raises(TypeError, match="expected Operator, not int"):
        patch.op[:1] = [5]
    assert [op.output_level for op in patch.op] == [6, 5, 4, 3, 2, 1]
    for wrong in ("1", 1.0, True, None):
        with pytest.raises(TypeError, match="op takes an index"):
            patch.op[wrong]


def test_positional_arguments_are_those_of_dexed_py():
    op = Operator(Envelope([1, 2, 3, 4], [5, 6, 7, 8]), 90, 2, 3, 1, 8, 4, 1, 5, 40, 10, 11, 1, 2)
    assert op.envelope == Envelope([1, 2, 3, 4], [5, 6, 7, 8])
    assert (op.output_level, op.frequency_coarse, op.frequency_fine, op.frequency_mode, op.detune) == (90, 2, 3, 1, 8)
    assert (op.velocity_sensitivity, op.amp_mod_sensitivity, op.rate_scaling, op.breakpoint) == (4, 1, 5, 40)
    assert (op.left_depth, op.right_depth, op.left_curve, op.right_curve) == (10, 11, "exp-", "exp+")
    lfo = LFO(36, 1, 2, 3, True, 2)
    assert (lfo.speed, lfo.delay, lfo.pitch_mod_depth, lfo.amp_mod_depth) == (36, 1, 2, 3)
    assert (lfo.sync, lfo.wave, lfo._wave) == (True, "saw_up", 2)


def test_both_spellings_of_curves_and_waves():
    assert Operator(_left_curve=1, _right_curve=3) == Operator(left_curve="exp-", right_curve="log")
    assert LFO(_wave=2) == LFO(wave="saw_up")
    assert LFO() == LFO(wave="sine")
    assert Operator(frequency_ratio=3.5).frequency_ratio == 3.5


@pytest.mark.parametrize("value", [float("nan"), 50.0, None, [1], "high"])
def test_constructors_refuse_what_assignment_refuses(value):
    with pytest.raises(TypeError, match="OUTPUT LEVEL"):
        Operator(output_level=value)
    with pytest.raises(TypeError, match="LFO SPEED"):
        LFO(value)


@settings(max_examples=25)
@given(patches)
def test_what_a_part_prints_makes_it_anew(patch: Patch):
    for part in (patch.op[3], patch.op[3].envelope, patch.lfo, patch.pitch_envelope):
        assert eval(repr(part)) == part
    assert eval(repr(patch.op)) == patch.op
