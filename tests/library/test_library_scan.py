# SPDX-License-Identifier: Apache-2.0
"""What a scan makes of folders: every voice with its place, every other file with a reason, and nothing ever lost."""

from __future__ import annotations

import os
import shutil
import socket
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import BANKS, messages, random_bank

from synth import factory_bank, load_voices
from synth.errors import VoiceError
from synth.library import Library, LibraryError
from synth.library.reading import read
from synth.library.walking import Seen


@pytest.fixture
def library(tmp_path: Path):
    with Library.open(tmp_path / "library.db") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two banks, one of them in a folder of its own, and a single voice of the first."""
    top = tmp_path / "voices"
    (top / "more").mkdir(parents=True)
    factory_bank().save(top / "factory.syx")
    random_bank(1).save(top / "more" / "other.syx")
    (top / "single.syx").write_bytes(factory_bank()[4].to_message())
    return top


def old(folder: Path) -> None:
    """Make files so old that their times can be trusted."""
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (1_000_000_000, 1_000_000_000))


def test_every_voice_has_its_place(library, folder):
    done = library.scan([folder])
    assert (done.files, done.read, done.voices, done.sounds) == (3, 3, 65, 64)
    voice = factory_bank()[4]
    sound = library.resolve(voice.name.strip())
    assert library.patch(sound.id) == voice
    assert sound.places == 2
    places = [(Path(slot.path).name, slot.position, slot.bank) for slot in library.slots(sound.id)]
    assert places == [("factory.syx", 5, "factory"), ("single.syx", 1, "single")]
    assert [found.id for found, _ in library.duplicates()] == [sound.id]


def test_a_whole_bank_comes_back_as_it_was(library, folder):
    library.scan([folder])
    slots = library.bank(str(folder / "more" / "other.syx"))
    names = [slot.name for slot in slots]
    assert library.patches([slot.sound for slot in slots], names) == list(random_bank(1))


def test_banks_stand_in_their_files(library, folder):
    (folder / "several.syx").write_bytes(random_bank(1).to_sysex() + random_bank(2).to_sysex() + b"\xf0\x7e\xf7")
    library.scan([folder])
    shelves = [(Path(bank.path).name, bank.number, bank.title, bank.kind, bank.voices) for bank in library.banks()]
    assert shelves == [
        ("factory.syx", 1, "factory", "bank", 32),
        ("other.syx", 1, "other", "bank", 32),
        ("several.syx", 1, "several #1", "bank", 32),
        ("several.syx", 2, "several #2", "bank", 32),
        ("single.syx", 1, "single", "voices", 1),
    ]
    assert [bank.title for bank in library.banks(str(folder / "more"))] == ["other"]
    second = library.bank(str(folder / "several.syx"), 2)
    assert library.patches([slot.sound for slot in second]) == list(random_bank(2))


def test_switched_off_operators_are_another_sound(library, tmp_path):
    voice = factory_bank()[0]
    voice.operators_on = 0b111110
    (tmp_path / "raw.bin").write_bytes(voice.to_sysex())
    factory_bank().save(tmp_path / "bank.syx")
    library.scan([tmp_path / "raw.bin", tmp_path / "bank.syx"])
    assert library.stats().sounds == 33
    assert voice in library.patches(library.ids())


def test_a_second_scan_reads_nothing(library, folder):
    old(folder)
    library.scan([folder])
    before = library.stats()
    done = library.scan()
    assert (done.files, done.unchanged, done.read, done.voices, done.sounds) == (3, 3, 0, 0, 0)
    assert library.stats() == before


def test_files_just_written_are_read_again_and_known(library, folder):
    library.scan([folder])
    done = library.scan([folder])
    assert (done.unchanged, done.read, done.voices) == (3, 0, 0)
    assert library.stats().slots == 65


def test_a_changed_file_is_read_again(library, folder):
    library.scan([folder])
    random_bank(2).save(folder / "factory.syx")
    done = library.scan([folder])
    assert (done.read, done.voices, done.sounds) == (1, 32, 32)
    assert library.stats().slots == 65
    assert library.stats().sounds == 96  # those of the old file are still known


def test_a_moved_file_keeps_its_places(library, folder):
    library.scan([folder])
    sound = library.bank(str(folder / "factory.syx"))[0].sound
    library.tag([sound], "live")
    (folder / "factory.syx").rename(folder / "more" / "renamed.syx")
    done = library.scan([folder])
    assert (done.moved, done.read, done.missing) == (1, 0, 0)
    assert [Path(slot.path).name for slot in library.slots(sound)] == ["renamed.syx"]
    assert library.slots(sound)[0].bank == "renamed"
    assert library.find("renamed").total == 32
    assert library.get(sound).tags == ("live",)


def test_what_vanished_stays_and_comes_back(library, folder):
    library.scan([folder])
    sound = library.bank(str(folder / "more" / "other.syx"))[3].sound
    library.mark([sound], "favourite")
    shutil.move(folder / "more", folder.parent / "away")
    assert library.scan([folder]).missing == 1
    assert library.get(sound).mark == "favourite"
    assert library.slots(sound)[0].missing
    assert library.find("is:missing").total == 32
    assert library.patch(sound)
    shutil.move(folder.parent / "away", folder / "more")
    assert library.scan([folder]).missing == 0
    assert library.find("is:missing").total == 0


def test_what_is_gone_can_be_forgotten(library, folder):
    library.scan([folder])
    touched, tagged, once = (slot.sound for slot in library.bank(str(folder / "more" / "other.syx"))[:3])
    library.mark([touched], "favourite")
    library.tag([tagged, once], "keep")
    library.untag([once], "keep")
    shutil.rmtree(folder / "more")
    library.scan([folder])
    assert library.forget() == (1, 29)
    assert library.stats().sounds == 35
    assert library.slots(touched) == []
    assert library.patch(touched) == random_bank(1)[0]
    while library.undo():
        pass
    assert library.forget() == (0, 0)  # what was edited once stays, so that edits can be done again
    assert library.redo()
    assert library.get(touched).mark == "favourite"


def test_a_folder_that_is_not_there_makes_nothing_missing(library, folder):
    library.scan([folder])
    folder.rename(folder.parent / "unplugged")
    with pytest.raises(LibraryError, match="there is no"):
        library.scan([folder])
    done = library.scan()
    assert (done.missing, done.absent) == (0, 1)
    assert library.stats().missing == 0


def test_other_things_have_their_reasons(library, tmp_path, monkeypatch):
    top = tmp_path / "odd"
    top.mkdir()
    with zipfile.ZipFile(top / "packed.zip", "w") as archive:
        archive.writestr("a.syx", factory_bank().to_sysex())
    (top / "read me.txt").write_text("no voices here, but quite some words")
    (top / "empty.syx").write_bytes(b"")
    (top / "cut.syx").write_bytes(factory_bank().to_sysex()[:2000])
    os.mkfifo(top / "pipe")
    (top / "loop").symlink_to(top)
    (top / "nowhere").symlink_to(top / "not there")
    with socket.socket(socket.AF_UNIX) as listening:
        monkeypatch.chdir(top)  # names of sockets are short
        listening.bind("socket")
        done = library.scan([top])
    assert (done.read, done.foreign, done.unreadable, done.voices) == (1, 3, 3, 15)
    reasons = {Path(file.path).name: file.reason for file in library.files(("foreign", "unreadable", "repaired"))}
    assert "unpack it" in reasons["packed.zip"]
    assert "text" in reasons["read me.txt"]
    assert "empty" in reasons["empty.syx"]
    assert "15 whole voices, 17 missing" in reasons["cut.syx"]
    assert reasons["pipe"] == "a pipe, not a file of voices"
    assert reasons["socket"] == "a socket, not a file of voices"
    assert "not there" in reasons["nowhere"]
    assert "loop" not in reasons


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_told_and_not_forgotten(library, folder):
    library.scan([folder])
    (folder / "more").chmod(0)
    try:
        done = library.scan([folder])
    finally:
        (folder / "more").chmod(0o755)
    assert (done.unreadable, done.missing) == (1, 0)
    assert "not permitted" in library.files(["unreadable"])[0].reason


def test_names_that_are_no_text(library, tmp_path):
    path = os.fsencode(tmp_path) + b"/caf\xe9 \xff.syx"
    Path(os.fsdecode(path)).write_bytes(factory_bank().to_sysex())
    assert library.scan([tmp_path]).voices == 32
    assert library.scan([tmp_path]).files == 1
    assert library.slots(1)[0].path.endswith("caf? ?.syx")


def test_a_file_that_changes_all_the_time(library, tmp_path, monkeypatch):
    path = tmp_path / "restless.syx"
    path.write_bytes(factory_bank().to_sysex())
    import synth.library.reading as reading

    whole = reading.read_limited

    def growing(name, limit):
        data = whole(name, limit)
        with path.open("ab") as file:
            file.write(b"\0")
        return data

    monkeypatch.setattr(reading, "read_limited", growing)
    assert library.scan([path]).unreadable == 1
    assert "changes all the time" in library.files(["unreadable"])[0].reason
    monkeypatch.undo()
    assert library.scan([path]).voices == 32


def test_one_scan_at_a_time(library, folder):
    def in_between(_what, _done, _total):
        with pytest.raises(LibraryError, match="another program is scanning"):
            library.scan([folder])

    assert library.scan([folder], in_between).voices == 65


@given(st.one_of(st.binary(max_size=400), messages, messages.map(lambda data: data[: len(data) // 2])))
def test_any_bytes_give_voices_or_a_reason(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(data)
    found = read(Seen(os.fsencode(path), len(data), 1))
    try:
        voices = list(load_voices(data))
    except VoiceError:
        assert found.status == "foreign"
        assert found.reason
        voices = []
    assert [place.name for bank in found.banks for place in bank.places] == [voice.name for voice in voices]


@pytest.mark.skipif(not BANKS.is_dir(), reason="no folder of real banks")
def test_real_banks(library):
    done = library.scan([BANKS])
    assert done.voices == 8 * 32 + 2048
    assert library.find("e.piano 1").total >= 1
