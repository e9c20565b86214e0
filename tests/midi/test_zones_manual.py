# SPDX-License-Identifier: Apache-2.0
"""What the README and the shipped settings show of zones is right, and does what they say."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("page", EXAMPLES)
def test_a_split_and_a_layer(page):
    zones, wrong = read_zones(tomllib.loads(EXAMPLES[page])["midi"]["zones"])
    assert not wrong
    voices = list(factory_bank())
    assert all(find_voice(zone.voice, voices) for zone in zones if zone.voice)
    router = Router(zones)

    def played(port, note):
        return [(out[0] & 0x0F, out[1]) for out in Routing(router.table(port)).route(bytes((0x90, note, 100)))]

    assert played("any", 59) == [(1, 59)]
    assert played("any", 60) == [(0, 60)]
    assert played("KeyLab 61", 60) == [(2, 60), (3, 48)]


def test_the_table_of_curves_is_what_is_played():
    header, *rows = re.findall(r"^\| ?([\w-]*) ?\|((?: \d+ \|){9})$", README, re.MULTILINE)
    velocities = [int(number) for number in re.findall(r"\d+", header[1])]
    assert [name for name, _ in rows] == ["soft", "hard", "dx7-keybed"]
    for name, cells in rows:
        curve = velocity_curve(name)
        assert [int(number) for number in re.findall(r"\d+", cells)] == [curve[sent] for sent in velocities]
