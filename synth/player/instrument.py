# SPDX-License-Identifier: Apache-2.0
"""What MIDI messages and a face's commands do to the engine.

One thread (see `playing.py`) owns an instrument and calls all of it, so there
is one order of events, one ring into the engine and no lock.

What MIDI inputs send goes through their zones first (`synth/midi/routing.py`), what a face sends does not.

A program change selects a voice for its channel's part, in the bank that bank
select has chosen for it (see `midi/programs.py`); if the list has no such
voice, the part keeps its own and a warning says so. Keys of the face select
for all parts. Sounding notes keep the voice they started with. A 4104-byte
bank replaces the list, of which bank 1 is then selected, and each part goes on
with the same number; a 163-byte voice, or a single parameter change, replaces
the sound of its channel's part, function parameters what they say. Messages of
the MIDI tuning standard tune all parts, or those of their channels.

Targets (see `targets.py`) hear of every voice and part, and which was given a
voice last: selected, received or edited, on whatever channel; after a bank, the
same channel. They get every channel message but bank select and program
changes. Dumps that are asked for are left for others to send (`asked`).
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from synth.errors import EngineError, SixopError
from synth.functions import FUNCTIONS
from synth.messages import LENGTHS, NOTE_OFF, NOTE_ON, PROGRAM, SYSEX
from synth.midi.functions import Functions, resets
from synth.midi.incoming import SysexCollector
from synth.midi.learned import Learning
from synth.midi.programs import Programs
from synth.midi.routing import Command, MemberNote, MpeZones, Out, Routing, Touch
from synth.midi.sysex import (
    VOICE_FORM,
    BankDump,
    DumpRequest,
    FunctionChange,
    ParameterChange,
    Remark,
    VoiceDump,
    read_sysex,
)
from synth.midi.tx7 import PartVolume
from synth.patch import Patch
from synth.player.audition import Audition, PhraseNote
from synth.player.settings import PARTS, pack_voices
from synth.player.tunings import Keys, Tunings
from synth.player.wire import Message
from synth.sysex import BANK_VOICES, END
from synth.tuning import TuningChange

if TYPE_CHECKING:
    from synth.engine import Producer
    from synth.player.targets import Target

# Data that a full ring refused is offered again this often: a tenth of a second, several blocks of any size.
_FULL_RETRIES, _FULL_SECONDS = 100, 0.001
_MOST_ASKED = 64


class Asked(NamedTuple):
    """A dump that was asked for, what may be in it, and the input that asked; None for a face."""

    request: DumpRequest
    voices: list[Patch]
    functions: dict[str, int]
    source: Routing | None


class Instrument:
    """The parts of one engine and the bank they choose from. `emit` takes the events a face should see."""

    def __init__(
        self,
        producer: Producer,
        voices: Sequence[Patch],
        bank_name: str,
        emit: Callable[[Message], None],
        targets: Sequence[Target] = (),
    ) -> None:
        self._producer = producer
        self._emit = emit
        self._targets = targets
        self._followed = 0
        self._voices = list(voices)
        self._bank_name = bank_name
        self._numbers = [0] * PARTS
        self._sounds = [self._voices[0]] * PARTS
        self._programs = Programs()
        self._functions = Functions()
        self._remarks: set[str] = set()  # said once each
        self._lost: set[int] = set()  # parts told to play voices that are not there, and people told of it
        self._keys = Routing()
        self.tunings = Tunings()
        self._audition = Audition(self._send)
        self.learning = Learning()
        self.panics = 0  #: how often there was one
        self.asked: deque[Asked] = deque(maxlen=_MOST_ASKED)  #: dumps for others to send
        self.lead: int | None = None  #: part (0..15) whose voice `step` changes; None for all parts

    # ---- what a face asks for -------------------------------------------------------

    def select(self, index: int, parts: Sequence[int] | None = None, load: bool = True, follow: bool = True) -> None:
        """Voice `index` of the bank, counted around, for these parts (all if None), and for the targets if `follow`."""
        index %= len(self._voices)
        for part in range(PARTS) if parts is None else parts:
            self._numbers[part] = index
            self._sounds[part] = self._voices[index]
            if load:
                self._feed(self._producer.load, self._sounds[part], part)
            self._tell_voice(part, index)
        if follow:
            self.follow(self._followed if parts is None else parts[0])
        self._emit_voice(parts)

    def step(self, by: int, part: int | None = None) -> None:
        """The next (1) or previous (-1) voice: of this part, else of the leading part, else of all from the first's."""
        part = self.lead if part is None else part
        self.select(self._numbers[part or 0] + by, None if part is None else [part])

    def replace_bank(self, voices: Sequence[Patch], name: str) -> None:
        """Another bank; every part goes on with its number."""
        self._voices = list(voices)
        self._bank_name = name
        self._programs = Programs()
        self._lost.clear()
        self.describe_bank()
        if len(set(self._numbers)) == 1:
            self.select(self._numbers[0])
        else:
            for part, index in enumerate(self._numbers):
                self.select(index, [part], follow=False)
            self.follow(self._followed)

    def replace_sound(self, part: int, voice: Patch, load: bool = True, tell: bool = True) -> None:
        """A voice that need not be in the bank, for one part. Without `tell`, targets know what is new in it."""
        self._sounds[part] = voice
        if load:
            self._feed(self._producer.load, voice, part)
        if tell:
            self._tell_voice(part, None)
        self.follow(part)
        self._emit_voice([part], pack_voices([voice])[0])

    def audition(self, part: int, voice: Patch, phrase: Sequence[PhraseNote], now: float) -> None:
        """A voice for one part, to be heard at once: with the keys that are down, else with a phrase."""
        self._audition.end()
        self.replace_sound(part, voice)
        self._audition.begin(part, phrase, now)

    @property
    def due(self) -> float | None:
        """When `tend` has something to play next, in seconds of its clock; None if nothing waits."""
        return self._audition.due

    def tend(self, now: float) -> None:
        """Play what is due of a phrase. `now`: seconds of the clock of `audition`."""
        self._audition.tend(now)

    def follow(self, part: int) -> None:
        """The targets play the voice of this part."""
        self._followed = part
        for target in self._targets:
            target.load(self._sounds[part])

    def _tell_voice(self, part: int, index: int | None) -> None:
        for target in self._targets:
            target.voice(part, self._sounds[part], index)

    def retune(self, change: TuningChange) -> None:
        """Tune keys of some parts, as a message asks for."""
        if self.tunings.retune(change):
            self._feed(self._producer.retune, change)
        channels = [part + 1 for part in change.parts]
        self._emit({"event": "tuning", "channels": channels, "keys": {str(key): hz for key, hz in change.keys.items()}})

    def follow_master(self, tables: Sequence[Keys] | None) -> None:
        """Sound as an MTS-ESP master says; None: there is none any more."""
        for change in self.tunings.follow(tables):
            self._feed(self._producer.retune, change)

    def set_function(
        self, name: str, value: int, parts: Sequence[int] | None = None, load: bool = True, tell: bool = True
    ) -> None:
        """A function parameter of these parts (all if None)."""
        for part in range(PARTS) if parts is None else parts:
            self._functions.set(part, name, value)
            if load:
                self._feed(self._producer.set_function, name, value, part)
                if name == "portamento_time":
                    self._hold_pedal(part)
            for target in self._targets:
                target.function(part, name, value)
        if tell:
            self._emit_function(name, value, parts)

    def choose_bank(self, part: int, bank: int) -> None:
        """Program changes of this part count from this bank on, 0..16383."""
        self._programs.choose(part, bank)
        self._emit_bank_select(part)

    def play_key(self, message: bytes) -> None:
        """A channel message from the face's own keyboard."""
        self.play(message, self._keys)

    def set_volume(self, decibels: float) -> None:
        """Volume of the whole instrument, reached smoothly."""
        self._feed(self._producer.set_volume, decibels)

    def set_limiter(self, on: bool) -> None:
        """Limit the output smoothly before the clamp does it, or no longer."""
        self._feed(self._producer.set_limiter, on)

    def set_part_volume(self, part: int, decibels: float) -> None:
        """Volume of one part, besides its controllers."""
        self._feed(self._producer.set_part_volume, decibels, part)

    def set_pan(self, part: int, pan: float) -> None:
        """Where a part stands, -1 (left) to 1."""
        self._feed(self._producer.set_pan, pan, part)

    def panic(self) -> None:
        """Silence everything and let go of every key and pedal of the face."""
        self.panics += 1
        self._keys.release()
        self._audition.forget()
        try:
            self._feed(self._producer.panic)
        finally:
            for target in self._targets:
                target.silence()
        for part in range(PARTS):
            self._hold_pedal(part)

    def release(self, routing: Routing, port: str = "") -> None:
        """Let go of what one port, of this name, holds."""
        for target in self._targets:
            target.unplugged(port)
        self.send(routing.release())

    # ---- what MIDI ports send -------------------------------------------------------

    def thru(self, message: bytes, port: str) -> None:
        """One message as it came from the port of this name, before anything is made of it."""
        if len(message) == LENGTHS.get(message[0] & 0xF0 if message else 0):
            for target in self._targets:
                target.thru(port, message)

    def play(self, message: bytes, routing: Routing) -> None:
        """One message of a port; what makes no sense is dropped, and what is learned from makes no sound."""
        if message and message[0] == SYSEX:
            self._sort_sysex(message, routing)
        elif not routing.lets_go(message) and not routing.belongs_to_a_note(message) and self.learning.takes(message):
            routing.learn_from(message)
        else:
            self.send(routing.route(message))

    def send(self, messages: Sequence[Out]) -> None:
        """What became of a port's messages: to the engine and the targets, or done here."""
        failure: EngineError | None = None
        for message in messages:
            try:
                if isinstance(message, Command):
                    self._do(message)
                elif isinstance(message, MemberNote):
                    self._play_member(message)
                elif isinstance(message, Touch):
                    self._feed(self._producer.touch, message.name, message.value, message.member, message.part)
                elif isinstance(message, MpeZones):
                    self._emit({"event": "mpe", **message._asdict()})
                elif message[0] & 0xF0 == PROGRAM:
                    self._change_program(message[0] & 0x0F, message[1])
                elif self._programs.takes(message):
                    self._emit_bank_select(message[0] & 0x0F)
                else:
                    self._send(message)
            except EngineError as error:  # the others may be note-offs
                failure = error
        if failure is not None:
            raise failure

    def _do(self, command: Command) -> None:
        if command.value is not None and command.part is not None:
            changed = self._functions.set(command.part, command.name, command.value)
            self.set_function(command.name, command.value, [command.part], tell=changed)
        elif command.name == "panic":
            self.panic()
        else:
            self.step(1 if command.name == "next_voice" else -1, command.part)

    def _play_member(self, note: MemberNote) -> None:
        """Targets do not know that notes may have bends of their own, and play it as any other."""
        status = NOTE_ON if note.velocity else NOTE_OFF
        try:
            self._feed(self._producer.member_note, note.key, note.velocity, note.member, note.part)
        finally:
            for target in self._targets:
                target.midi(bytes((status | note.part, note.key, note.velocity)))

    def _change_program(self, part: int, program: int) -> None:
        index = self._programs.index(part, program)
        if index < len(self._voices):
            self._lost.discard(part)
            self.select(index, [part])
            return
        if part in self._lost:
            return
        self._lost.add(part)
        text = self._programs.no_such_voice(part, program, len(self._voices))
        self._emit({"event": "warning", "text": text})

    def _send(self, message: bytes) -> None:
        """A channel message to the engine, and then to the targets."""
        self._audition.hear(message)
        try:
            self._feed(self._producer.midi, message)
        finally:  # an engine that is full must not hang a target's note
            for target in self._targets:
                target.midi(message)
        part = message[0] & 0x0F
        if changed := self._functions.hear(message):
            self._emit_function(*changed, [part])
        if resets(message):
            self._hold_pedal(part)

    def _hold_pedal(self, part: int) -> None:
        """Portamento is on where a time is set and no pedal says otherwise."""
        if pedal := self._functions.pedal(part):
            self._feed(self._producer.midi, pedal)
            for target in self._targets:
                target.midi(pedal)

    def _sort_sysex(self, message: bytes, routing: Routing) -> None:
        """RtMidi puts clocks that came within a message into it and, after one without an end, whatever follows."""
        collector = SysexCollector()
        for single in collector.feed(message) + collector.cut():
            if single[-1] == END:
                self._play_sysex(single, routing)
            else:
                self._emit({"event": "warning", "text": f"SysEx cut short after {len(single)} bytes: send it again"})
                self.release(routing)  # what it swallowed may have been note-offs

    def _play_sysex(self, message: bytes, routing: Routing) -> None:
        try:
            meaning = read_sysex(message)
        except SixopError as error:
            self._emit({"event": "warning", "text": f"SysEx not understood: {error}"})
            return
        if isinstance(meaning, BankDump):
            self._warn(meaning.problems)
            self.replace_bank(meaning.voices, "received by MIDI")
        elif isinstance(meaning, VoiceDump):
            self._warn(meaning.problems)
            self.replace_sound(meaning.part, meaning.voice)
        elif isinstance(meaning, ParameterChange):
            self._change_parameter(meaning)
        elif isinstance(meaning, FunctionChange):
            self._warn(meaning.problems)
            for name, value in meaning.values.items():
                self.set_function(name, value, [meaning.part])
        elif isinstance(meaning, PartVolume):
            self.set_part_volume(meaning.part, meaning.decibels)
            self._emit({"event": "part_volume", "channel": meaning.part + 1, "decibels": meaning.decibels})
        elif isinstance(meaning, DumpRequest):
            self.ask_dump(meaning, routing)
        elif isinstance(meaning, Remark):
            self._remark(meaning.text)
        elif isinstance(meaning, TuningChange):
            self._warn(meaning.problems)
            self.retune(meaning)
            for target in self._targets:
                target.tuned(message)

    def ask_dump(self, request: DumpRequest, source: Routing | None = None) -> None:
        """Let the house send something of a part: to where the request came from, or else to every output."""
        start = self._programs.bank(request.part) * BANK_VOICES
        asked = [self._sounds[request.part]] if request.form == VOICE_FORM else self._voices[start:][:BANK_VOICES]
        functions = self._functions.of(request.part)
        self.asked.append(Asked(request, asked or self._voices[:BANK_VOICES], functions, source))

    def _change_parameter(self, change: ParameterChange) -> None:
        voice = change.applied_to(self._sounds[change.part])
        if change.switches is not None:  # no other program: envelopes of sounding voices go on into their next notes
            self._feed(self._producer.set_operators, change.switches, change.part)
            for target in self._targets:
                target.switches(change.part, change.switches)
        self.replace_sound(change.part, voice, load=change.switches is None, tell=change.switches is None)

    def _feed(self, send: Callable[..., None], *arguments: Any) -> None:
        """Send to the engine; if its ring is full, wait a little for it to render."""
        for _ in range(_FULL_RETRIES):
            try:
                return send(*arguments)
            except EngineError:
                time.sleep(_FULL_SECONDS)
        return send(*arguments)

    def _warn(self, problems: Sequence[str]) -> None:
        """One line however many problems there are: thirty-two would push everything else off the screen."""
        if problems:
            more = len(problems) - 1
            others = f"; and {more} more of the kind" if more else ""
            self._emit({"event": "warning", "text": f"SysEx repaired: {problems[0]}{others}"})

    def _remark(self, text: str) -> None:
        if text not in self._remarks:
            self._remarks.add(text)
            self._emit({"event": "warning", "text": text})

    # ---- what a face sees -----------------------------------------------------------

    def describe_bank(self) -> None:
        """Emit the bank: where it comes from, its voices' names, and the voices themselves as data."""
        self._emit(
            {
                "event": "bank",
                "name": self._bank_name,
                "voices": [voice.name.rstrip() for voice in self._voices],
                "data": pack_voices(self._voices),
            }
        )

    def _emit_voice(self, parts: Sequence[int] | None, data: str | None = None) -> None:
        part = 0 if parts is None else parts[0]
        event: Message = {
            "event": "voice",
            "channel": None if parts is None else part + 1,
            "number": self._numbers[part] + 1,
            "name": self._sounds[part].name.rstrip(),
            "followed": part == self._followed,
            "edited": data is not None,
        }
        if data is not None:
            event["data"] = data
        self._emit(event)

    def _emit_function(self, name: str, value: int, parts: Sequence[int] | None) -> None:
        for channel in [None] if parts is None else [part + 1 for part in parts]:
            text = FUNCTIONS[name].text(value)
            self._emit({"event": "function", "channel": channel, "name": name, "value": value, "text": text})

    def _emit_bank_select(self, part: int) -> None:
        self._emit({"event": "bank_select", "channel": part + 1, "bank": self._programs.bank(part) + 1})
