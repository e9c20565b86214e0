# SPDX-License-Identifier: Apache-2.0
"""Graphs that no DX7 has: amounts, loops, many operators, and wirings that must come to the same."""

import threading

import numpy as np
import pytest
from graph_wiring import OPERATORS, as_graph, wiring_of
from hypothesis import example, given, settings
from hypothesis import strategies as st
from strategies import random_voices

from synth import Patch
from synth.engine import KERNELS
from synth.graph_engine import render_graph
from synth.routing import MOST_AMOUNT, MOST_OPERATORS

NOTE = {"note": 57, "velocity": 110, "hold_frames": 3000, "frames": 4000, "sample_rate": 44100}
CHAIN = [(1, 0, 1.0), (2, 1, 1.0)]


def voices_of(operators: int, seed: int = 5) -> bytes:
    """Loud voices of many kinds, with LFOs that modulate."""
    count = -(-operators // OPERATORS)
    raw = random_voices(seed, count)
    raw[:, 16:126:21] = 75 + raw[:, 16:126:21] % 25  # output levels
    raw[:, 17:126:21] = 0  # ratios
    raw[:, 18:126:21] %= 5
    for at in (4, 5, 6):
        raw[:, at:126:21] = 99  # envelope levels
    raw[:, :126:21] = 99
    raw[:, 137:141] = 60, 0, 20, 60  # LFO
    return raw.tobytes()


def play(kernel, operators, edges, feedback=(), carriers=(0,), *, voices=None, stems=False, **others):
    return render_graph(
        voices_of(operators) if voices is None else voices,
        operators,
        edges,
        feedback,
        carriers,
        **{**NOTE, "kernel": kernel, "stems": stems, "normalize_feedback": False, **others},
    )


def twins(operators: int) -> bytes:
    """Operators that are all alike."""
    raw = np.frombuffer(voices_of(1), np.uint8).copy()
    raw[:126] = np.tile(raw[105:126], OPERATORS)
    return raw.tobytes() * -(-operators // OPERATORS)


# ---- wirings that come to the same ---------------------------------------------


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("amount", [2, 3, 5])
def test_twin_modulators_are_one_of_that_amount(kernel, amount):
    several = play(kernel, 7, [(n, 0, 1.0) for n in range(1, amount + 1)], voices=twins(7))
    one = play(kernel, 7, [(1, 0, float(amount))], voices=twins(7))
    assert several.any()
    np.testing.assert_array_equal(several, one)


@pytest.mark.parametrize("kernel", KERNELS)
def test_opposite_amounts_cancel(kernel):
    nothing = play(kernel, 7, [(1, 0, 1.0), (6, 0, -1.0)], voices=twins(7))
    np.testing.assert_array_equal(nothing, play(kernel, 7, [], voices=twins(7)))
    assert not np.array_equal(nothing, play(kernel, 7, [(1, 0, 1.0)], voices=twins(7)))


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("algorithm", range(32))
def test_a_silent_operator_in_the_loop_changes_nothing(kernel, algorithm):
    """It makes a feedback path a loop of any kind, which another function computes."""
    edges, (source, target), carriers = wiring_of(algorithm)
    wiring = [*edges, (source, 6, 1.0)], [(source, target, 6), (6, target, 7)], carriers
    on = [True] * 6 + [False]
    plain = play(kernel, 7, edges, [(source, target, 6)], carriers, operators_on=on)
    assert plain.any()
    np.testing.assert_array_equal(plain, play(kernel, 7, *wiring, operators_on=on))


@pytest.mark.parametrize("kernel", KERNELS)
def test_feedback_from_elsewhere_is_that_of_a_loop(kernel):
    plain = play(kernel, 7, CHAIN, [(2, 0, 7)])
    loop = play(kernel, 7, [*CHAIN, (0, 6, 1.0)], [(2, 0, 7), (6, 2, 7)], operators_on=[True] * 6 + [False])
    np.testing.assert_array_equal(plain, loop)
    assert not np.array_equal(plain, play(kernel, 7, CHAIN))


@st.composite
def sparse_graphs(draw):
    """2 to 4 operators with edges as in algorithms, a few of them fed back: paths, and what is nearly one."""
    count = draw(st.integers(2, 4))
    pairs = [(s, t, 1.0) for t in range(count) for s in range(t + 1, count)]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=len(pairs)))
    feedback = draw(
        st.lists(
            st.tuples(st.integers(0, count - 1), st.integers(0, count - 1), st.integers(4, 7)),
            unique_by=lambda edge: edge[:2],
            min_size=1,
            max_size=3,
        )
    )
    return count, edges, feedback, sorted(draw(st.sets(st.integers(0, count - 1), min_size=1)))


@settings(max_examples=80, deadline=None)
@given(graph=sparse_graphs(), normalize=st.booleans())
@example(graph=(3, [(1, 0, 1.0)], [(0, 1, 7), (1, 2, 7)], [1, 2]), normalize=True)
def test_operators_together_are_what_they_are_frame_by_frame(graph, normalize):
    """A silent operator that waits for all others, as they wait for it, makes one loop of them."""
    count, edges, feedback, carriers = graph
    shared = {"stems": True, "normalize_feedback": normalize, "frames": 1500, "hold_frames": 1000}
    on = [True] * count + [False]
    apart = play("chip", count + 1, edges, feedback, carriers, operators_on=on, **shared)
    entangled = [*feedback, *((count, n, 0) for n in range(count)), *((n, count, 0) for n in range(count))]
    together = play("chip", count + 1, edges, entangled, carriers, operators_on=on, **shared)
    assert apart[-1].any()
    np.testing.assert_array_equal(apart, together)


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_carrier_modulates_as_loud_as_it_is_heard(kernel):
    rows = play(kernel, 3, [(1, 0, 1.0)], carriers=[0, 1], stems=True)
    np.testing.assert_array_equal(rows[0] + rows[1], rows[3])
    looped = [(1, 0, 1.0), (0, 2, 1.0)], [(2, 1, 7)]
    loop = play(kernel, 3, *looped, carriers=[0, 1], stems=True, operators_on=[True, True, False])
    np.testing.assert_allclose(rows[[0, 1, 3]], loop[[0, 1, 3]], rtol=0, atol=0 if kernel == "chip" else 1e-4)
    half = play(kernel, 3, [(1, 0, 0.5)], carriers=[0], stems=True)  # two carriers are as loud as one
    np.testing.assert_allclose(rows[0] * 2, half[0], rtol=0, atol=5e-3 if kernel == "chip" else 1e-5)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1000), order=st.permutations(range(9)))
def test_the_numbers_of_operators_do_not_matter(seed, order):
    rng = np.random.default_rng(seed)
    count = len(order)
    edges = [(s, t, float(rng.choice([1, 1, 0.5, -2]))) for t in range(count) for s in range(t) if rng.random() < 0.3]
    feedback = [(int(s), int(t), int(rng.integers(8))) for s, t in {tuple(p) for p in rng.integers(0, count, (4, 2))}]
    carriers = [n for n in range(count) if rng.random() < 0.5] or [0]
    voices = np.frombuffer(voices_of(count), np.uint8).reshape(-1, 155)
    moved = voices.copy()
    for old, new in enumerate(order):
        moved[new // 6, 21 * (5 - new % 6) :][:21] = voices[old // 6, 21 * (5 - old % 6) :][:21]
    plain = play("chip", count, edges, feedback, carriers, voices=voices.tobytes(), stems=True)
    other = play(
        "chip",
        count,
        [(order[s], order[t], a) for s, t, a in edges],
        [(order[s], order[t], level) for s, t, level in feedback],
        [order[n] for n in carriers],
        voices=moved.tobytes(),
        stems=True,
    )
    np.testing.assert_array_equal(plain[-1], other[-1])
    modulators = [n for n in range(count) if n not in carriers]
    np.testing.assert_array_equal(plain[modulators], other[[order[n] for n in modulators]])


# ---- what amounts, feedback and carriers do ------------------------------------


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_small_amount_modulates_little(kernel):
    plain = play(kernel, 2, [])
    changes = [np.abs(play(kernel, 2, [(1, 0, amount)]) - plain).max() for amount in (0.0, 0.002, 0.02, 0.2)]
    assert changes[0] == 0
    assert 0 < changes[1] < changes[2] < changes[3]


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("amount", [MOST_AMOUNT, -MOST_AMOUNT])
def test_the_largest_amounts_stay_in_bounds(kernel, amount):
    edges = [(s, t, amount) for t in range(8) for s in range(t + 1, 8)]
    found = play(kernel, 8, edges, [(0, 7, 7), (3, 3, 7)], stems=True)
    assert np.isfinite(found).all()
    assert 0.1 < np.abs(found[-1]).max() < 2.5


@pytest.mark.parametrize("kernel", KERNELS)
def test_feedback_grows_with_its_level(kernel):
    plain = play(kernel, 1, [], voices=voices_of(1))
    differences = [np.linalg.norm(play(kernel, 1, [], [(0, 0, level)]) - plain) for level in range(8)]
    assert differences == sorted(differences)
    assert differences[0] > 0  # as on the DX7


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("carriers", range(1, MOST_OPERATORS + 1))
def test_carriers_are_as_loud_together_as_one(kernel, carriers):
    eighths = int(np.ceil(8 * np.log2(carriers) - 1e-9))
    raw = Patch().to_bytes() * 6
    one = play(kernel, MOST_OPERATORS, [], voices=raw)
    many = play(kernel, MOST_OPERATORS, [], carriers=range(carriers), voices=raw)
    level = np.linalg.norm(many) / np.linalg.norm(one)
    assert level == pytest.approx(carriers / 2 ** (eighths / 8), rel=2e-2)  # of the chip's 14 bits
    assert level < 1.001


@pytest.mark.parametrize("kernel", KERNELS)
def test_operators_beyond_the_sixth_are_of_the_next_voice(kernel):
    raw = voices_of(12)
    beyond = play(kernel, 12, [(7, 6, 1.0)], [(7, 7, 5)], carriers=[6], voices=raw)
    second = raw[155 : 155 + 126] + raw[126:155]  # with the first's LFO, pitch envelope and so on
    np.testing.assert_array_equal(beyond, play(kernel, 6, [(1, 0, 1.0)], [(1, 1, 5)], carriers=[0], voices=second))


@pytest.mark.parametrize("kernel", KERNELS)
def test_stems_of_modulators_are_at_their_own_level(kernel):
    chain = play(kernel, 3, CHAIN, stems=True)
    np.testing.assert_array_equal(chain[0], chain[3])
    np.testing.assert_array_equal(chain[3], play(kernel, 3, CHAIN))
    np.testing.assert_array_equal(chain[1], play(kernel, 3, [(2, 1, 1.0)], carriers=[1]))
    np.testing.assert_array_equal(chain[2], play(kernel, 3, [], carriers=[2]))


@pytest.mark.parametrize("kernel", KERNELS)
def test_what_is_switched_off_is_silent(kernel):
    found = play(kernel, 3, CHAIN, [(2, 2, 7)], carriers=[0, 1], stems=True, operators_on=[True, False, True])
    assert found[0].any()
    assert np.abs(found[1]).max() < 1e-4  # `clean` falls through the engine's faintest levels
    assert np.abs(found[0] - found[3]).max() <= 1e-4


@pytest.mark.parametrize("kernel", KERNELS)
def test_without_carriers_there_is_silence(kernel):
    found = play(kernel, 3, CHAIN, [(2, 2, 7)], carriers=[], stems=True)
    assert not found[3].any()
    assert all(row.any() for row in found[:3])


@pytest.mark.parametrize("kernel", KERNELS)
def test_velocity_zero_is_silence(kernel):
    assert not play(kernel, 3, CHAIN, velocity=0).any()


# ---- manners -------------------------------------------------------------------


@pytest.mark.parametrize("kernel", KERNELS)
def test_the_largest_graph(kernel):
    edges = [(s, t, 0.1) for t in range(MOST_OPERATORS) for s in range(t + 1, MOST_OPERATORS)]
    feedback = [(s, t, 1) for s in range(MOST_OPERATORS) for t in range(MOST_OPERATORS)]
    found = play(kernel, MOST_OPERATORS, edges, feedback, range(MOST_OPERATORS), stems=True, frames=500)
    assert found.shape == (MOST_OPERATORS + 1, 500)
    assert found[-1].any()
    np.testing.assert_array_equal(found[:-1].sum(0, dtype=np.float32), found[-1])


@pytest.mark.parametrize("kernel", KERNELS)
def test_threads_at_several_rates_do_not_meet(kernel):
    rates = [22050, 44100, 48000, 96000]
    alone = [play(kernel, 7, CHAIN, [(2, 2, 6)], sample_rate=rate) for rate in rates]
    found = [None] * len(rates)

    def work(index: int) -> None:
        for _ in range(5):
            found[index] = play(kernel, 7, CHAIN, [(2, 2, 6)], sample_rate=rates[index])

    threads = [threading.Thread(target=work, args=(index,)) for index in range(len(rates))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for index in range(len(rates)):
        np.testing.assert_array_equal(found[index], alone[index])


@pytest.mark.parametrize("kernel", KERNELS)
def test_long_after_the_note_there_is_silence(kernel):
    patch = Patch()
    found = as_graph(patch, 60, 100, 0.1, 8.0, 44100, kernel, stems=True)
    assert found[:, 1000].any()
    assert not found[:, 44100:].any()


@pytest.mark.parametrize("frames", [0, 1])
def test_the_shortest(frames):
    assert play("chip", 3, CHAIN, stems=True, frames=frames).shape == (4, frames)
    assert play("clean", 3, CHAIN, frames=frames).shape == (frames,)


@pytest.mark.parametrize(
    "change",
    [
        {"edges": [(0, 1, 1.0), (1, 0, 1.0)]},
        {"edges": [(0, 0, 1.0)]},
        {"edges": [(1, 0, 1.0), (1, 0, 0.5)]},
        {"edges": [(1, 0, float("nan"))]},
        {"edges": [(1, 0, 64.5)]},
        {"edges": [(3, 0, 1.0)]},
        {"feedback": [(0, 0, 8)]},
        {"feedback": [(0, 0, 1), (0, 0, 2)]},
        {"feedback": [(0, 3, 1)]},
        {"carriers": [3]},
        {"voices": b""},
        {"kernel": "bogus"},
        {"sample_rate": 100},
        {"note": 128},
    ],
)
def test_what_cannot_be_is_refused(change):
    good = {"kernel": "chip", "operators": 3, "edges": CHAIN}
    with pytest.raises(ValueError, match=r"\w"):
        play(**{**good, **change})
