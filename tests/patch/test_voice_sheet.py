# SPDX-License-Identifier: Apache-2.0
"""Voices for readers: the sheet, and what tells two voices apart."""

import pytest
from hypothesis import given, settings
from strategies import patches

from synth.patch import Patch


def test_the_sheet_tells_what_the_panel_shows():
    patch = Patch("SHEET")
    patch.algorithm = 4
    patch.op[1].detune = 4
    patch.op[1].frequency_ratio = 3.5
    patch.op[5].frequency_mode = "fixed"
    patch.op[5].frequency_ratio = 440
    lines = patch.summary().splitlines()
    assert lines[0] == "SHEET"
    assert lines[1] == "algorithm 5: heard 1+3+5   modulation 2>1 4>3 6>5   feedback 6"
    assert lines[-5].split()[:6] == ["2", "modulator", "x", "3.50", "-3", "99"]
    assert "436.5 Hz" in lines[-1]
    assert len(lines) == 12
    assert "switched" not in patch.summary()
    patch.operators_on = 0b100001
    assert "operators switched on: 1 6" in patch.summary()


@settings(max_examples=20)
@given(patches)
def test_any_voice_has_a_sheet_of_aligned_columns(patch: Patch):
    *_, headings, first, _, _, _, _, last = patch.summary().splitlines()
    assert headings.index("rates") == first.index(" ".join(f"{rate:2d}" for rate in patch.op[0].envelope.rates))
    assert last.split()[0] == "6"


def test_differences_in_the_words_of_the_panel():
    ours, theirs = Patch("OURS"), Patch("THEIRS")
    theirs.algorithm = 31
    theirs.lfo.wave = "s&h"
    theirs.op[0].detune = 0
    theirs.op[5].right_curve = "exp+"
    theirs.operators_on = 0b011111
    rows = ours.diff(theirs)
    assert list(rows) == [
        ("VOICE NAME", "OURS", "THEIRS"),
        ("ALGORITHM", 1, 32),
        ("LFO WAVE", "sine", "s/hold"),
        ("OP1 DETUNE", 0, -7),
        ("OP6 RIGHT CURVE", "-lin", "+exp"),
        ("OP1 SWITCH", "on", "off"),
    ]
    assert repr(rows).splitlines()[1] == "ALGORITHM           1      32"
    assert rows[0].label == "VOICE NAME"


@settings(max_examples=20)
@given(patches, patches)
def test_no_difference_means_equal(ours: Patch, theirs: Patch):
    assert bool(ours.diff(theirs)) == (ours != theirs)
    assert [(label, b, a) for label, a, b in ours.diff(theirs)] == list(theirs.diff(ours))
    assert repr(ours.diff(ours.copy())) == "no difference"


def test_only_patches_are_compared():
    with pytest.raises(TypeError, match="not with bytes"):
        Patch().diff(Patch().to_bytes())


def test_diagrams_name_operators_as_the_panel_does():
    patch = Patch("<PAIRS>")
    patch.algorithm = 4
    patch.feedback = 5
    for text in (patch.to_ascii(), patch.to_mermaid(), patch.to_svg()):
        for number in range(1, 7):
            assert text.count(f"OP{number}") >= 1
        assert "5" in text
    assert "op5 -->" in patch.to_mermaid()
    assert 'op1["OP2"]' in patch.to_mermaid()
    assert "<PAIRS>" not in patch.to_svg()
