# SPDX-License-Identifier: Apache-2.0
"""`python -m synth.player.output FD`: one MIDI output that plays along with `sixop play`.

The player starts this process and talks to it over the socket FD, in the lines of `synth/player/targets.py` and those
of `synth/player/outputs.py`. The first one holds the options:

    port      the output's name, or "virtual"
    client    what we are called in the MIDI system
    tables    what goes there, as `synth/midi/outputs.py` describes it

Nothing ends this process but the end of the socket. An output that is missing is waited for. Voices go no faster than
a MIDI cable takes them, with a rest after each that an instrument needs to take it in; of those that wait, only the
newest of each channel remains. An output that comes is told what every part plays.
"""

from __future__ import annotations

import time

from synth.midi.forwarding import Forwarding
from synth.midi.gear import seconds_on_wire
from synth.midi.outlet import MidiOut
from synth.midi.outputs import read_outputs
from synth.player.leaving import end_within
from synth.player.serving import serve
from synth.player.wire import Message, Wire
from synth.sysex import voice_message

NAME = "out"

_TICK_SECONDS = 0.5  # between looks for the port
_REST_SECONDS = 0.1  # after a dump, as `sixop send` rests
_FAREWELL_SECONDS = 2.0
_HEARD_SECONDS = 0.1  # a few periods of an audio server, which takes a message along in the next one


class Output:
    """One output, told what to do by the lines of `wire`."""

    def __init__(self, wire: Wire, options: Message) -> None:
        self._wire = wire
        self._midi = MidiOut(options["port"], options["client"], programs=True)
        self._forwarding = Forwarding(read_outputs(options["tables"])[0])
        self._voices: dict[int, tuple[int | None, str]] = {}  # of each part: its number and its bytes
        self._dumps: dict[str, bytes] = {}  # those that wait, by what they are
        self._free = self._looked = 0.0  # when the cable is through with the last dump; when we looked

    def run(self, commands: list[Message]) -> None:
        """Obey until the socket ends."""
        if not self._look():
            there = ", ".join(self._midi.others) or "none"
            waits = f"waiting for {self._midi.name!r}; outputs there: {there}"
            self._tell({"state": "waiting", "text": waits})
        more: list[Message] | None = commands
        while more is not None:
            for command in more:
                self._obey(command)
            now = time.monotonic()
            if now - self._looked >= _TICK_SECONDS:
                self._look()
            if self._dumps and now >= self._free and self._midi.port is not None:
                self._send_dump()
            at_work = self._dumps and self._midi.port is not None
            patience = max(0.0, self._free - now) if at_work else _TICK_SECONDS
            more = self._wire.receive(min(patience, _TICK_SECONDS))
        self._end()

    def _obey(self, command: Message) -> None:
        match command:
            case {"do": "midi", "data": str(data)}:
                self._send(self._forwarding.play(bytes.fromhex(data)))
            case {"do": "thru", "port": str(port), "data": str(data)}:
                self._send(self._forwarding.thru(port, bytes.fromhex(data)))
            case {"do": "unplugged", "port": str(port)}:
                self._send(self._forwarding.unplugged(port))
            case {"do": "voice", "part": int(part), "index": None | int() as index, "voice": str(voice)}:
                self._voices[part] = index, voice
                if self._midi.port is not None:
                    self._tell_voice(part, index, voice)
            case {"do": "change", "part": int(part), "data": str(data)}:
                message = bytes.fromhex(data)
                self._dump(f"change {message[3:5].hex()}", part, message)
            case {"do": "dump", "kind": str(kind), "data": str(data)}:
                self._dumps.pop(kind, None)
                self._dumps[kind] = bytes.fromhex(data)
            case {"do": "silence", "channels": list(channels)}:
                self._midi.silence(self._forwarding.channels(channels))

    def _tell_voice(self, part: int, index: int | None, voice: str) -> None:
        if index is not None:
            self._send(self._forwarding.program(part, index))
        self._dump("voice", part, voice_message(bytes.fromhex(voice), part))

    def _send(self, messages: list[bytes]) -> None:
        for message in messages:
            self._midi.send(message)

    def _dump(self, kind: str, part: int, message: bytes) -> None:
        """Let a message of a part wait for its turn, in the place of an older one of its kind."""
        for sent in self._forwarding.exclusive(part, message):
            self._dumps[f"{kind} {sent[2]}"] = sent

    def _send_dump(self) -> None:
        kind = next(iter(self._dumps))
        message = self._dumps.pop(kind)
        self._midi.send_sysex(message)
        self._free = time.monotonic() + seconds_on_wire(len(message)) + _REST_SECONDS

    def _look(self) -> bool:
        """See whether the output has come or gone, and say so; True if it is there."""
        self._looked, doubt = time.monotonic(), self._midi.doubt
        changed = self._midi.look()
        if self._midi.doubt and self._midi.doubt != doubt:
            self._wire.send({"event": "warning", "text": self._midi.doubt})
        if changed and self._midi.port is None:
            text = f"{self._midi.name!r} has gone; its notes end when it is back"
            self._tell({"state": "lost", "text": text})
            self._dumps.clear()
        elif changed:
            self._tell({"state": "connected", "text": self._midi.port, "jack_name": self._midi.jack_name})
            for part, (index, voice) in sorted(self._voices.items()):
                self._tell_voice(part, index, voice)
        return self._midi.port is not None

    def _end(self) -> None:
        end_within(_FAREWELL_SECONDS, 1)  # closing a port of a system that has died can take for ever
        self._midi.silence()
        time.sleep(_HEARD_SECONDS)
        self._midi.close()

    def _tell(self, event: Message) -> None:
        self._wire.send({"event": "target", "name": NAME, "port": self._midi.name, **event})


if __name__ == "__main__":
    serve(Output)
