# SPDX-License-Identifier: Apache-2.0
"""Splits and layers: which keys play which part. What README and the shipped settings show of them is right."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hearing import played

from synth import factory_bank
from synth.matching import find_voice
from synth.midi.curves import velocity_curve
from synth.midi.router import Router
from synth.midi.routing import Routing
from synth.midi.zones import read_zones

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHIPPED = (ROOT / "configs" / "default.toml").read_text(encoding="utf-8")

EXAMPLES = {
    "README": next(block for block in re.findall(r"```toml\n(.*?)```", README, re.DOTALL) if "midi.zones" in block),
    "default.toml": re.sub(
        r"^# *", "", SHIPPED[SHIPPED.index("#   [[midi.zones]]") :].partition("\nzones =")[0], flags=re.M
    ),
}


SPLIT = [{"high": "B2", "part": 2}, {"low": "C3", "part": 1}]
LAYER = [{"part": 1}, {"part": 2, "transpose": 12}]


@pytest.mark.parametrize(
    ("zones", "bytes_in", "notes_out"),
    [
        # Without zones a channel plays the part of its number.
        ([], "90 3C 64  95 40 64", "C3 | 6: E3"),
        # A split: below C3 one part, from C3 on another.
        (SPLIT, "90 3B 64", "2: B2"),
        (SPLIT, "90 3C 64", "C3"),
        (SPLIT, "90 3B 64 3C 64  80 3B 40", "C3"),
        # A layer: one key, two parts; both end with the key.
        (LAYER, "90 3C 64", "C3 | 2: C4"),
        (LAYER, "90 3C 64  80 3C 40", ""),
        (LAYER, "90 3C 64 48 64  80 3C 40", "C4 | 2: C5"),
        # Splits that overlap are a layer in the middle.
        ([{"high": "E3", "part": 2}, {"low": "C3", "part": 1}], "90 3B 64 3C 64 43 64", "C3 G3 | 2: B2 C3"),
        # Transposed beyond the keyboard's end a key is silent.
        ([{"transpose": 24}], "90 3C 64 78 64", "C5"),
        # Channels of one keyboard may play what they like.
        ([{"channel": 1, "part": 3}, {"channel": 2, "part": 4}], "90 3C 64  91 40 64  92 43 64", "3: C3 | 4: E3"),
        # Keys outside all zones are silent.
        ([{"low": "C3", "high": "C4"}], "90 3B 64 3C 64 48 64 49 64", "C3 C4"),
        # Program changes are for the first zone that names no voice.
        ([*LAYER], "C0 01  90 3C 64", "C4 | 2: C4"),
    ],
)
def test_which_keys_play_which_part(zones, bytes_in, notes_out):
    assert played(bytes_in, zones=zones) == notes_out


@pytest.mark.parametrize("page", EXAMPLES)
def test_a_split_and_a_layer(page):
    zones, wrong = read_zones(tomllib.loads(EXAMPLES[page])["midi"]["zones"])
    assert not wrong
    voices = list(factory_bank())
    assert all(find_voice(zone.voice, voices) for zone in zones if zone.voice)
    router = Router(zones)

    def routed(port, note):
        return [(out[0] & 0x0F, out[1]) for out in Routing(router.table(port)).route(bytes((0x90, note, 100)))]

    assert routed("any", 59) == [(1, 59)]
    assert routed("any", 60) == [(0, 60)]
    assert routed("KeyLab 61", 60) == [(2, 60), (3, 48)]


def test_the_table_of_curves_is_what_is_played():
    header, *rows = re.findall(r"^\| ?([\w-]*) ?\|((?: \d+ \|){9})$", README, re.MULTILINE)
    velocities = [int(number) for number in re.findall(r"\d+", header[1])]
    assert [name for name, _ in rows] == ["soft", "hard", "dx7-keybed"]
    for name, cells in rows:
        curve = velocity_curve(name)
        assert [int(number) for number in re.findall(r"\d+", cells)] == [curve[sent] for sent in velocities]
