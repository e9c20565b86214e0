# SPDX-License-Identifier: Apache-2.0
"""Without an audio device, and without a terminal, sixop still plays: into a recording, or a demo."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from listening import RATE, bank, bank_message
from playing import SixopPlay
from test_freewheel import song

NO_SERVER = {**os.environ, "JACK_DEFAULT_SERVER": "sixop-nobody", "JACK_NO_START_SERVER": "1"}


@pytest.fixture
def bank_file(tmp_path: Path) -> str:
    path = tmp_path / "own.syx"
    path.write_bytes(bank_message(bank()))
    return str(path)


def sixop(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command without terminal, audio server or audio device."""
    command = [sys.executable, "-m", "sixop", *arguments]
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, env=NO_SERVER, check=False
    )


def test_five_lines_then_ready(bank_file: str) -> None:
    done = sixop("play", bank_file, "--face", "none", "--seconds", "0.5", "--audio", "none", "--midi", "none")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[:6]] == ["audio", "buffer", "midi", "bank", "voice", "ready"]
    assert "--record" in lines[0]
    assert done.stderr == ""


def test_a_song_recorded_without_a_device_is_the_song_rendered(bank_file: str, tmp_path: Path) -> None:
    midi_file = str(song(tmp_path / "song.mid"))
    take, rendering = tmp_path / "take.wav", tmp_path / "rendering.wav"
    seconds = "6"
    played = sixop("play", bank_file, "--audio", "none", "--midi-file", midi_file, "--seconds", seconds,
                   "--record", str(take))  # fmt: skip
    assert played.returncode == 0
    assert f"{6 * RATE} frames" in played.stdout
    assert sixop("render", bank_file, "-o", str(rendering), "--midi-file", midi_file).returncode == 0
    heard, _ = soundfile.read(take, dtype="float32")
    computed, _ = soundfile.read(rendering, dtype="float32")
    assert len(heard) == 6 * RATE
    assert heard.any()
    np.testing.assert_array_equal(heard, computed[: len(heard)])


def test_the_demo_plays_several_voices_and_ends_well(bank_file: str) -> None:
    done = sixop("play", bank_file)
    assert done.returncode == 0
    assert "ready" in done.stdout
    assert "54 notes" in done.stdout
    assert "1 TEST 1" in done.stdout.splitlines()[-1]
    assert done.stderr == ""


def test_a_missing_device_is_an_error_with_the_choices(bank_file: str) -> None:
    done = sixop("play", bank_file, "--face", "none", "--audio", "Nonesuch")
    assert done.returncode == 1
    assert "Nonesuch" in done.stderr
    assert "--audio none" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_virtual_port_without_a_midi_system_is_an_error_with_the_remedy(bank_file: str) -> None:
    if Path("/dev/snd/seq").exists():
        pytest.skip("this computer has a MIDI system")
    done = sixop("play", bank_file, "--audio", "none", "--midi", "virtual")
    assert done.returncode == 1
    assert "jackd" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_json_lines_tell_everything(bank_file: str) -> None:
    with SixopPlay(bank_file, "--face", "none", "--seconds", "0.3", "--audio", "none", environment=NO_SERVER) as play:
        assert play.wait_for("audio")["rate"] == RATE
        assert play.wait_for("ready")
        assert play.wait_for("end")["frames"] >= 0.3 * RATE
        assert play.finish() == 0


def test_a_player_whose_face_is_killed_ends_too(bank_file: str) -> None:
    with SixopPlay(bank_file, "--face", "none", "--midi", "none", "--audio", "none", environment=NO_SERVER) as play:
        play.wait_for("ready")
        (player,) = play.children()
        play.kill()
        for _ in range(1000):
            if not Path(f"/proc/{player}").exists():
                return
            time.sleep(0.01)
        pytest.fail("the player goes on without a face")
