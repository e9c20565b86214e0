# SPDX-License-Identifier: Apache-2.0
"""The MIDI systems of this computer, and the ports each of them offers.

RtMidi may be compiled for several systems (ALSA and JACK on Linux). Asked for
"any", it tries the first one only, so each is tried here in turn and the
errors of those that are absent are kept for `sixop doctor`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rtmidi

from synth.audio.traces import jack_socket
from synth.matching import clean, number_duplicates

CLIENT_NAME = "sixop-midi"
LISTENER_NAME = "sixop-midi-in"
"""What we are called at inputs that are not the virtual one, which others look for."""
PORT_NAME = "in"
_READINGS = 5  # of the ports' names, until two agree
# Messages that may wait between two polls: two seconds of a full cable. A player's hands make a few, a bank is one.
# Each place keeps the room of the longest message that it ever held: fewer places are filled sooner, and take up less.
QUEUE_MESSAGES = 2048

_NAMES = {
    rtmidi.API_LINUX_ALSA: "ALSA",
    rtmidi.API_UNIX_JACK: "JACK",
    rtmidi.API_MACOSX_CORE: "CoreMIDI",
    rtmidi.API_WINDOWS_MM: "Windows MM",
}

# What RtMidi raises for an absent system: its own errors, most of which are OSErrors too.
MidiError = (rtmidi.RtMidiError, OSError)


@dataclass(frozen=True)
class Source:
    """A port as people know it: `name` without moving numbers, ` (2)` for the second of a name."""

    api: int
    name: str
    raw: str

    @property
    def api_name(self) -> str:
        """The system's name, for people."""
        return api_name(self.api)

    @property
    def is_keyboard(self) -> bool:
        """True unless it is ALSA's loop-through port or one of our own."""
        return not self.name.startswith("Midi Through") and not self.name.startswith("sixop")

    @property
    def is_own_output(self) -> bool:
        """True if it is the output that `--midi-out virtual` makes, of this player or another one."""
        return self.name.startswith(CLIENT_NAME) and self.name.partition(":")[2].startswith("out")


def api_name(api: int) -> str:
    """ALSA, JACK, CoreMIDI, Windows MM."""
    return _NAMES.get(api) or str(rtmidi.get_api_display_name(api))


def compiled_apis() -> list[int]:
    """The systems this RtMidi was built for, in its order; without its do-nothing dummy.

    RtMidi's ALSA client prints from C when there is no sequencer at all; a look
    at the device file spares that.
    """
    apis = [api for api in rtmidi.get_compiled_api() if api != rtmidi.API_RTMIDI_DUMMY]
    if not Path("/dev/snd/seq").exists():
        apis = [api for api in apis if api != rtmidi.API_LINUX_ALSA]
    return apis


def new_input(api: int, client: str = CLIENT_NAME) -> rtmidi.MidiIn:
    """An unopened input of one system that lets SysEx, clock and active sensing through.

    They are let through because RtMidi's filter on JACK has no say over SysEx
    otherwise; what nobody wants is dropped by the reader.

    Raises MidiError if the system is not running.
    """
    midi_in = rtmidi.MidiIn(api, name=client, queue_size_limit=QUEUE_MESSAGES)
    midi_in.ignore_types(sysex=False, timing=False, active_sense=False)
    return midi_in


def new_output(api: int, client: str) -> rtmidi.MidiOut:
    """An unopened output of one system. Raises MidiError if the system is not running."""
    return rtmidi.MidiOut(api, name=client)


class Scanner:
    """Looks which ports exist, again and again, with one quiet client per system.

    A client sees the ports it could be connected to: one of `new_input` (the
    usual) the inputs of this program, one of `new_output` the outputs.

    A system that was absent is tried again every `RETRY` looks, and JACK as soon
    as its server's socket is another: then it has been started, or started anew.
    """

    RETRY = 10

    def __init__(self, new_client: Callable[[int, str], Any] = new_input) -> None:
        self._new_client = new_client
        self._clients: dict[int, Any] = {}
        self._names: dict[int, list[str]] = {}  # of each system's ports, at the last look
        self._looks = 0
        self._socket = jack_socket()
        self.starts: Counter[int] = Counter()  #: how often each system has come or gone
        self.problems: dict[int, str] = {}

    def scan(self) -> list[Source]:
        """Every port of every running system, in the order of the systems."""
        if self.jack_has_moved():
            # JACK's library frees every client of a dead server when a new one is made, so all must be closed before.
            self._socket, self._looks = jack_socket(), -1
            self._drop_jack()
        elif self._looks % self.RETRY == 0:
            self._connect()
        self._looks += 1
        sources = []
        for api, client in list(self._clients.items()):
            try:
                raw_names = self._port_names(api, client)
            except MidiError as error:
                self.problems[api] = str(error)
                self._clients.pop(api).delete()
                continue
            names = number_duplicates([clean(raw) for raw in raw_names])
            sources += [Source(api, name, raw) for name, raw in zip(names, raw_names, strict=True)]
        return sources

    def _port_names(self, api: int, client: Any) -> list[str]:
        """The ports as they are called by their system; as at the last look while they come and go too fast.

        RtMidi counts the ports and then asks for one name after the other, while others may come and go: the last may
        be none any more, and one that is there may be passed over. So two readings must agree.
        """
        last = self._names.get(api)
        for _ in range(_READINGS):
            try:
                names = list(client.get_ports())
            except rtmidi.InvalidPortError:
                continue
            if names == last:
                self._names[api] = names
                return names
            last = names
        return self._names.setdefault(api, [])

    def jack_has_moved(self) -> bool:
        """True if JACK's server has ended or begun since the last look."""
        return jack_socket() != self._socket

    def _drop_jack(self) -> None:
        """The server that our client knows is not the one of now."""
        client = self._clients.pop(rtmidi.API_UNIX_JACK, None)
        if client is not None:
            client.delete()
            self.starts[rtmidi.API_UNIX_JACK] += 1

    def _connect(self) -> None:
        for api in compiled_apis():
            if api in self._clients:
                continue
            try:
                self._clients[api] = self._new_client(api, "sixop-scan")
                self.starts[api] += 1
                self.problems.pop(api, None)
            except MidiError as error:
                self.problems[api] = str(error)

    @property
    def running(self) -> list[int]:
        """The systems that answered."""
        return list(self._clients)

    def close(self) -> None:
        """Leave every system."""
        for client in self._clients.values():
            client.delete()
        self._clients.clear()
