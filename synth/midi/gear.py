# SPDX-License-Identifier: Apache-2.0
"""The cables to an instrument: an output and an input by name, and bytes no faster than a MIDI cable takes them.

A name is that of a port of a MIDI system, or the path of a raw MIDI device (`/dev/snd/midiC1D0` on Linux). A MIDI
system takes a message as a whole, and how it is paced on its way is up to the system; to a raw device even a long
message goes in small pieces at the cable's speed. ALSA's sequencer passes a message on at once to a buffer of 4096
bytes, and a bank has 4104; so long messages go to the raw device behind the port, if it is free.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, Protocol

import rtmidi

from synth.errors import SixopError
from synth.matching import meant
from synth.midi.apis import MidiError, Scanner, Source, new_input, new_output
from synth.midi.ports import OpenPort, open_source, open_virtual
from synth.midi.raw_device import DeviceIn, DeviceOut, behind

WIRE_BYTES_PER_SECOND = 31250 / 10  # a start bit, eight bits, a stop bit
CLIENT_NAME = "sixop-send"
VIRTUAL = "virtual"
_ALSA_BYTES = 1024  # of a message that the sequencer passes on safely
_STEP_SECONDS = 0.05  # between two movements of a progress bar
_SYSEX_END = b"\xf7"
_DRAIN_SECONDS = 0.05  # before a port is closed: a few periods of an audio server, which takes bytes along once in each
_SHOWN = 6  # names in a sentence

Progress = Callable[[int, int], None]
"""Bytes that are through the cable by now, of how many."""


class Outlet(Protocol):
    """Something that bytes go out by."""

    name: str

    def pieces(self, message: bytes) -> list[bytes]:
        """The parts in which it takes a message."""

    def write(self, piece: bytes) -> None:
        """Send one of them. Raises SixopError if that is impossible."""

    def gone(self) -> bool:
        """True if nothing can go out any more."""

    def close(self) -> None:
        """Let go of it."""


class Inlet(Protocol):
    """Something that bytes come in by."""

    name: str

    def poll(self) -> bytes | None:
        """The next bytes that wait, or None."""

    def gone(self) -> bool:
        """True if nothing can come any more."""

    def close(self) -> None:
        """Let go of it."""


def open_outlet(name: str, longest: int = 0) -> Outlet:
    """The output of that name, for messages of up to `longest` bytes.

    Raises:
        SixopError: there is none, or several could be meant.
    """
    if name.startswith("/"):
        return DeviceOut(name)
    scanner = Scanner(new_output)
    try:
        source = chosen(name, scanner.scan(), "output")
    finally:
        scanner.close()
    if goes_round_the_system(source, longest) and (path := behind(source.raw)):
        with suppress(SixopError):  # another program has it
            return DeviceOut(path, source.name)
    try:
        client = new_output(source.api, CLIENT_NAME)
        client.open_port(client.get_ports().index(source.raw), "out")
    except (*MidiError, ValueError) as error:
        raise SixopError(f"MIDI output {source.name!r} cannot be opened: {error}") from error
    return _PortOut(source, client)


def goes_round_the_system(source: Source, size: int) -> bool:
    """True if a message of so many bytes must go to the raw device behind the port."""
    return size > _ALSA_BYTES and source.api == rtmidi.API_LINUX_ALSA and behind(source.raw) is not None


def open_inlet(name: str) -> Inlet:
    """The input of that name, or with `virtual` a new port. Raises SixopError as `open_outlet` does."""
    if name.startswith("/"):
        return DeviceIn(name)
    scanner = Scanner(new_input)
    try:
        sources = scanner.scan()
        if name == VIRTUAL:
            return _PortIn(_virtual(scanner.running), scanner)
        source = chosen(name, sources, "input")
        return _PortIn(open_source(source), scanner)
    except MidiError as error:
        scanner.close()
        raise SixopError(f"MIDI input {name!r} cannot be opened: {error}") from error
    except SixopError:
        scanner.close()
        raise


def known_names(new_client: Callable[..., Any]) -> list[str]:
    """The names of all ports of one direction, for people to choose from. new_client: `new_output` or `new_input`."""
    scanner = Scanner(new_client)
    try:
        return [source.name for source in scanner.scan()]
    finally:
        scanner.close()


def chosen(wanted: str, sources: Sequence[Source], what: str) -> Source:
    """The port meant by a name; of those that two systems show, the first system's.

    Raises:
        SixopError: none has the name, or several could be meant; names the candidates.
    """
    found = [sources[index] for index in meant(wanted, [source.name for source in sources])]
    found = [source for source in found if source.api == found[0].api]
    if not found:
        raise SixopError(f"no MIDI {what} is called {wanted!r}; {there_are([source.name for source in sources])}")
    if len(found) > 1:
        names = _listed([source.name for source in found])
        raise SixopError(f"several MIDI {what}s could be {wanted!r}: {names}; give more of the name")
    return found[0]


def there_are(names: Sequence[str]) -> str:
    """How a sentence about a missing port goes on."""
    return f"there are {_listed(names)}" if names else "there is none; `sixop doctor` says what may be missing"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def seconds_on_wire(size: int) -> float:
    """How long a MIDI cable takes for so many bytes."""
    return size / WIRE_BYTES_PER_SECOND


def send_paced(outlet: Outlet, messages: Sequence[bytes], gap: float, progress: Progress) -> None:
    """Send messages so that each is through the cable, and `gap` seconds over, before the next one starts.

    Returns when the last one is through.

    Raises:
        SixopError: the outlet does not take them.
    """
    total, sent = sum(map(len, messages)), 0
    for number, message in enumerate(messages):
        if number:
            time.sleep(gap)
        due = time.monotonic()
        try:
            for piece in outlet.pieces(message):
                outlet.write(piece)
                sent += len(piece)
                due = max(due, time.monotonic()) + seconds_on_wire(len(piece))
                _wait(due, sent, total, progress)
        except BaseException:  # not even Ctrl-C may leave an instrument waiting for the end of a message
            with suppress(SixopError):
                outlet.write(_SYSEX_END)
            raise
    progress(total, total)


def _wait(due: float, sent: int, total: int, progress: Progress) -> None:
    while (left := due - time.monotonic()) > 0:
        progress(max(0, sent - round(left * WIRE_BYTES_PER_SECOND)), total)
        time.sleep(min(left, _STEP_SECONDS))


# -- ports of a MIDI system ------------------------------------------------------


def _virtual(apis: Iterable[int]) -> OpenPort:
    for api in apis:
        try:
            return open_virtual(api)
        except (*MidiError, NotImplementedError):  # Windows MM has no virtual ports
            continue
    raise SixopError(
        "--midi virtual needs a MIDI system and none is running: start JACK (jackd) or load ALSA's sequencer "
        "(modprobe snd-seq)"
    )


class _PortOut:
    def __init__(self, source: Source, client: rtmidi.MidiOut) -> None:
        self.name = source.name
        self._source = source
        self._client = client

    def pieces(self, message: bytes) -> list[bytes]:
        return [message]  # RtMidi takes no parts

    def write(self, piece: bytes) -> None:
        if self.gone():
            raise SixopError(f"MIDI output {self.name!r} has gone; connect it and send again")
        try:
            self._client.send_message(piece)
        except MidiError as error:
            raise SixopError(f"MIDI output {self.name!r} did not take it: {error}") from error

    def gone(self) -> bool:
        try:
            return self._source.raw not in self._client.get_ports()
        except MidiError:
            return True

    def close(self) -> None:
        time.sleep(_DRAIN_SECONDS)
        self._client.close_port()
        self._client.delete()


class _PortIn:
    def __init__(self, port: OpenPort, scanner: Scanner) -> None:
        self.name = port.name
        self.poll = port.poll
        self._port = port
        self._scanner = scanner

    def gone(self) -> bool:
        # Who is connected to a port of our own is not told to us.
        return self._port.source is not None and self._port.source not in self._scanner.scan()

    def close(self) -> None:
        self._port.close()
        self._scanner.close()
