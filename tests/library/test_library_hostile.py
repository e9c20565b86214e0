# SPDX-License-Identifier: Apache-2.0
"""Files and names that nobody made for a library: huge, senseless, meant to do harm, named like the library itself."""

from __future__ import annotations

import tracemalloc

import pytest

from synth import factory_bank, load_voices, sysex
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
