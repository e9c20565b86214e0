# SPDX-License-Identifier: Apache-2.0
"""Mermaid flowcharts and SVG pictures hold what the graph holds, in syntax that their readers take."""

import re
from xml.etree import ElementTree as ET

import pytest
from graphs import graphs, seven_in_a_row
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.algorithm_table import algorithms
from synth.operator_graph import OperatorGraph
from synth.patch import Patch

NODE = re.compile(r'    op(\d+)\["([^"#&<>`\\]|#\d+;)+"\](:::carrier)?')
EDGE = re.compile(r'    op(\d+) -->(?:\|"× (-?[\d.e+-]+)"\|)? op(\d+)')
FEEDBACK = re.compile(r'    op(\d+) -\.->\|"feedback(?: (\d))?"\| op(\d+)')
COLOURS = re.compile(r"    classDef carrier fill:#[0-9a-f]{6},stroke:#[0-9a-f]{6},color:#[0-9a-f]{6}")
SVG = "{http://www.w3.org/2000/svg}"
LABELS = st.lists(
    st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=6), min_size=32, max_size=32
)


def read_mermaid(text):
    """(operators, edges, feedback, carriers) of the few kinds of lines that are used, all of them valid Mermaid."""
    head, *lines = text.split("\n")
    assert head == "flowchart TB"
    assert COLOURS.fullmatch(lines.pop())
    nodes, edges, feedback, carriers = set(), {}, set(), set()
    for line in lines:
        if match := NODE.fullmatch(line):
            nodes.add(int(match[1]))
            carriers |= {int(match[1])} if match[3] else set()
        elif match := EDGE.fullmatch(line):
            edges[int(match[1]), int(match[3])] = float(match[2] or 1)
        else:
            match = FEEDBACK.fullmatch(line)
            feedback.add((int(match[1]), int(match[3]), int(match[2]) if match[2] else None))
    return nodes, edges, feedback, carriers


@given(graphs(most=32))
@settings(max_examples=60, deadline=None)
def test_mermaid_holds_everything(graph):
    assert read_mermaid(graph.to_mermaid()) == (
        set(range(graph.num_ops)),
        {(source, target): float(f"{amount:.6g}") for source, target, amount in graph.get_connections()},
        set(graph.get_feedback_edges()),
        set(graph.carriers),
    )


def test_mermaid_of_algorithms_and_patches():
    for algorithm in algorithms.values():
        nodes, edges, feedback, carriers = read_mermaid(algorithm.to_mermaid())
        assert nodes == set(range(6))
        assert set(edges) == set(algorithm.edges)
        assert feedback == {(*algorithm.feedback_edge, None)}
        assert carriers == set(algorithm.carriers)
    assert 'op5["OP6"]' in Patch().to_mermaid()
    assert 'op5 -.->|"feedback 0"| op5' in Patch().to_mermaid()


@given(LABELS)
@settings(max_examples=30, deadline=None)
def test_mermaid_takes_any_labels(labels):
    assert read_mermaid(seven_in_a_row().to_mermaid(labels=labels))[0] == set(range(7))


# -- SVG ------------------------------------------------------------------------


def boxes_of(root):
    """Of each box, by its text: left, top, right, bottom, whether a carrier."""
    found = {}
    for group in root.iter(f"{SVG}g"):
        if "box" in group.get("class", "").split():
            rect, text = group.find(f"{SVG}rect"), group.find(f"{SVG}text")
            left, top, width, height = (float(rect.get(name)) for name in ("x", "y", "width", "height"))
            found[text.text] = (left, top, left + width, top + height, "carrier" in group.get("class"))
    return found


def edges_of(root, boxes):
    """What the lines join, boxes above with boxes below; for drawings in which no line passes a layer."""
    found = set()
    for path in root.iter(f"{SVG}path"):
        if path.get("stroke-linecap"):
            ways = re.findall(r"M(\d+) (-?\d+) V(-?\d+)", path.get("d"))
            starts = {(int(x), int(y)) for x, y, _ in ways}
            ends = {(int(x), int(y)) for x, _, y in ways}
            above = {name for name, (left, _, right, foot, _) in boxes.items() for x, y in starts
                     if left < x < right and y == foot}  # fmt: skip
            below = {name for name, (left, head, right, _, _) in boxes.items() for x, y in ends
                     if left < x < right and y == head}  # fmt: skip
            assert above, "a line begins nowhere"
            assert below, "a line ends nowhere"
            found |= {(source, target) for source in above for target in below}
    return found


@pytest.mark.parametrize("number", algorithms)
def test_svg_of_every_algorithm(number):
    algorithm = algorithms[number]
    root = ET.fromstring(algorithm.to_svg())
    boxes = boxes_of(root)
    assert root.find(f"{SVG}title").text == f"Algorithm {number}, the DX7's {number + 1}"
    assert "modulation" in root.find(f"{SVG}desc").text
    assert set(boxes) == {f"OP{op}" for op in range(1, 7)}
    assert {name for name, box in boxes.items() if box[4]} == {f"OP{op + 1}" for op in algorithm.carriers}
    assert edges_of(root, boxes) == {(f"OP{source + 1}", f"OP{target + 1}") for source, target in algorithm.edges}
    (loop,) = [group for group in root.iter(f"{SVG}g") if group.get("class") == "feedback"]
    foot, head = re.fullmatch(r"M\d+ (\d+) H.* V(\d+) q0.*", loop.find(f"{SVG}path").get("d")).groups()
    source, target = (boxes[f"OP{op + 1}"] for op in algorithm.feedback_edge)
    assert source[1] < int(foot) < source[3]
    assert target[1] < int(head) < target[3]


@given(graphs(most=16), LABELS)
@settings(max_examples=40, deadline=None)
def test_svg_is_well_formed_and_fits(graph, labels):
    assert set(boxes_of(ET.fromstring(graph.to_svg(labels=labels)))) <= set(labels)
    root = ET.fromstring(graph.to_svg())
    width, height = float(root.get("width")), float(root.get("height"))
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    for left, top, right, bottom, _ in boxes_of(root).values():
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height


def test_svg_shows_amounts_levels_and_the_rest_in_words():
    graph = seven_in_a_row().connect(2, 1, 0.3).set_feedback(6, 0, 2)
    texts = [text.text for text in ET.fromstring(graph.to_svg()).iter(f"{SVG}text")]
    assert "×0.3" in texts
    assert "7" in texts
    assert "feedback 6 -> 0 level 2" in texts


def test_svg_of_a_patch():
    patch = Patch("<A & B>")
    patch.feedback = 3
    root = ET.fromstring(patch.to_svg())
    assert root.find(f"{SVG}title").text == "<A & B>, algorithm 1"
    assert set(boxes_of(root)) == {f"OP{op}" for op in range(1, 7)}
    assert "3" in [text.text for text in root.iter(f"{SVG}text")]


def test_notebooks_show_pictures():
    for thing in (algorithms[0], seven_in_a_row()):
        assert ET.fromstring(thing._repr_svg_()).tag == f"{SVG}svg"


def test_styles_stay_inside():
    """A style sheet of an inline picture holds for the whole page: every rule must be for our pictures alone."""
    style = ET.fromstring(OperatorGraph(1).to_svg()).find(f"{SVG}style").text
    selectors = re.findall(r"([^{}]+)\{[^{}]*\}", style.replace("@media (prefers-color-scheme: dark) {", ""))
    assert len(selectors) > 5
    assert [
        part for rule in selectors for part in rule.split(",") if not part.strip().startswith(".sixop-wiring")
    ] == []
    assert "prefers-color-scheme: dark" in style
