# SPDX-License-Identifier: Apache-2.0
"""Songs: a score made from a file sounds exactly like one written out by hand, frame by frame."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import mido
import numpy as np
import pytest

from synth.engine import Engine
from synth.errors import SixopError
from synth.midi.file import score_from_midi_file
from synth.patch import Patch
from synth.score import Score

RATE = 48000


def bank() -> list[Patch]:
    """Voices that can be told apart: the initial voice with another coarse frequency each."""
    voices = []
    for coarse in range(1, 5):
        raw = np.array(Patch.init_voice().to_raw())
        raw[5 * 21 + 18] = coarse  # operator 1 comes last in VCED; coarse frequency is its byte 18
        voices.append(Patch.from_raw(raw))
    return voices


def rendered(score: Score, frames: int, rate: int = RATE) -> np.ndarray:
    engine = Engine(sample_rate=rate)
    engine.play(score)
    return engine.render(frames)


def by_hand(events: list[tuple[int, bytes | tuple[int, int]]], number: int = 1) -> Score:
    """A score of (frame, message) and (frame, (part, voice index)) events, as a song's begins."""
    score = Score()
    for part in range(16):
        score.load(0, part, bank()[number - 1])
    for frame, event in events:
        if isinstance(event, bytes):
            score.midi(frame, event)
        else:
            score.load(frame, event[0], bank()[event[1]])
    return score


def save(path: Path, *tracks: list[mido.Message], ticks: int = 480, kind: int = 1) -> Path:
    song = mido.MidiFile(type=kind, ticks_per_beat=ticks)
    for track in tracks:
        song.tracks.append(mido.MidiTrack(track))
    song.save(path)
    return path


def on(time: int, note: int = 60, channel: int = 0) -> mido.Message:
    return mido.Message("note_on", note=note, velocity=100, channel=channel, time=time)


def off(time: int, note: int = 60, channel: int = 0) -> mido.Message:
    return mido.Message("note_off", note=note, velocity=64, channel=channel, time=time)


def tempo(time: int, microseconds: int) -> mido.MetaMessage:
    return mido.MetaMessage("set_tempo", tempo=microseconds, time=time)


def test_frames_follow_the_tempo_map_exactly(tmp_path: Path) -> None:
    conductor = [tempo(0, 333_333), tempo(960, 777_777), tempo(1, 500_001)]
    song = save(tmp_path / "song.mid", conductor, [on(480), off(600), on(7, 64), off(481, 64)], ticks=480)

    def frame(tick: int) -> int:
        microseconds = Fraction(min(tick, 960) * 333_333, 480)
        microseconds += Fraction(min(max(tick - 960, 0), 1) * 777_777, 480)
        microseconds += Fraction(max(tick - 961, 0) * 500_001, 480)
        return int(microseconds * RATE / 1_000_000 + Fraction(1, 2))

    ticks = [480, 1080, 1087, 1568]
    score, length = score_from_midi_file(song, bank(), RATE)
    assert length == frame(ticks[-1])
    messages = [b"\x90\x3c\x64", b"\x80\x3c\x40", b"\x90\x40\x64", b"\x80\x40\x40"]
    expected = by_hand([(frame(tick), message) for tick, message in zip(ticks, messages, strict=True)])
    np.testing.assert_array_equal(rendered(score, length), rendered(expected, length))


def test_a_program_chooses_a_voice_for_its_channel_and_none_where_there_is_none(tmp_path: Path) -> None:
    track = [
        mido.Message("program_change", program=2, channel=0),
        mido.Message("program_change", program=5, channel=1),
        on(0),
        on(240, 67, channel=1),
        off(240),
        off(0, 67, channel=1),
    ]
    doubts: list[str] = []
    score, length = score_from_midi_file(save(tmp_path / "s.mid", track), bank(), RATE, doubt=doubts.append)
    assert doubts == ["s.mid: bank 1, program 6 would be voice 6 of 4: part 2 keeps its voice"]
    expected = by_hand(
        [
            (0, (0, 2)),
            (0, b"\x90\x3c\x64"),
            (12000, b"\x91\x43\x64"),
            (24000, b"\x80\x3c\x40"),
            (24000, b"\x81\x43\x40"),
        ]
    )
    assert length == 24000
    np.testing.assert_array_equal(rendered(score, length + 4800), rendered(expected, length + 4800))


def test_the_voice_to_start_with_is_chosen(tmp_path: Path) -> None:
    song = save(tmp_path / "s.mid", [on(0), off(480)], kind=0)
    score, length = score_from_midi_file(song, bank(), RATE, number=3)
    expected = by_hand([(0, b"\x90\x3c\x64"), (24000, b"\x80\x3c\x40")], number=3)
    np.testing.assert_array_equal(rendered(score, length), rendered(expected, length))


def test_smpte_time_needs_no_tempo(tmp_path: Path) -> None:
    song = save(tmp_path / "s.mid", [on(500), off(500)])
    data = bytearray(song.read_bytes())
    data[12:14] = bytes((256 - 25, 40))  # 25 frames a second of 40 ticks: a tick is a millisecond
    song.write_bytes(data)
    _, length = score_from_midi_file(song, bank(), RATE)
    assert length == RATE


def test_damaged_files_give_one_clear_error(tmp_path: Path) -> None:
    song = save(tmp_path / "s.mid", [tempo(0, 400_000), on(0), off(480)])
    data = song.read_bytes()
    broken = tmp_path / "broken.mid"
    survived = 0
    for length in range(len(data)):
        broken.write_bytes(data[:length])
        try:
            score_from_midi_file(broken, bank(), RATE)
            survived += 1
        except SixopError as error:
            assert "broken.mid" in str(error)
            assert "\n" not in str(error)
    assert survived < len(data) // 2
    for position in range(len(data)):
        for bit in range(8):
            flipped = bytearray(data)
            flipped[position] ^= 1 << bit
            broken.write_bytes(flipped)
            try:
                score_from_midi_file(broken, bank(), RATE)
            except SixopError as error:
                assert "broken.mid" in str(error)


def raw_song(track: bytes, division: bytes = b"\x01\xe0", tracks: int = 1) -> bytes:
    chunk = b"MTrk" + len(track).to_bytes(4, "big") + track
    return b"MThd\0\0\0\6\0\1" + tracks.to_bytes(2, "big") + division + chunk


NOTE = b"\0\x90\x3c\x64\x83\x60\x80\x3c\x40"  # half a second of C3
END = b"\0\xff\x2f\0"


@pytest.mark.parametrize(
    "meta",
    [
        b"\0\xff\x59\2\x7f\0",  # a key signature of 127 sharps
        b"\0\xff\x58\1\4",  # a time signature cut short
        b"\0\xff\x54\5\xff\0\0\0\0",  # an SMPTE offset of a frame rate 7
        b"\0\xff\0\0",  # a sequence number without one
        b"\0\xff\x51\1\5",  # a tempo of one byte
        b"\0\xff\3\3\xff\xfe\xfd",  # a name in no known alphabet
    ],
)
def test_meta_events_other_than_a_whole_tempo_do_not_matter(tmp_path: Path, meta: bytes) -> None:
    path = tmp_path / "meta.mid"
    path.write_bytes(raw_song(meta + NOTE + meta + END))
    score, length = score_from_midi_file(path, bank(), RATE)
    expected = by_hand([(0, b"\x90\x3c\x64"), (RATE // 2, b"\x80\x3c\x40")])
    assert length == RATE // 2
    np.testing.assert_array_equal(rendered(score, RATE), rendered(expected, RATE))


def test_a_song_in_a_riff_container_plays(tmp_path: Path) -> None:
    song = raw_song(NOTE + END)
    path = tmp_path / "song.rmi"
    path.write_bytes(b"RIFF" + (len(song) + 12).to_bytes(4, "little") + b"RMIDdata" + bytes(4) + song)
    assert score_from_midi_file(path, bank(), RATE)[1] == RATE // 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (raw_song(END), "holds no note"),
        (raw_song(NOTE + END, tracks=2), "1 of its 2 tracks"),
        (raw_song(NOTE + END)[:14], "0 of its 1 tracks"),
        (raw_song(b"\0\xff\x51\3\0\0\0" + NOTE + END), "tempo is 0"),
        (raw_song(NOTE + END, division=b"\0\0"), "ticks per quarter note are 0"),
        (raw_song(NOTE + b"\xff\xff\xff\x7f\xff\x2f\0"), "longer than 24 hours"),
    ],
)
def test_a_song_that_would_be_silent_or_endless_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "odd.mid"
    path.write_bytes(data)
    with pytest.raises(SixopError, match=words):
        score_from_midi_file(path, bank(), RATE)


def test_a_file_without_end_is_refused() -> None:
    with pytest.raises(SixopError, match="beyond 16 MB"):
        score_from_midi_file("/dev/zero", bank(), RATE)


def test_a_voice_parameter_in_a_song_changes_its_part(tmp_path: Path) -> None:
    change = mido.Message("sysex", data=(0x43, 0x10, 0x00, 5 * 21 + 18, 3))  # operator 1, coarse frequency 3
    song = save(tmp_path / "s.mid", [change, on(0), off(480)], kind=0)
    score, length = score_from_midi_file(song, bank(), RATE)
    expected = by_hand([(0, (0, 2)), (0, b"\x90\x3c\x64"), (24000, b"\x80\x3c\x40")])
    np.testing.assert_array_equal(rendered(score, length), rendered(expected, length))


@pytest.mark.parametrize("content", [b"", b"not a song at all", b"RIFF"])
def test_what_is_no_midi_file_is_called_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.mid"
    path.write_bytes(content)
    with pytest.raises(SixopError, match="MIDI file"):
        score_from_midi_file(path, bank(), RATE)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SixopError, match="nothere"):
        score_from_midi_file(tmp_path / "nothere.mid", bank(), RATE)
