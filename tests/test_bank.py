# SPDX-License-Identifier: Apache-2.0
import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from strategies import random_bank, random_voices

from synth.bank import Bank
from synth.errors import SixopError, VoiceError, VoiceNotFoundError
from synth.patch import Patch


@pytest.fixture
def bank() -> Bank:
    names = ["BRASS   1", "E.PIANO 1", "E.PIANO 2", " PADDED"]
    return Bank([Patch(name) for name in names] + [Patch.from_raw(v) for v in random_voices(3, 28)])


def test_always_32_voices(bank):
    assert len(bank) == len(list(bank)) == len(bank.names) == 32
    assert len(Bank()) == 32
    assert all(patch == Patch.init_voice() for patch in Bank())


def test_by_number_and_by_name(bank):
    assert bank[0].name == "BRASS   1 "
    assert bank[-32] is bank[0]
    assert bank["E.PIANO 1"] is bank[1]
    assert bank["e.piano 2 "] is bank[2]
    assert bank["PADDED"] is bank[3]
    assert bank.index("E.PIANO 2") == 2
    assert "BRASS   1" in bank
    assert bank[5] in bank
    assert "nothing" not in bank


def test_unknown_voices(bank):
    with pytest.raises(KeyError) as caught:
        _ = bank["E.PINO 1"]
    assert isinstance(caught.value, VoiceNotFoundError)
    assert isinstance(caught.value, SixopError)
    assert str(caught.value) == "the bank has no voice 'E.PINO 1'; did you mean 'E.PIANO 1'?"
    with pytest.raises(KeyError, match=r"bank\.names"):
        _ = bank["☃☃☃☃"]
    with pytest.raises(IndexError, match="slots 0 to 31"):
        _ = bank[32]


def test_slots_can_be_replaced(bank):
    new = Patch("NEW")
    bank["E.PIANO 1"] = new
    bank[31] = new
    assert bank[1] is bank[31] is new
    with pytest.raises(TypeError, match="holds patches, not str"):
        bank[0] = "E.PIANO 1"


def test_too_many_patches_are_refused():
    with pytest.raises(VoiceError, match="holds 32 voices, not 33"):
        Bank([Patch()] * 33)
    with pytest.raises(TypeError, match="not int"):
        Bank([1])


def test_message_a_dx7_accepts(bank):
    message = bank.to_sysex(channel=2)
    assert len(message) == 4104
    assert message[:6] == bytes.fromhex("F0 43 02 09 20 00")
    assert sum(message[6:4103]) % 128 == 0
    assert max(message[1:-1]) < 128
    assert message[-1] == 0xF7
    with pytest.raises(ValueError, match="0 to 15"):
        bank.to_sysex(-1)


def test_save_and_load(bank, tmp_path):
    path = tmp_path / "bänk ü.syx"
    bank.save(path)
    again = Bank.load(path)
    assert again == bank
    assert again.problems == []
    assert again.source == str(path)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_saving_replaces_a_file_whole_and_keeps_its_permissions(bank, tmp_path):
    path = tmp_path / "bank.syx"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link = tmp_path / "link.syx"
    link.symlink_to(path)
    bank.save(link)
    assert link.is_symlink()
    assert path.read_bytes() == bank.to_sysex()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_failed_save_leaves_the_old_file_alone(bank, tmp_path, monkeypatch):
    path = tmp_path / "bank.syx"
    path.write_bytes(b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(VoiceError, match="cannot be written: the disk is full"):
        bank.save(path)
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["bank.syx"]


def test_saving_nowhere_is_one_sentence(bank, tmp_path):
    with pytest.raises(VoiceError, match="cannot be written: there is no such folder"):
        bank.save(tmp_path / "missing" / "bank.syx")


def test_fewer_voices_are_filled_up_and_told():
    bank = Bank.load(Patch("ALONE").to_message())
    assert bank[0] == Patch("ALONE")
    assert bank[1] == Patch.init_voice()
    assert "1 of 32 voices; the other 31 slots hold INIT VOICE" in bank.problems[0].what


def test_more_voices_are_told_and_load_all_gives_them():
    one, two = random_bank(1), random_bank(2)
    data = one.to_sysex() + two.to_sysex()
    first = Bank.load(data)
    assert first == one
    assert "32 voices more than a bank holds" in first.problems[0].what
    assert first.problems[0].offset == 4104
    assert Bank.load_all(data) == [one, two]


def test_load_all_gathers_single_voices_and_gives_each_bank_its_problems():
    voices = [Patch.from_raw(voice) for voice in random_voices(9, 40)]
    broken = bytearray(random_bank(1).to_sysex())
    broken[6 + 14] = 127
    data = b"".join(voice.to_message() for voice in voices) + bytes(broken)
    first, second, third = Bank.load_all(data)
    assert list(first) == voices[:32]
    assert list(second)[:8] == voices[32:]
    assert [problem.voice for problem in third.problems] == [41]


def test_no_voice_is_an_error():
    with pytest.raises(VoiceError):
        Bank.load_all(b"nothing")


def test_saving_into_a_pipe_or_a_folder_leaves_it_what_it_is(bank, tmp_path):
    pipe = tmp_path / "pipe.syx"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as reader:
        read = reader.submit(pipe.read_bytes)
        bank.save(pipe)
        assert read.result(10) == bank.to_sysex()
    assert pipe.is_fifo()
    with pytest.raises(VoiceError, match="it is a folder"):
        bank.save(tmp_path)


@pytest.mark.parametrize("key", [slice(1, 3), None, True, 1.0, b"x"])
def test_a_key_is_a_name_or_a_number(bank, key):
    with pytest.raises(TypeError, match="name or a slot from 0 to 31"):
        bank[key]
