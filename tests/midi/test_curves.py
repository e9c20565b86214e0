# SPDX-License-Identifier: Apache-2.0
"""Velocity curves: what is sent, and what is played."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.midi.curves import CURVES, LINEAR, velocity_curve
from synth.midi.router import Router
from synth.midi.routing import Routing
from synth.midi.zones import read_zone


@pytest.mark.parametrize(
    ("curve", "limits", "played"),
    [  # for 1, 32, 64, 96, 127
        ("linear", None, (1, 32, 64, 96, 127)),
        ("soft", None, (1, 55, 84, 107, 127)),
        ("hard", None, (1, 13, 41, 80, 127)),
        ("dx7-keybed", None, (16, 39, 62, 86, 109)),
        ("linear", (40, 100), (40, 55, 70, 85, 100)),
        ("hard", (64, 64), (64, 64, 64, 64, 64)),
        (100, None, (100, 100, 100, 100, 100)),
    ],
)
def test_what_is_played(curve, limits, played):
    table = velocity_curve(curve, limits)
    assert tuple(table[sent] for sent in (1, 32, 64, 96, 127)) == played


@given(curve=st.sampled_from(CURVES), limits=st.tuples(st.integers(1, 127), st.integers(1, 127)).map(sorted))
def test_louder_is_never_softer_and_never_silent(curve, limits):
    table = velocity_curve(curve, tuple(limits))
    assert len(table) == 128
    assert table[0] == 0
    assert list(table[1:]) == sorted(table[1:])
    assert (table[1], table[127]) == tuple(limits)


def test_linear_is_what_it_was():
    assert velocity_curve() == LINEAR


def test_a_zone_has_its_own_curve_and_the_others_the_usual_one():
    zones = [
        read_zone({"channel": 1}),
        read_zone({"channel": 2, "curve": 50}),
        read_zone({"channel": 3, "curve": "linear"}),
    ]
    through = Routing(Router(zones, "dx7-keybed").table("any"))
    assert [through.route(bytes((0x90 | channel, 60, 127)))[0][2] for channel in range(3)] == [109, 50, 127]
    assert Routing(Router(curve=99).table("any")).route(b"\x90\x3c\x01") == [b"\x90\x3c\x63"]
