# SPDX-License-Identifier: Apache-2.0
"""Random graphs for the tests beside."""

from itertools import pairwise

from hypothesis import strategies as st

from synth.operator_graph import OperatorGraph

AMOUNTS = st.sampled_from([1.0, 1.0, 1.0, 0.3, -2.5, 1 / 3, 64.0])


@st.composite
def graphs(draw, most=10, amounts=AMOUNTS):
    """A graph of up to `most` operators with any edges, feedback, carriers and switches."""
    count = draw(st.integers(1, most))
    order = draw(st.permutations(range(count)))  # modulators first
    operators = st.integers(0, count - 1)
    graph = OperatorGraph(count)
    for one, other in draw(st.lists(st.tuples(operators, operators), max_size=2 * count)):
        if one != other:
            source, target = sorted((one, other), key=order.index)
            graph.connect(source, target, draw(amounts))
    graph.set_carriers(draw(st.lists(operators, min_size=1, unique=True)))
    for source, target in draw(st.lists(st.tuples(operators, operators), max_size=3)):
        graph.set_feedback(source, target, draw(st.integers(0, 7)))
    return graph


def seven_in_a_row():
    """A tower: operator 0 is heard, each of the others modulates the one below, and the top feeds itself."""
    graph = OperatorGraph(7).set_feedback(6).set_carriers([0])
    for below, above in pairwise(range(7)):
        graph.connect(above, below)
    return graph
