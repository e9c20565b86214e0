# SPDX-License-Identifier: Apache-2.0
"""A MIDI recording is a whole file after each byte that is written, exact in time, and goes on where it was left."""

from __future__ import annotations

import os
from pathlib import Path

import mido
import pytest

from synth import smf
from synth.errors import SixopError
from synth.midi.file import score_from_midi_file
from synth.midi.take import Take
from synth.patch import Patch

NOTES = [bytes((0x90, 60 + step, 100)) for step in range(8)]
SYSEX = b"\xf0\x43\x00\x00" + bytes(300) + b"\xf7"


def messages(path: Path) -> list[bytes]:
    """All but meta events, as two readers see them."""
    song = smf.read(path.read_bytes())
    assert song.damage == []
    assert (song.format, song.promised, len(song.tracks)) == (0, 1, 1)
    assert song.tracks[0][-1].data == b"\xff\x2f"
    [track] = mido.MidiFile(path).tracks
    found = [event.data for event in song.tracks[0] if event.data[0] != smf.META]
    assert [bytes(message.bin()) for message in track if not message.is_meta] == found
    return found


@pytest.mark.parametrize("rate", [8000, 11025, 44100, 44101, 48000, 88200, 96000, 192000])
def test_every_frame_has_its_own_tick(rate: int, tmp_path: Path) -> None:
    path = tmp_path / "take.mid"
    frames = [0, 1, 2, 3, 1000, 1001, rate, 3600 * rate + 1]
    take = Take(str(path), rate)
    for frame, note in zip(frames, NOTES, strict=True):
        take.add(take.tick(frame, rate), note)
    take.flush()
    taken: list[tuple[int, bytes]] = []
    score_from_midi_file(path, [Patch.init_voice()], rate, taken=taken)
    assert taken == list(zip(frames, NOTES, strict=True))


def test_it_is_whole_after_each_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "take.mid"
    take = Take(str(path), 48000)
    expected: list[bytes] = []
    seen: list[list[bytes]] = []
    write = os.pwrite

    def looked_at(file: int, data: bytes, at: int) -> int:
        done = write(file, data, at)
        seen.append(messages(path))
        return done

    monkeypatch.setattr(os, "pwrite", looked_at)
    for number, note in enumerate(NOTES):
        take.add(1000 * number, note)
        take.add(1000 * number, SYSEX)
        take.flush()
        expected += [note, SYSEX]
        assert seen[-1] == expected
        assert seen[-3] == expected[:-2], "what is written beyond the end counts only with its length"
    take.flush()
    assert len(seen) == 3 * len(NOTES), "nothing new, nothing written"


def test_another_one_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "take.mid"
    first = Take(str(path), 48000)
    first.add(100, NOTES[0])
    first.flush(48000)
    first.close()
    second = Take(str(path), 44100, append=True)
    assert second.last == 48000
    second.add(5, NOTES[1])
    second.add(second.tick(2 * 44100, 44100), NOTES[2])
    second.flush(96001)
    second.close()
    assert messages(path) == NOTES[:3]
    assert [event.tick for event in smf.read(path.read_bytes()).tracks[0] if event.data in NOTES] == [100, 48000, 96000]
    assert mido.MidiFile(path).length == pytest.approx(96001 / 48000)


@pytest.mark.parametrize("content", [b"", b"no song", b"MThd\0\0\0\6\0\1\0\1\0\1MTrk\0\0\0\4\0\xff\x2f\0"])
def test_what_is_no_take_is_not_appended_to(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "take.mid"
    path.write_bytes(content)
    with pytest.raises(SixopError, match="no MIDI recording"):
        Take(str(path), 48000, append=True)
    assert path.read_bytes() == content


def test_a_pause_may_be_longer_than_a_file_can_say_at_once(tmp_path: Path) -> None:
    take = Take(str(tmp_path / "take.mid"), 48000)
    for tick in (0, 1 << 28, (1 << 30) + 7):
        take.add(tick, NOTES[0])
    take.flush()
    events = smf.read((tmp_path / "take.mid").read_bytes()).tracks[0]
    assert [event.tick for event in events if event.data == NOTES[0]] == [0, 1 << 28, (1 << 30) + 7]
