# SPDX-License-Identifier: Apache-2.0
"""The player's MIDI outputs: a process for each port, and who gets a dump.

A dump that was asked for goes to the instrument that asked: to the output of the input's device, and if there is none,
as to a port of our own, to every output that was asked for.

An output is a target (`targets.py`) that is told more than others:

    {"do": "voice", "part": 0..15, "index": N or null, "voice": HEX}   the part plays this voice, number N of the bank
    {"do": "change", "part": 0..15, "data": HEX}                     a parameter change
    {"do": "thru", "port": NAME, "data": HEX}                          an input sent this
    {"do": "unplugged", "port": NAME}                                  an input has gone
    {"do": "dump", "kind": TEXT, "data": HEX}                          send this; of one kind the newest counts
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from synth.midi.apis import Scanner, Source, new_output
from synth.midi.forwarding import means
from synth.midi.gear import VIRTUAL
from synth.midi.outgoing import bank_for, function_for, switches_for, voice_for
from synth.midi.outputs import read_outputs
from synth.midi.sysex import VOICE_FORM
from synth.midi.tx7 import FUNCTION_FORM, write_tx7_functions
from synth.patch import Patch
from synth.player.targets import TargetProcess

if TYPE_CHECKING:
    from synth.midi.ports import OpenPort
    from synth.player.instrument import Asked
    from synth.player.wire import Message

MODULE = "synth.player.output"
CLIENT = "sixop-midi"
"""What an output is called in a MIDI system; its port is `out`."""
CLIENT_BESIDE_INPUT = "sixop-midi-out"
"""The same where `sixop-midi` is the input that `--midi virtual` makes: a JACK client's name is there once."""


class OutputProcess(TargetProcess):
    """One output port in a process of its own."""

    def __init__(self, port: str, tables: Sequence[Mapping[str, Any]], client: str) -> None:
        self.port = port
        self.jack_name: str | None = None  #: of a port of our own on JACK
        self._outputs, _ = read_outputs(tables)
        self._parts: dict[int, dict[str, Any]] = {}  # the newest voice of each part, for a process that takes over
        options = {"port": port, "client": client, "tables": list(tables)}
        super().__init__(MODULE, options, midi=True)

    def load(self, patch: Patch) -> None:
        """It hears of voices part by part."""

    def voice(self, part: int, patch: Patch, index: int | None) -> None:
        """A part plays this voice."""
        command = {"do": "voice", "part": part, "index": index, "voice": bytes(patch.to_raw()).hex()}
        self._parts[part] = command
        self._queue(command)

    def function(self, part: int, name: str, value: int) -> None:
        """A part's function parameter has this value."""
        self._queue({"do": "change", "part": part, "data": function_for(name, value, part + 1).hex()})

    def switches(self, part: int, switches: int) -> None:
        """A part's operators are switched."""
        self._queue({"do": "change", "part": part, "data": switches_for(switches, part + 1).hex()})

    def thru(self, port: str, message: bytes) -> None:
        """An input sent this."""
        if any(output.thru and means(output.thru, port) for output in self._outputs):
            self._channels.add(message[0] & 0x0F)
            self._queue({"do": "thru", "port": port, "data": message.hex()})

    def unplugged(self, port: str) -> None:
        """An input has gone."""
        self._queue({"do": "unplugged", "port": port})

    def dump(self, kind: str, message: bytes) -> None:
        """Send an exclusive message."""
        self._queue({"do": "dump", "kind": kind, "data": message.hex()})

    def tend(self) -> list[Message]:
        """What it had to say since the last call."""
        events = super().tend()
        for event in events:
            self.jack_name = event.get("jack_name", self.jack_name)
        return events

    def _anew(self) -> list[dict[str, Any]]:
        return list(self._parts.values())


class Outputs:
    """All outputs. `warn` takes a sentence. All of it belongs to the thread that keeps house."""

    def __init__(self, tables: Sequence[Mapping[str, Any]], beside_input: bool, warn: Callable[[str], None]) -> None:
        self._warn = warn
        self._lonely = False  # somebody has been told that there is no output
        outputs, wrong = read_outputs(tables)
        for index, error in wrong:
            warn(f"MIDI output {index + 1}: {error}; it is left out")
        bad = dict(wrong)
        right = [table for index, table in enumerate(tables) if index not in bad]
        ports: dict[str, list[Mapping[str, Any]]] = {}
        for output, table in zip(outputs, right, strict=True):
            ports.setdefault(output.port, []).append(table)
        self.processes = [OutputProcess(port, its, _client(port, beside_input)) for port, its in ports.items()]
        self._answering: dict[str, OutputProcess] = {}  # by the port that asks

    @property
    def has_virtual(self) -> bool:
        """True if one of them is a port of our own."""
        return any(output.port == VIRTUAL for output in self.processes)

    @property
    def jack_names(self) -> set[str]:
        """Those of our own ports on JACK."""
        return {output.jack_name for output in self.processes if output.jack_name}

    def send(self, asked: Asked, source: OpenPort | None) -> None:
        """Send a dump to the device of this input, None for a face's."""
        message = _dump(asked)
        for output in self._receivers(source):
            output.dump(f"asked {asked.request.form} {asked.request.part}", message)

    def _receivers(self, source: OpenPort | None) -> list[OutputProcess]:
        if source is not None and source.source is not None:
            if source.name in self._answering:
                return [self._answering[source.name]]
            device = _device_output(source.source)
            configured = [output for output in self.processes if device is not None and means(output.port, device)]
            if configured:
                return configured
            if device is not None:
                self._answering[source.name] = OutputProcess(device, [], _client(device, True))
                return [self._answering[source.name]]
        if not self.processes and not self._lonely:
            self._lonely = True
            whom = "dumps are" if source is None else f"{source.name} asks for dumps, which are"
            self._warn(f"{whom} not sent: there is no output to send them to; --midi-out NAME gives one")
        return self.processes

    def tend(self) -> list[Message]:
        """What the outputs had to say since the last call, those of `processes` aside, which are targets."""
        return [event for output in self._answering.values() for event in output.tend()]

    def close(self, timeout: float) -> None:
        """Let those end that are not targets."""
        for output in self._answering.values():
            output.close(timeout)


def _client(port: str, beside_input: bool) -> str:
    """What our end is called: the virtual one as others look for it, any other one apart from that."""
    if port != VIRTUAL:
        return f"{CLIENT}-to"
    return CLIENT_BESIDE_INPUT if beside_input else CLIENT


def _dump(asked: Asked) -> bytes:
    channel = asked.request.part + 1
    if asked.request.form == FUNCTION_FORM:
        return write_tx7_functions(asked.functions, channel)
    if asked.request.form == VOICE_FORM:
        return voice_for(asked.voices[0], channel).data
    return bank_for(asked.voices, channel).data


def _device_output(source: Source) -> str | None:
    scanner = Scanner(new_output)
    try:
        return same_device(source.name, [o.name for o in scanner.scan() if o.api == source.api and o.is_keyboard])
    finally:
        scanner.close()


def same_device(source: str, outputs: Sequence[str]) -> str | None:
    """The output of the device that an input belongs to: of the same name, or the only one of the same client."""
    same = source.replace("capture", "playback")  # as JACK and its bridges call the two directions
    if same in outputs:
        return same
    client = source.partition(":")[0]
    of_client = [name for name in outputs if name.partition(":")[0] == client]
    return of_client[0] if len(of_client) == 1 else None
