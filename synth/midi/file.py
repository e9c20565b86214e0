# SPDX-License-Identifier: Apache-2.0
"""Songs: from a standard MIDI file to a score with exact frames.

`sixop play --midi-file` and `sixop render --midi-file` both play the score made
here, which is why their samples are equal to the last bit.

Time is kept in whole numbers. With d ticks per quarter note, a tick at a tempo
of m microseconds per quarter note lasts m / d microseconds; the sum of
ticks * m is exact, and an event's frame is that sum times the rate over
d * 1 000 000, rounded to the nearest (halves up).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import mido

from synth.errors import SixopError
from synth.midi.sysex import BankDump, VoiceDump, read_sysex
from synth.patch import Patch
from synth.score import Score

_PARTS = 16
_DEFAULT_TEMPO = 500_000  # microseconds per quarter note: 120 beats a minute, until the file says otherwise
_MICROSECONDS = 1_000_000
# What mido raises for the many ways in which a file can be damaged.
_DAMAGE = (EOFError, OSError, ValueError, IndexError, KeyError, TypeError, LookupError, mido.KeySignatureError)


def score_from_midi_file(
    path: str | Path, bank: Sequence[Patch], sample_rate: int, number: int = 1
) -> tuple[Score, int]:
    """The score of a song, and the frame of its last event (the end of its longest track).

    Args:
        path: a standard MIDI file of format 0 or 1.
        bank: the voices that programs choose from: program n (0..127) is voice
            n mod len(bank), on its channel's part.
        sample_rate: device frames per second of the engine that will play it.
        number: voice of the bank, 1-based, that every part starts with.

    SysEx in the song counts: a voice goes to its channel's part, a bank
    replaces `bank` from there on.

    Raises:
        SixopError: the file cannot be read, is damaged, or is of format 2.
    """
    song = _read(Path(path))
    score = Score()
    voices = list(bank)
    for part in range(_PARTS):
        score.load(0, part, voices[(number - 1) % len(voices)])
    frame = 0
    for frame, message in _timed(song, sample_rate):
        if message.type == "program_change":
            score.load(frame, message.channel, voices[message.program % len(voices)])
        elif message.type == "sysex":
            voices = _take_sysex(score, frame, message, voices)
        elif not message.is_meta and hasattr(message, "channel"):
            score.midi(frame, bytes(message.bytes()))
    return score, frame


def _read(path: Path) -> mido.MidiFile:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SixopError(f"cannot read {str(path)!r}: {error.strerror or error}") from error
    if not data.startswith(b"MThd"):
        raise SixopError(f"{str(path)!r} is not a standard MIDI file: it does not start with MThd")
    try:
        song = mido.MidiFile(file=io.BytesIO(data), clip=True)
    except _DAMAGE as error:
        reason = str(error) or "it ends too early"
        raise SixopError(f"{str(path)!r} is a damaged MIDI file: {reason}") from error
    if song.type not in (0, 1):
        raise SixopError(f"{str(path)!r} is a MIDI file of format {song.type}; only formats 0 and 1 are songs")
    if song.ticks_per_beat == 0:
        raise SixopError(f"{str(path)!r} is a damaged MIDI file: its ticks per quarter note are 0")
    return song


def _timed(song: mido.MidiFile, sample_rate: int) -> Iterator[tuple[int, mido.Message]]:
    """Every message of every track with its frame, in order; at one tick, in the order of the tracks."""
    messages: list[tuple[int, mido.Message]] = []
    for track in song.tracks:
        tick = 0
        for message in track:
            tick += message.time
            messages.append((tick, message))
    messages.sort(key=lambda timed: timed[0])

    fixed, divisor = _time_division(song.ticks_per_beat)
    tempo = fixed or _DEFAULT_TEMPO
    elapsed, last_tick = 0, 0  # elapsed: microseconds times divisor
    for tick, message in messages:
        elapsed += (tick - last_tick) * tempo
        last_tick = tick
        if message.type == "set_tempo" and not fixed:
            tempo = message.tempo
        numerator, denominator = elapsed * sample_rate, divisor * _MICROSECONDS
        yield (2 * numerator + denominator) // (2 * denominator), message


def _time_division(division: int) -> tuple[int, int]:
    """(microseconds per `divisor` ticks, or 0 where the tempo says so, divisor).

    A negative division is SMPTE's: the upper byte holds minus the frames per
    second (29 stands for 30000/1001), the lower one the ticks per frame.
    """
    if division > 0:
        return 0, division
    frames_per_second, ticks_per_frame = 256 - (division >> 8 & 0xFF), division & 0xFF
    if frames_per_second == 29:
        return 1001 * _MICROSECONDS, 30_000 * ticks_per_frame
    return _MICROSECONDS, frames_per_second * max(ticks_per_frame, 1)


def _take_sysex(score: Score, frame: int, message: mido.Message, voices: list[Patch]) -> list[Patch]:
    try:
        meaning = read_sysex(bytes(message.bytes()))
    except SixopError:
        return voices
    if isinstance(meaning, VoiceDump):
        score.load(frame, meaning.part, meaning.voice)
    return meaning.voices if isinstance(meaning, BankDump) else voices
