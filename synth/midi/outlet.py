# SPDX-License-Identifier: Apache-2.0
"""A MIDI output that is played while cables come and go.

No note may hang. What is held when the port goes away is owed: the note-offs are sent when it is back.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import rtmidi

from synth.controllers import ALL_NOTES_OFF, ALL_SOUND_OFF, SUSTAIN
from synth.errors import SixopError
from synth.matching import meant
from synth.messages import CONTROL, LENGTHS, NOTE_OFF, PROGRAM
from synth.midi.apis import MidiError, Scanner, Source, new_output
from synth.midi.gear import VIRTUAL, goes_round_the_system, open_outlet, send_paced
from synth.midi.held import HeldKeys
from synth.midi.jack_cables import JackCables

PORT_NAME = "out"

_NOTES = 128
_OWN = "sixop"  # how the names of our own ports begin


class MidiOut:
    """The output of this name, now or as soon as it appears. All of it belongs to one thread.

    Args:
        name: of a port, or "virtual" for one of our own that others connect to.
        client: what we are called in the MIDI system.
        programs: whether program changes pass.
    """

    def __init__(self, name: str, client: str, programs: bool = False) -> None:
        self.name = name
        self._client = client
        self._programs = programs
        self._scanner = Scanner(new_output)
        self._jack = JackCables()
        self.jack_name: str | None = None
        """Of a port of our own on JACK."""
        self._ports: list[rtmidi.MidiOut] = []
        self._source: Source | None = None
        self._held = HeldKeys()
        self._played: set[int] = set()
        self._owed: dict[bytes, None] = {}
        self.others: list[str] = []
        """Outputs that were there when the one of our name was not."""
        self.doubt = ""
        """Why none of several that have the name is taken, or one of our own; a sentence."""

    @property
    def port(self) -> str | None:
        """The open port's whole name, None while there is none."""
        if not self._ports:
            return None
        return f"{self._source.name} ({self._source.api_name})" if self._source else f"{self._client}:{PORT_NAME}"

    def look(self) -> bool:
        """Open the port if it has come, close it if it has gone; True if something changed. Call it often."""
        if not self._ports:
            return self._open_virtual() if self.name == VIRTUAL else self._open()
        if self._source is None:
            if moved := self._scanner.jack_has_moved():
                self._lose()
            return moved
        try:
            there = self._source.raw in self._ports[0].get_ports()
        except MidiError:
            there = False
        if not there:
            self._lose()
        return not there

    def _open(self) -> bool:
        source = self._wanted()
        if source is None:
            return False
        try:
            port = new_output(source.api, self._client)
            port.open_port(port.get_ports().index(source.raw), PORT_NAME)
        except (*MidiError, ValueError):  # it went away meanwhile
            return False
        self._ports, self._source = [port], source
        self._pay()
        return True

    def _wanted(self) -> Source | None:
        """The only port that our name may mean, and none of our own, which would play us what we play."""
        found = self._scanner.scan()
        sources = [source for source in found if not source.name.startswith(_OWN)]
        self.others = [source.name for source in sources]
        named = [sources[index] for index in meant(self.name, self.others)]
        named = [source for source in named if source.api == named[0].api]
        self.doubt = ""
        if len(named) > 1:
            listed = " or ".join(repr(source.name) for source in named)
            self.doubt = f"MIDI output {self.name!r} may be {listed}: none is played; give more of the name"
        elif not named and meant(self.name, [source.name for source in found]):
            self.doubt = f"MIDI output {self.name!r} leads back to sixop itself: it is not played; name another one"
        return named[0] if len(named) == 1 else None

    def _open_virtual(self) -> bool:
        self._scanner.scan()
        before = self._jack.outputs(self._client)
        for api in self._scanner.running:
            with suppress(*MidiError, NotImplementedError):  # Windows MM has no virtual ports
                port = new_output(api, self._client)
                port.open_virtual_port(PORT_NAME)
                self._ports.append(port)
        self.jack_name = next(iter(self._jack.outputs(self._client) - before), None)
        self._jack.close()  # before its server dies
        return bool(self._ports)

    def _pay(self) -> None:
        owed, self._owed = self._owed, {}
        for message in owed:
            self.send(message)

    def _lose(self) -> None:
        self._owed.update(dict.fromkeys(self._held.release()))
        for port in self._ports:
            with suppress(*MidiError):
                port.close_port()
                port.delete()
        self._ports, self._source = [], None

    def send(self, message: bytes) -> None:
        """One channel message; of any other kind, or damaged, it goes nowhere."""
        if not message or len(message) != LENGTHS.get(message[0] & 0xF0):
            return
        if message[0] & 0xF0 == PROGRAM and not self._programs:
            return
        if not self._ports:
            if message[0] & 0xF0 == NOTE_OFF:
                self._owed[message] = None
            return
        self._held.follow(message)
        self._played.add(message[0] & 0x0F)
        self._write(message)

    def send_sysex(self, message: bytes) -> None:
        """One exclusive message.

        Where the MIDI system would lose half of a bank, this takes the time that it takes on its cable.
        """
        source = self._source
        if source is not None and goes_round_the_system(source, len(message)):
            self._lose()  # a port that is open keeps its device busy
            with suppress(SixopError):
                outlet = open_outlet(source.name, len(message))
                try:
                    send_paced(outlet, [message], 0.0, lambda _done, _total: None)
                finally:
                    outlet.close()
            self._open()
        else:
            self._write(message)

    def _write(self, message: bytes) -> None:
        try:
            for port in self._ports:
                port.send_message(message)
        except MidiError:
            self._lose()

    def silence(self, channels: Iterable[int] = ()) -> None:
        """Let go of all keys and pedals held; on these channels (0..15) of every key there is."""
        everything = [bytes((NOTE_OFF | channel, note, 64)) for channel in channels for note in range(_NOTES)]
        for message in everything + self._held.release():
            self.send(message)
        for channel in sorted(self._played.union(channels)):
            for number in (SUSTAIN, ALL_NOTES_OFF, ALL_SOUND_OFF):
                self.send(bytes((CONTROL | channel, number, 0)))

    def close(self) -> None:
        """Let go of everything, and of the port."""
        self.silence()
        self._lose()
        self._scanner.close()
