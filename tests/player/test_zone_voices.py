# SPDX-License-Identifier: Apache-2.0
"""With zones each part has a voice: what they start with, and what arrows, pedals and program changes choose."""

from __future__ import annotations

import pytest

from synth import Engine, Patch
from synth.midi.router import Router
from synth.midi.routing import Routing
from synth.midi.zones import read_zones
from synth.player.instrument import Instrument
from synth.session import Session

VOICES = [Patch.init_voice() for _ in range(5)]
for number, voice in enumerate(VOICES, 1):
    voice.name = f"VOICE {number}"


class Stage:
    def __init__(self, *tables):
        self.engine = Engine(sample_rate=8000)
        self.events = []
        self.instrument = Instrument(self.engine.producer(), VOICES, "test", self.events.append)
        router = Router(read_zones(tables)[0])
        self.instrument.lead = router.lead
        self.routing = Routing(router.table("any"))

    def play(self, *messages):
        for message in messages:
            self.instrument.play(bytes.fromhex(message), self.routing)

    def chosen(self):
        return [(event["channel"], event["number"]) for event in self.events if event["event"] == "voice"]


BASS, PIANO = {"high": "B2", "part": 2, "voice": 5}, {"low": "C3", "part": 1}


def test_arrows_choose_for_the_part_whose_zone_names_no_voice():
    stage = Stage(BASS, PIANO)
    stage.instrument.step(1)
    stage.instrument.step(-2)
    assert stage.chosen() == [(1, 2), (1, 5)]


@pytest.mark.parametrize("tables", [[], [{"curve": "soft"}], [{"port": "key", "transpose": 12}]])
def test_arrows_choose_for_all_parts_where_no_zone_names_one(tables):
    stage = Stage(*tables)
    stage.instrument.step(1)
    assert stage.chosen() == [(None, 2)]


def test_a_program_change_chooses_for_that_part_too():
    stage = Stage(BASS, PIANO)
    stage.play("c503")
    assert stage.chosen() == [(1, 4)]


def test_a_pedal_steps_through_the_voices_of_its_zones_part():
    stage = Stage({**BASS, "controllers": {67: "next_voice", 66: "previous_voice"}}, PIANO)
    stage.play("b0437f", "b04300", "b0437f", "b0427f")
    assert stage.chosen() == [(2, 2), (2, 3), (2, 2)]


def test_a_knob_moves_a_function_parameter():
    usual, knob = Stage({"part": 3}), Stage({"part": 3, "controllers": {20: "bend_range"}})
    sounds = []
    for stage in (usual, knob):
        stage.play("b0147f", "e0007f", "903c64")
        sounds.append(stage.engine.render(2000))
    assert sounds[0].any()
    assert (sounds[0] != sounds[1]).any()


def test_panic_by_pedal_is_silence():
    stage = Stage({"controllers": {20: "panic"}})
    stage.play("903c64", "923c64")
    stage.engine.render(64)
    assert stage.engine.stats().keys_held == 2
    stage.play("b0147f")
    stage.engine.render(64)
    assert stage.engine.stats().keys_held == 0


def test_parts_start_with_the_voices_of_their_zones():
    zones = [{**BASS, "voice": "voice 4"}, PIANO, {"part": 3, "voice": "NOBODY"}]
    places = ["own.toml, line 1", "own.toml, line 5", "own.toml, line 7"]
    with Session(VOICES, number=2, zones=zones, zone_places=places, audio="none", midi=["none"]) as session:
        events = session.wait_ready()
    voices = [(event["channel"], event["number"]) for event in events if event["event"] == "voice"]
    assert voices == [(None, 2), (2, 4)]
    (warning,) = (event["text"] for event in events if event["event"] == "warning")
    assert warning.startswith("own.toml, line 7: the zone of part 3: no voice is called 'NOBODY'")


def test_zones_change_while_playing():
    with Session(VOICES, audio="none", midi=["none"]) as session:
        session.wait_ready()
        session.set_zones([BASS, PIANO], curve="hard")
        session.step(1)
        while (event := session.next_event(20))["event"] != "voice":
            pass
        assert (event["channel"], event["number"]) == (1, 2)
        session.set_zones([])
        session.step(1)
        while (event := session.next_event(20))["event"] != "voice":
            pass
        assert (event["channel"], event["number"]) == (None, 3)
