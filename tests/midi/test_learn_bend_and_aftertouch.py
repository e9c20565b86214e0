# SPDX-License-Identifier: Apache-2.0
"""Bend and aftertouch learn like controllers, and are themselves again when they forget."""

from __future__ import annotations

import pytest
from waiting import wait_for

from synth import Engine
from synth.midi.control_targets import AFTERTOUCH_SOURCE, BEND_SOURCE
from synth.midi.learned import Learning, learned_file, load_learned, save_learned
from synth.midi.router import Router
from synth.midi.routing import Command, Routing
from synth.midi.zones import read_zones
from synth.patch import Patch
from synth.player.instrument import Instrument
from synth.session import Session


def routing(learned, *zones):
    return Routing(Router(read_zones(zones)[0], learned=learned).table("any"))


def sent(through, bytes_in):
    out = [out for text in bytes_in.split() for out in through.route(bytes.fromhex(text))]
    return " ".join(f"{out.name}:{out.part}:{out.value}" if isinstance(out, Command) else out.hex() for out in out)


PRESSURE, BEND = {AFTERTOUCH_SOURCE: "breath"}, {BEND_SOURCE: "foot"}


@pytest.mark.parametrize(
    ("learned", "zones", "bytes_in", "out"),
    [
        (PRESSURE, (), "d033 d37f d300", "b00233 b3027f b30200"),
        (PRESSURE, (), "a03c33 e00050", "a03c33 e00050"),  # of single keys, and the bend, stay what they are
        # Of a bend it is how far it is from its centre, either way.
        (BEND, (), "e00040 e00060 e07f7f e00000 e00020", "b00400 b00440 b0047f b0047f b00440"),
        ({AFTERTOUCH_SOURCE: "bend_range"}, (), "d07f d000", "bend_range:0:12 bend_range:0:0"),
        # Commands, once each time half way is passed.
        ({BEND_SOURCE: "next_voice"}, (), "e00050 e00060 e0007f e00040 e00000",
         "next_voice:None:None next_voice:None:None"),
        ({AFTERTOUCH_SOURCE: "none", BEND_SOURCE: "none"}, (), "d07f e0007f", ""),
        # With zones: all their parts; what is learned goes before what a zone says.
        (PRESSURE, ({"part": 1}, {"part": 2}), "d033", "b00233 b10233"),
        ({}, ({"part": 1, "controllers": {"aftertouch": "foot"}}, {"part": 2}), "d033", "b00433 d133"),
        ({}, ({"controllers": {"bend": {"to": 11, "values": [127, 0]}}},), "e00040 e0007f", "b00b7f b00b01"),
        (PRESSURE, ({"controllers": {"aftertouch": "foot"}},), "d033", "b00233"),
    ],
)  # fmt: skip
def test_bytes_in_and_out(learned, zones, bytes_in, out):
    assert sent(routing(learned, *zones), bytes_in) == out


def test_a_pedal_made_of_pressure_is_let_go():
    through = routing({AFTERTOUCH_SOURCE: "sustain"})
    assert sent(through, "d07f") == "b0407f"
    assert through.lets_go(b"\xd0\x10")
    assert through.release() == [b"\xb0\x40\x00"]


def test_what_they_moved_comes_to_rest_when_they_learn_and_when_they_forget():
    through = routing({})
    sent(through, "e0007f d040")
    assert through.use(Router(learned=PRESSURE | BEND).table("any")) == [b"\xe0\x00\x40", b"\xd0\x00"]
    sent(through, "e0007f d040")
    assert through.use(Router().table("any")) == [b"\xb0\x04\x00", b"\xb0\x02\x00"]


@pytest.mark.parametrize(
    ("message", "taken"),
    [("d03f", None), ("d040", AFTERTOUCH_SOURCE), ("e00050", None), ("e00060", BEND_SOURCE), ("e00000", BEND_SOURCE),
     ("d080", None), ("e000", None), ("a03c7f", None), ("c07f", None)],
)  # fmt: skip
def test_they_are_taken_past_half_their_way(message, taken):
    learning = Learning()
    learning.target = "breath"
    assert learning.takes(bytes.fromhex(message)) == (taken is not None)
    assert list(learning.moved) == ([] if taken is None else [(taken, "breath")])


def test_the_bends_and_pressures_of_mpe_notes_are_never_taken():
    engine = Engine(8000)
    instrument = Instrument(engine.producer(), [Patch.init_voice()], "", lambda event: None)
    through = Routing(Router(mpe="lower").table("any"))
    instrument.learning.target = "breath"
    for message in ("e1007f", "d17f", "b14a7f"):
        instrument.play(bytes.fromhex(message), through)
    assert instrument.learning.target == "breath"
    instrument.play(b"\xd0\x7f", through)
    assert list(instrument.learning.moved) == [(AFTERTOUCH_SOURCE, "breath")]


def test_the_file_knows_them_by_name(tmp_path):
    file = tmp_path / "learned.toml"
    save_learned(file, PRESSURE | BEND | {7: "none"})
    assert file.read_text().endswith('[controllers]\n7 = "none"\naftertouch = "breath"\nbend = "foot"\n')
    assert load_learned(file) == ({7: "none"} | PRESSURE | BEND, [])
    save_learned(file, {BEND_SOURCE: None})
    assert load_learned(file) == ({7: "none"} | PRESSURE, [])


def test_a_session_learns_saves_at_once_and_forgets():
    with Session([Patch.init_voice()], audio="none", midi=["none"]) as session:
        session.wait_ready()
        session.learn("breath")
        assert wait_for(session, "learned")["waiting"] == "breath"
        session.midi(b"\xd0\x7f")
        assert wait_for(session, "learned")["controller"] == "aftertouch"
        assert session.learned == {"aftertouch": "breath"}
        assert load_learned(learned_file())[0] == PRESSURE
        session.forget("aftertouch")
        wait_for(session, "learned")
        assert session.learned == {}
        assert load_learned(learned_file())[0] == {}
        with pytest.raises(ValueError, match="controller must be"):
            session.forget("aftertouhc")
