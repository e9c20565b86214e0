# SPDX-License-Identifier: Apache-2.0
"""What windows on a patch show once something else has been put in their place."""

import gc
import weakref

import pytest

from synth import LFO, Envelope, Operator, OperatorGraph, Patch


def numbered() -> Patch:
    """A patch whose operators have levels 10 to 60."""
    patch = Patch()
    for number, operator in enumerate(patch.op, 1):
        operator.output_level = 10 * number
        operator.envelope.rates = [number] * 4
    return patch


def levels(voice):
    return [operator.output_level for operator in voice.op]


def test_operators_can_be_swapped():
    patch = numbered()
    patch.op[0], patch.op[5] = patch.op[5], patch.op[0]
    assert levels(patch) == [60, 20, 30, 40, 50, 10]
    assert patch.op[0].envelope.rates == [6, 6, 6, 6]
    patch.op[1:3] = patch.op[2], patch.op[1]
    assert levels(patch) == [60, 30, 20, 40, 50, 10]


def test_operators_can_be_ordered_anew():
    patch = numbered()
    for index, operator in enumerate([patch.op[index] for index in (5, 3, 4, 0, 2, 1)]):
        patch.op[index] = operator
    assert levels(patch) == [60, 40, 50, 10, 30, 20]
    patch.op = sorted(patch.op, key=lambda operator: operator.output_level)
    assert levels(patch) == [10, 20, 30, 40, 50, 60]


def test_parts_can_be_swapped_between_patches():
    one, other = numbered(), Patch()
    one.lfo.speed, one.pitch_envelope.rates = 1, [1, 2, 3, 4]
    wanted = other.copy(), one.copy()
    one.lfo, other.lfo = other.lfo, one.lfo
    one.pitch_envelope, other.pitch_envelope = other.pitch_envelope, one.pitch_envelope
    one.op, other.op = other.op, one.op
    assert (one, other) == wanted


def test_envelopes_rates_and_levels_can_be_swapped():
    patch = numbered()
    a, b = patch.op[0], patch.op[1]
    a.envelope, b.envelope = b.envelope, a.envelope
    assert a.envelope.rates == [2] * 4
    assert b.envelope.rates == [1] * 4
    a.envelope.rates, b.envelope.rates = b.envelope.rates, a.envelope.rates
    assert a.envelope.rates == [1] * 4
    assert b.envelope.rates == [2] * 4


def test_operators_of_graphs_can_be_swapped():
    graph = OperatorGraph(8)
    graph.op[0].output_level, graph.op[7].output_level = 10, 80
    graph.op[0], graph.op[7] = graph.op[7], graph.op[0]
    assert levels(graph)[::7] == [80, 10]


def test_windows_keep_what_they_showed():
    patch = numbered()
    operators, operator, envelope = patch.op, patch.op[0], patch.op[0].envelope
    patch.op[0] = Operator(output_level=99)
    operator.envelope.rates = [7, 7, 7, 7]
    assert envelope.rates == [7] * 4  # these two still belong together
    assert operators[0] == patch.op[0] != operator  # and the six to the patch
    patch.op = [Operator()] * 6
    assert operators[1].output_level == 20


def test_windows_stay_when_parts_of_theirs_are_replaced():
    patch = Patch()
    operator, rates = patch.op[2], patch.op[2].envelope.rates
    operator.envelope = Envelope(rates=[1, 2, 3, 4])
    assert patch.op[2].envelope.rates == [1, 2, 3, 4] != rates
    operator.output_level = 5
    assert patch.op[2].output_level == 5


def test_assigning_something_to_itself_changes_nothing():
    patch = numbered()
    operators, operator, lfo, rates = patch.op, patch.op[0], patch.lfo, patch.op[0].envelope.rates
    patch.op[0], patch.lfo, patch.op[0].envelope.rates, patch.op = operator, lfo, rates, operators
    operator.output_level, lfo.speed, rates[0], operators[1].detune = 1, 2, 3, 4
    assert patch.op[0].output_level == 1
    assert patch.lfo.speed == 2
    assert patch.op[0].envelope.rates[0] == 3
    assert patch.op[1].detune == 4


def test_lists_change_in_place():
    patch = Patch()
    rates = patch.op[0].envelope.rates
    rates[:] = [1, 2, 3, 4]
    assert patch.op[0].envelope.rates == [1, 2, 3, 4]


@pytest.mark.parametrize("wrong", [None, 5, "operators", [None] * 6, [LFO()] * 6, [Operator()] * 5])
def test_refused_operators_leave_windows_alone(wrong):
    patch = numbered()
    operator = patch.op[0]
    with pytest.raises((TypeError, ValueError), match=r"[oO]perator"):
        patch.op = wrong
    operator.output_level = 3
    assert levels(patch) == [3, 20, 30, 40, 50, 60]


def test_equal_windows_are_told_apart():
    patch = Patch()
    held = [patch.op[index] for index in (5, 4, 3, 2, 1, 0)]
    for index in range(6):
        patch.op[index] = Operator(output_level=index)
    assert [operator.output_level for operator in held] == [99] * 6
    assert levels(patch) == [0, 1, 2, 3, 4, 5]


def test_windows_nobody_holds_are_forgotten():
    patch = Patch()
    for _ in range(1000):
        patch.op[0].envelope.rates[0] = 5
    gc.collect()
    assert len(patch._data._windows) == 0
    held = patch.op[0]
    gone = weakref.ref(patch)
    del patch
    assert gone() is None
    assert held.envelope.rates[0] == 5
