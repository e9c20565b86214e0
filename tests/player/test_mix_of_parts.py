# SPDX-License-Identifier: Apache-2.0
"""Volume and place of the parts of a session: heard in its recording, kept over a crash, the same in a song's file."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mido
import numpy as np
import pytest
import soundfile
from waiting import wait_for, wait_until

from synth.engine import Engine
from synth.patch import Patch
from synth.player.settings import DEFAULT_VOLUME_DB
from synth.session import Session

SILENT: dict[str, Any] = {"audio": "none", "midi": ["none"]}


def heard(take: Path) -> np.ndarray:
    """From the first to the last sample that is not silent."""
    samples, _ = soundfile.read(take)
    loud = np.flatnonzero(np.abs(samples).max(axis=1) > 1e-4)
    return samples[loud[0] : loud[-1]]


def steady_sound(take: Path) -> tuple[float, float]:
    """Loudness of the left and the right side a little before the end, where a panic fades."""
    left, right = np.sqrt(np.mean(np.square(heard(take)[-6800:-2000]), axis=0))
    return float(left), float(right)


def play_on(session: Session, note: int) -> None:
    """A note, and half a second of it."""
    session.note_on(note)
    frames = session.meters.get("frames", 0)
    wait_until(lambda: session.meters.get("frames", 0) > frames + 24_000)


def test_a_part_has_its_volume_and_place_also_after_a_crash(tmp_path: Path) -> None:
    take = tmp_path / "take.wav"
    with Session([Patch.init_voice()], record=str(take), pans={"0": 0.5}, **SILENT) as session:
        session.wait_ready()
        session.set_pan(-1, 1)
        session.set_part_volume(-20, 1)
        os.kill(session.player_pid, signal.SIGKILL)
        wait_for(session, "back")
        play_on(session, 60)
    left, right = steady_sound(take)
    engine = Engine(volume_db=DEFAULT_VOLUME_DB)
    engine.note_on(60, 100)
    usual = np.sqrt(np.mean(np.square(engine.render(9600)[4800:, 0])))
    assert left == pytest.approx(usual * math.sqrt(2) * 0.1, rel=0.02)
    assert right < 1e-6


def test_what_is_set_while_it_plays(tmp_path: Path) -> None:
    take = tmp_path / "take.wav"
    with Session([Patch.init_voice()], record=str(take), pans={"0": 1.0}, part_volumes={"0": -6}, **SILENT) as session:
        session.wait_ready()
        play_on(session, 60)
        session.set_pan(0.0, 1)
        play_on(session, 60)
        assert (session.pan(1), session.part_volume(1), session.pan(2), session.limiter) == (0.0, -6, 0.0, False)
    left, right = np.abs(heard(take)[:1000]).max(axis=0)
    assert left < 1e-6 < right
    left, right = steady_sound(take)
    assert left == pytest.approx(right, rel=0.01)


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Two channels, one of which goes from left to right."""
    path = tmp_path / "song.mid"
    track = mido.MidiTrack([mido.Message("control_change", control=10, value=0, time=10)])
    track += [mido.Message("note_on", note=60 + channel * 7, channel=channel) for channel in range(2)]
    track += [mido.Message("control_change", control=10, value=value, time=20) for value in range(0, 128, 8)]
    track += [mido.Message("note_off", note=60 + channel * 7, channel=channel) for channel in range(2)]
    mido.MidiFile(tracks=[track]).save(path)
    return path


def sixop(*arguments: object) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sixop", *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("channels", ["stereo", "mono"])
def test_a_song_that_pans_is_the_same_played_and_rendered(channels: str, song: Path, tmp_path: Path) -> None:
    played, rendered = tmp_path / "played.wav", tmp_path / "rendered.wav"
    asked = ("--midi-file", song, "--channels", channels)
    sixop("play", *asked, "--audio", "none", "--face", "none", "--record", played)
    sixop("render", *asked, "-o", rendered)
    take, whole = (soundfile.read(path, dtype="float32")[0] for path in (played, rendered))
    assert take.any()
    np.testing.assert_array_equal(take, whole[: len(take)])
    assert np.array_equal(whole[:, 0], whole[:, 1]) == (channels == "mono")


def test_the_limiter_comes_and_goes_and_a_song_has_it_in_both_files(song: Path, tmp_path: Path) -> None:
    with Session([Patch.init_voice()], volume_db=20, **SILENT) as session:
        session.wait_ready()
        for note in range(50, 66):
            session.note_on(note)
        session.set_limiter(True)
        wait_until(lambda: session.meters.get("limiter_gain", 1) < 0.5)
        session.set_limiter(False)
        wait_until(lambda: session.meters["limiter_gain"] == 1)
    played, rendered = tmp_path / "played.wav", tmp_path / "rendered.wav"
    asked = ("--midi-file", song, "--limiter", "--volume", "12")
    sixop("play", *asked, "--audio", "none", "--face", "none", "--record", played)
    sixop("render", *asked, "-o", rendered)
    take, whole = (soundfile.read(path, dtype="float32")[0] for path in (played, rendered))
    assert np.abs(take).max() == pytest.approx(1, abs=0.05)
    np.testing.assert_array_equal(take, whole[: len(take)])


def test_arguments_out_of_range_name_themselves() -> None:
    with Session([Patch.init_voice()], **SILENT) as session:
        session.wait_ready()
        wrong: list[tuple[str, Callable[[], None]]] = [
            ("pan must be -1 to 1, not 2", lambda: session.set_pan(2, 1)),
            ("channel", lambda: session.set_pan(0, 17)),
            ("decibels must be -96 to 12 dB, not 13", lambda: session.set_part_volume(13, 1)),
            ("decibels", lambda: session.set_part_volume(math.nan, 1)),
            ("channel", lambda: session.set_part_volume(0, 0)),
        ]
        for words, call in wrong:
            with pytest.raises(ValueError, match=words):
                call()


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"pans": {"16": 0.0}}, "pans must be for parts '0' to '15', not '16'"),
        ({"pans": {"0": -2}}, "pan must be -1 to 1"),
        ({"part_volumes": {"0": 40}}, "decibels must be -96 to 12 dB"),
        ({"channels": "quad"}, "channels must be one of stereo, mono"),
    ],
)
def test_choices_out_of_range_name_themselves(choice: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Session([Patch.init_voice()], **choice)
