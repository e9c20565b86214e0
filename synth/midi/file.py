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

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from synth import smf
from synth.errors import SixopError
from synth.files import read_source
from synth.messages import NOTE_ON, PROGRAM
from synth.midi.functions import Functions, resets
from synth.midi.programs import Programs
from synth.midi.routing import MemberNote, MpeZones, Routing, Touch
from synth.midi.sysex import BankDump, FunctionChange, ParameterChange, VoiceDump, read_sysex
from synth.midi.tx7 import PartVolume
from synth.patch import Patch
from synth.score import Score
from synth.tuning import Tuning, TuningChange

LARGEST_FILE = 16 << 20  # bytes; hours of the densest music fit
LONGEST_HOURS = 24
_PARTS = 16
_DEFAULT_TEMPO = 500_000  # microseconds per quarter note: 120 beats a minute, until the file says otherwise
_MICROSECONDS = 1_000_000
_TEMPO = bytes((smf.META, 0x51))


def score_from_midi_file(
    path: str | Path,
    bank: Sequence[Patch],
    sample_rate: int,
    number: int = 1,
    tuning: Tuning | None = None,
    *,
    numbers: Mapping[int, int] = MappingProxyType({}),
    functions: Mapping[int, Mapping[str, int]] = MappingProxyType({}),
    doubt: Callable[[str], object] = lambda _: None,
    taken: list[tuple[int, bytes]] | None = None,
) -> tuple[Score, int]:
    """The score of a song, and the frame of its last event (the end of its longest track).

    Args:
        path: a standard MIDI file of format 0 or 1, bare or in a RIFF container.
        bank: the voices that programs choose from, as bank select and program
            changes say (`programs.py`), on their channel's part. Where a song
            for another instrument goes beyond them, the part keeps its voice.
        sample_rate: device frames per second of the engine that will play it.
        number: voice of the bank, 1-based, that every part starts with.
        tuning: what the keys sound at first, if not what the DX7's do.
        numbers: by part (0..15) the voice that it starts with instead.
        functions: by part the function parameters that are not as parts begin.
        doubt: told, in a sentence each, what the song asks for in vain.
        taken: gets every event that counts, with its frame.

    SysEx in the song counts: a voice goes to its channel's part, a bank
    replaces `bank` from there on, voice and function parameters change their
    channel's part, messages of the MIDI tuning standard tune.
    Of the meta events only the tempo does. A song that says it is MPE is played so.

    Raises:
        SixopError: the file cannot be read, is damaged, of format 2, holds no
            note or lasts longer than a day.
    """
    path = Path(path)
    song = _read(path)
    conductor = _Conductor(list(bank), number, tuning, lambda sentence: doubt(f"{path.name}: {sentence}"))
    conductor.begin(numbers, functions)
    frame = 0
    for frame, message in _timed(song, sample_rate, str(path)):
        conductor.take(frame, message)
        if taken is not None and message[0] != smf.META:
            taken.append((frame, message))
    if not conductor.notes:
        raise SixopError(f"{str(path)!r} holds no note to play; `sixop bank ls` tells whether it holds voices")
    return conductor.score, frame


class _Conductor:
    """Makes the score, and knows what every part plays by then."""

    def __init__(self, bank: list[Patch], number: int, tuning: Tuning | None, doubt: Callable[[str], object]) -> None:
        self.score = Score()
        if tuning is not None:
            self.score.set_tuning(0, tuning)
        self.notes = 0
        self._doubt = doubt
        self._bank = bank
        self._programs = Programs()
        self._functions = Functions()
        self._routing = Routing()
        self._lost: set[int] = set()  # parts told to play voices that are not there
        self._sounds = [bank[(number - 1) % len(bank)]] * _PARTS

    def begin(self, numbers: Mapping[int, int], functions: Mapping[int, Mapping[str, int]]) -> None:
        """What the parts have before the first event."""
        for part, number in numbers.items():
            self._sounds[part] = self._bank[(number - 1) % len(self._bank)]
        for part, sound in enumerate(self._sounds):
            self.score.load(0, part, sound)
        for part, values in functions.items():
            for name, value in values.items():
                self._set_function(0, part, name, value)

    def take(self, frame: int, message: bytes) -> None:
        """One event of the song."""
        kind, part = message[0] & 0xF0, message[0] & 0x0F
        if message[0] == smf.META:
            return
        if message[0] == smf.EXCLUSIVE:
            self._take_sysex(frame, message)
        elif kind == PROGRAM:
            self._change_program(frame, part, message[1])
        elif not self._take_mpe(frame, message) and not self._programs.takes(message):
            self.notes += kind == NOTE_ON and message[2] > 0
            self.score.midi(frame, message)
            self._functions.hear(message)
            if resets(message):
                self._hold_pedal(frame, part)

    def _take_mpe(self, frame: int, message: bytes) -> bool:
        """True if the message is of a note with a channel of its own, or says that there are such notes."""
        is_members = self._routing.belongs_to_a_note(message)
        out = self._routing.route(message)
        if not is_members and not any(isinstance(each, MpeZones | MemberNote | Touch) for each in out):
            return False
        for each in out:
            if isinstance(each, MemberNote):
                self.notes += each.velocity > 0
                self.score.member_note(frame, each.key, each.velocity, each.member, each.part)
            elif isinstance(each, Touch):
                self.score.touch(frame, each.name, each.value, each.member, each.part)
            elif isinstance(each, bytes):
                self.score.midi(frame, each)
        return True

    def _change_program(self, frame: int, part: int, program: int) -> None:
        index = self._programs.index(part, program)
        if index < len(self._bank):
            self._load(frame, part, self._bank[index])
        elif part not in self._lost:
            self._lost.add(part)
            self._doubt(self._programs.no_such_voice(part, program, len(self._bank)))

    def _set_function(self, frame: int, part: int, name: str, value: int) -> None:
        self._functions.set(part, name, value)
        self.score.set_function(frame, name, value, part)
        if name == "portamento_time":
            self._hold_pedal(frame, part)

    def _hold_pedal(self, frame: int, part: int) -> None:
        if pedal := self._functions.pedal(part):
            self.score.midi(frame, pedal)

    def _take_sysex(self, frame: int, message: bytes) -> None:
        try:
            meaning = read_sysex(message)
        except SixopError:
            return
        match meaning:
            case BankDump(voices=voices):
                self._bank = voices
                self._programs = Programs()
            case VoiceDump(part=part, voice=voice):
                self._load(frame, part, voice)
            case ParameterChange():
                self._change_parameter(frame, meaning)
            case FunctionChange(part=part, values=values):
                for name, value in values.items():
                    self._set_function(frame, part, name, value)
            case PartVolume(part=part, decibels=decibels):
                self.score.set_part_volume(frame, decibels, part)
            case TuningChange():
                self.score.retune(frame, meaning)

    def _change_parameter(self, frame: int, change: ParameterChange) -> None:
        voice = change.applied_to(self._sounds[change.part])
        if change.switches is None:
            self._load(frame, change.part, voice)
        else:
            self._sounds[change.part] = voice
            self.score.set_operators(frame, change.switches, change.part)

    def _load(self, frame: int, part: int, sound: Patch) -> None:
        self._sounds[part] = sound
        self.score.load(frame, part, sound)


def _read(path: Path) -> smf.Song:
    _, data = read_source(path, LARGEST_FILE, "a MIDI file", SixopError)
    if not smf.is_midi_file(data):
        raise SixopError(f"{str(path)!r} is not a standard MIDI file: it does not start with MThd")
    song = smf.read(data)
    if song.format not in (0, 1):
        raise SixopError(f"{str(path)!r} is a MIDI file of format {song.format}; only formats 0 and 1 are songs")
    if problem := _damage(song):
        raise SixopError(f"{str(path)!r} is a damaged MIDI file: {problem}")
    return song


def _damage(song: smf.Song) -> str:
    """Why a song would not be played as it was meant; empty if nothing speaks against it."""
    if song.damage:
        offset, what = song.damage[0]
        return f"byte {offset}: {what}"
    if len(song.tracks) < song.promised:
        return f"{len(song.tracks)} of its {song.promised} tracks are there"
    if song.division & 0xFF == 0 and (song.division == 0 or song.division & 0x8000):
        return "its ticks per quarter note are 0"
    if any(_tempo(event.data) == 0 for track in song.tracks for event in track):
        return "its tempo is 0, which would stop time"
    return ""


def _tempo(message: bytes) -> int | None:
    """Microseconds per quarter note, if the message sets them."""
    return int.from_bytes(message[2:5], "big") if message.startswith(_TEMPO) and len(message) >= 5 else None


def _timed(song: smf.Song, sample_rate: int, name: str) -> Iterator[tuple[int, bytes]]:
    """Every message of every track with its frame, in order; at one tick, in the order of the tracks."""
    events = sorted((event for track in song.tracks for event in track), key=lambda event: event.tick)
    fixed, divisor = _time_division(song.division)
    tempo = fixed or _DEFAULT_TEMPO
    longest = LONGEST_HOURS * 3600 * divisor * _MICROSECONDS
    elapsed, last_tick = 0, 0  # elapsed: microseconds times divisor
    for event in events:
        elapsed += (event.tick - last_tick) * tempo
        if elapsed > longest:
            raise SixopError(f"{name!r} lasts longer than {LONGEST_HOURS} hours: its times are hardly meant so")
        last_tick = event.tick
        if not fixed:
            tempo = _tempo(event.data) or tempo
        numerator, denominator = elapsed * sample_rate, divisor * _MICROSECONDS
        yield (2 * numerator + denominator) // (2 * denominator), event.data


def _time_division(division: int) -> tuple[int, int]:
    """(microseconds per `divisor` ticks, or 0 where the tempo says so, divisor).

    From 0x8000 on it is SMPTE's: the upper byte holds minus the frames per
    second (29 stands for 30000/1001), the lower one the ticks per frame.
    """
    if division < 0x8000:
        return 0, division
    frames_per_second, ticks_per_frame = 256 - (division >> 8), division & 0xFF
    if frames_per_second == 29:
        return 1001 * _MICROSECONDS, 30_000 * ticks_per_frame
    return _MICROSECONDS, frames_per_second * ticks_per_frame
