# SPDX-License-Identifier: Apache-2.0
"""The 32 algorithms as people read them, against what is printed on the DX7 and against the peer."""

import copy
import pickle

import numpy as np
import pytest

from synth.algorithm_table import (
    Algorithm,
    algorithms,
    get_carriers,
    get_feedback_edge,
    get_mod_matrix,
    get_modulators,
)

#: from the DX7's panel, counted from 1: algorithm, carriers, modulations, feedback
PRINTED = [
    (1, [1, 3], "2>1 4>3 5>4 6>5", (6, 6)),
    (4, [1, 4], "2>1 3>2 5>4 6>5", (4, 6)),
    (6, [1, 3, 5], "2>1 4>3 6>5", (5, 6)),
    (16, [1], "2>1 3>1 5>1 4>3 6>5", (6, 6)),
    (19, [1, 4, 5], "2>1 3>2 6>4 6>5", (6, 6)),
    (22, [1, 3, 4, 5], "2>1 6>3 6>4 6>5", (6, 6)),
    (32, [1, 2, 3, 4, 5, 6], "", (6, 6)),
]


@pytest.mark.parametrize(("printed", "carriers", "modulations", "feedback"), PRINTED)
def test_as_printed_on_the_dx7(printed, carriers, modulations, feedback):
    algorithm = algorithms[printed - 1]
    edges = {tuple(int(op) - 1 for op in edge.split(">")) for edge in modulations.split()}
    assert algorithm.number == printed - 1
    assert algorithm.carriers == tuple(op - 1 for op in carriers)
    assert set(algorithm.edges) == edges
    assert len(algorithm.edges) == len(edges)
    assert algorithm.feedback_edge == tuple(op - 1 for op in feedback)
    assert algorithm.feedback_op == feedback[0] - 1


def test_the_table_is_a_mapping():
    assert list(algorithms) == list(range(32)) == list(algorithms.keys())
    assert len(algorithms) == 32
    assert 31 in algorithms
    assert 32 not in algorithms
    assert "5" not in algorithms
    assert [number for number, algorithm in algorithms.items() if algorithm.number != number] == []
    assert [algorithm.number for algorithm in algorithms.values()] == list(range(32))
    assert algorithms[np.int64(3)] is algorithms[3]
    assert algorithms.get(99) is None


@pytest.mark.parametrize("number", [32, -1, "5", 3.0, True, None])
def test_a_number_that_is_no_algorithm(number):
    for ask in (algorithms.__getitem__, get_carriers, get_modulators, get_mod_matrix, get_feedback_edge):
        with pytest.raises(KeyError, match="0 to 31") as refused:
            ask(number)
        assert repr(number) in str(refused.value)


def test_all_parts_agree():
    for number, algorithm in algorithms.items():
        assert sorted(algorithm.carriers + algorithm.modulators) == list(range(6))
        assert algorithm.mod_matrix.shape == (6, 6)
        assert algorithm.mod_matrix.dtype == np.int8
        assert {(source, target) for target, source in np.argwhere(algorithm.mod_matrix).tolist()} == set(
            algorithm.edges
        )
        assert get_carriers(number) == list(algorithm.carriers)
        assert get_modulators(number) == list(algorithm.modulators)
        assert get_feedback_edge(number) == algorithm.feedback_edge
        assert np.array_equal(get_mod_matrix(number), algorithm.mod_matrix)


def test_nobody_can_change_the_table():
    with pytest.raises(ValueError, match="read-only"):
        algorithms[0].mod_matrix[0, 0] = 1
    with pytest.raises(AttributeError):
        algorithms[0].number = 1
    get_carriers(0).append(5)
    get_mod_matrix(0)[:] = 1
    assert get_carriers(0) == [0, 2]
    assert get_mod_matrix(0).sum() == 4


def test_identity():
    twins = [pickle.loads(pickle.dumps(algorithms[4])), copy.copy(algorithms[4]), copy.deepcopy(algorithms[4])]
    for twin in twins:
        assert twin == algorithms[4]
        assert hash(twin) == hash(algorithms[4])
        assert not twin.mod_matrix.flags.writeable
    assert len({*algorithms.values(), *twins}) == 32
    assert algorithms[4] != algorithms[5]
    assert algorithms[4] != 4
    fields = (4, (0, 2, 4), (1, 3, 5), get_mod_matrix(4))
    assert Algorithm(*fields, (5, 5)) == algorithms[4]
    assert Algorithm(*fields, (4, 5)) != algorithms[4]


def test_there_is_one_table():
    assert copy.copy(algorithms) is copy.deepcopy(algorithms) is pickle.loads(pickle.dumps(algorithms)) is algorithms
    assert hash(algorithms) == hash(copy.copy(algorithms))
    assert "32" in repr(algorithms)


def test_repr_says_what_matters():
    assert repr(algorithms[3]) == (
        "Algorithm(number=3, carriers=(0, 3), modulators=(1, 2, 4, 5), feedback_edge=(3, 5))"
    )


def test_same_as_the_peers():
    theirs = pytest.importorskip("dexed").algorithms
    for number, algorithm in algorithms.items():
        their = theirs[number]
        for name in ("number", "carriers", "modulators", "feedback_edge"):
            assert getattr(algorithm, name) == getattr(their, name)
        assert np.array_equal(algorithm.mod_matrix, their.mod_matrix)
        assert algorithm.mod_matrix.dtype == their.mod_matrix.dtype
