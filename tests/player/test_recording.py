# SPDX-License-Identifier: Apache-2.0
"""A recording never spoils a finished take, and never stops the sound."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import soundfile

from synth.engine import Engine
from synth.errors import SixopError
from synth.files import next_take
from synth.player.recorder import Recorder

FRAMES = 4800


def record(path: Path, rate: int = 48000, append: bool = False) -> tuple[Recorder, list[str]]:
    """A tenth of a second at 48 kHz into the file; the recorder, closed, and what it said."""
    said: list[str] = []
    engine = Engine(sample_rate=rate, record_seconds=1.0)
    recorder = Recorder(engine, str(path), said.append, append)
    engine.note_on(60, 100)
    engine.render(FRAMES)
    recorder.drain()
    recorder.close()
    return recorder, said


def test_a_wav_of_the_same_rate_is_appended_to(tmp_path: Path) -> None:
    take = tmp_path / "take.wav"
    record(take)
    recorder, said = record(take, append=True)
    assert (recorder.path, recorder.close(), said) == (str(take), 2 * FRAMES, [])
    assert soundfile.info(take).frames == 2 * FRAMES


@pytest.mark.parametrize(("name", "rate"), [("take.wav", 44100), ("take.flac", 48000)])
def test_any_other_finished_take_is_left_alone(name: str, rate: int, tmp_path: Path) -> None:
    take = tmp_path / name
    record(take)
    before = take.read_bytes()
    recorder, said = record(take, rate, append=True)
    assert take.read_bytes() == before
    assert recorder.path == str(take.with_stem("take-2"))
    assert soundfile.info(recorder.path).frames == FRAMES
    assert len(said) == 1
    assert "take-2" in said[0]


def test_takes_are_counted_on(tmp_path: Path) -> None:
    (tmp_path / "take-2.wav").touch()
    assert next_take(str(tmp_path / "take.wav")) == str(tmp_path / "take-3.wav")
    assert next_take(str(tmp_path / "take-2.wav")) == str(tmp_path / "take-3.wav")


@contextmanager
def little_room() -> Iterator[None]:
    """Within: no file of this process may grow beyond 20 kB, a log of the tests themselves neither."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)


def test_where_no_more_can_be_written_the_recording_stops_with_one_sentence(tmp_path: Path) -> None:
    with little_room():
        recorder, said = record(tmp_path / "take.wav")
        failed, kept = recorder.failed, recorder.close()
    assert failed
    assert kept is None
    assert len(said) == 1
    assert said[0].startswith("recording stopped at ")


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SixopError, match="no folder"):
        record(tmp_path / "nowhere" / "take.wav")
