# SPDX-License-Identifier: Apache-2.0
"""Every public object compares, hashes, copies and pickles by content, or says why it cannot.

No public class is left out: the last test goes by what the package exports.
"""

import copy
import pickle

import pytest

import synth
from synth import DexedSynth, Engine, OperatorGraph, Score, Session, factory_bank

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
    "graph's operator": OperatorGraph.from_patch(PATCH).op[5],
    "algorithms": synth.algorithms,
    "algorithm": synth.algorithms[3],
    "bank": factory_bank(),
    "stats": Engine().stats(),
    "player": PATCH.listen(hold=0.01, tail=0.01),
    "tuning": synth.Tuning.equal(),
}
RUNNING = {"engine": Engine(), "producer": Engine().producer(), "score": Score(), "session": Session(offline=True)}


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


@pytest.mark.parametrize("thing", RUNNING.values(), ids=RUNNING)
@pytest.mark.parametrize("twin", [copy.copy, copy.deepcopy, pickle.dumps])
def test_what_runs_cannot_be_doubled(thing, twin):
    with pytest.raises(TypeError, match="cannot be copied or pickled"):
        twin(thing)


def test_players_differ_by_sound_rate_and_title():
    player = BY_CONTENT["player"]
    others = [
        type(player)(player.audio[:-1], player.sample_rate, player.title),
        type(player)(player.audio, 44100, player.title),
        type(player)(player.audio, player.sample_rate),
    ]
    assert len({player, *others}) == 4
    with pytest.raises(AttributeError, match="titel"):
        player.titel = "slip"


def test_no_public_class_is_left_out():
    exported = {value for name in synth.__all__ if isinstance(value := getattr(synth, name), type)}
    seen = {type(thing) for thing in (*BY_CONTENT.values(), *RUNNING.values(), PLAYER)}
    assert {kind.__name__ for kind in exported - seen if not issubclass(kind, Exception)} == set()
