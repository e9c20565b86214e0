# SPDX-License-Identifier: Apache-2.0
"""Voices in notebooks: well-formed HTML whatever they are called, and sound that is the sound rendered."""

import base64
import io
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from strategies import patches

from synth import Bank, OperatorGraph, Patch, random_patch, render
from synth.notebook import Player, play


def parsed(html: str) -> ET.Element:
    """The HTML read as XML, which finds whatever is not closed or escaped."""
    return ET.fromstring(html.replace("<br>", "<br/>"))


@settings(max_examples=20)
@given(patches)
def test_a_voice_of_any_name_is_well_formed(patch: Patch):
    page = parsed(patch._repr_html_())
    assert page.find("strong").text == (patch.display_name or None)
    assert len(page.findall("table/tbody/tr")) == 6
    assert page.find(".//{http://www.w3.org/2000/svg}svg") is not None


def test_names_are_escaped():
    patch = Patch("<b>&\"'")
    for html in (patch._repr_html_(), Bank([patch], source="<i>")._repr_html_()):
        assert "<b>" not in html
        assert "<i>" not in html
        assert "&lt;b&gt;&amp;" in html
    assert "<b>" not in patch.listen(hold=0.1, tail=0.0)._repr_html_()


def test_a_bank_is_a_table():
    rows = parsed(Bank([Patch("ONE")])._repr_html_()).findall("tbody/tr")
    assert len(rows) == 32
    assert [cell.text for cell in rows[0]] == ["1", "ONE", "1", "13", "0", "sine"]


def samples_in(html: str) -> tuple[np.ndarray, int]:
    [data] = re.findall(r'<audio controls src="data:audio/wav;base64,([^"]+)">', html)
    return soundfile.read(io.BytesIO(base64.b64decode(data)), dtype="float32")


def test_listening_gives_the_rendered_sound():
    patch = Patch("LISTEN")
    player = patch.listen(note=48, velocity=90, hold=0.3, tail=0.1, sample_rate=22050, kernel="clean")
    expected = render(patch, 48, 90, 0.3, 0.1, 22050, "clean")
    assert (player.audio == expected).all()
    heard, rate = samples_in(player._repr_html_())
    assert rate == 22050
    np.testing.assert_allclose(heard, expected / max(1.0, np.abs(expected).max()), atol=1e-4)
    assert "LISTEN" in repr(player)


@pytest.mark.parametrize("shape", [(100,), (100, 2), (0,)])
def test_arrays(shape):
    audio = np.random.default_rng(1).uniform(-1, 1, shape)
    heard, rate = samples_in(play(audio, 44100)._repr_html_())
    assert rate == 44100
    np.testing.assert_allclose(heard, audio, atol=1e-4)


def test_what_is_too_loud_is_turned_down():
    heard, _ = samples_in(play(np.array([4.0, -2.0, 1.0]))._repr_html_())
    np.testing.assert_allclose(heard, [1.0, -0.5, 0.25], atol=1e-4)


@pytest.mark.parametrize(
    ("audio", "error", "says"),
    [
        (np.zeros((2, 100)), ValueError, r"\(T,\) or \(T, 2\), not \(2, 100\)"),
        (np.zeros(10, np.int16), TypeError, "floats, 1.0 being full scale, not int16"),
        (np.array([0.0, np.nan]), ValueError, "finite"),
        (np.array(1.0), ValueError, r"not \(\)"),
        ("sound.wav", TypeError, "floats"),
    ],
)
def test_other_arrays(audio, error, says):
    with pytest.raises(error, match=says):
        Player(audio)


def test_bad_arguments():
    with pytest.raises(ValueError, match="sample_rate"):
        Player(np.zeros(3), 0)
    with pytest.raises(ValueError, match="note"):
        Patch().listen(note=128)


def test_presets_and_graphs_are_played_as_what_they_sound_like():
    patch = random_patch(3)
    heard = play(patch, note=50, hold=0.2, tail=0.1).audio
    assert np.array_equal(play(patch.to_preset(), note=50, hold=0.2, tail=0.1).audio, heard)
    graph = play(OperatorGraph.from_patch(patch), 48000.0, note=50, hold=0.2, tail=0.1)
    assert np.abs(graph.audio - heard).max() < 2**-21
    assert graph.sample_rate == 48000
