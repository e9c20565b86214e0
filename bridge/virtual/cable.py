# SPDX-License-Identifier: Apache-2.0
"""A pseudo terminal that looks like the board's USB serial port, and a symbolic link that follows it."""

from __future__ import annotations

import os
import termios
import tty
from contextlib import suppress
from pathlib import Path

from bridge.errors import BridgeError
from synth.files import why_not_written

BAUD = 500_000
_BITS = 10  # start, 8 data, stop

_SPEEDS = {
    getattr(termios, name): int(name[1:]) for name in dir(termios) if name[:1] == "B" and name[1:].isdigit()
}  # the number behind the system's code for it


class Cable:
    """One pty, from plugging in to unplugging."""

    def __init__(self) -> None:
        self.host, self._slave = os.openpty()
        # The slave stays open here, or the first client that closes it would end the cable.
        tty.setraw(self._slave)
        os.set_blocking(self.host, False)
        self.path = os.ttyname(self._slave)

    def byte_seconds(self) -> float:
        """What one byte takes at the speed the client has set; at the board's own if that has no known number."""
        speed = _SPEEDS.get(termios.tcgetattr(self._slave)[5], BAUD)
        return _BITS / (speed or BAUD)

    def read(self) -> bytes:
        """What the client wrote and nobody read yet, up to 4096 bytes."""
        try:
            return os.read(self.host, 4096)
        except BlockingIOError:
            return b""

    def write(self, data: bytes) -> None:
        """Bytes for the client. What does not fit because nobody reads is lost, as on a line without flow control."""
        with suppress(BlockingIOError):
            os.write(self.host, data)

    def close(self) -> None:
        """Pull the cable: the client's next read or write fails."""
        os.close(self._slave)
        os.close(self.host)


class Link:
    """A symbolic link to where the board is now. It is gone while the board is unplugged, as a udev link would be.

    Raises:
        BridgeError: there is something else at `path` that is not to be replaced.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_symlink():
            if os.path.lexists(path):
                raise BridgeError(f"{path} exists and is no symbolic link; choose another name for the link")
        elif path.exists():
            raise BridgeError(
                f"{path} leads to {path.resolve()}, which is there; end the board behind it, or remove the link"
            )

    def point(self, target: str) -> None:
        """Lead to `target`, in one step."""
        temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            temporary.symlink_to(target)
            temporary.replace(self.path)
        except (OSError, ValueError) as error:
            with suppress(OSError, ValueError):
                temporary.unlink()
            reason = why_not_written(error)
            raise BridgeError(f"the link {self.path} cannot be made: {reason}") from error

    def remove(self, target: str) -> None:
        """Away with it, if it still leads to `target`."""
        with suppress(OSError):
            if str(self.path.readlink()) == target:
                self.path.unlink()
