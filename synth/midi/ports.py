# SPDX-License-Identifier: Apache-2.0
"""The MIDI inputs a player listens to, plugged in and out while it plays.

Ports are polled with `get_message`. RtMidi's callback is never used: on JACK it
would run Python inside the audio server's real-time thread, where waiting for
the interpreter makes the server drop the whole graph: notes lost, notes doubled
and clicks for every program on the server.

What to listen to is a list of requests:

    auto      every keyboard of the first MIDI system that has one
    virtual   a port of our own, `sixop-midi:in`, for others to connect to
    none      nothing
    NAME      the port of that name, now or as soon as it appears
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence

import rtmidi

from synth.errors import SixopError
from synth.matching import find, meant
from synth.midi.apis import (
    CLIENT_NAME,
    LISTENER_NAME,
    PORT_NAME,
    MidiError,
    Scanner,
    Source,
    api_name,
    new_input,
    new_output,
)
from synth.midi.jack_cables import JackCables
from synth.midi.routing import Routing
from synth.midi.sensing import Sensing

_SYSEX_END = 0xF7
_PERIODS_SECONDS = 0.1  # a few periods of an audio server, which takes a message along in the next one


class OpenPort:
    """One open input. `poll` belongs to the thread that plays, everything else to the one that opened it."""

    def __init__(self, midi_in: rtmidi.MidiIn, name: str, api: int, source: Source | None) -> None:
        self.name = name
        self.api = api
        self.api_name = api_name(api)
        self.source = source
        self.start = 0  #: which start of its system it belongs to
        self.jack_name: str | None = None  #: on JACK, what the server calls our end of it
        self.routing = Routing(name=name)
        self.sensing = Sensing()
        self.heard = 0  #: messages so far
        self._midi_in = midi_in

    def poll(self) -> bytes | None:
        """The next message that waits, or None."""
        received = self._midi_in.get_message()
        if received is None:
            return None
        self.heard += 1
        return bytes(received[0])

    def close(self) -> None:
        """Let go of the port; nobody may poll it any more."""
        self._midi_in.close_port()
        self._midi_in.delete()


def open_source(source: Source) -> OpenPort:
    """Open an existing port. Raises MidiError if it went away meanwhile."""
    midi_in = new_input(source.api, LISTENER_NAME)
    try:
        midi_in.open_port(midi_in.get_ports().index(source.raw), PORT_NAME)
    except (ValueError, *MidiError) as error:
        midi_in.delete()  # it would stay until a collection of garbage, and a player makes none
        raise OSError(f"MIDI input {source.name!r} has gone") from error
    return OpenPort(midi_in, source.name, source.api, source)


def open_virtual(api: int) -> OpenPort:
    """Create the port `sixop-midi:in` for others to connect to."""
    midi_in = new_input(api)
    midi_in.open_virtual_port(PORT_NAME)
    return OpenPort(midi_in, "sixop-midi:in", api, None)


def wanted_sources(requests: Sequence[str], sources: Sequence[Source]) -> list[Source]:
    """Which of the existing ports the requests mean, each once, in the order of the requests.

    A keyboard often shows up in two systems at once (ALSA, and JACK's bridge to
    it); listening to both would play every note twice. So `auto` takes the first
    system that has a keyboard, and a name the first system that knows it.
    """
    chosen: dict[Source, None] = {}
    for request in requests:
        if request == "auto":
            keyboards = [source for source in sources if source.is_keyboard]
            chosen.update((source, None) for source in keyboards if source.api == keyboards[0].api)
        elif request not in ("virtual", "none"):
            chosen.update((source, None) for source in _meant(request, sources)[:1])
    return list(chosen)


def _meant(request: str, sources: Sequence[Source]) -> list[Source]:
    """All ports of the first system with any that a name may mean."""
    found = [sources[index] for index in meant(request, [source.name for source in sources])]
    return [source for source in found if source.api == found[0].api]


class Inputs:
    """The open ports that answer to some requests, kept up to date by `refresh`.

    `patient`: a virtual port waits for a MIDI system that is not running, instead of being an error.
    `own_output`: there is an output of our own (`--midi-out virtual`), which is never listened to.
    """

    def __init__(self, requests: Sequence[str], patient: bool = False, own_output: bool = False) -> None:
        self.requests = list(requests)
        self._patient = patient
        self._own_output = own_output
        self.ports: list[OpenPort] = []
        self.scanner = Scanner()
        self.doubts: list[str] = []  #: a sentence for each request that means several ports; once, for others to take
        self._doubted: set[str] = set()
        self._jack = JackCables()
        self._jack_start: int | None = None  # the start of the server that it asks
        self._no_virtual: set[int] = set()  # systems without virtual ports

    def refresh(self) -> tuple[list[OpenPort], list[OpenPort]]:
        """Look again: the ports just opened, and those whose keyboard has gone.

        A gone port is out of `ports` but not closed: whoever polls it must let
        go of it first, release its held keys, and then `close` it.
        """
        if self.requests == ["none"]:
            return [], []
        sources = self._without_own(self.scanner.scan())
        if self._jack_start != (start := self.scanner.starts.get(rtmidi.API_UNIX_JACK)):
            self._jack_start = start
            self._jack.close()  # it was another server's
        opened = self._open_virtual() if "virtual" in self.requests else []
        self._doubt(sources)
        wanted = wanted_sources(self.requests, sources)
        gone = [port for port in self.ports if port.start != self.scanner.starts[port.api]]
        gone += [port for port in self.ports if port.source not in (None, *wanted) and port not in gone]
        gone += [port for port in self.ports if port not in gone and self._is_deaf(port)]
        self.ports = [port for port in self.ports if port not in gone]
        known = {port.source for port in self.ports}
        for source in wanted:
            if source in known:
                continue
            try:
                opened.append(self._open_source(source))
            except MidiError as error:
                self.scanner.problems[source.api] = str(error)
        for port in opened:
            port.start = self.scanner.starts[port.api]
        self.ports += opened
        return opened, gone

    def pulled(self) -> list[OpenPort]:
        """Ports of our own that hold something with nothing connected to them: who held them has pulled the cable."""
        ours = [port for port in self.ports if port.source is None and port.jack_name and port.routing.is_busy]
        return [port for port in ours if port.jack_name and not self._jack.sources(port.jack_name)]

    def cut_loops(self, outputs: Collection[str]) -> list[str]:
        """Take away the cables that lead from these outputs, our own, to our own inputs; a sentence for each."""
        cut = []
        for port in self.ports:
            if outputs and port.jack_name:
                for output in self._jack.sources(port.jack_name).intersection(outputs):
                    self._jack.disconnect(output, port.jack_name)
                    cut.append(
                        f"{output} was connected to {port.jack_name}: that cable is taken away, because every "
                        "note would come back without end"
                    )
        return cut

    def _without_own(self, sources: Sequence[Source]) -> list[Source]:
        """All but our own output, which would play us what we play."""
        others = [source for source in sources if not (self._own_output and source.is_own_output)]
        for request in self.requests:
            if request in ("auto", "virtual", "none", *self._doubted):
                continue
            if _meant(request, sources) and not _meant(request, others):
                self._doubted.add(request)
                self.doubts.append(
                    f"MIDI input {request!r} is sixop's own output: it is not listened to, because every note would "
                    "come back; name another input"
                )
        return others

    def _doubt(self, sources: Sequence[Source]) -> None:
        for request in self.requests:
            names = [source.name for source in _meant(request, sources)]
            if request not in ("auto", "virtual") and len(names) > 1 and request not in self._doubted:
                self._doubted.add(request)
                listed = " or ".join(map(repr, names))
                self.doubts.append(
                    f"MIDI input {request!r} may be {listed}: the first one plays; give more of the name"
                )

    def _open_virtual(self) -> list[OpenPort]:
        """A port of our own on every running system that has none yet."""
        if not self.scanner.running and self.requests == ["virtual"] and not self._patient:
            raise SixopError(
                "--midi virtual needs a MIDI system and none is running: start JACK (jackd) or load ALSA's sequencer "
                "(modprobe snd-seq), or use --midi none"
            )
        self._patient = True
        there = {(port.api, port.start) for port in self.ports if port.source is None}
        opened = []
        for api in self.scanner.running:
            if api in self._no_virtual or (api, self.scanner.starts[api]) in there:
                continue
            try:
                opened.append(self._open_own(api))
            except NotImplementedError as error:  # Windows MM has no virtual ports
                self._no_virtual.add(api)
                self.scanner.problems[api] = str(error)
            except MidiError as error:
                self.scanner.problems[api] = str(error)
        return opened

    def _open_source(self, source: Source) -> OpenPort:
        if source.api != rtmidi.API_UNIX_JACK:
            return open_source(source)
        before = self._jack.inputs(LISTENER_NAME)
        port = open_source(source)
        port.jack_name = next(iter(self._jack.inputs(LISTENER_NAME) - before), None)
        if self._is_deaf(port):  # RtMidi counts ports, and just then one has come or gone
            port.close()
            raise OSError(f"MIDI input {source.name!r} has gone")
        return port

    def _is_deaf(self, port: OpenPort) -> bool:
        """True if this port on JACK has lost its source: one that went and came between two looks has another cable."""
        if port.source is None or port.jack_name is None:
            return False
        return port.source.raw not in self._jack.sources(port.jack_name)

    def _open_own(self, api: int) -> OpenPort:
        if api != rtmidi.API_UNIX_JACK:
            return open_virtual(api)
        before = self._jack.inputs(CLIENT_NAME)
        port = open_virtual(api)
        port.jack_name = next(iter(self._jack.inputs(CLIENT_NAME) - before), None)
        return port

    def end_sysex(self) -> None:
        """End a SysEx that came without its end, on JACK, where RtMidi would collect all that follows until one comes.

        Nobody can ask which ports are in that state, or which of several players they belong to; where no SysEx has
        begun, an end is nothing.
        """
        if not any(port.api == rtmidi.API_UNIX_JACK for port in self.ports):
            return
        try:
            output = new_output(rtmidi.API_UNIX_JACK, "sixop-end")
            try:
                self._end_sysex_through(output)
            finally:
                output.delete()
        except MidiError as error:
            self.scanner.problems[rtmidi.API_UNIX_JACK] = str(error)

    def _end_sysex_through(self, output: rtmidi.MidiOut) -> None:
        for index, name in enumerate(output.get_ports()):
            if name.startswith(CLIENT_NAME) and name.endswith(f":{PORT_NAME}"):
                output.open_port(index, "out")
                output.send_message([_SYSEX_END])
                time.sleep(_PERIODS_SECONDS)
                output.close_port()

    def missing(self) -> list[str]:
        """Requested names that no port answers to yet."""
        names = [port.name for port in self.ports]
        return [name for name in self.requests if name not in ("auto", "virtual", "none") and find(name, names) is None]

    def close(self) -> None:
        """Close every port and stop looking."""
        for port in self.ports:
            port.close()
        self.ports.clear()
        self._jack.close()
        self.scanner.close()
