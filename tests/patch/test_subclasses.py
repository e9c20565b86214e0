# SPDX-License-Identifier: Apache-2.0
"""Classes derived from the package's own, and what foreign pickles can do."""

import copy
import pickle

import numpy as np
import pytest

from synth import DexedSynth, OperatorGraph, Patch, Preset, VoiceError, VoiceWarning


class MyPatch(Patch):
    def __init__(self):
        super().__init__("MINE")
        self.tags = ["warm"]


class MyPreset(Preset):
    def __init__(self):
        super().__init__(algorithm=3)
        self.tags = ["warm"]


class MyGraph(OperatorGraph):
    def __init__(self):
        super().__init__(7)
        self.tags = ["warm"]
        self.set_carriers([6])


class MySynth(DexedSynth):
    def __init__(self):
        super().__init__(22050)
        self.tags = ["warm"]
        self.load_patch(Patch())


TWINS = [copy.copy, copy.deepcopy, lambda thing: pickle.loads(pickle.dumps(thing)), lambda thing: thing.copy()]


@pytest.mark.parametrize("twin_of", TWINS)
@pytest.mark.parametrize("kind", [MyPatch, MyPreset, MyGraph, MySynth])
def test_subclasses_may_have_attributes(kind, twin_of):
    mine = kind()
    if kind is MySynth and not hasattr(mine, "copy"):
        twin_of = copy.copy
    twin = twin_of(mine)
    assert type(twin) is kind
    assert twin.tags == ["warm"]
    assert repr(twin) == repr(mine)


@pytest.mark.parametrize("kind", [Patch, Preset, OperatorGraph, DexedSynth])
def test_their_bases_may_not(kind):
    with pytest.raises(AttributeError, match="has no 'tags'"):
        kind().tags = []


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("thing", [Patch("A"), Preset(algorithm=4), OperatorGraph(8), Patch().op[2], Patch().op])
def test_every_protocol_of_pickle(thing, protocol):
    assert pickle.loads(pickle.dumps(thing, protocol)) == thing


def restored(thing, *changed):
    restore, arguments, *_ = thing.__reduce__()
    return restore(*(new if new is not None else old for new, old in zip(changed, arguments, strict=False)))


def test_foreign_pickles_are_checked():
    with pytest.raises(VoiceError, match="not 5"):
        restored(Patch(), bytes(5), 63)
    with pytest.warns(VoiceWarning, match="repaired"):
        assert restored(Patch(), b"\xff" * 155, 63).algorithm == 31
    with pytest.raises(ValueError, match="operators_on is 64"):
        restored(Patch(), None, 64)
    with pytest.raises(ValueError, match="145"):
        Preset.__reduce__(Preset())[0](np.zeros(3, np.float32), None)
    with pytest.raises(ValueError, match="feedback is 3"):
        Preset.__reduce__(Preset())[0](np.full(145, 3, np.float32), None)
    graph = OperatorGraph(6).set_carriers([0])
    with pytest.raises(ValueError, match="a carrier must be 0 to 5, not 70"):
        restored(graph, None, None, None, None, None, (70,), None)
    synth = DexedSynth()
    with pytest.raises(VoiceError, match="not 3"):
        synth.__setstate__((44100, "chip", False, (bytes(3), 63), None))


def test_switches_of_patches_and_graphs():
    patch = Patch()
    patch.operators_on = [True, False, True, True, True, False]
    assert patch.operators_on == 0b101110
    patch.operators_on = OperatorGraph.from_patch(patch).operators_on
    assert patch.operators_on == 0b101110
    for wrong in ([True] * 5, [1] * 6, "110011", True):
        with pytest.raises(TypeError, match="six of True and False"):
            patch.operators_on = wrong
