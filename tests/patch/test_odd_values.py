# SPDX-License-Identifier: Apache-2.0
"""What is no list of rates, no operators, no share: refused in words, and numbers of any library taken."""

import itertools

import numpy as np
import pytest

import synth
from synth import Bank, OperatorGraph, Patch, Preset, VoiceError, algorithms, interpolate, mutate, random_patch
from synth.notebook import play

REFUSED = [
    (lambda p: setattr(p.op[0].envelope, "rates", {1, 2, 3, 4}), TypeError, "OP1 EG rates take 4 whole numbers"),
    (lambda p: setattr(p.op[0].envelope, "rates", dict.fromkeys(range(4))), TypeError, "OP1 EG rates take 4"),
    (lambda p: setattr(p.op[0].envelope, "rates", itertools.count()), ValueError, "take 4 values, not 1000 or more"),
    (lambda p: p.op[0].envelope.rates.__setitem__(4, 3), IndexError, "OP1 EG rates have the indices 0 to 3, not 4"),
    (lambda p: setattr(p, "op", itertools.repeat(p.op[0])), ValueError, "6 operators take the values of as many"),
    (lambda p: delattr(p, "algorithm"), AttributeError, "algorithm of Patch cannot be deleted"),
    (lambda p: delattr(p.op[0], "detune"), AttributeError, "detune of Operator cannot be deleted"),
    (lambda p: mutate(p, np.complex64(0.1)), TypeError, "amount must be a number from 0 to 1"),
    (lambda p: interpolate(p, p, np.array([0.5 + 1j])), TypeError, "t must be a number from 0 to 1"),
    (lambda p: interpolate(p, p, [[0.1], [0.2, 0.3]]), ValueError, "t must have rows of one length"),
    (lambda p: mutate(p, locked=5), TypeError, "locked takes names of sections and parameters, not 5"),
    (lambda p: mutate(p, locked=[["name"]]), ValueError, "no section or parameter"),
    (lambda p: mutate(p, locked="OP1"), ValueError, "did you mean 'op1'"),
    (lambda p: Bank(p), TypeError, "a bank is made of a list of patches, not of <Patch"),
    (lambda p: Bank(None), TypeError, "a list of patches, not of None"),
    (lambda p: Preset.stack(None), TypeError, "stack takes a list of presets, not None"),
    (lambda p: Preset.stack(Preset()), TypeError, "stack takes a list of presets, not Preset"),
    (lambda p: Bank(itertools.repeat(p)), VoiceError, "a bank holds 32 voices, not 100000"),
    (lambda p: setattr(Bank(), "soruce", 3), AttributeError, "soruce"),
    (lambda p: OperatorGraph(4).set_feedback(3, 7), ValueError, "a level is given by name: level=7"),
    (lambda p: setattr(OperatorGraph(4), "op", [p.op[0]] * 5), ValueError, "4 operators take .* not of more"),
    (lambda p: Preset.from_array(np.zeros(145, [("a", "f4")])), TypeError, "a preset is made of numbers"),
    (lambda p: Preset.from_array(np.ma.masked_all(145)), TypeError, "some are masked"),
    (lambda p: setattr(p, "feedback", 10**5000), ValueError, "FEEDBACK is a number of 16610 bits; it goes from 0 to 7"),
    (lambda p: setattr(p, "operators_on", 10**5000), ValueError, "operators_on is a number of 16610 bits"),
    (lambda p: play(np.full(4, 1e300)), ValueError, "finite samples only"),
    (lambda p: Preset().foo, AttributeError, "^Preset has no 'foo'$"),
    (lambda p: Preset().fedback, AttributeError, "did you mean 'feedback'"),
    (lambda p: random_patch(True), TypeError, "seed must be a whole number"),
]


@pytest.mark.parametrize(("deed", "error", "words"), REFUSED)
def test_refused_in_words(deed, error, words):
    patch = Patch()
    with pytest.raises(error, match=words):
        deed(patch)
    assert patch == Patch()


def test_numbers_of_any_library():
    jnp = pytest.importorskip("jax.numpy")
    patch, other = random_patch(1), random_patch(2)
    assert random_patch(jnp.int32(3)) == random_patch(np.array(3)) == random_patch(3)
    assert mutate(patch, jnp.float32(0.5), seed=1) == mutate(patch, 0.5, seed=1)
    assert interpolate(patch, other, jnp.float32(0.5)) == interpolate(patch, other, 0.5)
    assert interpolate(patch, other, jnp.array([0.25, 0.5])) == interpolate(patch, other, [0.25, 0.5])
    assert algorithms[jnp.int32(3)] is algorithms[np.array(3)] is algorithms[3]
    graph = OperatorGraph(2)
    for amount in (jnp.float32(0.3), np.float32(0.3), np.array(0.3, np.float32), np.longdouble("0.3"), 0.3):
        assert graph.connect(1, 0, amount).connection_amount(1, 0) == 0.3


def test_operators_of_graphs_by_slices():
    graph = OperatorGraph(8)
    for index, operator in enumerate(graph.op):
        operator.output_level = index
    graph.op = graph.op[::-1]
    assert [operator.output_level for operator in graph.op] == [7, 6, 5, 4, 3, 2, 1, 0]
    graph.op[4:7] = Patch().op[:3]
    assert [operator.output_level for operator in graph.op] == [7, 6, 5, 4, 99, 99, 99, 0]


def test_feedback_as_an_array():
    matrix = np.zeros((3, 3))
    graph = OperatorGraph.from_matrix(matrix, [0], feedback=np.array([[1, 1, 5], [2, 0, 3]]))
    assert graph.get_feedback_edges() == [(1, 1, 5), (2, 0, 3)]


def test_comparing_works_whatever_was_written_into_arrays():
    preset = Preset()
    preset.op_left_curve[0] = 9
    assert preset != Preset()
    assert preset == preset
    assert preset in [Preset(), preset]


def test_figures_are_checked():
    pytest.importorskip("matplotlib")
    with pytest.raises(TypeError, match=r"figure must be a matplotlib figure, such as plt\.figure.*, not int"):
        Patch().plot(figure=3)


def test_the_package_lists_what_is_public():
    assert {"Patch", "algorithms", "jax", "__version__"} <= set(dir(synth))
    assert not {"sys", "Any", "import_module"} & set(dir(synth))
