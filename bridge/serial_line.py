# SPDX-License-Identifier: Apache-2.0
"""One open serial port, ours alone: bytes out, bytes in, and one clear sentence when that fails."""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import serial

from bridge.errors import LinkError, NoBoardError, UnplugError
from bridge.ports import Port
from bridge.protocol import BAUD

try:
    from termios import error as _TermiosError  # noqa: N812 - neither an OSError nor a SerialException
except ImportError:  # Windows has none
    _TermiosError = OSError  # type: ignore[misc,assignment]

_PORT_ERRORS = (serial.SerialException, OSError, _TermiosError)
_TICK = 0.002  # seconds after which a read looks at the time
_MOST_OF_A_TICK = 0.01  # seconds; a tick that lasted longer was a machine asleep, and the board's side with it
_WRITE_SECONDS = 2.0


class SerialLine:
    """A port at 500 000 baud, 8N1, without flow control. One thread uses it; any may close it.

    Every method raises `UnplugError` if the port goes away. `received` counts the bytes that were read.

    Raises:
        NoBoardError: the port cannot be opened.
    """

    def __init__(self, port: Port) -> None:
        self.received = 0
        self._path = port.path
        self._serial: Any = _open(port)  # pyserial's types do not know what all ports have in common

    def close(self) -> None:
        """Let go of the port."""
        with suppress(*_PORT_ERRORS):
            self._serial.close()

    def write(self, data: bytes) -> None:
        """All of it in one write of the system's.

        Raises:
            LinkError: nothing takes the bytes.
        """
        with self._using():
            self._serial.write(data)

    def read(self, count: int, patience: float) -> bytes:
        """Up to `count` bytes; fewer if none has come for `patience` seconds in which this machine was awake."""
        got, waited = b"", 0.0
        while len(got) < count:
            before = time.monotonic()
            with self._using():
                more = self._serial.read(count - len(got))
            if more:
                got, waited = got + more, 0.0
                self.received += len(more)
                continue
            waited += min(time.monotonic() - before, _MOST_OF_A_TICK)
            if waited >= patience and not self.waiting():
                break
        return got

    def waiting(self) -> int:
        """Bytes that have come and were not read."""
        with self._using():
            return int(self._serial.in_waiting)

    def forget(self) -> None:
        """Drop what has come."""
        with self._using():
            self._serial.reset_input_buffer()

    @contextmanager
    def _using(self) -> Iterator[None]:
        try:
            yield
        except serial.SerialTimeoutException:
            raise LinkError(f"{self._path} takes no more bytes; unplug the board and plug it in again") from None
        except (*_PORT_ERRORS, TypeError, AttributeError):  # the latter when another thread closes the port
            raise UnplugError(f"{self._path} went away; plug the board in again") from None


def _open(port: Port) -> Any:
    """The port, ours alone, 8N1."""
    try:
        line = serial.serial_for_url(
            port.path, do_not_open=True, baudrate=BAUD, timeout=_TICK, write_timeout=_WRITE_SECONDS
        )
        line.exclusive = True
        line.open()
    except (*_PORT_ERRORS, ValueError, TypeError) as error:
        raise NoBoardError(f"{port.path} {_why_not_opened(error)}") from None
    with suppress(*_PORT_ERRORS, ValueError, AttributeError, NotImplementedError):
        line.set_low_latency_mode(True)  # an FTDI chip else keeps an answer for 16 ms
    return line


def _why_not_opened(error: BaseException) -> str:
    match getattr(error, "errno", None):
        case errno.EACCES | errno.EPERM:
            return "may not be used by you; join its group (usually: sudo usermod -aG dialout $USER) and log in again"
        case errno.EBUSY | errno.EAGAIN:
            return "is in use by another program; close that first"
        case errno.ENOENT | errno.ENODEV | errno.ENXIO:
            return "does not exist; `sixop xfm2 ports` lists the serial ports"
        case errno.ENOTTY | errno.EISDIR:
            return "is no serial port; `sixop xfm2 ports` lists those"
    if "Could not configure port" in str(error):
        return "is no serial port; `sixop xfm2 ports` lists those"
    return f"cannot be opened: {error}"
