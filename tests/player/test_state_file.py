# SPDX-License-Identifier: Apache-2.0
"""The file that remembers: a session goes on where it stopped, and nothing in the file can harm one."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from waiting import wait_for, wait_until

from synth import Patch, Session, SixopError, factory_bank
from synth.live.keeper import SAVE_SECONDS
from synth.live.statefile import FORMAT, StateFile

BANK = factory_bank()


def edited(session):
    """Everything that is remembered is changed."""
    session.select(7)
    session.select(9, 2)
    session.load(Patch("RECEIVED"), 3)
    session.midi(b"\xf0\x43\x10\x00\x00\x05\xf7")  # operator 6, rate 1 of part 1
    session.set_volume(-3.0)
    session.set_part_volume(-6.0, 2)
    session.set_pan(-0.5, 2)
    session.set_function("bend_range", 7, 4)
    session.midi(bytes.fromhex("f07f7f0802000 13c 3c4000f7".replace(" ", "")))  # key 60 sounds 60.5
    session.remember("octave", 5)


def standing(session):
    """What there is to be seen of it."""
    voices = [session.voice(channel) for channel in (1, 2, 3, 4)]
    functions = [session.function("bend_range", channel) for channel in (3, 4)]
    return voices, session.patch(1), session.volume_db, functions, session.remembered("octave", 3), session.bank_name


def sound(session):
    for channel in (1, 2, 3, 4):
        session.midi(bytes((0xDF + channel, 0, 127)))
        session.note_on(60, 100, channel)
    return session.render(9600)


def test_a_session_goes_on_where_it_stopped(tmp_path):
    state = tmp_path / "state.json"
    with Session(BANK, "mine", offline=True, state=state) as session:
        edited(session)
        before = standing(session)
    assert before[0][2] == {"number": 7, "name": "RECEIVED", "edited": True}
    kept = json.loads(state.read_bytes())["fields"]
    assert list(kept["retuned"].values()) == [{"60": pytest.approx(269.29, abs=0.01)}] * 16
    sounds = []
    for _ in range(2):
        with Session(offline=True, state=state) as session:
            assert standing(session) == before
            assert session.bank == list(BANK)
            sounds.append(sound(session))
        assert json.loads(state.read_bytes())["fields"] == kept
    assert (sounds[0] == sounds[1]).all()
    with Session(BANK, offline=True) as session:
        assert (sound(session) != sounds[0]).any()


def test_what_is_said_now_goes_before_what_is_remembered(tmp_path):
    with Session(BANK, offline=True, state=tmp_path / "state.json") as session:
        edited(session)
    with Session(list(BANK)[5:9], offline=True, state=tmp_path / "state.json") as session:
        assert session.voice() == {"number": 1, "name": BANK[5].name.rstrip(), "edited": False}
        assert session.volume_db == -3.0
    with Session(BANK, offline=True, state=tmp_path / "state.json", number=4, volume_db=-1.0) as session:
        assert session.voice() == {"number": 4, "name": BANK[3].name.rstrip(), "edited": False}
        assert session.volume_db == -1.0


def test_a_process_that_is_killed_loses_a_second(tmp_path):
    state = tmp_path / "state.json"
    program = f"""
import os, signal, time
from synth import Session
session = Session(state={str(state)!r}, audio="none", midi=["none"])
session.wait_ready()
session.midi(bytes.fromhex("f04310000005f7"))
session.set_volume(-20)
time.sleep({3 * SAVE_SECONDS})
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", program], timeout=60, check=False)
    with Session(offline=True, state=state) as session:
        assert session.voice()["edited"]
        assert session.volume_db == -20.0


def test_a_player_that_is_replaced_loses_nothing_from_the_file(tmp_path):
    with Session(BANK, state=tmp_path / "state.json", audio="none", midi=["none"]) as session:
        session.wait_ready()
        session.load(Patch("PRECIOUS"), 2)
        wait_until(lambda: session.voice(2)["edited"])
        os.kill(session.player_pid, 9)
        wait_for(session, "back")
    with Session(offline=True, state=tmp_path / "state.json") as session:
        assert session.voice(2) == {"number": 1, "name": "PRECIOUS", "edited": True}


def good():
    return {"sixop": FORMAT, "configured": {}, "fields": {"voices": [Patch("KEPT").to_sysex().hex()], "number": 1}}


def spoiled(**fields):
    document = good()
    document["fields"].update(fields)
    return json.dumps(document)


WRONG = {
    "nothing": "",
    "half of it": spoiled()[:100],
    "a newer one": json.dumps({**good(), "sixop": FORMAT + 1}),
    "no voices": json.dumps({**good(), "fields": {}}),
    "voices that are none": spoiled(voices=["00"]),
    "a number for a voice": spoiled(voices=[7]),
    "a voice number of 0": spoiled(number=0),
    "a part 17": spoiled(numbers={"16": 1}),
    "a part in words": spoiled(sounds={"one": "00"}),
    "a volume in words": spoiled(volume_db="loud"),
    "a volume without end": spoiled(volume_db=float("nan")),
    "a pan beyond the edge": spoiled(pans={"0": 3}),
    "a function of nobody": spoiled(functions={"0": {"wobble": 3}}),
    "functions without parts": spoiled(functions=[1]),
    "a key 200": spoiled(retuned={"0": {"200": 440.0}}),
    "a name that rings a bell": spoiled(bank_name="\a"),
    "a deep nest": '{"sixop":' + "[" * 100_000,
}


@pytest.mark.parametrize("what", WRONG)
def test_what_makes_no_sense_is_told_once_and_put_aside(what, tmp_path):
    state = tmp_path / "state.json"
    wrong = WRONG[what].encode() if isinstance(WRONG[what], str) else WRONG[what]
    state.write_bytes(wrong)
    with Session(BANK, offline=True, state=state) as session:
        (warning,) = (event["text"] for event in session.events() if event["event"] == "warning")
        assert session.voice()["number"] == 1
    assert str(state) in warning
    assert "state.json.bad" in warning
    assert "\n" not in warning
    assert (tmp_path / "state.json.bad").read_bytes() == wrong
    assert json.loads(state.read_bytes())["sixop"] == FORMAT, "and from here on it remembers"
    state.write_bytes(wrong)
    with Session(BANK, offline=True, state=state):
        pass
    assert len(list(tmp_path.glob("state.json*bad*"))) == 2, "the first one is not written over"


@pytest.mark.parametrize("other", [b"\xff\xfe\x00\x01", b"[]", b'{"volume": 3}', b"[[midi.zones]]\npart = 2\n"])
def test_a_file_that_is_something_else_is_left_alone(other, tmp_path):
    file = tmp_path / "mine"
    file.write_bytes(other)
    with pytest.raises(SixopError, match="mine is not what a session remembers; name another file"):
        Session(BANK, offline=True, state=file)
    assert file.read_bytes() == other
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == ["mine"]


def test_fields_of_a_later_sixop_are_passed_over(tmp_path):
    (tmp_path / "state.json").write_text(spoiled(colour="blue"))
    with Session(offline=True, state=tmp_path / "state.json") as session:
        assert session.voice()["name"] == "KEPT"


def test_a_file_is_of_one_session_at_a_time(tmp_path):
    with Session(BANK, offline=True, state=tmp_path / "state.json"):
        with pytest.raises(SixopError, match="another session"):
            Session(BANK, offline=True, state=tmp_path / "state.json")
        with Session(BANK, offline=True, state=tmp_path / "other.json"):
            pass
    Session(BANK, offline=True, state=tmp_path / "state.json").close()
    with pytest.raises(ValueError, match="kernel"):
        Session(BANK, offline=True, state=tmp_path / "state.json", kernel="analog")
    Session(BANK, offline=True, state=tmp_path / "state.json").close()


def test_a_disk_that_cannot_be_written_stops_no_music(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SixopError, match="cannot remember"):
        Session(BANK, offline=True, state=tmp_path / "file" / "state.json")
    (tmp_path / "folder").mkdir()
    session = Session(BANK, offline=True, state=tmp_path / "folder" / "state.json")
    list(session.events())
    for left in (tmp_path / "folder").iterdir():
        left.unlink()
    (tmp_path / "folder").rmdir()
    session.select(3)
    session.close()
    (warning,) = (event["text"] for event in session.events() if event["event"] == "warning")
    assert "cannot remember" in warning


def test_players_at_one_time_have_files_of_their_own(sixop_home):
    first, second = StateFile.of_player(), StateFile.of_player()
    assert [file.path.name for file in (first, second)] == ["play.json", "play-2.json"]
    first.release()
    third = StateFile.of_player()
    assert third.path == first.path == sixop_home / "state" / "play.json"
    for file in (second, third):
        file.release()


def test_a_folder_or_a_device_is_refused_and_stays_where_it_is(tmp_path):
    folder, pipe = tmp_path / "folder", tmp_path / "pipe"
    folder.mkdir()
    (folder / "kept").touch()
    os.mkfifo(pipe)
    for path, reason in ((folder, "it is a folder; name a file in it"), (pipe, "it is no ordinary file")):
        with pytest.raises(SixopError, match=reason):
            Session(BANK, offline=True, state=path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "pipe"]
    assert (folder / "kept").exists()
