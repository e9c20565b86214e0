# SPDX-License-Identifier: Apache-2.0
"""The 32 algorithms, wired as graphs, are the synth: the same samples."""

import numpy as np
import pytest
from graph_wiring import GRID, as_graph, wiring_of
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import patches, random_voices
from synth._engine import ffi, lib

from synth import Patch, factory_bank, render
from synth.engine import KERNELS
from synth.graph_engine import to_grid

ALGORITHM, FEEDBACK = 134, 135


def on_grid(samples: np.ndarray) -> np.ndarray:
    return (np.rint(samples * GRID) / GRID).astype(np.float32)


def loud(voice: np.ndarray, algorithm: int) -> Patch:
    """The voice with this algorithm, its carriers and modulators strong."""
    raw = voice.copy()
    raw[ALGORITHM] = algorithm
    raw[16:126:21] = 70 + raw[16:126:21] % 30
    return Patch.from_raw(bytes(raw))


def strong(algorithm: int) -> Patch:
    patch = Patch()
    patch.algorithm, patch.feedback = algorithm, 5
    for op in patch.op:
        op.output_level = 80
    return patch


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("algorithm", range(32))
def test_every_algorithm_is_the_synth(kernel, algorithm):
    heard = 0
    for feedback, voice in enumerate(random_voices(algorithm, 8)):
        voice[FEEDBACK] = feedback
        patch = loud(voice, algorithm)
        found = as_graph(patch, 48 + feedback, 127, 0.05, 0.1, 44100, kernel)
        np.testing.assert_array_equal(found, on_grid(render(patch, 48 + feedback, 127, 0.05, 0.05, 44100, kernel)))
        heard += found.any()
    assert heard > 4


@pytest.mark.parametrize("kernel", KERNELS)
@settings(max_examples=60, deadline=None)
@given(
    patch=patches,
    note=st.integers(0, 127),
    velocity=st.integers(0, 127),
    hold=st.sampled_from([0.0, 0.02, 0.08]),
    rate=st.sampled_from([8000, 44100, 48000, 96000]),
    stems=st.booleans(),
)
def test_any_patch_is_the_synth(kernel, patch, note, velocity, hold, rate, stems):
    found = as_graph(patch, note, velocity, hold, hold + 0.05, rate, kernel, stems=stems)
    mix = found[-1] if stems else found
    alone = render(patch, note, velocity, hold, 0.1, rate, kernel)
    np.testing.assert_array_equal(mix, on_grid(alone[: len(mix)]))


@pytest.mark.parametrize("kernel", KERNELS)
def test_factory_voices_are_the_synth(kernel):
    for number, patch in enumerate(factory_bank()):
        found = as_graph(patch, 40 + number, 100, 0.2, 0.4, 48000, kernel)
        assert found.any()
        np.testing.assert_array_equal(found, on_grid(render(patch, 40 + number, 100, 0.2, 0.2, 48000, kernel)))


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("algorithm", range(32))
def test_carriers_add_up_to_the_mix_in_any_order(kernel, algorithm):
    patch = loud(random_voices(100 + algorithm, 1)[0], algorithm)
    found = as_graph(patch, 60, 127, 0.05, 0.1, 44100, kernel, stems=True)
    carriers = list(wiring_of(algorithm)[2])
    assert found.shape == (7, 4410)
    for order in (carriers, carriers[::-1]):
        total = np.zeros_like(found[-1])
        for carrier in order:
            total += found[carrier]
        np.testing.assert_array_equal(total, found[-1])
    np.testing.assert_array_equal(found, on_grid(found))


@pytest.mark.parametrize("kernel", KERNELS)
def test_feedback_is_normalized_where_carriers_feed_back(kernel):
    for algorithm in range(32):
        patch = strong(algorithm)
        plain, normalized = (
            as_graph(patch, 60, 127, 0.1, 0.1, 44100, kernel, normalize_feedback=on) for on in (False, True)
        )
        assert np.array_equal(plain, normalized) == (algorithm + 1 not in (4, 6, 32))


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("algorithm", [3, 5, 31])
def test_normalized_feedback_is_that_of_a_modulator(kernel, algorithm):
    """With one carrier there is no compensation: so it sounds like that one, but for the level."""
    patch = strong(algorithm)
    source = wiring_of(algorithm)[1][0]
    many = as_graph(patch, 60, 100, 0.2, 0.2, 44100, kernel, stems=True, normalize_feedback=True)
    alone = as_graph(patch, 60, 100, 0.2, 0.2, 44100, kernel, stems=True, carriers=[source])
    ratio = np.linalg.norm(alone[source]) / np.linalg.norm(many[source])
    eighths = {3: 8, 5: 13, 31: 21}[algorithm]
    assert ratio == pytest.approx(2 ** (eighths / 8), rel=5e-3)
    assert np.abs(many[source] * ratio - alone[source]).max() < 5e-3


def test_the_grid_is_numpys():
    samples = np.random.default_rng(1).normal(0, 0.7, 10_000).astype(np.float32)
    samples[:100] = (np.arange(100) + 0.5) / GRID
    expected = on_grid(samples)
    np.testing.assert_array_equal(to_grid(samples), expected)


def test_the_grid_holds_whatever_carriers_can_reach():
    """Single precision adds its multiples exactly below 8, and tells of more than 2^32 samples."""
    highest = np.array([8 - 1 / GRID, 4.05], np.float32)
    np.testing.assert_array_equal(to_grid(highest.copy()), on_grid(highest))
    assert float(highest[0]) + 1 / GRID == 8
    assert ffi.sizeof(ffi.typeof(lib.sx_to_grid).args[1]) == 8
