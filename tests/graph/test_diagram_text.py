# SPDX-License-Identifier: Apache-2.0
"""Drawings in text are read back, line by line, and hold every edge, amount, feedback and carrier."""

import re

import pytest
from graphs import graphs, seven_in_a_row
from hypothesis import given, settings
from strategies import patches

from synth.algorithm_table import algorithms
from synth.diagrams import OP_LABELS
from synth.operator_graph import OperatorGraph

UP, DOWN, LEFT, RIGHT = (-1, 0), (1, 0), (0, -1), (0, 1)
BACK = {UP: DOWN, DOWN: UP, LEFT: RIGHT, RIGHT: LEFT}
ARMS = {
    "│": (UP, DOWN), "─": (LEFT, RIGHT), "┘": (UP, LEFT), "┐": (DOWN, LEFT), "└": (UP, RIGHT), "┌": (DOWN, RIGHT),
    "┤": (UP, DOWN, LEFT), "├": (UP, DOWN, RIGHT), "┴": (UP, LEFT, RIGHT), "┬": (DOWN, LEFT, RIGHT),
    "┼": (UP, DOWN, LEFT, RIGHT),
}  # fmt: skip
MIDDLE = re.compile(r"([│║]) +(\w+) +\1")


class Drawing:
    """What a reader sees in the text: boxes by their names, and where lines lead."""

    def __init__(self, text):
        drawing, _, notes = text.rpartition("\n\n")
        self.rows = drawing.split("\n")
        self.notes = dict(line.split(": ", 1) for line in notes.split("\n"))
        self.boxes = {}  # name: row of the head, first and last column, whether a carrier
        for row, line in enumerate(self.rows):
            for side in re.finditer(r"[│║]", line):
                middle = MIDDLE.match(line, side.start())
                if middle and row and self.at(row - 1, side.start()) in "┌╔":
                    end = line.index(middle[1], side.start() + 1)
                    self.boxes[middle[2]] = (row - 1, side.start(), end, middle[1] == "║")

    def at(self, row, column):
        inside = 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row])
        return self.rows[row][column] if inside else " "

    def box_at(self, row, column):
        return next((name for name, (top, left, right, _) in self.boxes.items()
                     if top <= row <= top + 2 and left <= column <= right), None)  # fmt: skip

    def edges(self):
        found = {}
        for name, (top, left, right, _) in self.boxes.items():
            for column in range(left + 1, right):
                if self.at(top + 2, column) in "┬╤":
                    label = re.match(r"×(\S+)", self.rows[top + 3][column + 1 :] if top + 3 < len(self.rows) else "")
                    for target in self.follow(top + 3, column):
                        assert (name, target) not in found, "drawn twice"
                        found[name, target] = float(label[1]) if label else 1.0
        return found

    def follow(self, row, column):
        """The boxes that a line reaches which goes down into this cell."""
        ways, seen, reached = [(row, column, DOWN)], set(), []
        while ways:
            row, column, going = way = ways.pop()
            box = self.box_at(row, column)
            if way in seen:
                continue
            seen.add(way)
            if box:
                if going == DOWN:
                    assert self.at(row, column) in "┴╧"
                    reached.append(box)
                else:
                    assert self.at(row, column) in "┬╤", "a line runs into a box"
                continue
            char = self.at(row, column)
            if char == "│" and going in (LEFT, RIGHT):  # a line that passes below another
                onward = [going]
            else:
                assert char in ARMS, f"a line ends in {char!r}"
                assert BACK[going] in ARMS[char], f"{char!r} is not joined"
                onward = [arm for arm in ARMS[char] if arm != BACK[going]]
            ways += [(row + arm[0], column + arm[1], arm) for arm in onward]
        return reached

    def feedback(self):
        """(source, target, level) of the loops at the right of boxes; level None if there is none."""
        found = set()
        for name, (top, _, right, _) in self.boxes.items():
            if self.at(top + 2, right + 1) + self.at(top + 2, right + 2) == "─╯":
                level = self.at(top + 1, right + 2)
                row = top + 1
                while self.at(row, right + 2) != "╮":
                    row -= 1
                assert self.at(row, right + 1) == "─"
                found.add((name, self.box_at(row, right), int(level) if level.isdigit() else None))
        return found


def listed(notes, pattern):
    return [match.groups() for match in re.finditer(pattern, notes)]


def everything(text):
    """Edges with their amounts, feedback with its levels, and carriers: drawn or listed below."""
    drawing = Drawing(text)
    edges = drawing.edges()
    for source, target, amount in listed(drawing.notes.get("modulation", ""), r"(\S+) -> (\w+)(?: x ([^\s,]+))?"):
        edges[source, target] = float(amount or 1)
    feedback = drawing.feedback()
    for source, target, level in listed(drawing.notes.get("feedback", ""), r"(\S+) -> (\w+)(?: level (\d))?"):
        feedback.add((source, target, int(level) if level else None))
    carriers = {name for name, box in drawing.boxes.items() if box[3]}
    assert carriers == set(drawing.notes["carriers"].split(", "))
    return set(drawing.boxes), edges, feedback, carriers


def expected(graph, labels):
    names = [labels[index] for index in range(graph.num_ops)]
    return (
        set(names),
        {(names[source], names[to]): float(f"{amount:.6g}") for source, to, amount in graph.get_connections()},
        {(names[source], names[target], level) for source, target, level in graph.get_feedback_edges()},
        {names[carrier] for carrier in graph.carriers},
    )


NUMBERS = [str(number) for number in range(32)]


@pytest.mark.parametrize("number", algorithms)
def test_every_algorithm_is_drawn_whole(number):
    graph = OperatorGraph.from_algorithm(number, feedback=number % 7 + 1)
    text = graph.to_ascii()
    assert everything(text) == expected(graph, NUMBERS)
    assert "->" not in text  # nothing is left for words
    assert everything(graph.to_ascii(labels=OP_LABELS)) == expected(graph, OP_LABELS)
    names, edges, feedback, carriers = everything(algorithms[number].to_ascii())
    assert (names, edges, carriers) == tuple(expected(graph, NUMBERS)[place] for place in (0, 1, 3))
    source, target = algorithms[number].feedback_edge
    assert feedback == {(str(source), str(target), None)}


@given(graphs(most=12))
@settings(max_examples=150, deadline=None)
def test_nothing_is_missing_from_any_graph(graph):
    assert everything(graph.to_ascii()) == expected(graph, NUMBERS)


@given(graphs(most=32))
@settings(max_examples=25, deadline=None)
def test_nothing_is_missing_from_large_graphs(graph):
    assert everything(graph.to_ascii()) == expected(graph, NUMBERS)
    assert max(map(len, graph.to_ascii().split("\n\n")[0].split("\n"))) < 400


def test_the_densest_graph():
    graph = OperatorGraph(32).set_carriers(range(32))
    for source in range(32):
        for target in range(source):
            graph.connect(source, target, 0.5)
    assert everything(graph.to_ascii()) == expected(graph, NUMBERS)


@given(graphs())
@settings(max_examples=30, deadline=None)
def test_plain_is_ascii_of_the_same_shape(graph):
    plain, fine = graph.to_ascii(plain=True), graph.to_ascii()
    assert plain.isascii()
    assert [len(line) for line in plain.split("\n")] == [len(line) for line in fine.split("\n")]
    assert graph.to_ascii() == fine == graph.copy().to_ascii()


@given(patches)
@settings(max_examples=20, deadline=None)
def test_patches_are_drawn_with_the_names_of_the_dx7(patch):
    assert everything(patch.to_ascii()) == expected(OperatorGraph.from_patch(patch), OP_LABELS)


def test_algorithm_19_looks_like_this():
    assert (
        algorithms[18].to_ascii()
        == """\
┌───┐
│ 2 │
└─┬─┘
┌─┴─┐          ┌───┐─╮
│ 1 │          │ 5 │ │
└─┬─┘          └─┬─┘─╯
  │         ┌────┴────┐
╔═╧═╗     ╔═╧═╗     ╔═╧═╗
║ 0 ║     ║ 3 ║     ║ 4 ║
╚═══╝     ╚═══╝     ╚═══╝

carriers: 0, 3, 4"""
    )


def test_edges_with_amounts_look_like_this():
    graph = OperatorGraph(3).connect(2, 1, 0.3).connect(1, 0).connect(2, 0).set_carriers([0]).set_feedback(1, 1, 6)
    assert (
        graph.to_ascii()
        == """\
          ┌─────────────┐
          │      2      │
          └───┬─────┬───┘
              │×0.3 │
       ┌──────┘  ┌──┘
┌──────┴──────┐─╮│
│      1      │ 6│
└──────┬──────┘─╯│
    ┌──┘  ┌──────┘
╔═══╧═════╧═══╗
║      0      ║
╚═════════════╝

carriers: 0"""
    )


def test_what_lines_cannot_say_is_listed():
    graph = OperatorGraph(2).connect(1, 0).set_carriers([0, 1]).set_feedback(1, 0, 6)
    assert (
        graph.to_ascii(plain=True)
        == """\
#===#
# 1 #
#=+=#
#=+=#
# 0 #
#===#

carriers: 0, 1
feedback: 1 -> 0 level 6"""
    )


def test_summary_says_everything():
    graph = seven_in_a_row().connect(6, 0, 0.3).set_feedback(0, 3, 0.5)
    assert graph.summary().split("\n") == [
        "OperatorGraph, 7 operators",
        "  carriers: 0",
        "  modulators: 1, 2, 3, 4, 5, 6",
        "  modulation:",
        "    1 -> 0",
        "    6 -> 0 x 0.3",
        *(f"    {source} -> {source - 1}" for source in range(2, 7)),
        "  feedback:",
        "    0 -> 3 level 4",
        "    6 -> 6 level 7",
    ]
    assert OperatorGraph(1).summary().split("\n")[1:] == [
        "  carriers: none",
        "  modulators: 0",
        "  modulation: none",
        "  feedback: none",
    ]
    assert "OP6 -> OP6" in algorithms[0].summary(labels=OP_LABELS)


@pytest.mark.parametrize("labels", [["a"], ["a", "b\n"], ["a", "\x00"], ["a", ""]])
def test_labels_that_will_not_do(labels):
    for draw in (OperatorGraph(2).to_ascii, OperatorGraph(2).summary, OperatorGraph(2).to_svg):
        with pytest.raises(ValueError, match="labels"):
            draw(labels=labels)


@pytest.mark.parametrize("labels", [5, [1, 2], {"a": 1, "b": 2}])
@pytest.mark.parametrize("way", ["to_ascii", "to_mermaid", "to_svg", "summary"])
def test_labels_that_are_no_texts(labels, way):
    with pytest.raises(TypeError, match="labels are a list of texts"):
        getattr(OperatorGraph(2), way)(labels=labels)
