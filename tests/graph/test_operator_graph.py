# SPDX-License-Identifier: Apache-2.0
"""What a graph of operators remembers, and what it refuses."""

import copy
import pickle
from itertools import repeat

import numpy as np
import pytest
from graphs import graphs, seven_in_a_row
from hypothesis import given, settings
from strategies import patches

from synth.algorithm_table import algorithms
from synth.operator_graph import GraphEnvelope, GraphOperator, OperatorGraph
from synth.patch import Patch
from synth.sections import LFO, Operator, PitchEnvelope


def test_a_new_graph():
    graph = OperatorGraph()
    assert graph.num_ops == len(graph.op) == 6
    assert graph.carriers == graph.get_connections() == graph.get_feedback_edges() == []
    assert graph.modulators == [0, 1, 2, 3, 4, 5]
    assert graph.operators_on == (True,) * 6
    assert list(graph.op) == list(Patch().op)
    assert (graph.lfo, graph.pitch_envelope, graph.transpose) == (LFO(), PitchEnvelope(), 24)
    assert (graph.osc_key_sync, graph.pitch_mod_sensitivity) == (True, 0)


def test_connections():
    graph = OperatorGraph(4)
    assert graph.connect(0, 1).connect(3, 1, 0.3).connect(2, 3, amount=-2) is graph
    assert graph.get_connections() == [(0, 1, 1.0), (3, 1, 0.3), (2, 3, -2.0)]
    assert graph.get_sources(1) == [(0, 1.0), (3, 0.3)]
    assert graph.get_targets(3) == [(1, 0.3)]
    assert graph.is_connected(0, 1)
    assert not graph.is_connected(1, 0)
    assert graph.connection_amount(3, 1) == 0.3
    assert graph.connection_amount(1, 3) == 0.0
    expected = np.zeros((4, 4), np.float32)
    expected[1, 0], expected[1, 3], expected[3, 2] = 1.0, 0.3, -2.0
    assert graph.mod_matrix.dtype == np.float32
    assert np.array_equal(graph.mod_matrix, expected)
    graph.mod_matrix[:] = 9
    assert graph.connect(0, 1, 0.5).connection_amount(0, 1) == 0.5
    assert graph.disconnect(0, 1).disconnect(0, 1).get_sources(1) == [(3, 0.3)]
    assert graph.connect(3, 1, 0.0).get_sources(1) == []
    assert graph.disconnect_all().get_connections() == []


def test_amounts_are_of_single_precision():
    graph = OperatorGraph(2).connect(1, 0, 1 / 3)
    assert graph.connection_amount(1, 0) == pytest.approx(1 / 3, rel=1e-7)
    assert np.float32(graph.connection_amount(1, 0)) == graph.mod_matrix[0, 1] == np.float32(1 / 3)
    assert not graph.connect(1, 0, 1e-300).is_connected(1, 0)


@pytest.mark.parametrize("amount", [0.3, np.float64(0.3), np.float32(0.3), np.float16(0.3)])
def test_an_amount_reads_back_as_it_was_written(amount):
    graph = OperatorGraph(2).connect(1, 0, amount).set_carriers([0])
    assert graph.connection_amount(1, 0) == 0.3
    assert "1 -> 0 x 0.3\n" in graph.summary()


def test_carriers():
    graph = OperatorGraph(4)
    assert graph.set_carriers(np.array([2, 0])) is graph
    assert graph.carriers == [2, 0]
    assert graph.modulators == [1, 3]
    graph.carriers.append(3)
    assert graph.set_carriers({1}).carriers == [1]
    graph.carriers = [3, 1]
    assert graph.carriers == [3, 1]


@pytest.mark.parametrize(
    ("arguments", "source", "target", "level"),
    [
        ({"source": 6, "level": 7}, 6, 6, 7),
        ({"source": 6}, 6, 6, 7),
        ({"source": 6, "target": 6, "level": 3}, 6, 6, 3),
        ({"source": 0, "target": 6, "level": np.int64(1)}, 0, 6, 1),
        ({"source": 3, "level": 0.5}, 3, 3, 4),  # 3.5, and halves go to the even level
        ({"source": 3, "level": 0.35}, 3, 3, 2),
        ({"source": 3, "level": 1.0}, 3, 3, 7),
        ({"source": 3, "level": np.float32(1 / 7)}, 3, 3, 1),
    ],
)
def test_feedback(arguments, source, target, level):
    graph = OperatorGraph(7)
    assert graph.set_feedback(**arguments) is graph
    assert graph.get_feedback(source, target) == level
    assert graph.get_feedback_edges() == [(source, target, level)]
    assert graph.set_feedback(source, target, 0).get_feedback_edges() == [(source, target, 0)]
    assert graph.get_feedback(source, target) == 0
    assert graph.remove_feedback(source, target).remove_feedback(source, target) is graph
    assert graph.get_feedback_edges() == []
    assert graph.get_feedback(source, target) == 0
    assert graph.set_feedback(source).remove_feedback(source).get_feedback_edges() == []


def test_both_spellings_of_feedback():
    one, other = OperatorGraph(7).set_feedback(6, level=7), OperatorGraph(7).set_feedback(6, 6, 7)
    assert one == other == OperatorGraph(7).set_feedback(6, 6)
    assert one.get_feedback(6) == one.get_feedback(6, 6) == 7


FOUR = OperatorGraph(4).connect(0, 2).connect(2, 3).set_carriers([3])

REFUSED = [
    (lambda g: g.connect(4, 0), ValueError, "source must be 0 to 3, not 4"),
    (lambda g: g.connect(0, -1), ValueError, "target must be 0 to 3, not -1"),
    (lambda g: g.connect(True, 0), TypeError, "source must be a whole number"),
    (lambda g: g.connect("1", 0), TypeError, "source must be a whole number"),
    (lambda g: g.connect(1, 1), ValueError, r"use set_feedback\(1\)"),
    (lambda g: g.connect(3, 0), ValueError, r"0 -> 2 -> 3 -> 0; use set_feedback\(3, 0\)"),
    (lambda g: g.connect(2, 0), ValueError, "0 -> 2 -> 0"),
    (lambda g: g.connect(1, 0, float("nan")), ValueError, "amount of 1 -> 0 must be -64 to 64, not nan"),
    (lambda g: g.connect(1, 0, float("-inf")), ValueError, "must be -64 to 64, not -inf"),
    (lambda g: g.connect(1, 0, 64.5), ValueError, "must be -64 to 64, not 64.5"),
    (lambda g: g.connect(1, 0, "1"), TypeError, "amount of 1 -> 0"),
    (lambda g: g.connect(1, 0, True), TypeError, "amount of 1 -> 0"),
    (lambda g: g.disconnect(0, 4), ValueError, "target must be 0 to 3"),
    (lambda g: g.get_sources(4), ValueError, "target must be 0 to 3"),
    (lambda g: g.get_targets(4), ValueError, "source must be 0 to 3"),
    (lambda g: g.is_connected(0, 9), ValueError, "target must be 0 to 3"),
    (lambda g: g.set_carriers([]), ValueError, "at least one"),
    (lambda g: g.set_carriers([0, 1, 0]), ValueError, "operator 0 twice"),
    (lambda g: g.set_carriers([4]), ValueError, "a carrier must be 0 to 3, not 4"),
    (lambda g: g.set_carriers(0), TypeError, "list of operators"),
    (lambda g: g.set_carriers("01"), TypeError, "list of operators"),
    (lambda g: g.set_carriers([0.0]), TypeError, "whole number"),
    (lambda g: g.set_feedback(4), ValueError, "source must be 0 to 3"),
    (lambda g: g.set_feedback(0, 4), ValueError, r"target \(a level is given by name: level=7\) must be 0 to 3"),
    (lambda g: g.set_feedback(0, 0, 8), ValueError, "0 to 7, not 8"),
    (lambda g: g.set_feedback(0, 0, True), TypeError, "0 to 7, not True"),
    (lambda g: g.set_feedback(0, 0, "7"), TypeError, "0 to 7, not '7'"),
    (lambda g: g.set_feedback(0, 0, 7.0), ValueError, "strength is a float from 0.0 to 1.0, not 7; a level is"),
    (lambda g: g.set_feedback(0, 0, float("nan")), ValueError, "not nan"),
    (lambda g: g.get_feedback(0, 7), ValueError, "target must be 0 to 3"),
    (lambda g: g.remove_feedback(0, 7), ValueError, "target must be 0 to 3"),
    (lambda g: g.op[4], IndexError, r"op\[4\] does not exist; the graph has op\[0\] to op\[3\]"),
    (lambda g: g.op[True], TypeError, "op takes an index"),
    (lambda g: setattr(g, "carrier", [0]), AttributeError, "did you mean 'carriers'"),
    (lambda g: g.sumary(), AttributeError, "did you mean 'summary'"),
    (lambda g: setattr(g, "carriers", [9]), ValueError, "0 to 3, not 9"),
    (lambda g: setattr(g, "modulators", [0]), AttributeError, "modulators"),
    (lambda g: setattr(g, "transpose", 49), ValueError, "TRANSPOSE"),
    (lambda g: setattr(g, "lfo", PitchEnvelope()), TypeError, "expected LFO"),
    (lambda g: setattr(g.lfo, "wave", "triangel"), ValueError, "triangle"),
    (lambda g: setattr(g.op[0], "output_level", 100), ValueError, "0 to 99"),
    (lambda g: setattr(g, "operators_on", [True]), ValueError, "takes 4"),
    (lambda g: setattr(g, "operators_on", [True] * 3), ValueError, "takes 4 of True and False.* not 3"),
    (lambda g: setattr(g, "operators_on", repeat(True)), ValueError, "not more"),
    (lambda g: setattr(g, "operators_on", [1, 1, 1, 1]), TypeError, "each of 4 operators"),
    (lambda g: setattr(g, "operators_on", 15), TypeError, "each of 4 operators, not 15"),
    (lambda g: OperatorGraph(0), ValueError, "num_ops must be 1 to 32, not 0"),
    (lambda g: OperatorGraph(33), ValueError, "num_ops must be 1 to 32, not 33"),
    (lambda g: OperatorGraph(6.0), TypeError, "num_ops"),
    (lambda g: OperatorGraph.from_algorithm(32), KeyError, "0 to 31, not 32"),
    (lambda g: OperatorGraph.from_algorithm(-1), ValueError, "^an algorithm is a whole number from 0 to 31, not -1$"),
    (lambda g: OperatorGraph.from_algorithm(0, feedback=9), ValueError, "0 to 7"),
    (lambda g: OperatorGraph.from_patch(b""), TypeError, "takes a Patch"),
]


@pytest.mark.parametrize(("deed", "error", "words"), REFUSED)
def test_refused_in_words_and_nothing_changed(deed, error, words):
    graph = FOUR.copy()
    with pytest.raises(error, match=words):
        deed(graph)
    assert graph == FOUR


def test_operators_are_windows():
    graph = OperatorGraph(8)
    for index, operator in enumerate(graph.op):
        operator.output_level = 90 + index
        operator.envelope.rates = [index] * 4
    assert [operator.output_level for operator in graph.op] == list(range(90, 98))
    assert graph.op[-1].output_level == graph.op[7].output_level == 97
    assert [operator.output_level for operator in graph.op[5:7]] == [95, 96]
    graph.op[7] = GraphOperator(output_level=5, envelope=GraphEnvelope(rates=[1, 2, 3, 4]))
    assert graph.op[7].envelope.rates == [1, 2, 3, 4]
    graph.op[0] = graph.op[7]
    assert graph.op[0] == graph.op[7]
    assert isinstance(graph.op[0], GraphOperator)
    assert graph.op[0] == Operator(output_level=5, envelope=graph.op[7].envelope)
    graph.op[1] = Operator(output_level=6)
    assert graph.op[1] == GraphOperator(6) == GraphOperator(6, 1, 0, 0, 7, 0, 0, 0, 39, 0, 0, "lin", 0, GraphEnvelope())
    assert copy.copy(graph.op[1]) == pickle.loads(pickle.dumps(graph.op[1])) == graph.op[1]
    assert graph.op == list(graph.op)
    assert hash(graph.op) == hash(graph.copy().op)
    assert copy.deepcopy(graph.op) == graph.op


def test_shared_parameters():
    graph = OperatorGraph(8)
    graph.lfo.wave = "square"
    graph.lfo = LFO(speed=9)
    graph.pitch_envelope.levels = [50, 60, 50, 50]
    graph.transpose, graph.osc_key_sync, graph.pitch_mod_sensitivity = 12, False, 5
    assert graph.lfo == LFO(speed=9)
    assert graph.pitch_envelope.levels == [50, 60, 50, 50]
    assert (graph.transpose, graph.osc_key_sync, graph.pitch_mod_sensitivity) == (12, False, 5)


# -- from matrices, algorithms and patches ------------------------------------


@pytest.mark.parametrize("kind", [list, np.float32, np.float64, np.float16, np.int8, bool])
def test_from_matrix_takes_any_numbers(kind):
    rows = [[0, 1, 0], [0, 0, 1], [0, 0, 0]]
    graph = OperatorGraph.from_matrix(rows if kind is list else np.array(rows, kind), carriers=[0])
    assert graph.get_connections() == [(1, 0, 1.0), (2, 1, 1.0)]
    assert graph.carriers == [0]


def test_from_matrix_of_jax():
    jnp = pytest.importorskip("jax.numpy")
    graph = OperatorGraph.from_matrix(jnp.array([[0.0, 0.3], [0.0, 0.0]]), jnp.array([0]), jnp.array([[1, 1, 5]]))
    assert graph.get_connections() == [(1, 0, 0.3)]
    assert graph.get_feedback_edges() == [(1, 1, 5)]
    short = OperatorGraph.from_matrix(jnp.array([[0, 0.5], [0, 0]], jnp.bfloat16), [0])
    assert short.get_connections() == [(1, 0, 0.5)]


@pytest.mark.parametrize(
    ("feedback", "edges"),
    [
        (None, []),
        ({}, []),
        ({3: 0.5}, [(3, 3, 4)]),
        ({3: 7}, [(3, 3, 7)]),
        ({(3, 3): 5}, [(3, 3, 5)]),
        ({(0, 3): 5, (2, 2): 1.0}, [(0, 3, 5), (2, 2, 7)]),
        ([(0, 3, 5), (2, 2, 1.0)], [(0, 3, 5), (2, 2, 7)]),
        (np.array([[0, 3, 5], [2, 2, 7]]), [(0, 3, 5), (2, 2, 7)]),
        ({3: 0, 2: 0.0}, [(2, 2, 0), (3, 3, 0)]),
    ],
)
def test_from_matrix_with_every_spelling_of_feedback(feedback, edges):
    assert OperatorGraph.from_matrix(np.zeros((4, 4)), [0], feedback).get_feedback_edges() == edges


@pytest.mark.parametrize(
    ("matrix", "carriers", "feedback", "error", "words"),
    [
        (np.zeros((2, 3)), [0], None, ValueError, r"square.*\(2, 3\)"),
        (np.zeros(4), [0], None, ValueError, r"square.*\(4,\)"),
        (np.zeros((0, 0)), [0], None, ValueError, "num_ops must be 1 to 32"),
        (np.zeros((33, 33)), [0], None, ValueError, "num_ops must be 1 to 32"),
        ([[0, 1], [0]], [0], None, ValueError, "rows of one length"),
        ([["0", "1"], ["0", "0"]], [0], None, TypeError, "numbers"),
        (np.eye(3), [0], None, ValueError, r"mod_matrix\[0, 0\] must be 0, not 1; use feedback=\{0: level\}"),
        (np.eye(2) * np.nan, [0], None, ValueError, r"mod_matrix\[0, 0\] must be 0, not nan"),
        ([[0, 1], [1, 0]], [0], None, ValueError, "cycle"),
        ([[0, np.nan], [0, 0]], [0], None, ValueError, "amount of 1 -> 0 must be -64 to 64, not nan"),
        (np.zeros((2, 2)), [], None, ValueError, "at least one"),
        (np.zeros((2, 2)), [2], None, ValueError, "0 to 1"),
        (np.zeros((2, 2)), [0], {2: 0.5}, ValueError, "0 to 1"),
        (np.zeros((2, 2)), [0], {(0, 1, 2): 5}, TypeError, "source"),
        (np.zeros((2, 2)), [0], [(0, 1)], TypeError, r"\(source, target, level\)"),
        (np.zeros((2, 2)), [0], 3, TypeError, "a dict such as"),
    ],
)
def test_from_matrix_refuses(matrix, carriers, feedback, error, words):
    with pytest.raises(error, match=words):
        OperatorGraph.from_matrix(matrix, carriers, feedback)


@given(graphs(most=32))
@settings(max_examples=60, deadline=None)
def test_through_a_matrix_and_back(graph):
    assert OperatorGraph.from_matrix(graph.mod_matrix, graph.carriers, graph.get_feedback_edges()) == graph


@pytest.mark.parametrize("number", algorithms)
def test_algorithms_through_a_matrix_and_back(number):
    graph = OperatorGraph.from_algorithm(number)
    twin = OperatorGraph.from_matrix(graph.mod_matrix, graph.carriers, graph.get_feedback_edges())
    assert twin == graph == OperatorGraph.from_algorithm(number, 7).set_feedback(*algorithms[number].feedback_edge, 0)
    assert graph != twin.remove_feedback(*algorithms[number].feedback_edge)


def test_from_algorithm():
    for number, algorithm in algorithms.items():
        graph = OperatorGraph.from_algorithm(number)
        assert graph.carriers == list(algorithm.carriers)
        assert np.array_equal(graph.mod_matrix, algorithm.mod_matrix)
        assert graph.get_feedback(*algorithm.feedback_edge) == 0
        assert OperatorGraph.from_algorithm(number, feedback=0.9).get_feedback(*algorithm.feedback_edge) == 6


@given(patches)
@settings(max_examples=40, deadline=None)
def test_from_patch_keeps_everything_that_sounds(patch):
    graph = OperatorGraph.from_patch(patch)
    assert list(graph.op) == list(patch.op)
    for name in ("lfo", "pitch_envelope", "transpose", "osc_key_sync", "pitch_mod_sensitivity"):
        assert getattr(graph, name) == getattr(patch, name)
    assert graph.get_feedback(*algorithms[patch.algorithm].feedback_edge) == patch.feedback
    assert sum(on << 5 - index for index, on in enumerate(graph.operators_on)) == patch.operators_on
    graph.op[0].detune = 14 - graph.op[0].detune
    assert graph.op[0].detune == 14 - patch.op[0].detune


# -- identity -----------------------------------------------------------------


@given(graphs(most=32))
@settings(max_examples=40, deadline=None)
def test_copies_are_equal_and_apart(graph):
    graph.op[-1].output_level = 17
    for twin in (graph.copy(), copy.copy(graph), copy.deepcopy(graph), pickle.loads(pickle.dumps(graph))):
        assert type(twin) is OperatorGraph
        assert twin == graph
        assert hash(twin) == hash(graph)
        twin.op[-1].output_level = 18
        assert twin != graph
        twin.op[-1].output_level = 17
        twin.disconnect_all().remove_feedback(0).set_feedback(0, 0, 5)
        assert graph.op[-1].output_level == 17
    assert graph.copy() == graph


def test_what_makes_graphs_differ():
    base = seven_in_a_row()
    changed = [base.copy() for _ in range(7)]
    changed[0].connect(6, 5, 0.5)
    changed[1].set_carriers([1])
    changed[2].set_feedback(6, level=6)
    changed[3].op[6].detune = 0
    changed[4].lfo.speed = 1
    changed[5].operators_on = [True] * 6 + [False]
    assert len({base, base.copy(), *changed}) == 7
    assert base != 7
    assert changed[6] == base


def test_repr():
    assert repr(seven_in_a_row()) == "OperatorGraph(num_ops=7, carriers=[0], connections=6)"
