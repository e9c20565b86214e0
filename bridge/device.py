# SPDX-License-Identifier: Apache-2.0
"""The XFM2 as an object: what it holds, set, loaded, stored, and always read back.

    with Xfm2.open() as xfm2:
        xfm2.load(patch)          # sounds at once, nothing is stored
        xfm2.write_program(12)    # now it is

Numbers of programs and units are those people use: programs 1..128, units 1 and 2. All methods may be called from
any thread; one thread of its own talks to the board.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from bridge.errors import NotSentError, ProgramError
from bridge.link import Link, Loaded
from bridge.owner import Event, Owner
from bridge.parameters import PARAMETERS, UNREACHABLE, Parameter
from bridge.ports import choose
from bridge.protocol import PROGRAMS, SIZE, UNITS, Variant
from synth.patch import Patch

if TYPE_CHECKING:
    from bridge.convert import Conversion
    from bridge.program import Program


class Xfm2:
    """One board. `Xfm2.open` makes it; it is a context manager.

    Every method that talks to the board raises `UnplugError` if the port goes away, `LinkError` if the board does not
    answer as it should, and `NotSentError` if something was refused to keep the board safe.
    """

    def __init__(self, owner: Owner, unit: int) -> None:
        self._owner = owner
        self._unit = unit

    @classmethod
    def open(
        cls,
        port: str | None = None,
        unit: int = 1,
        on_event: Callable[[Event], None] | None = None,
        reconnect: bool = False,
    ) -> Self:
        """Connect to a board. Nothing on it changes, except which unit is active.

        Args:
            port: path, part of a name, or URL; None is the only board there is.
            unit: 1 or 2.
            on_event: told what happens on the link, from its thread: it must not take long nor call this object.
            reconnect: after an unplug wait for the board, and give it what it held.

        Raises:
            NoBoardError: no such port, or it cannot be opened.
            LinkError: what answers there is no XFM2.
        """
        _check("a unit", unit, *UNITS)
        return cls(Owner(choose(port), unit, on_event, reconnect), unit)

    # -- the board -----------------------------------------------------------

    @property
    def port(self) -> str:
        """What the port is opened by: a path or a URL."""
        return self._owner.port.path

    @property
    def identity(self) -> str:
        """What the board is remembered by: its serial number, or where there is none the port."""
        return self._owner.port.identity

    @property
    def unit(self) -> int:
        """The unit that everything is about, 1 or 2; assigning selects it on the board."""
        return self._unit

    @unit.setter
    def unit(self, unit: int) -> None:
        _check("a unit", unit, *UNITS)
        self._owner.call(unit, lambda _link: None)
        self._unit = unit

    @property
    def addressing(self) -> Variant:
        """The addressing law that the board was seen to follow when the link was opened."""
        return self._owner.call(self._unit, lambda link: link.variant)

    @property
    def connected(self) -> bool:
        """False while the board is unplugged."""
        return self._owner.connected

    def close(self) -> None:
        """Let go of the port. What `want` was last given is sent before, if that takes no longer than a second."""
        self._owner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- the edit buffer -----------------------------------------------------

    def load(self, program: Patch | Conversion | Program | bytes) -> Loaded:
        """Make the edit buffer this program and read it back. A DX7 patch is converted before.

        Parameters 0 and 255 are out of reach and do not count.

        Raises:
            ProgramError: these are no 512 bytes.
            LinkError: after some rounds there are still differences; the error says how many.
        """
        data = program_bytes(program)
        return self._owner.load(self._unit, data)

    def want(self, program: Patch | Conversion | Program | bytes) -> None:
        """Make the edit buffer this program soon: never waits, the newest wins, only differences are sent.

        Once nothing new has come for a moment the board is read back. What goes wrong is told as an event.
        """
        self._owner.want(self._unit, program_bytes(program))

    def dump(self) -> bytes:
        """The 512 bytes of the edit buffer."""
        return self._owner.call(self._unit, Link.dump)

    def get(self, n: int) -> int:
        """Parameter `n` (0..511) of the edit buffer."""
        _check("a parameter", n, 0, SIZE - 1)
        return self._owner.call(self._unit, lambda link: link.get(n))

    def set(self, n: int, value: int, undocumented: bool = False) -> None:
        """Set parameter `n` of the edit buffer and read it back.

        Raises:
            NotSentError: the parameter is 0 or 255, or nobody knows what it does and `undocumented` is not given.
            ValueError: there is no such parameter, or the value is not in its range.
        """
        _check("a parameter", n, 0, SIZE - 1)
        parameter = PARAMETERS[n]
        check_writable(parameter, undocumented)
        lowest, highest = (0, 255) if undocumented else (parameter.minimum, parameter.maximum)
        _check(parameter.name, value, lowest, highest)
        self._owner.set(self._unit, n, value)

    def initialise(self) -> None:
        """Make the edit buffer the board's own INIT program."""
        self._owner.replace(self._unit, Link.initialise)

    # -- the program memory --------------------------------------------------

    def read_program(self, n: int) -> bytes:
        """Program `n` (1..128). The board can only show it by loading it: the edit buffer is this program afterwards.

        Raises:
            NotSentError: bytes were lost lately, and reading this very program could then erase the memory.
        """
        _check("a program", n, 1, PROGRAMS)
        return self._owner.replace(self._unit, lambda link: link.read_program(n - 1))

    def write_program(self, n: int) -> None:
        """Store the edit buffer as program `n` (1..128), read it back and compare.

        Raises:
            NotSentError: bytes were lost lately, and storing this very program could then erase the memory.
            LinkError: the program was not stored, or it may be incomplete; the error says which.
        """
        _check("a program", n, 1, PROGRAMS)
        self._owner.replace(self._unit, lambda link: link.write_program(n - 1))

    def backup(self, path: str | os.PathLike[str], **options: Any) -> Any:
        """Save all 128 programs and both edit buffers in one file; see `bridge.backup.backup`."""
        from bridge.backup import backup

        return backup(self, Path(path), **options)

    def restore(self, path: str | os.PathLike[str], **options: Any) -> Any:
        """Store the programs of a backup that differ from the board's; see `bridge.backup.restore`."""
        from bridge.backup import restore

        return restore(self, Path(path), **options)

    # -- settings ------------------------------------------------------------

    def midi_channel(self, unit: int, channel: int) -> None:
        """Let a unit (1 or 2) listen to MIDI channel 1..16, or to all of them (0). The board cannot be asked."""
        _check("a unit", unit, *UNITS)
        _check("a MIDI channel", channel, 0, 16)
        self._owner.call(self._unit, lambda link: link.midi_channel(unit, channel))

    def layer_mode(self, on: bool) -> None:
        """Let both units play together, or not. The board cannot be asked."""
        self._owner.call(self._unit, lambda link: link.layer_mode(on))


def check_writable(parameter: Parameter, undocumented: bool = False) -> None:
    """Refuse what the board cannot set, and what nobody knows the meaning of unless `undocumented`.

    Raises:
        NotSentError: it is one of these.
    """
    if parameter.number in UNREACHABLE:
        raise NotSentError(
            f"parameter {parameter.number} ({parameter.name}) cannot be set: the board has no way to do it"
        )
    if not (parameter.writable or undocumented):
        raise NotSentError(f"parameter {parameter.number} ({parameter.name}) was not set: nobody has told what it does")


def program_bytes(program: Patch | Conversion | Program | bytes) -> bytes:
    """The 512 bytes of whatever holds a program; a DX7 patch is converted.

    Raises:
        ProgramError: it holds none.
    """
    if isinstance(program, Patch):
        from bridge.convert import convert

        program = convert(program)
    data = getattr(program, "program", program)
    if not isinstance(data, bytes | bytearray | memoryview) and not hasattr(data, "__bytes__"):
        raise ProgramError(f"a program is 512 bytes, a Program, a Conversion or a Patch, not {type(program).__name__}")
    data = bytes(data)
    if len(data) != SIZE:
        raise ProgramError(f"a program has {SIZE} bytes, not {len(data)}")
    return data


def _check(what: str, value: int, lowest: int, highest: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise ValueError(f"{what} goes from {lowest} to {highest}, not {value!r}")


__all__ = ["Event", "Loaded", "Xfm2", "program_bytes"]
