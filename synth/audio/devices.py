# SPDX-License-Identifier: Apache-2.0
"""The audio outputs of this computer and which of them to play on.

PortAudio, through sounddevice, reaches them by several "host APIs". JACK comes
first where its server runs, because whoever started one means to use it; then
the interface with the shortest way to the hardware. A host API's own default
device is taken before its others, and a default of the whole system (which
ALSA plug-ins may turn into anything) is never asked for.
"""

from __future__ import annotations

import atexit
import threading
from dataclasses import dataclass, replace
from typing import Any

from synth.errors import SixopError
from synth.matching import clean, meant, number_duplicates

CLIENT_NAME = "sixop"
"""JACK names our ports after this: `sixop:out_0` and `sixop:out_1`."""

_JACK = "JACK Audio Connection Kit"
_HOST_API_ORDER = [
    _JACK,
    "ASIO",
    "Core Audio",
    "ALSA",
    "Windows WASAPI",
    "Windows WDM-KS",
    "Windows DirectSound",
    "MME",
    "OSS",
]

# PortAudio keeps the pointer it is given, so these bytes live as long as the process.
_keep_alive: list[Any] = []
_left: list[bool] = []  # not empty once an audio server has died under us

open_streams: set[Any] = set()
"""What plays on PortAudio in this process."""

one_at_a_time = threading.RLock()
"""Held by a thread that opens or closes a stream: PortAudio's beginning and end concern all threads."""


@dataclass(frozen=True)
class Device:
    """One audio output. `rate` is what it prefers, in Hz; `index` holds until PortAudio is started again."""

    index: int
    name: str
    api: str
    rate: int
    channels: int
    default: bool

    @property
    def is_jack(self) -> bool:
        """True if a JACK server decides about rate and buffer."""
        return self.api == _JACK

    @property
    def label(self) -> str:
        """Name and host API as shown and as accepted by `--audio`."""
        return f"{self.name} ({'JACK' if self.is_jack else self.api})"


def portaudio() -> Any:
    """The sounddevice module.

    Raises:
        SixopError: the PortAudio library is missing, with what to install.
    """
    try:
        import sounddevice
    except OSError as error:
        raise SixopError(
            "the PortAudio library is missing: apt install libportaudio2 (Debian), dnf install portaudio (Fedora)"
        ) from error
    return sounddevice


def restart_portaudio() -> None:
    """Look for audio devices afresh, as the JACK client `sixop`.

    PortAudio meets a JACK server only while it starts, and takes its client
    name only before that. It would end the streams that are open in this
    process: where there are any, the devices stay those of before.

    Raises:
        SixopError: PortAudio is missing, or finds an audio server that does not answer.
    """
    sd = portaudio()
    if _left:
        raise SixopError("the audio server died while this program played on it: start the program anew")
    if open_streams:
        return
    while sd._initialized:
        sd._terminate()
    if not _keep_alive:
        from cffi import FFI

        ffi = FFI()
        ffi.cdef("int PaJack_SetClientName(const char *name);")
        name = ffi.new("char[]", CLIENT_NAME.encode())
        library = ffi.dlopen(sd._libname)
        _keep_alive.extend((ffi, name, library))
        set_name = getattr(library, "PaJack_SetClientName", None)  # absent where PortAudio knows no JACK
        if set_name is not None:
            set_name(name)
    try:
        sd._initialize()
    except sd.PortAudioError as error:
        raise SixopError(f"the audio system does not answer: {error.args[0]}") from error


def leave_portaudio() -> None:
    """An audio server has died under a stream of this process: nothing of PortAudio may be called any more.

    It would wait for the server for ever, at the end of the program too.
    """
    atexit.unregister(portaudio()._exit_handler)
    _left.append(True)


def outputs() -> list[Device]:
    """Every output, best host API first, each API's default device before its others.

    The second device of one name and host API is called so, with `` (2)`` behind.
    """
    sd = portaudio()
    apis = sd.query_hostapis()
    devices = [
        Device(
            index=index,
            name=found["name"],
            api=apis[found["hostapi"]]["name"],
            rate=round(found["default_samplerate"]),
            channels=found["max_output_channels"],
            default=index == apis[found["hostapi"]]["default_output_device"],
        )
        for index, found in enumerate(sd.query_devices())
        if found["max_output_channels"] > 0
    ]
    return sorted(_told_apart(devices), key=lambda device: (_api_rank(device.api), not device.default))


def _told_apart(devices: list[Device]) -> list[Device]:
    names: dict[int, str] = {}
    for api in {device.api for device in devices}:
        own = [device for device in devices if device.api == api]
        numbered = number_duplicates([clean(device.name) for device in own])
        names.update({device.index: name for device, name in zip(own, numbered, strict=True)})
    return [replace(device, name=names[device.index]) for device in devices]


def _api_rank(api: str) -> int:
    return _HOST_API_ORDER.index(api) if api in _HOST_API_ORDER else len(_HOST_API_ORDER)


def named(wanted: str, devices: list[Device]) -> list[Device]:
    """The devices that a name, some words of it, or a label may mean; those of the best host API with any."""
    names = [device.name for device in devices]
    exact = [device for device in devices if wanted in (device.name, device.label)]
    if exact:
        return exact[:1]
    found = meant(wanted, [device.label for device in devices]) or meant(wanted, names)
    return [devices[index] for index in found if devices[index].api == devices[found[0]].api]


def choose(devices: list[Device], wanted: str | None = None) -> Device | None:
    """The device named `wanted`, or the best one; None if there are none and none is named.

    Raises:
        SixopError: no device is called `wanted`, or several may be; the sentence lists them.
    """
    if wanted is None:
        return devices[0] if devices else None
    found = named(wanted, devices)
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(device.label for device in found)
        raise SixopError(f"several audio devices could be {wanted!r}: {several}; give more of the name")
    there = ", ".join(device.label for device in devices) or "none at all"
    raise SixopError(f"no audio device is called {wanted!r}; there are: {there} (or use --audio none)")
