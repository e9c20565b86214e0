# SPDX-License-Identifier: Apache-2.0
"""The conversation with the board over one open port. One thread uses it.

The protocol has no checksum, and a board that misses a byte takes what follows for something else. So:

* Nothing is written while an answer is owed: at most one window of 60 bytes is under way (`_fence`), and a byte that
  comes unasked, or another one than the fence's, is as much a sign of loss as an answer that does not come.
* A parameter whose frame would be hazardous travels in a block load instead (`_takes_block`). The block goes over a
  link just proven clean, and its data follows only if the board has shown, by leaving a dump request unanswered, that
  it takes bytes for data and not for commands (`_inject`). So no single lost byte makes a load erase or store.
* On a board without block loads a hazardous frame goes alone, behind an answered fence (`_send`); after a loss only
  when a long run of fences has been answered without a gap (`_owed`), and that run doubles with each loss.
* After a loss (`LossError`) an unfinished frame is completed with zeros, except an unanswered store: only the byte of
  its own program may follow that, and if this byte is a hazard itself, nothing may (`_store`, `_write`).
* What was sent counts when a dump has shown it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import TypeVar

from bridge import pacing, protocol
from bridge.errors import LinkError, NotSentError, UnplugError
from bridge.pacing import FENCE_SIZE, NO_ADDRESS, Change, Window
from bridge.ports import Port
from bridge.program import xva1_name
from bridge.protocol import BYTE_SECONDS, HAZARDS, LETTERS, SIZE, Command, Variant
from bridge.serial_line import SerialLine

PASSES = 16  # rounds of sending and reading back before a load gives up
STORE_PASSES = 3
OPENING_RUN = 512  # fences that prove a new link clean
CLEAN_RUN = 96  # fences before a store
BLOCK_RUN = 20  # fences before a block load
LONG_RUN = 1024  # fences owed after the first loss
REPLY_SECONDS = 1.0  # for what takes the board time; storing takes some 50 ms
SLOWEST = 2.0  # nobody waits longer for an answer

_LATE = 0.3  # seconds by which an answer may be late on a machine that is busy with something else
_UNKNOWN_TRIP = 0.2  # seconds to an answer, before any was seen
_REMEDY = "try a shorter cable, or another USB port without a hub"
_PER_RUN = pacing.WINDOW // FENCE_SIZE
_RESTS = 3  # how often a lost rest of a store is sent again
_BLOCK_PROBES = 4
_MOST_SLACK = 4.0
_AT_RISK = (
    "a byte was lost just when that could make the board erase or overwrite stored programs; compare it with a backup: "
    "sixop xfm2 restore FILE --dry-run"
)
_MANY_LOSSES = 4  # in one load, from which on their rate is judged
_HOPELESS = 220  # bytes from one loss to the next
_ANSWERED = frozenset(b"12i#")  # letters that are answered with one byte, as if all were well

Result = TypeVar("Result")


class LossError(LinkError):
    """Bytes were lost on the way, or turned up unasked."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How a load went.

    Attributes:
        verified: a dump showed the program.
        mismatches: parameters that were found different after they had been sent, and were sent again.
        bytes_sent: on the wire, with fences and dump requests.
        seconds: from first to last byte.
        recoveries: how often bytes were lost on the way.
    """

    verified: bool
    mismatches: int
    bytes_sent: int
    seconds: float
    recoveries: int


class Link:
    """An open port with an XFM2 behind it.

    Attributes:
        port: where it is.
        unit: the active one, 1 or 2.
        variant: the addressing law that the board was seen to follow.
        losses: how often bytes were lost since the link was opened.
        bytes_sent: since the link was opened.
        unfinished: the program (0..127) that the board may be about to store, because it never answered; or None.

    `keep` is told that program before a store begins, and None when it has ended, so that it can be remembered beyond
    this process.

    Raises:
        NoBoardError: the port cannot be opened.
        LinkError: what answers is no XFM2, or nothing answers.
        UnplugError: the port goes away.
    """

    def __init__(
        self,
        port: Port,
        unit: int = 1,
        warn: Callable[[str], None] = lambda _text: None,
        unfinished: int | None = None,
        keep: Callable[[int | None], None] = lambda _slot: None,
    ) -> None:
        self.port = port
        self.unit = unit
        self.variant: Variant = "n-256"
        self.losses = 0
        self.bytes_sent = 0
        self.unfinished = unfinished
        self._warn = warn
        self._keep = keep
        self._images: dict[int, bytearray] = {}  # what the units' edit buffers are believed to hold
        self._connected = False
        self._slack = 1.0  # how much more time than usual the board is given
        self._trips: deque[float] = deque(maxlen=32)  # seconds from fences to answers
        self._cut_short = 0  # of the losses, those of an answer's bytes: the board misread nothing
        self._owed = 0  # fences to be answered in a row before a hazard may be sent
        self._block_works: bool | None = None
        self._block_probes = 0
        self._block_begun = False  # one that lost bytes changes the parameter without an address
        self._block: bytes | None = None  # the last that went through
        self._loads = 0
        self._loss: LossError | None = None  # the last one
        self._line = SerialLine(port)
        try:
            self._connect()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the port."""
        self._line.close()

    # -- what can be asked of the board --------------------------------------

    @property
    def image(self) -> bytes | None:
        """What the active unit's edit buffer is believed to hold; None if that is not known."""
        image = self._images.get(self.unit)
        return None if image is None else bytes(image)

    def select(self, unit: int) -> None:
        """Make a unit (1 or 2) the active one, if it is not."""
        if unit != self.unit:
            self._safely(lambda: self._select(unit))

    def dump(self) -> bytes:
        """The 512 bytes of the edit buffer."""
        return self._safely(self._dump)

    def get(self, n: int) -> int:
        """One parameter (0..511)."""
        return self._safely(lambda: self._get(n))

    def set(self, n: int, value: int) -> None:
        """Set one parameter and read it back; if anything is odd, the whole edit buffer."""
        image = bytearray(self.image or self.dump())
        image[n] = value
        windows = list(pacing.windows([(n, value)], self.variant))
        if not self._owed and not any(window.hazardous for window in windows):
            with self._recovering():
                for window in windows:
                    self._send(window)
                if self._get(n) == value:
                    return
        self.load(bytes(image))

    def load(self, program: bytes) -> Loaded:
        """Make the edit buffer this program: send what differs, read all back, send again what still differs."""
        began, sent, losses, mismatches = time.monotonic(), self.bytes_sent, self.losses, 0
        misread = self.losses - self._cut_short
        for _ in range(PASSES):
            self._refuse_hopeless(self.losses - self._cut_short - misread, self.bytes_sent - sent)
            with self._recovering():
                changed = set(self._differences(self.image or self._dump(), program))
                while self.approach(program):
                    pass
                dump = self._dump()
                wrong = self._differences(dump, program)
                if not wrong and not self._needs_block(dump, program):
                    self._loads += 1
                    seconds = time.monotonic() - began
                    return Loaded(True, mismatches, self.bytes_sent - sent, seconds, self.losses - losses)
                if astray := changed.intersection(wrong):  # the rest was changed by somebody else
                    mismatches += len(astray)
                    self._suspect()
        left = len(self._differences(self.dump(), program))
        raise LinkError(
            f"after {PASSES} rounds of sending {left} parameters on the board still differ, and bytes were lost "
            f"{self.losses - losses} times; {_REMEDY}"
            if left
            else f"the board was given the program, but {self._loss}; {_REMEDY}"
        )

    def _refuse_hopeless(self, losses: int, sent: int) -> None:
        """Over a line as bad as that each further try would only be misread."""
        if losses >= _MANY_LOSSES and sent < losses * _HOPELESS:
            raise LinkError(f"one byte in {sent // losses} or so is lost on {self.port.path}; {_REMEDY}")

    def approach(self, program: bytes) -> bool:
        """Send the next window, or a block, of what differs; False if nothing does, as far as is known.

        Raises:
            LossError: bytes were lost; `recover` has to follow.
        """
        image = self._images.get(self.unit)
        if image is None:
            image = bytearray(self._dump())
        changes = self._differences(image, program)
        if self._needs_block(image, program) or self._takes_block(changes):
            self._send_block(program)
        elif not changes:
            return False
        else:
            self._send(next(pacing.windows(changes, self.variant, slow=bool(self._owed))))
        return True

    def initialise(self) -> bytes:
        """Make the edit buffer the board's INIT program, and return it."""

        def act() -> bytes:
            self._images.pop(self.unit, None)
            if answer := self._exchange(protocol.initialise())[0]:
                raise LossError(f"the board answers {answer} instead of 0 when it is to initialise the edit buffer")
            return self._dump()

        return self._safely(act)

    def read_program(self, slot: int) -> bytes:
        """Load a stored program (0..127) into the edit buffer, and return it."""
        return self._safely(lambda: self._read_program(slot))

    def write_program(self, slot: int) -> bytes:
        """Store the edit buffer as a program (0..127), read it back, and return it."""
        program = self._sure_dump()
        answer = 0
        for _ in range(STORE_PASSES):
            with self._recovering():
                answer = self._store(slot)
                self._select(self.unit)
                if not answer and self._read_program(slot, program) == program:
                    return program
                raise LossError(f"program {slot + 1} was not stored as it should be")
            self.load(program)
        why = f"the board answered {answer}" if answer else "reading it back showed something else"
        raise LinkError(f"program {slot + 1} was not stored as it should be: {why}; try again")

    def midi_channel(self, unit: int, channel: int) -> None:
        """The MIDI channel of a unit: 1..16, or 0 for all."""
        self._safely(lambda: self._exchange(protocol.midi_channel(unit, channel)))

    def layer_mode(self, on: bool) -> None:
        """Both units play together, or not."""
        self._safely(lambda: self._exchange(protocol.layer_mode(on)))

    def recover(self) -> None:
        """After a loss: complete the interrupted frame with zeros, and begin again from what the board then holds.

        Raises:
            LinkError: the board cannot be brought to answer; or a store is unfinished, which zeros would misdirect.
        """
        self._suspect()
        self._images.clear()
        try:
            for filler in (3, SIZE, 3, SIZE, SIZE):  # the rest of a short frame, then that of a block
                self._drain()
                self._trickle(bytes(filler))
                self._drain()
                with suppress(LossError):
                    self._select(self.unit)
                    self._prove(8)
                    return
                if self._connected:
                    self._slack = min(self._slack * 2, _MOST_SLACK)  # it may have stalled rather than lost anything
        finally:
            self._slack = 1.0
        raise LinkError(f"{self.port.path} no longer answers as it should; unplug the board, plug it in and try again")

    # -- opening -------------------------------------------------------------

    def _connect(self) -> None:
        self._line.forget()
        if self.unfinished is not None:
            self._finish(self.unfinished)
        try:
            self._select(self.unit)
            self._dump()
        except LossError:  # somebody may have left half a frame behind
            self._first_words()
        if name := xva1_name(self.image or self.dump()):
            raise LinkError(
                f"{self.port.path} looks like an XVA1, not an XFM2: it keeps a name ({name!r}) "
                "where the XFM2 has none; nothing was sent to it but questions"
            )
        self._connected = True
        self.losses = self._owed = 0  # what somebody left unfinished was no loss of this line
        self._safely(lambda: self._prove_addresses(self.image or self._dump()))
        self._safely(lambda: self._prove(OPENING_RUN))
        if self.losses:
            self._warn(f"bytes are lost on {self.port.path}; everything is sent more slowly, and checked")

    def _first_words(self) -> None:
        self._trips.append(0.02)  # there was time enough for a slow one
        try:
            self.recover()
        except UnplugError:
            raise
        except LinkError:
            count = self._line.received
            seen = f"{count} bytes came back that make no sense" if count else "nothing came back"
            raise LinkError(
                f"{self.port.path} does not answer like an XFM2: {seen}; is it the right port, has the board power, "
                "and is no other program talking to it?"
            ) from None

    def _prove_addresses(self, dump: bytes) -> None:
        """Find the addressing law by reads that are harmless whatever the law is."""
        for behind in range(protocol.ESCAPE):
            here, before = dump[256 + behind], dump[255 + behind]
            if behind in LETTERS or here == before:
                continue
            seen = self._twice(bytes((ord("g"), protocol.ESCAPE, behind)))
            if seen == here:
                return
            if seen == before:
                self.variant = "n-255"
                self._warn(
                    f"the board on {self.port.path} counts the upper parameters by n-255; so does sixop from now on"
                )
                return
            raise LossError(f"{self.port.path} answers {seen} for a parameter that is {here} in its dump")
        self._warn("the board's parameters are too much alike to tell how it counts the upper ones; n-256 is assumed")

    # -- sending -------------------------------------------------------------

    def _send(self, window: Window) -> None:
        """One window of changes."""
        if window.hazardous:
            if self._owed:
                self._prove(self._owed)
            self._fence()
        with self._at_risk() if window.hazardous else nullcontext():
            self._fence(window.frames, window.changes)
        image = self._images.get(self.unit)
        if image is not None:
            for number, value in window.changes:
                image[number] = value

    def _needs_block(self, image: bytes | bytearray, program: bytes) -> bool:
        """The parameter without an address differs, as it may after a block that lost bytes.

        A board that has been given the whole block does not keep that parameter; so be it.
        """
        number = NO_ADDRESS[self.variant]
        possible = self._block_begun and self._block_works is not False and self._block != program
        return possible and image[number] != program[number]

    def _differences(self, image: bytes | bytearray, program: bytes) -> list[Change]:
        return pacing.differences(image, program, self.variant)

    def _takes_block(self, changes: list[Change]) -> bool:
        """True if these changes should go in a block: because it is safer, else because it is faster."""
        if not changes or self._block_works is False:
            return False
        plan = list(pacing.windows(changes, self.variant, slow=bool(self._owed)))
        if any(window.hazardous for window in plan):
            return True
        if self._owed:
            return pacing.seconds(plan, 0) > SIZE * BYTE_SECONDS
        if self._block_works is None and not self._loads:
            return False  # the probe pays only for those who load more than one
        trip = sorted(self._trips)[len(self._trips) // 2]
        block = (2 * BLOCK_RUN + SIZE) * BYTE_SECONDS + 3 * trip + self._silence()
        return pacing.seconds(plan, trip) > block

    def _send_block(self, program: bytes) -> None:
        """The whole edit buffer at once, or before the first time what is harmless in it, to see whether that works."""
        if self._block_works is None:
            self._probe_block(program)
        elif not self._inject(program):
            raise LossError("the letter of a block load was lost")

    def _probe_block(self, program: bytes) -> None:
        """The program without those of its bytes that a board could take for commands."""
        harmless = bytes(0 if byte in LETTERS else byte for byte in program)
        before = self.image or self._dump()
        self._block_probes += 1
        if self._block_probes <= _BLOCK_PROBES and (self._inject(harmless) or self._inject(harmless)):
            after = self._dump()
            if after[1:] not in (before[1:], harmless[1:]):
                raise LossError("bytes of a block load were lost")
            self._block_works = after[1:] == harmless[1:]
        else:
            self._block_works = False

    def _inject(self, program: bytes) -> bool:
        """A block load; False if the board does not begin one."""
        letter, data = protocol.block_load(program)
        self._prove(BLOCK_RUN)
        self._write(letter.frame)
        time.sleep(0.001)  # the letter wants a write, and a moment, of its own
        self._write(protocol.dump().frame)  # a block takes it for parameter 0
        if self._line.read(1, self._silence()):
            self._drain()
            return False
        self._images.pop(self.unit, None)
        self._block_begun = True
        self._write(data.frame[1:])
        time.sleep(SIZE * BYTE_SECONDS)  # so that the fence behind it measures the way, not the wait
        self._fence()
        self._fence(protocol.set_value(0, 0).frame)  # should the board keep that parameter after all
        self._images[self.unit] = bytearray(bytes(1) + program[1:])
        self._block = program
        return True

    def _store(self, slot: int) -> int:
        """Store the edit buffer; the board's answer, 0 if all is well.

        While a store is unanswered the board may still wait for its second byte, and would take any for it.
        """
        command = protocol.write_program(slot)
        self._prove_for(command, f"storing program {slot + 1}")
        self._keep(slot)
        try:
            self._write(command.frame)
        finally:
            self.unfinished = slot
        answer = self._line.read(1, REPLY_SECONDS)
        if not answer:
            with self._at_risk() if slot in HAZARDS else nullcontext():
                answer = self._finish(slot)
        self._finished()
        if not answer or self._drain():
            raise LossError(f"storing program {slot + 1} was not answered as it should be")
        return answer[0]

    def _finished(self) -> None:
        """No store is under way any more."""
        if self.unfinished is not None:
            self.unfinished = None
            self._keep(None)

    def _finish(self, slot: int) -> bytes:
        """Complete an unanswered store with its own byte and no other; what is answered."""
        self._suspect()
        self.unfinished = slot
        for _ in range(_RESTS):
            self._write(bytes((slot,)))
            if answer := self._line.read(1, REPLY_SECONDS / 4):
                break
        self._finished()
        return answer

    def _read_program(self, slot: int, expected: bytes | None = None) -> bytes:
        """Two dumps have to agree, unless the first is what was expected."""
        command = protocol.read_program(slot)
        if not protocol.exposes_hazard(command.frame):
            return self._read_twice(command, slot, expected)
        self._prove_for(command, f"reading program {slot + 1}")
        try:
            return self._read_twice(command, slot, expected)
        except LossError:
            if self.unfinished is not None:
                raise
            with suppress(LinkError):  # a board that erases answers nothing for seconds
                self.recover()
            raise LinkError(_AT_RISK) from None

    def _read_twice(self, command: Command, slot: int, expected: bytes | None) -> bytes:
        dump = self._loaded_program(command, slot)
        if slot in _ANSWERED:  # without its letter the frame would have been answered as well, and changed something
            expected = self._loaded_program(command, slot)
        elif dump != expected:
            expected = self._dump()
        if dump != expected:
            raise LossError(f"program {slot + 1} was read in two ways")
        return dump

    def _loaded_program(self, command: Command, slot: int) -> bytes:
        self._images.pop(self.unit, None)
        self._ask_for_program(command, slot)
        if slot in _ANSWERED:
            self._select(self.unit)
        return self._dump()

    def _ask_for_program(self, command: Command, slot: int) -> None:
        answer = self._exchange(command, begins_store=slot == ord("w"))[0]
        if answer:
            raise LossError(f"the board answers {answer} instead of 0 when it is to read program {slot + 1}")

    def _prove_for(self, command: Command, what: str) -> None:
        """The link clean, or a hazardous program number unsent."""
        try:
            self._prove(max(self._owed, LONG_RUN) if protocol.exposes_hazard(command.frame) else CLEAN_RUN)
        except LossError:
            if not protocol.exposes_hazard(command.frame):
                raise
            self.recover()
            raise NotSentError(
                f"bytes are lost on this link, and {what} could then erase the board's memory; it was not tried: use a "
                "shorter cable, or another USB port, or another program number"
            ) from None

    # -- asking --------------------------------------------------------------

    def _select(self, unit: int) -> None:
        if self._exchange(protocol.select_unit(unit)) != bytes((unit - 1,)):
            raise LossError(f"selecting unit {unit} was not answered as it should be")
        self.unit = unit

    def _dump(self) -> bytes:
        dump = self._exchange(protocol.dump())
        self._images[self.unit] = bytearray(dump)
        self._fence()  # neither a byte more nor less
        return dump

    def _sure_dump(self) -> bytes:
        """A dump that equals what is believed."""
        believed = self.image or self.dump()
        for _ in range(PASSES):
            losses = self.losses
            dump = self.dump()
            if dump == believed:
                return dump
            if self.losses == losses:
                break
        count = len(pacing.differences(believed, dump, self.variant))
        raise LinkError(
            f"nothing was stored: the edit buffer is no longer what it was when it was last sent or read, {count} "
            "parameters differ; load the program again, or look at it with a dump, and then store it"
        )

    def _get(self, n: int) -> int:
        if n == NO_ADDRESS[self.variant]:
            return self._dump()[n]
        command = protocol.get(n, self.variant)
        if not LETTERS.isdisjoint(command.frame[1:]):  # a dump has no address that could be taken for a command
            return self._dump()[n]
        return self._twice(command.frame)

    def _twice(self, read: bytes) -> int:
        """A value that is read two times, because half an address would read another parameter."""
        once, again = self._exchange(Command(read * 2, 2))
        if once != again:
            raise LossError(f"{self.port.path} told two values for one parameter, {once} and {again}")
        return once

    def _exchange(self, command: Command, begins_store: bool = False) -> bytes:
        """One command and its whole answer; `begins_store`: without its letter it would be an unfinished store."""
        self._expect_silence()
        slow = command.frame[0] in b"riw*"
        if begins_store:
            self._keep(command.frame[-1])
        self._write(command.frame)
        if begins_store:
            self.unfinished = command.frame[-1]
        answer = self._line.read(command.reply, REPLY_SECONDS if slow else self._patience())
        if answer:
            self._finished()
        if len(answer) < command.reply:
            self._cut_short += bool(answer)
            raise LossError(f"{self.port.path} answered {len(answer)} of {command.reply} bytes")
        return answer

    # -- proving -------------------------------------------------------------

    def _fence(self, frames: bytes = b"", changes: Sequence[Change] = (), count: int = 1) -> None:
        """Frames with fences behind them, in one write; all fences have to be answered, and nothing else."""
        image = self._images.get(self.unit)
        number = 0 if image is None else pacing.fence_parameter(image, changes)
        window = frames + protocol.get(number).frame * count
        assert len(window) <= pacing.WINDOW
        self._expect_silence()
        began = time.monotonic()
        self._write(window)
        answer = self._line.read(count, self._patience())
        if len(answer) < count or (image is not None and number and answer != bytes((image[number],)) * count):
            raise LossError(f"{self.port.path} did not answer as it should")
        if count == 1:  # else the board's own time for many would count as the way to it
            self._trips.append(max(0.0, time.monotonic() - began - len(window) * BYTE_SECONDS))
        self._owed = max(0, self._owed - count)

    def _prove(self, fences: int) -> None:
        for done in range(0, fences, _PER_RUN):
            self._fence(count=min(_PER_RUN, fences - done))

    def _suspect(self) -> None:
        """Bytes were lost: hazards have to wait, longer each time."""
        self.losses += 1
        self._owed = LONG_RUN << min(self.losses - 1, 4)

    def _patience(self) -> float:
        """Seconds after which an answer is late: from how late answers were."""
        return min(self._slack * (_LATE + 4 * max(self._trips, default=_UNKNOWN_TRIP)), SLOWEST)

    def _silence(self) -> float:
        """Seconds in which anything that is going to be answered has begun to be."""
        return min(self._slack * (0.004 + 3 * max(self._trips, default=_UNKNOWN_TRIP)), SLOWEST)

    def _safely(self, action: Callable[[], Result]) -> Result:
        """The action, tried again after a loss."""
        for _ in range(PASSES):
            with self._recovering():
                return action()
        raise LinkError(f"{self._loss}, {PASSES} times in a row; {_REMEDY}")

    @contextmanager
    def _recovering(self) -> Iterator[None]:
        try:
            yield
        except LossError as loss:
            self._loss = loss
            self.recover()

    @contextmanager
    def _at_risk(self) -> Iterator[None]:
        """Within: a frame whose loss of a byte could have done harm. If it may have, its owner is told."""
        try:
            yield
        except (LossError, UnplugError):
            self._warn(_AT_RISK)
            raise

    # -- bytes ---------------------------------------------------------------

    def _write(self, data: bytes) -> None:
        """One OS write. While a store is unfinished, only the byte that finishes it may go out, if it is no hazard."""
        if self.unfinished is not None and (data != bytes((self.unfinished,)) or self.unfinished in HAZARDS):
            raise LinkError(
                f"the board did not answer about program {self.unfinished + 1}, and may take any further byte for what "
                "harms its memory; unplug the board, plug it in again, and look at that program"
            )
        self._line.write(data)
        self.bytes_sent += len(data)

    def _trickle(self, filler: bytes) -> None:
        """Filler, slowly enough for a small receive buffer; zeros are no command."""
        for start in range(0, len(filler), 32):
            self._write(filler[start : start + 32])
            time.sleep(0.002)

    def _drain(self) -> bytes:
        """What still comes until it is quiet."""
        got = b""
        while more := self._line.read(SIZE, self._silence()):
            got += more
            if len(got) > 16 * SIZE:
                raise LinkError(f"{self.port.path} does not stop sending; it is no XFM2")
        return got

    def _expect_silence(self) -> None:
        if self._line.waiting():
            raise LossError(f"{self.port.path} sends without being asked")
