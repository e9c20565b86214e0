# SPDX-License-Identifier: Apache-2.0
"""Where dexed-py fails, we do not. What takes time is measured in ``tests/bench/dexed_py.py``."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from synth import DexedSynth, OperatorGraph, Patch, algorithms, factory_bank

RATE = 44100


def player(patch, rate=RATE):
    """A synth with a patch in it."""
    synth = DexedSynth(rate)
    synth.load_patch(patch)
    return synth


@pytest.mark.parametrize("algorithm", range(32))
def test_an_algorithm_as_a_graph_has_the_synths_samples(algorithm):
    patch = Patch()
    patch.algorithm, patch.feedback = algorithm, 7
    graph = OperatorGraph.from_algorithm(algorithm, feedback=7)
    expected = player(patch).render(60, 100, 0.1, 0.2)
    assert np.array_equal(graph.render(RATE, 60, 100, 0.1, 0.2), expected)
    assert expected.any()


@pytest.mark.parametrize("rate", [8000, 11025, 12000])
@pytest.mark.parametrize("attack", [90, 97, 99])
def test_fast_attacks_sound_at_low_rates(rate, attack):
    patch = Patch()
    for operator in patch.op:
        operator.envelope.rates = [attack, 99, 99, 99]
    assert np.abs(player(patch, rate).render(60, 100, 0.2, 0.3)).max() > 0.1


def test_threads_render_at_rates_of_their_own():
    rates = [44100, 48000, 22050, 96000]
    patch = factory_bank()[0]

    def render(rate):
        return player(patch, rate).render(60, 100, 0.2, 0.3)

    alone = list(map(render, rates))
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(render, rates * 8))
    for number, audio in enumerate(together):
        assert np.array_equal(audio, alone[number % 4])


def test_a_key_goes_up_on_its_sample():
    synth = player(Patch())
    held = synth.render(60, 100, 0.2, 0.3)
    for frame in range(4410, 4410 + 64):
        released = synth.render(60, 100, frame / RATE, 0.3)
        # The sample of the release is the last of the held level; the chip's own frames are a little longer than ours.
        assert 0 <= np.flatnonzero(released != held)[0] - frame <= 2


def test_carriers_add_up_to_the_mix_exactly_in_any_order():
    for patch in factory_bank():
        stems = player(patch).render_all_ops(60, 100, 0.05, 0.1)
        carriers = algorithms[patch.algorithm].carriers
        forwards = sum(stems[carrier] for carrier in carriers)
        backwards = sum(stems[carrier] for carrier in reversed(carriers))
        assert np.array_equal(forwards, stems[6])
        assert np.array_equal(backwards, stems[6])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux how much memory is used")
def test_every_name_takes_less_than_ten_megabytes():
    program = """
import numpy, os
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
before = resident()
from synth import *
print(resident() - before)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 10e6
