# SPDX-License-Identifier: Apache-2.0
"""`sixop play` starts where it stopped, unless an option or news in the settings say otherwise."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import Any, ClassVar

import mido
import pytest

from synth import Session, factory_bank
from synth.cli.main import run
from synth.live.statefile import StateFile

BANK = factory_bank()
SILENT = ("--audio", "none", "--midi", "none", "--face", "none", "--json")


@pytest.fixture
def own(sixop_home):
    """The user's settings."""
    (sixop_home / "config").mkdir()
    return sixop_home / "config" / "config.toml"


@pytest.fixture
def before(sixop_home):
    """An evening that ended with voice 7, an edited sound on channel 2, and other things."""
    StateFile.of_player().release()
    with Session(BANK, "factory", offline=True, state=sixop_home / "state" / "play.json") as session:
        session.select(7)
        session.select(9, 2)
        session.midi(b"\xf0\x43\x11\x00\x00\x05\xf7")
        session.set_volume(-3.0)
        session.set_function("bend_range", 7)
    return sixop_home / "state" / "play.json"


class Listener:
    """A face that takes what waits, and ends."""

    events: ClassVar[list[dict[str, Any]]] = []

    def __init__(self, session, *_keys):
        self.session = session

    def run(self):
        Listener.events[:] = self.session.events()
        self.session.close()
        return 0


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    """`sixop play` as it is, but without device, process and face; processes are tried at the end."""
    monkeypatch.setattr("synth.session.Session", lambda *bank, **choices: Session(*bank, offline=True, **choices))
    monkeypatch.setattr("synth.face.plain.PlainFace", Listener)
    kept = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, kept)


def start(*arguments, silent=SILENT):
    """What a player begins with: voices by channel, functions by name, and warnings."""
    with pytest.raises(SystemExit) as end:
        sys.exit(run(["play", *silent, *arguments]))
    assert end.value.code == 0
    events = Listener.events
    voices = {event["channel"]: event for event in events if event["event"] == "voice"}
    functions = {event["name"]: event["value"] for event in events if event["event"] == "function"}
    return voices, functions, [event["text"] for event in events if event["event"] == "warning"]


def test_a_voice_that_the_settings_give_a_part_later_counts(own, before):
    start()
    own.write_text('[[parts]]\npart = 1\npan = 0.5\n[[parts]]\npart = 3\nvoice = "ROUND BASS"\n')
    for _ in range(2):  # as news, and then as remembered
        assert start()[0][3]["name"] == "ROUND BASS"
    own.write_text("[[parts]]\npart = 3\nvoice = 5\n")
    assert start()[0][3]["number"] == 5


def test_the_line_is_that_of_the_part_whose_voice_is_not_there(own, capsys):
    own.write_text('[[parts]]\npart = 1\npan = 0.5\n[[parts]]\npart = 3\nvoice = "NOWHERE"\n')
    start()
    assert f"{own}, line 4: no voice is called 'NOWHERE'" in capsys.readouterr().err


def remembered(path):
    return json.loads(path.read_text())["fields"]


def test_it_starts_where_it_stopped_and_says_what_was_edited(before):
    for _ in range(2):
        voices, functions, warnings = start()
        assert (voices[None]["number"], voices[2]["number"]) == (7, 9)
        assert voices[2]["edited"]
        assert not voices[None]["edited"]
        assert functions["bend_range"] == 7
        assert remembered(before)["volume_db"] == -3.0
        assert warnings == []


def test_options_go_before_what_is_remembered(before, tmp_path):
    kept = before.read_text()
    voices, functions, _ = start("--voice", "3", "--volume", "-9", "--bend-range", "4")
    assert voices[None]["number"] == 3
    assert 2 not in voices
    assert functions["bend_range"] == 4
    assert remembered(before)["volume_db"] == -9.0
    before.write_text(kept)
    BANK.save(tmp_path / "mine.syx")
    voices, functions, _ = start(str(tmp_path / "mine.syx"))
    assert (voices[None]["number"], list(voices)) == (1, [None])
    assert functions["bend_range"] == 7, "a bank says nothing of that"
    voices, _, _ = start()
    assert remembered(before)["bank_name"] == "mine.syx", "and the next evening goes on with it"


def test_settings_that_have_changed_since_go_before_and_others_do_not(before, own):
    start()
    own.write_text("[play]\nvoice = 4\n[audio]\nframes = 128\n")
    voices, functions, _ = start()
    assert voices[None]["number"] == 4
    assert functions["bend_range"] == 7
    assert remembered(before)["volume_db"] == -3.0
    own.write_text("[play]\nvoice = 4\n[audio]\nvolume_db = -30\n[functions]\nbend_range = 3\n")
    voices, functions, _ = start()
    assert functions["bend_range"] == 3
    assert remembered(before)["volume_db"] == -30.0
    with Session(offline=True, state=before) as session:
        session.select(6)
    voices, _, _ = start()
    assert voices[None]["number"] == 6, "voice 4 is no news any more"


def test_voices_of_zones_are_news_once(before, own):
    start()
    own.write_text("[[midi.zones]]\npart = 2\nvoice = 12\n[[midi.zones]]\npart = 1\n")
    voices, _, _ = start()
    assert (voices[None]["number"], voices[2]["number"], voices[2]["edited"]) == (7, 12, False)
    with Session(offline=True, state=before) as session:
        session.select(6)
    voices, _, _ = start()
    assert {channel: voice["number"] for channel, voice in voices.items()}[2] == 6


def test_fresh_starts_anew_and_puts_by_what_was(before):
    kept = before.read_text()
    voices, _, _ = start("--fresh")
    assert list(voices) == [None]
    assert voices[None]["number"] == 1
    assert before.with_name("play.json.before").read_text() == kept
    assert remembered(before)["number"] == 1
    assert start()[0][None]["number"] == 1


def test_who_wants_nothing_remembered_has_nothing_read_or_written(before, own):
    kept = before.read_text()
    own.write_text("[play]\nresume = false\n")
    assert start()[0][None]["number"] == 1
    assert before.read_text() == kept
    assert not before.with_name("play.json.before").exists()
    voices, _, _ = start("--resume")
    assert voices[None]["number"] == 7


def test_songs_and_the_demo_leave_it_alone(before, tmp_path):
    mido.MidiFile(tracks=[mido.MidiTrack([mido.Message("note_on", note=60)])]).save(tmp_path / "song.mid")
    kept = before.read_text()
    assert start("--midi-file", str(tmp_path / "song.mid"))[0][None]["number"] == 1
    assert start("--voice", "2", silent=("--json", "--audio", "none"))[0][None]["number"] == 2
    assert before.read_text() == kept


def test_a_damaged_file_is_one_sentence_and_a_fresh_start(before):
    before.write_text("{")
    voices, _, (warning,) = start()
    assert voices[None]["number"] == 1
    assert warning.endswith("it is damaged; it is play.json.bad now, and this evening starts anew")
    assert remembered(before)["number"] == 1


def test_two_players_at_once_leave_each_others_evening_alone(before):
    kept = remembered(before)
    command = [sys.executable, "-m", "sixop", "play", *SILENT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        while '"ready"' not in first.stdout.readline():
            pass
        voices, _, _ = start("--voice", "20")
        assert list(voices) == [None], "the other evening's edited sound is not played here"
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=30)
    assert remembered(before) == kept
    assert remembered(before.with_name("play-2.json"))["number"] == 20
