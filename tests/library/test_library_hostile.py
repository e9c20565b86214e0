# SPDX-License-Identifier: Apache-2.0
"""Files and names that nobody made for a library: huge, senseless, meant to do harm, named like the library itself."""

from __future__ import annotations

import tracemalloc

import pytest

from synth import factory_bank, load_voices, sysex
from synth.cli.main import run
from synth.errors import VoiceError
from synth.library import Library


@pytest.mark.parametrize("piece", [b"\xf0", b"\xf0\xf7", b"\xf0\x01", b"\xf0\x43\x00\x00", b"\xf0\x43\x00\x7e\xf7"])
def test_senseless_bytes_take_no_memory(piece):
    data = piece * 20_000
    tracemalloc.start()
    try:
        with pytest.raises(VoiceError, match="holds no DX7 voice"):
            load_voices(data)
        assert tracemalloc.get_traced_memory()[1] < 500_000
    finally:
        tracemalloc.stop()


def test_bytes_that_only_begin_are_one_message():
    bank = factory_bank().to_sysex()
    found = sysex.split(b"\xf0" * 1000 + bank)
    assert [(message.offset, len(message.data)) for message in found] == [(0, 1000), (1000, len(bank))]
    assert b"".join(message.data for message in found) == b"\xf0" * 1000 + bank


def test_equal_problems_are_counted():
    voices = load_voices(factory_bank().to_sysex() + b"\xf0\x43\x00\x00" * 5000)
    assert len(voices) == 32
    assert len(voices.problems) == 101
    assert "4900 times more: a DX7 voice cut short" in str(voices.problems[-1])
    with pytest.raises(VoiceError, match="4999 more like it"):
        load_voices(b"\xf0\x43\x00\x00" * 5000)


def test_files_named_like_the_library_are_read(tmp_path):
    factory_bank().save(tmp_path / "lib-old.syx")
    with Library.open(tmp_path / "lib") as library:
        done = library.scan([tmp_path])
        assert (done.files, done.read) == (1, 1)
        assert library.scan([tmp_path]).files == 1


def test_names_that_steer_terminals_are_shown_and_do_nothing(tmp_path, capsys):
    name = "esc\x1b[31mRED\x1b]0;pwn\a\nnew\u202eline é.syx"
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / name).write_bytes(factory_bank().to_sysex())
    database = tmp_path / "library.db"
    with Library.open(database) as library:
        assert library.scan([tmp_path / "voices"]).read == 1
        assert library.scan([tmp_path / "voices"]).missing == 0
        (bank,) = library.banks()
    assert bank.title == r"esc\x1b[31mRED\x1b]0;pwn\x07\nnew\u202eline é"
    for command in (["find", "silver"], ["show", "1"], ["banks"], ["files", "--status", "read"]):
        assert run(["lib", *command, "--db", str(database)]) == 0
        printed = capsys.readouterr().out
        assert r"esc\x1b[31mRED" in printed
        assert all(line.isprintable() for line in printed.split("\n"))


def test_what_lies_in_a_known_folder_is_no_folder_of_its_own(tmp_path):
    voices, hidden = tmp_path / "voices", tmp_path / "voices" / ".hidden"
    hidden.mkdir(parents=True)
    with Library.open(tmp_path / "library.db") as library:
        library.scan([voices])
        factory_bank().save(voices / "saved.syx")
        assert library.scan([voices / "saved.syx"]).read == 1
        (voices / "saved.syx").unlink()
        done = library.scan()
        assert (done.missing, done.absent) == (1, 0)
        factory_bank().save(hidden / "kept.syx")
        assert library.scan([hidden]).files == library.scan().files == 1
