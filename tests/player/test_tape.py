# SPDX-License-Identifier: Apache-2.0
"""Recording as MIDI beside the engine: exact frames, and one sentence where nothing more can be written."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_recording import little_room

from synth import smf
from synth.engine import Engine
from synth.errors import SixopError
from synth.patch import Patch
from synth.player.tape import Tape, TapeRecorder
from synth.session import Session

RATE = 48000


class Deck:
    """An engine, and a tape beside it."""

    def __init__(self, path: Path) -> None:
        self.said: list[str] = []
        self.engine = Engine(sample_rate=RATE)
        self.producer = self.engine.producer()
        self.tape = Tape(self.producer, on=True)
        self.recorder = TapeRecorder(self.engine, self.tape, str(path), self.said.append)

    def midi(self, message: bytes) -> None:
        self.producer.midi(message)
        self.tape.midi(message)


def events(path: Path) -> list[tuple[int, bytes]]:
    return [(event.tick, event.data) for event in smf.read(path.read_bytes()).tracks[0] if event.data[0] != smf.META]


def test_each_message_has_the_frame_on_which_it_counted(tmp_path: Path) -> None:
    path = tmp_path / "take.mid"
    deck = Deck(path)
    expected = []
    frame = 0
    for step, frames in enumerate([100, 1, 64, 1000, 7]):
        message = bytes((0x90, 60 + step, 100))
        deck.midi(message)
        if step % 2:
            deck.recorder.drain()
        deck.producer.set_volume(-step)
        expected.append((frame, message))
        deck.engine.render(frames)
        frame += frames
    assert deck.recorder.close()
    assert events(path) == expected
    assert deck.said == []


def test_where_no_more_can_be_written_it_stops_with_one_sentence_and_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "take.mid"
    deck = Deck(path)
    with little_room():
        for step in range(200):
            deck.midi(bytes((0x90, step % 128, 100)))
            deck.tape.voice(0, Patch.init_voice(), step)
            deck.engine.render(64)
            deck.recorder.drain()
            deck.recorder._flushed = 0.0  # as if time had passed
        deck.recorder.drain()
        assert deck.recorder.failed
        assert not deck.recorder.close()
    assert [sentence.startswith("MIDI recording stopped: ") for sentence in deck.said] == [True]
    assert 0 < len(events(path)) < 800


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SixopError, match="no such folder"):
        Deck(tmp_path / "nowhere" / "take.mid")


def test_a_session_offline_is_recorded_on_its_frames(tmp_path: Path) -> None:
    path = tmp_path / "take.mid"
    with Session([Patch.init_voice()] * 3, offline=True, record_midi=str(path)) as session:
        session.render(1000)
        session.select(2, 3)
        session.render(500)
        session.note_on(60, 100)
        session.render(500)
        session.note_off(60)
        session.render(500)
    found = events(path)
    assert (1000, bytes((0xC2, 1))) in found
    assert (1500, bytes((0x90, 60, 100))) in found
    assert (2000, bytes((0x80, 60, 64))) in found
