# SPDX-License-Identifier: Apache-2.0
"""Who is connected to a port of ours on JACK, which RtMidi does not tell.

A client that is never activated looks on; it takes no part in the server's work.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from typing import Any

_CLIENT = b"sixop-cables"
_NO_START_SERVER = 1  # JackNoStartServer
_IS_INPUT, _IS_OUTPUT = 1, 2  # JackPortIsInput, JackPortIsOutput
_Names = ctypes.POINTER(ctypes.c_char_p)


class JackCables:
    """The server's ports and connections. Without JACK's library or server there are none; nothing raises."""

    def __init__(self) -> None:
        self._library: Any = None
        self._client: int | None = None

    def inputs(self, start: str) -> set[str]:
        """The names of all inputs that start so."""
        return self._ports(start, _IS_INPUT)

    def outputs(self, start: str) -> set[str]:
        """The names of all outputs that start so."""
        return self._ports(start, _IS_OUTPUT)

    def _ports(self, start: str, direction: int) -> set[str]:
        if not self._open():
            return set()
        pattern = f"^{start}".encode()
        return self._taken(self._library.jack_get_ports(self._client, pattern, None, direction))

    def sources(self, port: str) -> set[str]:
        """The names of the outputs that this port is connected to."""
        if not self._open():
            return set()
        handle = self._library.jack_port_by_name(self._client, port.encode())
        return self._taken(self._library.jack_port_get_all_connections(self._client, handle)) if handle else set()

    def disconnect(self, output: str, port: str) -> None:
        """Take away the cable between an output and an input."""
        if self._open():
            self._library.jack_disconnect(self._client, output.encode(), port.encode())

    def close(self) -> None:
        """Leave the server, alive or dead; the next question asks the one that is there then."""
        if self._client:
            self._library.jack_client_close(self._client)
        self._client = None

    def _open(self) -> bool:
        if self._library is None:
            self._library = _load()
        if self._library and not self._client:
            self._client = self._library.jack_client_open(_CLIENT, _NO_START_SERVER, None)
        return bool(self._client)

    def _taken(self, names: Any) -> set[str]:
        """A list that ends with a null pointer, which JACK wants back."""
        found: set[str] = set()
        index = 0
        while names and names[index]:
            found.add(names[index].decode(errors="replace"))
            index += 1
        if names:
            self._library.jack_free(names)
        return found


def _load() -> Any:
    """JACK's library; False if there is none."""
    name = ctypes.util.find_library("jack")
    try:
        library = ctypes.CDLL(name) if name else None
    except OSError:
        library = None
    if library is None:
        return False
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    for function, result, arguments in (
        ("jack_client_open", pointer, [text, ctypes.c_int, pointer]),
        ("jack_client_close", ctypes.c_int, [pointer]),
        ("jack_get_ports", _Names, [pointer, text, text, ctypes.c_ulong]),
        ("jack_port_by_name", pointer, [pointer, text]),
        ("jack_port_get_all_connections", _Names, [pointer, pointer]),
        ("jack_disconnect", ctypes.c_int, [pointer, text, text]),
        ("jack_free", None, [pointer]),
    ):
        getattr(library, function).restype = result
        getattr(library, function).argtypes = arguments
    return library
