# SPDX-License-Identifier: Apache-2.0
"""Random graphs for the tests beside."""

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
        graph.set_feedback(source, target, draw(st.integers(1, 7)))
    return graph


def seven_in_a_row():
    """The chain of the quick start: 6 > 5 > ... > 0, fed back at its top."""
    graph = OperatorGraph(num_ops=7)
    for source in range(6, 0, -1):
        graph.connect(source, source - 1)
    return graph.set_carriers([0]).set_feedback(6, level=7)
