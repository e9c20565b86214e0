# SPDX-License-Identifier: Apache-2.0
"""`sixop play` starts where it stopped, unless an option or news in the settings say otherwise."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import mido
import pytest

from synth import Session, factory_bank
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


def start(*arguments):
    """What a player begins with: events up to `ready`, by kind, and what it leaves in the file."""
    command = [sys.executable, "-m", "sixop", "play", *SILENT, "--seconds", "0.1", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    voices = {event["channel"]: event for event in events if event["event"] == "voice"}
    functions = {event["name"]: event["value"] for event in events if event["event"] == "function"}
    return voices, functions, done.stderr


def remembered(path):
    return json.loads(path.read_text())["fields"]


def said_as_now(path):
    """The state, as a player with the settings of the moment would have left it."""
    document = json.loads(path.read_text())
    start()
    document["configured"] = json.loads(path.read_text())["configured"]
    path.write_text(json.dumps(document))


def test_it_starts_where_it_stopped_and_says_what_was_edited(before):
    said_as_now(before)
    for _ in range(2):
        voices, functions, errors = start()
        assert (voices[None]["number"], voices[2]["number"]) == (7, 9)
        assert voices[2]["edited"]
        assert not voices[None]["edited"]
        assert functions["bend_range"] == 7
        assert remembered(before)["volume_db"] == -3.0
        assert errors == ""


def test_options_go_before_what_is_remembered(before, tmp_path):
    said_as_now(before)
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
    said_as_now(before)
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
    said_as_now(before)
    voices, _, _ = start()
    assert voices[None]["number"] == 6, "voice 4 is no news any more"


def test_voices_of_zones_are_news_once(before, own):
    said_as_now(before)
    own.write_text("[[midi.zones]]\npart = 2\nvoice = 12\n[[midi.zones]]\npart = 1\n")
    voices, _, _ = start()
    assert (voices[None]["number"], voices[2]["number"], voices[2]["edited"]) == (7, 12, False)
    with Session(offline=True, state=before) as session:
        session.select(6)
    said_as_now(before)
    voices, _, _ = start()
    assert {channel: voice["number"] for channel, voice in voices.items()}[2] == 6


def test_fresh_starts_anew_and_puts_by_what_was(before):
    said_as_now(before)
    kept = before.read_text()
    voices, _, _ = start("--fresh")
    assert list(voices) == [None]
    assert voices[None]["number"] == 1
    assert before.with_name("play.json.before").read_text() == kept
    assert remembered(before)["number"] == 1
    assert start()[0][None]["number"] == 1


def test_who_wants_nothing_remembered_has_nothing_read_or_written(before, own):
    said_as_now(before)
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
    command = [sys.executable, "-m", "sixop", "play", "--json", "--audio", "none", "--voice", "2"]
    demo = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True, stdin=subprocess.DEVNULL)
    assert '"number": 2' in demo.stdout
    assert before.read_text() == kept


def test_a_damaged_file_is_one_sentence_and_a_fresh_start(before):
    before.write_text("{")
    command = [sys.executable, "-m", "sixop", "play", *SILENT[:-1], "--seconds", "0.1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert "voice   1 SILVERTINE\n" in done.stdout
    (sentence,) = done.stderr.splitlines()
    assert sentence.endswith("it is damaged; it is play.json.bad now, and this evening starts anew")
    assert remembered(before)["number"] == 1


def test_two_players_at_once_leave_each_others_evening_alone(before):
    said_as_now(before)
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
