# SPDX-License-Identifier: Apache-2.0
"""What scripts for dexed-py do has the same result here, or a better one that is listed with its reason."""

import pytest
from better_calls import BETTER
from peer_calls import SAME
from strategies import random_voices

import synth

dexed = pytest.importorskip("dexed")

from comparing import agree, plain, result_of

VOICES = random_voices(seed=5, count=12)
ERRORS = {"ValueError", "TypeError", "AttributeError", "IndexError", "KeyError"}


@pytest.fixture
def folders(tmp_path):
    """One for each package."""
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    theirs.mkdir()
    ours.mkdir()
    return theirs, ours


def test_no_call_is_listed_twice():
    calls = [*SAME, *BETTER]
    assert len(set(calls)) == len(calls)


@pytest.mark.parametrize("call", SAME)
def test_the_result_is_the_same(call, folders):
    for raw in VOICES if "raw" in call else VOICES[:1]:
        theirs = result_of(dexed, call, raw, folders[0])
        ours = result_of(synth, call, raw, folders[1])
        assert agree(theirs, ours), (theirs, ours)


@pytest.mark.parametrize("call", BETTER)
def test_the_result_is_the_listed_better_one(call, folders):
    expected, reason = BETTER[call]
    theirs = result_of(dexed, call, VOICES[0], folders[0])
    ours = result_of(synth, call, VOICES[0], folders[1])
    assert reason
    assert not agree(theirs, ours), "not different any more: it belongs to SAME"
    if expected in ERRORS:
        assert expected in ours
    else:
        assert agree(plain(eval(expected)), ours), ours
