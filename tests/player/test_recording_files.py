# SPDX-License-Identifier: Apache-2.0
"""Recordings are whole at any moment, go on beyond what one WAV holds, and never wait for anybody."""

import os
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from synth import Engine
from synth.errors import SixopError
from synth.player.recorder import Recorder


def playing():
    engine = Engine(record_seconds=1)
    engine.note_on(60, 100)
    return engine


def test_a_wav_that_still_grows_says_how_long_it_is(tmp_path):
    engine, path = playing(), tmp_path / "take.wav"
    recorder = Recorder(engine, str(path), pytest.fail)
    rendered = []
    for size in (480, 1000, 20_000):
        rendered.append(engine.render(size))
        recorder.drain()
        data = path.read_bytes()
        assert struct.unpack_from("<I", data, 4)[0] == len(data) - 8
        assert struct.unpack_from("<I", data, data.index(b"data") + 4)[0] == sum(map(len, rendered)) * 8
    # As after a power cut: nobody has closed it.
    other = tmp_path / "found.wav"
    other.write_bytes(path.read_bytes())
    assert np.array_equal(soundfile.read(other, dtype="float32")[0], np.concatenate(rendered))
    recorder.close()
    assert np.array_equal(soundfile.read(path, dtype="float32")[0], np.concatenate(rendered))


def test_a_wav_left_by_a_crash_goes_on_without_a_gap(tmp_path):
    engine, path = playing(), tmp_path / "take.wav"
    first = Recorder(engine, str(path), pytest.fail)
    rendered = [engine.render(5000)]
    first.drain()  # and never closed
    second = Recorder(engine, str(path), pytest.fail, append=True)
    rendered.append(engine.render(3000))
    assert second.close() == 8000
    assert np.array_equal(soundfile.read(path, dtype="float32")[0], np.concatenate(rendered))


def test_more_than_one_wav_can_hold_goes_on_in_another(tmp_path):
    engine, told = playing(), []
    recorder = Recorder(engine, str(tmp_path / "take.wav"), told.append, largest=8 * 10_000)
    rendered = []
    for _ in range(5):
        rendered.append(engine.render(6000))
        recorder.drain()
    recorder.close()
    assert recorder.path == str(tmp_path / "take-5.wav")
    assert len(told) == 4
    assert told[0] == f"take.wav is finished; the recording goes on in {tmp_path / 'take-2.wav'}"
    names = ["take.wav", *(f"take-{number}.wav" for number in range(2, 6))]
    pieces = [soundfile.read(tmp_path / name, dtype="float32")[0] for name in names]
    assert np.array_equal(np.concatenate(pieces), np.concatenate(rendered))


@pytest.mark.parametrize("kind", ["pipe", "folder", "no folder", "no text"])
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, kind):
    path, reason = tmp_path / "take.wav", "no ordinary file"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
        reason = "folder"
    elif kind == "no folder":
        path, reason = tmp_path / "none" / "take.wav", "there is no folder"
    else:
        path, reason = tmp_path / "t\udcff.wav", "no text"
    with pytest.raises(SixopError, match=reason):
        Recorder(playing(), str(path), pytest.fail)
