# SPDX-License-Identifier: Apache-2.0
"""Voices as JSON: nothing is lost, edits by hand are understood, mistakes are told with the nearest name."""

import json

import pytest
from hypothesis import given, settings
from strategies import patches

from synth import OperatorGraph
from synth.errors import VoiceError
from synth.patch import Patch
from synth.voicejson import to_dict


@settings(max_examples=25)
@given(patches)
def test_nothing_is_lost(patch: Patch):
    for text in (patch.to_json(), patch.to_json(indent=2), json.loads(patch.to_json()), patch.to_json().encode()):
        assert Patch.from_json(text) == patch


def test_it_is_readable():
    patch = Patch("PLAIN")
    patch.op[1].frequency_mode = "fixed"
    patch.operators_on = 0b111110
    voice = json.loads(patch.to_json())
    assert voice["name"] == "PLAIN"
    assert voice["lfo"]["wave"] == "sine"
    assert voice["osc_key_sync"] is True
    assert voice["op"][0]["left_curve"] == "lin"
    assert [op["frequency_mode"] for op in voice["op"][:2]] == ["ratio", "fixed"]
    assert [op["on"] for op in voice["op"]] == [True] * 5 + [False]
    assert '"rates": [99, 99, 99, 99]' in patch.to_json(indent=2)
    assert "\n" not in patch.to_json()


def test_a_name_that_looks_like_a_list():
    patch = Patch("[1,   2] \\")
    assert Patch.from_json(patch.to_json(indent=4)) == patch


def edited(change) -> dict:
    voice = json.loads(Patch().to_json())
    change(voice)
    return voice


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        (lambda v: v.update(algoritm=3), VoiceError, "the voice has no 'algoritm'; did you mean 'algorithm'"),
        (lambda v: v["lfo"].update(sped=3), VoiceError, "lfo has no 'sped'; did you mean 'speed'"),
        (lambda v: v["op"][2]["envelope"].pop("rates"), VoiceError, r"op\[2\]\.envelope lacks 'rates'"),
        (lambda v: v["op"][2].pop("on"), VoiceError, r"op\[2\] lacks 'on'"),
        (lambda v: v["op"][2].update(on=1), TypeError, r"op\[2\]\.on must be true or false"),
        (lambda v: v.pop("op"), VoiceError, "the voice lacks 'op'"),
        (lambda v: v["op"].pop(), VoiceError, "list of 6 operators, not 5"),
        (lambda v: v.update(op=5), VoiceError, "list of 6 operators, not int"),
        (lambda v: v["op"].__setitem__(0, 5), VoiceError, r"op\[0\] must be an object"),
        (lambda v: v.update(lfo=[1]), VoiceError, "lfo must be an object"),
        (lambda v: v["lfo"].update(wave="sime"), ValueError, "LFO WAVE cannot be 'sime'; did you mean 'sine'"),
        (lambda v: v["op"][1].update(output_level=100), ValueError, "OP2 OUTPUT LEVEL is 100; it goes from 0 to 99"),
        (lambda v: v["op"][1].update(detune=float("nan")), TypeError, "OP2 DETUNE takes a whole number"),
        (lambda v: v["op"][1]["envelope"].update(rates=[1, 2, 3]), ValueError, "OP2 EG rates take 4 values"),
        (lambda v: v.update(name=None), TypeError, "text"),
        (lambda v: v.update(version=2), VoiceError, "version 2"),
        (lambda v: v.pop("format"), VoiceError, "'sixop voice', not None"),
    ],
)
def test_mistakes(change, error, says):
    voice = edited(change)
    with pytest.raises(error, match=says):
        Patch.from_json(voice)
    with pytest.raises(error, match=says):
        Patch.from_json(json.dumps(voice))


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "no JSON"), (b"\xff\xfe", "no JSON"), ("[1]", "not list"), ("{}", "format"), (None, "not NoneType")],
)
def test_other_texts(text, says):
    with pytest.raises(VoiceError, match=says):
        Patch.from_json(text)


def test_a_key_that_is_there_twice():
    with pytest.raises(VoiceError, match="'feedback' is there twice"):
        Patch.from_json(Patch().to_json().replace('"algorithm": 0', '"algorithm": 0, "feedback": 3'))


def test_text_of_any_kind():
    text = Patch("ONE").to_json()
    for given_ in (text, "\ufeff" + text, text.encode(), bytearray(text, "utf-8"), "\ufeff".encode() + text.encode()):
        assert Patch.from_json(given_) == Patch("ONE")
    with pytest.raises(VoiceError, match="a file is opened first"):
        Patch.from_json("voice.json")
    with pytest.raises(VoiceError, match="this is no JSON"):
        Patch.from_json(text.replace("0", "1" * 5000, 1))
    for version in (True, 1.0):
        with pytest.raises(VoiceError, match=f"version {version}"):
            Patch.from_json({**to_dict(Patch()), "version": version})


@pytest.mark.parametrize("indent", [2.5, -1, 1 << 20000, "x"], ids=["float", "negative", "huge", "text"])
def test_indents_are_checked(indent):
    with pytest.raises((TypeError, ValueError), match="indent must be"):
        Patch().to_json(indent)


@pytest.mark.parametrize("other", [None, Patch, OperatorGraph()])
def test_patches_are_compared_with_patches(other):
    with pytest.raises(TypeError, match="a patch is compared with another patch"):
        Patch().diff(other)
