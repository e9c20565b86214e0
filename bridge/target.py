# SPDX-License-Identifier: Apache-2.0
"""`python -m bridge.target FD`: the board that plays along with `sixop play`.

The player starts this process and talks to it over the socket FD; `synth/player/targets.py` describes the lines.
The first one holds the options:

    port      path, part of a name, or URL; None: the only board there is
    unit      1 or 2
    profile   of the conversion: a name or a file
    alg46     "self" or "loop"
    midi      name of the MIDI output that leads to the board; None: none

Nothing ends this process but the end of the socket. A board that is missing is waited for, a voice that cannot be
converted is told, and the next one is tried. This thread plays notes; another one sees to the voices, so that no note
waits for the serial line.

Notes, bend, controllers and pressure pass, nothing else: the board takes a DX7's SysEx for a parameter change of its
own that overwrites ALGO1, and a program change replaces the edit buffer by a stored program.
"""

from __future__ import annotations

import sys
import time

from bridge.live import LiveBoard
from synth.midi.outlet import MidiOut
from synth.player.leaving import end_within
from synth.player.serving import serve
from synth.player.settings import unpack_voices
from synth.player.wire import Message, Wire

NAME = "xfm2"
MIDI_CLIENT = "sixop-xfm2"

_TICK_SECONDS = 0.5  # between looks for the MIDI output
_SWITCH_SECONDS = 0.0005  # a conversion, which takes a millisecond, does not hold up a note for longer
_FAREWELL_SECONDS = 2.0


class Target:
    """One board and its MIDI output, told what to do by the lines of `wire`."""

    def __init__(self, wire: Wire, options: Message) -> None:
        self._wire = wire
        self._midi = None if options.get("midi") is None else MidiOut(options["midi"], MIDI_CLIENT)
        self._board = LiveBoard(
            self._tell,
            port=options.get("port"),
            unit=options.get("unit", 1),
            profile=options.get("profile", "default"),
            alg46=options.get("alg46", "self"),
        )
        self._looked = -_TICK_SECONDS

    def run(self, commands: list[Message]) -> None:
        """Obey until the socket ends."""
        self._board.start()
        if self._midi is not None and not self._look(self._midi):
            there = ", ".join(self._midi.others) or "none"
            self._tell({"state": "waiting", "text": f"MIDI: waiting for {self._midi.name!r}; outputs there: {there}"})
        more: list[Message] | None = commands
        while more is not None:
            for command in more:
                self._obey(command)
            if self._midi is not None and time.monotonic() - self._looked >= _TICK_SECONDS:
                self._look(self._midi)
            more = self._wire.receive(_TICK_SECONDS)
        self._end()

    def _obey(self, command: Message) -> None:
        match command:
            case {"do": "load", "voice": str(voice)}:
                self._board.load(unpack_voices([voice])[0])
            case {"do": "midi", "data": str(data)} if self._midi is not None:
                self._midi.send(bytes.fromhex(data))
            case {"do": "silence", "channels": list(channels)} if self._midi is not None:
                self._midi.silence(channels)

    def _look(self, midi: MidiOut) -> bool:
        """See whether the MIDI output has come or gone, and say so; True if it is there."""
        self._looked, doubt = time.monotonic(), midi.doubt
        changed = midi.look()
        if midi.doubt and midi.doubt != doubt:
            self._wire.send({"event": "warning", "text": midi.doubt})
        if changed:
            if midi.port is None:
                self._tell({"state": "lost", "text": f"MIDI: {midi.name!r} has gone; its notes end when it is back"})
            else:
                self._tell({"state": "connected", "text": f"MIDI: {midi.port}"})
        return midi.port is not None

    def _end(self) -> None:
        end_within(_FAREWELL_SECONDS, 1)  # closing a port of a system that has died can take for ever
        if self._midi is not None:
            self._midi.silence()  # at once, and heard out while the board is left
        self._board.close()
        if self._midi is not None:
            self._midi.close()

    def _tell(self, event: Message) -> None:
        """An event for the face, of our name unless it is a warning."""
        self._wire.send({"event": "target", "name": NAME, **event})


if __name__ == "__main__":
    sys.setswitchinterval(_SWITCH_SECONDS)
    serve(Target)
