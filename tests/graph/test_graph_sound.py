# SPDX-License-Identifier: Apache-2.0
"""How graphs sound: as the synth where they are wired like it, and everywhere as the sum of their operators."""

import numpy as np
import pytest
from graphs import graphs, seven_in_a_row
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import patches, random_voices

from synth.algorithm_table import algorithms
from synth.batch import render_batch
from synth.engine import KERNELS
from synth.operator_graph import OperatorGraph
from synth.patch import Patch
from synth.rendering import render

GRID = 2.0**-21
SHORT = {"note_duration": 0.05, "render_duration": 0.1}


def on_grid(samples):
    return (np.rint(samples / GRID) * GRID).astype(np.float32)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("feedback", [0, 7])
def test_the_32_algorithms_sound_like_the_synth(kernel, feedback):
    for number, voice in enumerate(random_voices(5, len(algorithms))):
        patch = Patch.from_raw(voice)
        patch.algorithm, patch.feedback = number, feedback
        graph = OperatorGraph.from_patch(patch)
        theirs = render(patch, 57, 90, 0.1, 0.05, 44100, kernel)
        ours = graph.render(44100.0, 57, 90, 0.1, 0.15, kernel)
        assert np.array_equal(ours, on_grid(theirs)), f"algorithm {number}"


@given(patches, st.integers(0, 127), st.integers(1, 127), st.sampled_from([8000, 44100, 96000]))
@settings(max_examples=25, deadline=None)
def test_any_patch_sounds_like_the_synth(patch, note, velocity, rate):
    ours = OperatorGraph.from_patch(patch).render(rate, note, velocity, **SHORT)
    assert np.array_equal(ours, on_grid(render(patch, note, velocity, 0.05, 0.05, rate)))


@pytest.mark.parametrize("kernel", KERNELS)
def test_many_graphs_are_a_batch(kernel):
    voices = random_voices(11, 8)
    rows = render_batch(voices, 64, 100, 0.05, 0.05, 32000, kernel)
    for voice, row in zip(voices, rows, strict=True):
        graph = OperatorGraph.from_patch(Patch.from_raw(voice))
        assert np.array_equal(graph.render(32000, 64, kernel=kernel, **SHORT), on_grid(row))


@given(graphs(), st.sampled_from(KERNELS))
@settings(max_examples=30, deadline=None)
def test_the_mix_is_the_sum_of_the_carriers(graph, kernel):
    rows = graph.render_all_ops(22050, 48, kernel=kernel, **SHORT)
    assert rows.shape == (graph.num_ops + 1, 2205)
    assert rows.dtype == np.float32
    assert np.isfinite(rows).all()
    for order in (sorted(graph.carriers), graph.carriers[::-1]):
        total = np.zeros(2205, np.float32)
        for carrier in order:
            total += rows[carrier]
        assert np.array_equal(total, rows[-1])
    assert np.array_equal(graph.render(22050, 48, kernel=kernel, **SHORT), rows[-1])


def test_a_tower_of_seven():
    graph = seven_in_a_row()
    for operator, ratio in zip(graph.op, (1, 2, 3, 5, 7, 9, 11), strict=True):
        operator.frequency_ratio = ratio
    audio = graph.render()
    assert audio.shape == (66150,)
    assert 0.1 < np.abs(audio).max() < 2.0
    assert graph.render_all_ops().shape == (8, 66150)
    assert np.array_equal(graph.render(44100, 60, 100, 1, 1.5), audio)


@pytest.mark.parametrize("kernel", KERNELS)
def test_an_amount_of_nearly_nothing_is_a_sine(kernel):
    sine = OperatorGraph(2).set_carriers([0]).render(kernel=kernel, **SHORT)
    faint = OperatorGraph(2).connect(1, 0, 1e-5).set_carriers([0]).render(kernel=kernel, **SHORT)
    full = OperatorGraph(2).connect(1, 0).set_carriers([0]).render(kernel=kernel, **SHORT)
    assert np.abs(faint - sine).max() < 0.001
    assert np.abs(full - sine).max() > 0.5


@pytest.mark.parametrize("kernel", KERNELS)
def test_numbers_of_operators_do_not_matter(kernel):
    """The same stack of two, wherever its operators are."""
    expected = OperatorGraph(2).connect(1, 0).set_carriers([0]).set_feedback(1).render(kernel=kernel, **SHORT)
    for count, source, target in ((2, 0, 1), (8, 7, 0), (32, 5, 30)):
        graph = OperatorGraph(count).connect(source, target).set_carriers([target]).set_feedback(source)
        assert np.array_equal(graph.render(kernel=kernel, **SHORT), expected)


def test_shared_parameters_reach_every_operator():
    for high in (0, 6):
        graph = OperatorGraph(7).set_carriers([high])
        plain = graph.render(**SHORT)
        graph.transpose = 36
        octave = graph.render(**SHORT)
        assert np.array_equal(octave, OperatorGraph(7).set_carriers([high]).render(midi_note=72, **SHORT))
        assert not np.array_equal(octave, plain)


def test_operators_that_are_off():
    graph = OperatorGraph(2).connect(1, 0).set_carriers([0])
    graph.operators_on = [True, False]
    assert np.array_equal(graph.render(**SHORT), OperatorGraph(2).set_carriers([0]).render(**SHORT))
    graph.operators_on = [False, True]
    assert not graph.render(**SHORT).any()


def test_velocity_0_is_the_quietest():
    graph = OperatorGraph(1).set_carriers([0])
    graph.op[0].velocity_sensitivity = 7
    quiet = graph.render(velocity=0, **SHORT)
    assert np.array_equal(quiet, graph.render(velocity=1, **SHORT))
    assert 0 < np.abs(quiet).max() < 0.1 * np.abs(graph.render(velocity=100, **SHORT)).max()


def test_normalized_feedback_does_not_depend_on_the_number_of_carriers():
    """A carrier that feeds back on itself, alone and quieter among four, has one shape."""
    alone = OperatorGraph(4).set_carriers([0]).set_feedback(0, level=6)
    four = alone.copy().set_carriers([0, 1, 2, 3])

    def shape(graph, normalize_feedback):
        row = graph.render_all_ops(kernel="clean", normalize_feedback=normalize_feedback, **SHORT)[0]
        return row / np.abs(row).max()

    assert np.abs(shape(four, True) - shape(alone, True)).max() < 0.01
    assert np.abs(shape(four, False) - shape(alone, False)).max() > 0.1


@pytest.mark.parametrize(
    ("arguments", "frames"),
    [
        ({"sample_rate": 8000, "render_duration": 0.1}, 800),
        ({"sample_rate": np.float64(48000.0), "render_duration": np.float32(0.5)}, 24000),
        ({"sample_rate": 11025, "render_duration": 0.3333}, 3675),
        ({"render_duration": 0}, 0),
        ({"render_duration": 0.1, "note_duration": 5.0}, 4410),
        ({"render_duration": 0.1, "note_duration": 0}, 4410),
        ({"render_duration": 0.1, "midi_note": np.int64(127), "velocity": 127}, 4410),
    ],
)
def test_lengths(arguments, frames):
    assert OperatorGraph(1).set_carriers([0]).render(**arguments).shape == (frames,)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"sample_rate": 0}, ValueError, "sample_rate must be 8000 to 192000"),
        ({"sample_rate": 44100.5}, ValueError, "sample_rate must be a whole number"),
        ({"sample_rate": float("nan")}, ValueError, "sample_rate"),
        ({"sample_rate": "44100"}, TypeError, "sample_rate"),
        ({"midi_note": 128}, ValueError, "midi_note must be 0 to 127, not 128"),
        ({"midi_note": "60"}, TypeError, "midi_note"),
        ({"velocity": -1}, ValueError, "velocity must be 0 to 127"),
        ({"note_duration": -1}, ValueError, "note_duration must be 0 to 3600 seconds"),
        ({"render_duration": float("inf")}, ValueError, "render_duration"),
        ({"kernel": "clear"}, ValueError, "chip, clean"),
        ({"normalize_feedback": 1}, TypeError, "True or False"),
    ],
)
def test_arguments_are_checked(arguments, error, words):
    graph = OperatorGraph(1).set_carriers([0])
    for render_it in (graph.render, graph.render_all_ops):
        with pytest.raises(error, match=words):
            render_it(**arguments)


def test_a_graph_without_carriers_says_so():
    with pytest.raises(ValueError, match="use set_carriers"):
        OperatorGraph(2).connect(1, 0).render()
