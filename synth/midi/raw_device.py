# SPDX-License-Identifier: Apache-2.0
"""Raw MIDI devices, such as `/dev/snd/midiC1D0` on Linux: bytes in and out, without a MIDI system in between."""

from __future__ import annotations

import os
import re
import stat
import time
from pathlib import Path

from synth.errors import SixopError

_PIECE_BYTES = 32  # written at a time: 10 ms on the cable, less than any interface holds
_READ_BYTES = 4096
_RETRY_SECONDS = 0.01
_FOLDER = Path("/dev/snd")
# The kernel's numbers for the sequencer: client 16 + 4 c is card c, and its port 0 the first device's first cable.
_FIRST_PORT = re.compile(r"\s(\d+):0$")
_FIRST_CARD_CLIENT, _CLIENTS_OF_CARD, _CARDS = 16, 4, 28


def behind(alsa_name: str) -> str | None:
    """The path of the raw device behind a port of ALSA's sequencer, ``"USB MIDI:USB MIDI MIDI 1 20:0"``.

    None if there is none, or the port is not the first one of its card.
    """
    found = _FIRST_PORT.search(alsa_name)
    if found is None:
        return None
    card, extra = divmod(int(found[1]) - _FIRST_CARD_CLIENT, _CLIENTS_OF_CARD)
    path = _FOLDER / f"midiC{card}D0"
    return str(path) if extra == 0 and 0 <= card < _CARDS and path.exists() else None


class _Device:
    """A raw MIDI device; a pipe or a pseudo terminal in raw mode does as well."""

    def __init__(self, path: str, mode: int) -> None:
        self.name = path
        try:
            kind = Path(path).stat().st_mode
            self._is_pipe = stat.S_ISFIFO(kind)
            if not stat.S_ISCHR(kind) and not self._is_pipe:
                raise SixopError(f"{path!r} is no MIDI device")
            self._handle = os.open(path, mode | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_NONBLOCK", 0))
        except (OSError, ValueError) as error:
            raise SixopError(f"MIDI device {path!r} cannot be opened: {_reason(error)}") from error
        self._gone = False

    def gone(self) -> bool:
        """True if nothing can come any more."""
        return self._gone

    def close(self) -> None:
        """Let go of it."""
        os.close(self._handle)


class DeviceOut(_Device):
    """Bytes to a device."""

    PATIENCE_SECONDS = 5.0

    def __init__(self, path: str, name: str = "") -> None:
        super().__init__(path, os.O_WRONLY)
        self.name = name or path

    def pieces(self, message: bytes) -> list[bytes]:
        """A message in parts that never fill an interface's buffer."""
        return [message[at : at + _PIECE_BYTES] for at in range(0, len(message), _PIECE_BYTES)]

    def write(self, piece: bytes) -> None:
        """Send one part. Raises SixopError if the device takes no more."""
        give_up = time.monotonic() + self.PATIENCE_SECONDS
        while piece:
            try:
                piece = piece[os.write(self._handle, piece) :]
            except BlockingIOError:
                if time.monotonic() > give_up:
                    raise SixopError(f"MIDI device {self.name!r} takes no bytes; is something connected?") from None
                time.sleep(_RETRY_SECONDS)
            except OSError as error:
                self._gone = True
                raise SixopError(f"MIDI device {self.name!r} did not take it: {_reason(error)}") from error


class DeviceIn(_Device):
    """Bytes from a device."""

    def __init__(self, path: str) -> None:
        super().__init__(path, os.O_RDONLY)

    def poll(self) -> bytes | None:
        """What has come, or None."""
        try:
            data = os.read(self._handle, _READ_BYTES)
        except BlockingIOError:
            return None
        except OSError:
            self._gone = True
            return None
        self._gone = not data and not self._is_pipe  # a pipe that nobody writes to may find a writer again
        return data or None


def _reason(error: OSError | ValueError) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
