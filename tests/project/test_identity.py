# SPDX-License-Identifier: Apache-2.0
"""Every public object compares, hashes, copies and pickles by content, or says why it cannot."""

import copy
import pickle

import pytest

import synth
from synth import DexedSynth, Engine, OperatorGraph, Score, factory_bank

PATCH = factory_bank()[3]
PLAYER = DexedSynth(44100)
PLAYER.load_patch(PATCH)

BY_CONTENT = {
    "patch": PATCH,
    "operators": PATCH.op,
    "operator": PATCH.op[0],
    "envelope": PATCH.op[0].envelope,
    "rates": PATCH.op[0].envelope.rates,
    "pitch envelope": PATCH.pitch_envelope,
    "LFO": PATCH.lfo,
    "difference": PATCH.diff(synth.Patch()),
    "preset": PATCH.to_preset(),
    "graph": OperatorGraph.from_patch(PATCH),
    "graph's operators": OperatorGraph.from_patch(PATCH).op,
    "algorithms": synth.algorithms,
    "algorithm": synth.algorithms[3],
    "bank": factory_bank(),
    "stats": Engine().stats(),
}


@pytest.mark.parametrize("thing", BY_CONTENT.values(), ids=BY_CONTENT)
@pytest.mark.parametrize("twin", [copy.copy, copy.deepcopy, lambda thing: pickle.loads(pickle.dumps(thing))])
def test_a_twin_is_equal_and_hashes_alike(thing, twin):
    other = twin(thing)
    assert other == thing
    assert hash(other) == hash(thing)
    assert repr(other) == repr(thing)


@pytest.mark.parametrize("twin", [copy.copy, copy.deepcopy, lambda thing: pickle.loads(pickle.dumps(thing))])
def test_a_synths_twin_plays_the_same(twin):
    other = twin(PLAYER)
    assert other is not PLAYER
    assert (other.render(60, 100, 0.05, 0.1) == PLAYER.render(60, 100, 0.05, 0.1)).all()


@pytest.mark.parametrize("thing", [Engine(), Engine().producer(), Score()], ids=["engine", "producer", "score"])
@pytest.mark.parametrize("twin", [copy.copy, copy.deepcopy, pickle.dumps])
def test_what_runs_cannot_be_doubled(thing, twin):
    with pytest.raises(TypeError, match="cannot be copied or pickled"):
        twin(thing)
