# SPDX-License-Identifier: Apache-2.0
"""The virtual board's mind: two units, 128 programs, and an answer to every byte. No port, no time, no chance.

Where nothing is published about a case, the board does what harms a careless host most, as far as that is plausible:
it waits for ever for the rest of a frame, and executes the erasing commands that it is (mis)led to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bridge.parameters import INIT_PROGRAM
from bridge.virtual.frames import BLOCK, Parser, Variant, parameter_of

SIZE = 512  # bytes of a program
PROGRAMS = 128
ERASING = "$#tV"

WORDS = {
    "d": "dump", "g": "get", "s": "set", "i": "initialise", "r": "read", "w": "write", "1": "unit", "2": "unit",
    "*": "global", "j": "block", "$": "erase programs", "#": "erase flash", "t": "write tunings", "V": "erase",
}  # fmt: skip

_OK, _REFUSED = b"\x00", b"\x01"
_KEPT = 400_000  # executed commands that are remembered, at most
_NAME_AT, _NAME_SIZE = 480, 25  # where the sister synth XVA1 keeps a program's name


@dataclass(frozen=True, slots=True)
class Executed:
    """One command that the board executed.

    `unit` is the one it meant (1 or 2), `parameter` 0..511, `program` 1..128 (more if the host asked for a slot that
    does not exist), `value` what was set; None where the command has no such thing.
    """

    letter: str
    unit: int
    frame: bytes
    parameter: int | None = None
    value: int | None = None
    program: int | None = None

    @property
    def word(self) -> str:
        """The command in words."""
        return WORDS[self.letter]

    @property
    def erases(self) -> bool:
        """True for the commands that destroy memory."""
        return self.letter in ERASING


class Board:
    """An XFM2 as a state machine.

    Attributes:
        edit: the edit buffer of each unit, `edit[1]` and `edit[2]`, 512 bytes.
        programs: the 128 stored ones; `programs[0]` is program 1.
        unit: the active one. executed: the commands so far, oldest first (the newest few 100 000 of them).
        erased: an erasing command was executed. channels: the MIDI channel of each unit, 0 for all.
        layer: both units play together.
    """

    def __init__(
        self,
        programs: bytes | None = None,
        *,
        variant: Variant = "n-256",
        block_load: bool = True,
        xva1: bool = False,
        save: Callable[[bytes], bool] | None = None,
    ) -> None:
        """A board just switched on.

        `programs` are 65 536 bytes, INIT programs if None. `variant` is the addressing law, `block_load` whether `j`
        is known, `xva1` makes it a sister synth with a name in each program. `save` is given all programs after each
        change and says whether they are safe; if not, the board answers that storing failed.
        """
        self._init = bytearray(INIT_PROGRAM)
        if xva1:
            self._init[_NAME_AT : _NAME_AT + _NAME_SIZE] = b"Init".ljust(_NAME_SIZE)
        memory = bytes(self._init) * PROGRAMS if programs is None else programs
        if len(memory) != SIZE * PROGRAMS:
            raise ValueError(f"{PROGRAMS} programs are {SIZE * PROGRAMS} bytes, not {len(memory)}")
        self.programs = [bytearray(memory[at : at + SIZE]) for at in range(0, len(memory), SIZE)]
        self.variant: Variant = variant
        self.block_load = block_load
        self.executed: list[Executed] = []
        self.commands = 0
        self.erased = False
        self.channels = {1: 0, 2: 0}
        self.layer = False
        self._save = save or (lambda _programs: True)
        self.switch_on()

    def switch_on(self) -> None:
        """What power does: edit buffers as after `i`, unit 1, no unfinished frame. Stored programs stay."""
        self.parser = Parser(self.block_load)
        self.unit = 1
        self.edit = {1: bytearray(self._init), 2: bytearray(self._init)}

    def receive(self, byte: int) -> bytes:
        """What the board answers to this byte (0..255), which is nothing for most of them."""
        ends_tunings = self.parser.skipping == 1
        frame = self.parser.feed(byte)
        if frame is None:
            return _OK if ends_tunings else b""
        if len(self.executed) >= _KEPT:
            del self.executed[: _KEPT // 2]
        self.commands += 1
        return self._execute(chr(frame[0]), frame)

    def _execute(self, letter: str, frame: bytes) -> bytes:
        edit = self.edit[self.unit]
        parameter = value = program = None
        reply = b""
        match letter:
            case "d":
                reply = bytes(edit)
            case "g":
                parameter = parameter_of(frame, self.variant)
                reply = bytes((edit[parameter],))
            case "s":
                parameter, value = parameter_of(frame, self.variant), frame[-1]
                if parameter:  # number 0 is no parameter and reads 0
                    edit[parameter] = value
            case "j":
                edit[1:] = frame[-BLOCK + 1 :]
            case "i":
                edit[:] = self._init
                reply = _OK
            case "r":
                program = frame[1] + 1
                reply = self._read(edit, program)
            case "w":
                program = frame[1] + 1
                reply = self._write(edit, program)
            case "1" | "2":
                self.unit = int(letter)
                reply = bytes((self.unit - 1,))
            case "*":
                value = frame[2]
                reply = self._set_global(frame[1], value)
            case _:
                reply = self._erase(letter)
        self.executed.append(Executed(letter, self.unit, frame, parameter, value, program))
        return reply

    def _read(self, edit: bytearray, program: int) -> bytes:
        if program > PROGRAMS:
            return _REFUSED
        edit[:] = self.programs[program - 1]
        return _OK

    def _write(self, edit: bytearray, program: int) -> bytes:
        if program > PROGRAMS:
            return _REFUSED
        before = self.programs[program - 1]
        self.programs[program - 1] = bytearray(edit)
        if self._save(b"".join(self.programs)):
            return _OK
        self.programs[program - 1] = before
        return _REFUSED

    def _set_global(self, place: int, value: int) -> bytes:
        if place in (0x0A, 0x0B) and value <= 16:
            self.channels[place - 0x09] = value
        elif place == 0x0C and value <= 1:
            self.layer = bool(value)
        else:
            return _REFUSED if place in (0x0A, 0x0B, 0x0C) else b""
        return _OK

    def _erase(self, letter: str) -> bytes:
        self.erased = True
        if letter == "$":
            self.programs = [bytearray(self._init) for _ in range(PROGRAMS)]
            self._save(b"".join(self.programs))
        return _OK if letter == "#" else b""
