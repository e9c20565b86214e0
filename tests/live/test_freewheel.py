# SPDX-License-Identifier: Apache-2.0
"""What `sixop play` sends to the audio server is what `sixop render` computes, to the last bit.

JACK's freewheel mode runs the whole server as fast as it can, without misses,
so the comparison is exact and takes a moment. The song begins with silence
enough to connect the probe and to switch freewheel on.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile
from listening import RATE, bank, bank_message
from playing import SixopPlay
from probe import Probe

pytestmark = pytest.mark.live

SILENCE_SECONDS = 4
SPARE_SECONDS = 10


def song(path: Path) -> Path:
    """Chords on three channels with programs, bends, pedal, places and odd tempos, after some seconds of silence."""
    track = mido.MidiTrack([mido.Message("program_change", program=1, time=960 * SILENCE_SECONDS)])
    dice = np.random.default_rng(7)
    for step in range(12):
        channel = step % 3
        track.append(mido.MetaMessage("set_tempo", tempo=int(dice.integers(300_000, 600_000)), time=int(step == 0)))
        track.append(mido.Message("program_change", program=int(dice.integers(32)), channel=channel, time=0))
        track.append(mido.Message("pitchwheel", pitch=int(dice.integers(-8000, 8000)), channel=channel, time=0))
        track.append(mido.Message("control_change", control=64, value=127 * (step % 2), channel=channel, time=0))
        track.append(mido.Message("control_change", control=10, value=int(dice.integers(128)), channel=channel, time=0))
        notes = [int(note) for note in dice.integers(36, 90, size=5)]
        for note in notes:
            track.append(mido.Message("note_on", note=note, velocity=90, channel=channel, time=int(dice.integers(99))))
        for note in notes:
            track.append(mido.Message("note_off", note=note, channel=channel, time=int(dice.integers(199))))
    track.extend(mido.Message("control_change", control=64, value=0, channel=channel, time=0) for channel in range(3))
    file = mido.MidiFile(ticks_per_beat=480)
    file.tracks.append(track)
    file.save(path)
    return path


@pytest.mark.parametrize("output", ["clean", "dx7"])
def test_play_in_freewheel_equals_render(output: str, probe: Probe, tmp_path: Path) -> None:
    voices = tmp_path / "own.syx"
    voices.write_bytes(bank_message(bank()))
    midi_file = song(tmp_path / "song.mid")
    out = tmp_path / "song.wav"
    common = ["--midi-file", str(midi_file), "--output", output]
    rendering = [sys.executable, "-m", "sixop", "render", str(voices), "-o", str(out), *common]
    subprocess.run(rendering, check=True, stderr=subprocess.DEVNULL)
    expected, rate = soundfile.read(out, dtype="float32")
    assert rate == RATE
    assert not np.array_equal(expected[:, 0], expected[:, 1])

    probe.record(len(expected) / RATE + SPARE_SECONDS)
    endless = ["--face", "none", "--midi", "none", "--seconds", "100000"]
    with SixopPlay(str(voices), *endless, *common) as play:
        assert play.wait_for("audio")["api"] == "JACK"
        play.wait_for("ready")
        probe.must("audio sixop:out_")
        probe.must("freewheel 1")
        while play.wait_for("meters")["frames"] < len(expected):
            pass
        probe.must("freewheel 0")  # before the player leaves: JACK loses track of clients that go meanwhile
        assert play.interrupt() == 0
    sent = probe.recording()

    np.testing.assert_array_equal(trimmed(sent), trimmed(expected))


def trimmed(sound: np.ndarray) -> np.ndarray:
    """From the first to the last sample that is not zero."""
    loud = np.flatnonzero(sound.any(axis=1))
    assert len(loud) > RATE, "there is a song"
    return sound[loud[0] : loud[-1] + 1]
