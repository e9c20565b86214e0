# SPDX-License-Identifier: Apache-2.0
"""A MIDI recording is what was played: rendered, it has the samples of the sound that was recorded beside it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import mido
import numpy as np
import pytest
import rtmidi
import soundfile
from listening import bank, bank_message, voice, voice_message
from playing import SixopPlay
from waiting import wait_for, wait_until

from synth import smf
from synth.session import Session

pytestmark = pytest.mark.live

NOTE_ON, NOTE_OFF, CONTROL, PROGRAM, BEND = 0x90, 0x80, 0xB0, 0xC0, 0xE0


@pytest.fixture
def voices(tmp_path: Path) -> Path:
    path = tmp_path / "own.syx"
    path.write_bytes(bank_message(bank()))
    return path


def rendered(song: Path, *arguments: str) -> np.ndarray:
    out = song.with_suffix(".again.wav")
    command = [sys.executable, "-m", "sixop", "render", *arguments, "--midi-file", str(song), "-o", str(out)]
    subprocess.run([*command, "--bits", "float"], check=True, capture_output=True)
    return soundfile.read(out, dtype="float32")[0]


def assert_same_sound(take: Path, song: Path, *arguments: str) -> None:
    recorded, again = soundfile.read(take, dtype="float32")[0], rendered(song, *arguments)
    assert np.abs(recorded).max() > 0.01
    np.testing.assert_array_equal(again[: len(recorded)], recorded)
    assert not again[len(recorded) :].any(), "all had ended"


def play_something(session: Session) -> None:
    """Notes, voices and controllers on three channels, by all the ways there are."""
    dice = np.random.default_rng(3)
    for step in range(30):
        channel = step % 3
        note = int(dice.integers(40, 80))
        session.midi(bytes((NOTE_ON | channel, note, int(dice.integers(30, 127)))))
        session.midi(bytes((BEND | channel, int(dice.integers(128)), int(dice.integers(128)))))
        session.midi(bytes((CONTROL | channel, 1, int(dice.integers(128)))))
        session.midi(bytes((CONTROL | channel, 64, 127 * (step % 2))))
        match step % 6:
            case 0:
                session.step(1)
            case 1:
                session.select(step, channel + 1)
            case 2:
                session.midi(bytes((PROGRAM | channel, step)))
            case 3:
                session.midi(voice_message(voice(3, "ALONE"), channel + 1))
            case 4:
                session.midi(bytes((0xF0, 0x43, 0x10 | channel, 1, 0x1B, int(dice.integers(64)), 0xF7)))
                session.midi(bytes((0xF0, 0x43, 0x10 | channel, 8, 65, int(dice.integers(13)), 0xF7)))
            case 5:
                session.midi(bytes((0xF0, 0x7F, 0x7F, 8, 2, 0, 1, note, note, 50, 0, 0xF7)))
                session.panic()
        time.sleep(float(dice.uniform(0, 0.05)))
        session.midi(bytes((NOTE_OFF | channel, note, 0)))


@pytest.mark.parametrize(("kernel", "rate"), [("chip", 48000), ("clean", 44100)])
def test_what_was_recorded_renders_to_the_same_samples(tmp_path: Path, voices: Path, kernel: str, rate: int) -> None:
    take, song = tmp_path / "take.wav", tmp_path / "take.mid"
    with Session(
        bank(), audio="none", midi=["none"], record=str(take), record_midi=str(song), kernel=kernel, rate=rate
    ) as session:
        session.wait_ready()
        play_something(session)
    wait_for(session, "recorded_midi")
    assert_same_sound(take, song, str(voices), "--kernel", kernel, "--rate", str(rate))
    assert not smf.read(song.read_bytes()).damage
    assert mido.MidiFile(song).length == pytest.approx(soundfile.info(take).duration, abs=0.01)


def test_zones_and_hands_on_a_real_port(jackd: object, keyboard: rtmidi.MidiOut, tmp_path: Path, voices: Path) -> None:
    take, song = tmp_path / "take.wav", tmp_path / "take.mid"
    keyboard.open_virtual_port("keys")
    zones = [{"part": 1}, {"part": 5, "transpose": 7, "voice": "TEST 3", "curve": "hard"}]
    with Session(bank(), midi=["auto"], zones=zones, record=str(take), record_midi=str(song)) as session:
        opened = [name for event in session.wait_ready() if event["event"] == "midi" for name in event["opened"]]
        while "test-keyboard:keys" not in opened:
            opened = wait_for(session, "midi")["opened"]
        for note in range(48, 72):
            keyboard.send_message([NOTE_ON, note, 100])
            keyboard.send_message([CONTROL, 1, note])
            time.sleep(0.013)
            keyboard.send_message([NOTE_OFF, note, 0])
        wait_until(lambda: session.meters.get("keys_held") == 0 and session.meters["notes_on"] == 48)
    wait_for(session, "recorded_midi")
    assert_same_sound(take, song, str(voices))
    keys = [event.data for event in smf.read(song.read_bytes()).tracks[0] if event.data[0] & 0xF0 == NOTE_ON]
    assert sorted({(data[0] & 0x0F, data[1]) for data in keys}) == sorted(
        {(0, note) for note in range(48, 72)} | {(4, note + 7) for note in range(48, 72)}
    )


def test_a_song_and_what_is_played_to_it(tmp_path: Path, voices: Path) -> None:
    track = mido.MidiTrack([mido.Message("program_change", program=2, time=0)])
    for note in range(40, 60):
        track.append(mido.Message("note_on", note=note, time=40))
        track.append(mido.Message("note_off", note=note, time=40))
    file = mido.MidiFile(ticks_per_beat=480)
    file.tracks.append(track)
    file.save(tmp_path / "song.mid")
    take, song = tmp_path / "take.wav", tmp_path / "take.mid"
    options = {"record": str(take), "record_midi": str(song), "midi_file": str(tmp_path / "song.mid")}
    with Session(bank(), audio="none", midi=["none"], **options) as session:
        session.wait_ready()
        for note in range(70, 80):
            session.note_on(note, channel=4)
            time.sleep(0.02)
            session.note_off(note, channel=4)
        wait_for(session, "end")
    recorded, again = soundfile.read(take, dtype="float32")[0], rendered(song, str(voices))
    np.testing.assert_array_equal(again[: len(recorded)], recorded)


def notes_of(song: Path) -> list[int]:
    found = smf.read(song.read_bytes())
    assert found.damage == []
    assert found.tracks[0][-1].data == b"\xff\x2f"
    return [event.data[1] for event in found.tracks[0] if event.data[0] & 0xF0 == NOTE_ON]


def test_a_crash_costs_a_moment_and_the_next_player_goes_on(tmp_path: Path, voices: Path) -> None:
    song = tmp_path / "take.mid"
    with Session(bank(), audio="none", midi=["none"], record_midi=str(song)) as session:
        session.wait_ready()
        session.note_on(60)
        wait_until(lambda: notes_of(song) == [60])
        os.kill(session.player_pid, 9)
        wait_for(session, "ready")
        session.note_on(62, channel=2)
        wait_until(lambda: notes_of(song) == [60, 62])
        os.kill(session.player_pid, 9)
        assert notes_of(song) == [60, 62]
        wait_for(session, "ready")
    assert notes_of(song) == [60, 62]
    assert mido.MidiFile(song).length > 0.5
    found = smf.read(song.read_bytes()).tracks[0]
    first, second = (
        next(event.tick for event in found if event.data[:2] == bytes(on)) for on in ((0x90, 60), (0x91, 62))
    )
    ends = [event.tick for event in found if event.data == bytes((CONTROL, 120, 0))]
    assert first < ends[0] <= second, "what a crash left sounding ends"
    rendered(song, str(voices))


def test_the_real_command_records_and_never_over_its_input(tmp_path: Path, voices: Path) -> None:
    song = tmp_path / "take.mid"
    with SixopPlay(
        str(voices), "--audio", "none", "--midi", "none", "--seconds", "0.5", "--record-midi", str(song)
    ) as play:
        assert play.wait_for("recorded_midi")["file"] == str(song)
        assert play.finish() == 0
    before = song.read_bytes()
    command = [sys.executable, "-m", "sixop", "play", "--midi-file", str(song), "--record-midi", str(song)]
    refused = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert (refused.returncode, song.read_bytes()) == (2, before)
    assert "--record-midi" in refused.stderr
