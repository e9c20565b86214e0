# SPDX-License-Identifier: Apache-2.0
"""The MIDI output that the board's MIDI input hangs on, plugged in and out while it is played.

Notes, bend, controllers and pressure pass, nothing else: the board takes a DX7's SysEx for a parameter change of its
own that overwrites ALGO1, and a program change replaces the edit buffer by a stored program.

No note may hang. What is held when the port goes away is owed: the note-offs are sent when it is back.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import rtmidi

from synth.matching import find
from synth.messages import CONTROL, NOTE_OFF, NOTE_ON
from synth.midi.apis import MidiError, Scanner, Source, new_output
from synth.midi.held import SUSTAIN, HeldKeys

CLIENT_NAME = "sixop-xfm2"
PORT_NAME = "out"

_LENGTHS = {NOTE_OFF: 3, NOTE_ON: 3, 0xA0: 3, CONTROL: 3, 0xD0: 2, 0xE0: 3}
_ALL_SOUND_OFF, _ALL_NOTES_OFF = 120, 123
_NOTES = 128


class MidiOut:
    """The output of this name, now or as soon as it appears. All of it belongs to one thread."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._scanner = Scanner(new_output)
        self._port: rtmidi.MidiOut | None = None
        self._source: Source | None = None
        self._held = HeldKeys()
        self._played: set[int] = set()
        self._owed: dict[bytes, None] = {}
        self.others: list[str] = []
        """Outputs that were there when the one of our name was not."""

    @property
    def port(self) -> str | None:
        """The open port's whole name, None while there is none."""
        return None if self._source is None else f"{self._source.name} ({self._source.api_name})"

    def look(self) -> bool:
        """Open the port if it has come, close it if it has gone; True if something changed. Call it often."""
        if self._port is None:
            return self._open()
        try:
            there = self._source is not None and self._source.raw in self._port.get_ports()
        except MidiError:
            there = False
        if not there:
            self._lose()
        return not there

    def _open(self) -> bool:
        # A port of our own would play us what we play.
        sources = [source for source in self._scanner.scan() if not source.name.startswith("sixop")]
        index = find(self.name, [source.name for source in sources])
        if index is None:
            self.others = [source.name for source in sources]
            return False
        source = sources[index]
        try:
            port = new_output(source.api, CLIENT_NAME)
            port.open_port(port.get_ports().index(source.raw), PORT_NAME)
        except (*MidiError, ValueError):  # it went away meanwhile
            return False
        self._port, self._source = port, source
        owed, self._owed = self._owed, {}
        for message in owed:
            self.send(message)
        return True

    def _lose(self) -> None:
        self._owed.update(dict.fromkeys(self._held.release()))
        if self._port is not None:
            with suppress(*MidiError):
                self._port.close_port()
                self._port.delete()
        self._port = self._source = None

    def send(self, message: bytes) -> None:
        """One channel message; of any other kind, or damaged, it goes nowhere."""
        if not message or len(message) != _LENGTHS.get(message[0] & 0xF0):
            return
        if self._port is None:
            if message[0] & 0xF0 == NOTE_OFF:
                self._owed[message] = None
            return
        self._held.follow(message)
        self._played.add(message[0] & 0x0F)
        try:
            self._port.send_message(message)
        except MidiError:
            self._lose()

    def silence(self, channels: Iterable[int] = ()) -> None:
        """Let go of all keys and pedals held; on these channels (0..15) of every key there is."""
        everything = [bytes((NOTE_OFF | channel, note, 64)) for channel in channels for note in range(_NOTES)]
        for message in everything + self._held.release():
            self.send(message)
        for channel in sorted(self._played.union(channels)):
            for number in (SUSTAIN, _ALL_NOTES_OFF, _ALL_SOUND_OFF):
                self.send(bytes((CONTROL | channel, number, 0)))

    def close(self) -> None:
        """Let go of everything, and of the port."""
        self.silence()
        self._lose()
        self._scanner.close()
