# SPDX-License-Identifier: Apache-2.0
"""Learning controllers: the next one that moves is taken, remembered, shown and forgotten."""

from __future__ import annotations

import time
import tomllib

import pytest

from synth import Engine
from synth.errors import SixopError
from synth.midi.control_targets import RESERVED
from synth.midi.learned import Learning, learned_file, load_learned, save_learned
from synth.midi.router import Router
from synth.midi.routing import Routing
from synth.midi.zones import read_zones
from synth.patch import Patch
from synth.player.instrument import Instrument
from synth.session import Session

PATIENCE = 20.0


def routing(learned, *zones):
    return Routing(Router(read_zones(zones)[0], learned=learned).table("any"))


def test_the_next_controller_that_moves_is_taken_and_no_other():
    learning = Learning()
    assert not learning.takes(b"\xb0\x15\x40")
    learning.target = "breath"
    for message in (b"\x90\x3c\x40", b"\xe0\x00\x40", b"\xd0\x20", b"\xf8", b"", b"\xb0\xc8\x01", b"\xb0\x15\x80"):
        assert not learning.takes(message)
    assert learning.takes(b"\xb4\x15\x40")
    assert not learning.takes(b"\xb4\x16\x40")
    assert list(learning.moved) == [(21, "breath")]


@pytest.mark.parametrize("number", sorted(RESERVED))
def test_reserved_controllers_are_never_taken(number):
    learning = Learning()
    learning.target = "breath"
    assert not learning.takes(bytes((0xB0, number, 127)))
    assert learning.target == "breath"


def test_the_reserved_are_those_that_midi_and_every_player_need():
    assert {64, *range(120, 128)} < RESERVED
    assert not {1, 2, 4, 7, 11, 65, 66, 67} & RESERVED


def test_what_is_learned_goes_before_zones():
    through = routing({74: "volume", 20: "next_voice"}, {"part": 2, "controllers": {74: "breath", 75: "foot"}})
    out = [through.route(bytes.fromhex(text)) for text in ("b04a40", "b04b40", "b01440")]
    assert [[message.hex() for message in messages] for messages in out[:2]] == [["b10740"], ["b10440"]]
    assert [(command.name, command.part) for command in out[2]] == [("next_voice", None)]


def test_the_file_remembers(tmp_path):
    file = tmp_path / "new" / "learned.toml"
    assert load_learned(file) == ({}, [])
    save_learned(file, {21: "breath", 7: "none"})
    assert load_learned(file) == ({7: "none", 21: "breath"}, [])


@pytest.mark.parametrize(
    ("content", "learned", "problem"),
    [
        (
            '[controllers]\n21 = "breath"\n22 = "brath"\n',
            {21: "breath"},
            ", line 3: left out: '22' cannot be 'brath'; did you mean 'breath'?",
        ),
        ('[controllers]\n64 = "breath"\n', {}, ", line 2: left out: '64' is no controller that can learn"),
        ("[controllers]\n21 = 2.5\n", {}, ", line 2: left out: '21' must be the name or number of a controller"),
        ('[controllers]\r\n1 = "foot"\r\n120 = "foot"\r\n', {1: "foot"}, ", line 3: left out: '120'"),
        (
            "controllers = 3\n",
            {},
            ": it makes no sense: controllers must be a table, [controllers]; nothing is learned",
        ),
        (f"controllers.{'a.' * 2000}a = 1\n", {}, ": it makes no sense"),
        ("[controllers\n", {}, ": it makes no sense: "),
        ("\xff" * 4, {}, ": it makes no sense"),
        ("#" * 70000, {}, ": it makes no sense: it is too large"),
    ],
)
def test_a_damaged_file_is_one_sentence_and_the_rest_counts(tmp_path, content, learned, problem):
    file = tmp_path / "learned.toml"
    file.write_bytes(content.encode("latin-1"))
    found, (said,) = load_learned(file)
    assert found == learned
    assert said.startswith(f"{file}{problem}")
    assert "\n" not in said


@pytest.mark.parametrize("content", ["[controllers\n", "controllers = 3\n", "[controllers]\n22 = 2.5\n", "#" * 70000])
def test_what_is_learned_never_destroys_a_damaged_file(tmp_path, content):
    file = tmp_path / "learned.toml"
    file.write_text(content)
    (told,) = save_learned(file, {21: "breath"})
    assert "learned.toml.bad" in told
    assert (tmp_path / "learned.toml.bad").read_text() == content
    assert save_learned(file, {22: "foot"}) == []
    assert load_learned(file) == ({21: "breath", 22: "foot"}, [])


def test_what_cannot_be_read_is_not_moved_away(tmp_path):
    file = tmp_path / "learned.toml"
    file.mkdir()
    found, (said,) = load_learned(file)
    assert found == {}
    assert said == f"{file}: it cannot be read: Is a directory; nothing is learned"
    with pytest.raises(SixopError, match="Is a directory; what was learned ends with this run"):
        save_learned(file, {21: "breath"})
    assert [each.name for each in tmp_path.iterdir()] == ["learned.toml"]


def test_what_others_wrote_meanwhile_and_what_a_newer_sixop_knows_stays(tmp_path):
    file = tmp_path / "learned.toml"
    file.write_text('[controllers]\n21 = "warp"\n"a b" = "foot"\n022 = 4\n5 = "wheel"\n')
    assert save_learned(file, {23: "foot", 5: None}) == []
    assert tomllib.loads(file.read_text()) == {"controllers": {"21": "warp", "022": 4, "23": "foot", "a b": "foot"}}
    assert save_learned(file, {22: None}) == []
    assert tomllib.loads(file.read_text()) == {"controllers": {"21": "warp", "23": "foot", "a b": "foot"}}
    assert save_learned(file, {}, anew=True) == []
    assert load_learned(file) == ({}, [])


class Stage:
    def __init__(self, target):
        self.told = []
        self.engine = Engine(sample_rate=8000)
        self.instrument = Instrument(self.engine.producer(), [Patch.init_voice()] * 9, "test", self.told.append)
        self.instrument.learning.target = target
        self.port = Routing()

    def move(self, number, *values):
        for value in values:
            self.instrument.play(bytes((0xB0, number, value)), self.port)

    def learned(self):
        moved = self.instrument.learning.moved
        while moved:
            number, target = moved.popleft()
            self.port.use(Router(learned={number: target}).table("any"))

    def voices(self):
        return [event["number"] for event in self.told if event["event"] == "voice"]


@pytest.mark.parametrize("up", [0, 63])
def test_a_held_pedal_that_goes_up_is_heard_and_not_taken(up):
    stage = Stage(None)
    stage.move(66, 127)
    stage.instrument.learning.target = "next_voice"
    stage.move(66, up)
    assert not stage.instrument.learning.moved
    assert stage.port.release() == []
    stage.move(66, 127)
    assert list(stage.instrument.learning.moved) == [(66, "next_voice")]


@pytest.mark.parametrize(
    ("taken", "then", "voices"),
    [
        (60, [62, 64, 90, 127], []),
        (60, [62, 127, 100, 63, 70], [2]),
        (127, [0, 127, 0, 127], [2, 3]),
        (127, [127, 0, 127], [2]),
    ],
)
def test_what_has_learned_a_command_gives_it_when_it_rises_anew(taken, then, voices):
    stage = Stage("next_voice")
    stage.move(20, taken)
    stage.learned()
    stage.move(20, *then)
    assert stage.voices() == voices


# ---- in a player ----------------------------------------------------------------------


@pytest.fixture
def session():
    with Session([Patch.init_voice()] * 3, audio="none", midi=["none"]) as session:
        session.wait_ready()
        yield session


def event(session, kind, **fields):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = session.next_event(0.1)
        if found and found["event"] == kind and all(found[name] == value for name, value in fields.items()):
            return found
    raise AssertionError(f"no event {kind} {fields} came")


def test_a_session_learns_saves_at_once_and_forgets(session):
    session.learn("next voice")
    event(session, "learned", waiting="next voice")
    session.midi(b"\xb0\x40\x7f")  # sustain, which is not taken
    session.midi(b"\xb0\x15\x7f")
    event(session, "learned", controller=21, target="next voice", waiting=None)
    assert session.learned == {21: "next voice"}
    assert load_learned(learned_file())[0] == {21: "next voice"}
    with Session([Patch.init_voice()], audio="none", midi=["none"]) as later:
        later.wait_ready()
        assert later.learned == {21: "next voice"}
    session.learn("itself")
    session.midi(b"\xb0\x15\x7f")
    event(session, "learned", controller=21, target="itself")
    assert session.learned == {}
    assert load_learned(learned_file())[0] == {}


def test_a_session_forgets_one_or_all(session):
    save_learned(learned_file(), {20: "breath", 21: "foot", 22: "wheel"})
    with Session([Patch.init_voice()], audio="none", midi=["none"]) as other:
        other.wait_ready()
        other.forget(21)
        event(other, "learned", controllers={"20": "breath", "22": "wheel"})
        other.forget()
        event(other, "learned", controllers={})
    assert load_learned(learned_file())[0] == {}


def test_what_cannot_be_learned_names_itself(session):
    with pytest.raises(ValueError, match="did you mean 'breath'"):
        session.learn("brath")
    with pytest.raises(ValueError, match="controller of 0 to 119"):
        session.learn(120)
    with pytest.raises(ValueError, match="controller must be 0 to 119"):
        session.forget(120)
    with pytest.raises(ValueError, match=r"zones\[1\]: low lies above high"):
        session.set_zones([{}, {"low": 9, "high": 8}])
    with pytest.raises(ValueError, match="curve must be linear"):
        session.set_zones([], "sof")
