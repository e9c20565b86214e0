# SPDX-License-Identifier: Apache-2.0
"""The serial ports of this machine, and which of them are an XFM2's. Nothing here opens a port.

The XFM2 runs on a Digilent Cmod A7, whose FT2232H chip makes two ports: the first programs the chip, the second is
the serial line. Other boards carry the same chip with the same numbers, so the maker counts as well.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from serial.tools import list_ports

from bridge.errors import NoBoardError

USB_IDS = (0x0403, 0x6010)  # FTDI FT2232H
MAKER = "Digilent"
URLS = ("socket://", "rfc2217://", "hwgrep://", "spy://")
_BY_ID = Path("/dev/serial/by-id")


@dataclass(frozen=True, slots=True)
class Port:
    """One serial port; what is not known is empty or None."""

    path: str  #: what opens it: a device or a URL
    description: str = ""
    vid: int | None = None
    pid: int | None = None
    location: str = ""
    serial_number: str = ""
    manufacturer: str = ""
    by_id: str = ""  #: the name that stays the same wherever the board is plugged in (Linux)

    @property
    def usb_id(self) -> str:
        """Vendor and product as in ``0403:6010``; empty without USB."""
        return "" if self.vid is None or self.pid is None else f"{self.vid:04x}:{self.pid:04x}"

    @property
    def identity(self) -> str:
        """What a board is remembered by: its serial number, or where there is none the port it is found at."""
        return self.serial_number or self.path

    @property
    def is_board(self) -> bool:
        """True if this is the serial line of an XFM2's board, as far as USB tells."""
        return (self.vid, self.pid) == USB_IDS and self._is_second_interface() and self._is_digilent()

    def _is_second_interface(self) -> bool:
        if sys.platform == "win32":
            return self.serial_number.endswith("B")
        if sys.platform == "darwin":
            return self.path.endswith("1")
        return self.location.endswith(":1.1") or "-if01-" in self.by_id

    def _is_digilent(self) -> bool:
        told = f"{self.manufacturer} {self.description} {self.by_id}"
        # Windows names the maker of the driver, FTDI, whatever the board.
        return MAKER.lower() in told.lower() or sys.platform == "win32"

    def __str__(self) -> str:
        return f"{self.path} ({self.description})" if self.description else self.path


def ports() -> list[Port]:
    """All serial ports of this machine, in the order of their names."""
    names = {str(link.resolve()): link.name for link in _BY_ID.glob("*")} if _BY_ID.is_dir() else {}
    return [
        Port(
            path=port.device,
            description=_known(port.description),
            vid=port.vid,
            pid=port.pid,
            location=_known(port.location),
            serial_number=_known(port.serial_number),
            manufacturer=_known(port.manufacturer),
            by_id=names.get(str(Path(port.device).resolve()), ""),
        )
        for port in sorted(list_ports.comports())
    ]


def boards() -> list[Port]:
    """The ports that are an XFM2's."""
    return [port for port in ports() if port.is_board]


def choose(port: str | None = None) -> Port:
    """The port that is meant: a path, a URL, a part of a name; without any, the only board there is.

    Raises:
        NoBoardError: none or several are meant.
    """
    if port is None:
        return _only_board()
    if not port.strip():
        raise NoBoardError("an empty name means no port; `sixop xfm2 ports` lists them")
    if "://" in port:
        if not port.startswith(URLS):
            raise NoBoardError(f"{port} is no address of a port; those begin with {', '.join(URLS)}")
        return Port(port)
    here = ports()
    for known in here:
        if port == known.path or (known.by_id and port in (known.by_id, str(_BY_ID / known.by_id))):
            return known
    if "/" in port or "\\" in port or Path(port).exists():
        return Port(port)
    return _by_name(port, here)


def _only_board() -> Port:
    found = boards()
    if len(found) == 1:
        return found[0]
    if found:
        raise NoBoardError(f"there are {len(found)} boards, name one with --port: {_listed(found)}")
    raise NoBoardError(
        f"no XFM2 found: there is no USB serial port of {MAKER} with the numbers {USB_IDS[0]:04x}:{USB_IDS[1]:04x}; "
        "plug the board in, name its port with --port, or try without a board: sixop xfm2 virtual"
    )


def _by_name(name: str, here: list[Port]) -> Port:
    part = name.lower()
    meant = [port for port in here if any(part in told.lower() for told in _names(port))]
    meant = [port for port in meant if port.is_board] or meant  # the chip's first port has nearly the same names
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise NoBoardError(f"{name!r} may be any of {_listed(meant)}; name one of them by its path")
    raise NoBoardError(f"no serial port has {name!r} in its name; there is {_listed(here) or 'none at all'}")


def _names(port: Port) -> tuple[str, ...]:
    return (port.path, port.by_id, port.description, port.serial_number)


def _listed(some: list[Port]) -> str:
    return ", ".join(map(str, some))


def _known(text: str | None) -> str:
    return "" if text in (None, "n/a") else str(text)
