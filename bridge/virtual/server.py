# SPDX-License-Identifier: Apache-2.0
"""The virtual board on a pty: a thread that carries bytes between a client and the calculated line."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from time import perf_counter
from types import TracebackType
from typing import Any, Self

from bridge.errors import BridgeError
from bridge.virtual.board import Board, Executed
from bridge.virtual.cable import Cable, Link
from bridge.virtual.faults import Faults
from bridge.virtual.frames import Variant
from bridge.virtual.line import Line
from bridge.virtual.log import LogFile
from bridge.virtual.store import Store

_BATCH = 0.001  # s: replies reach the client in pieces of this, as through a USB adapter
_AHEAD = 0.080  # s: bytes the line still has to carry before the client has to wait; 4000 at 500 000 baud


class VirtualXfm2:
    """A virtual XFM2 on a pty, served by a thread from `with` to the end of it.

    Args:
        store: file of the 128 programs, made if it is missing; None: in memory only.
        link: symbolic link to the pty, which follows it when the board is unplugged and plugged in again.
        log: file of JSON lines about everything that happens; an earlier log is replaced, another file is not.
        faults: what goes wrong on the line, as `Faults` or as text for `Faults.parse`.
        variant, block_load, xva1: as for `Board`.

    Raises:
        BridgeError: a file or the link cannot be used.
        ValueError: `faults` make no sense.
    """

    def __init__(
        self,
        store: Path | None = None,
        link: Path | None = None,
        log: Path | None = None,
        faults: Faults | str | None = None,
        *,
        variant: Variant = "n-256",
        block_load: bool = True,
        xva1: bool = False,
    ) -> None:
        faults = Faults.parse(faults) if isinstance(faults, str) else faults or Faults()
        if store and log and store.resolve() == log.resolve():
            raise BridgeError(f"{store} cannot be the memory and the log; choose another name for the log")
        self._store = Store(store) if store else None
        self.board = Board(
            self._store.load() if self._store else None,
            variant=variant,
            block_load=block_load,
            xva1=xva1,
            save=self._store.save if self._store else None,
        )
        self._link = Link(link) if link else None
        self._log = LogFile(log) if log else None
        self._line = Line(self.board, faults, self._write_log)
        self._cable: Cable | None = None
        self._path = ""
        self._link_problem = ""
        self._replug_at: float | None = None
        self._requests: SimpleQueue[tuple[Callable[[], None], Future[None]]] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._began = perf_counter()
        self._ending = False
        self._awake, self._wake = os.pipe()
        try:
            self._plug(False)
        except BridgeError:
            os.close(self._awake)
            os.close(self._wake)
            raise
        self._thread = threading.Thread(target=self._serve, name="virtual XFM2", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._ask(self._end)
        if self._thread:
            self._thread.join()
        self._unplug()
        os.close(self._awake)
        os.close(self._wake)
        self._write_log(perf_counter(), {"summary": self.summary()})
        if self._log:
            self._log.close()

    @property
    def path(self) -> str:
        """Of the pty; of the last one while the board is unplugged."""
        return self._path

    @property
    def plugged(self) -> bool:
        """False between unplugging and plugging in."""
        return self._cable is not None

    @property
    def executed(self) -> list[Executed]:
        """The commands so far, oldest first."""
        return list(self.board.executed)

    @property
    def erased(self) -> bool:
        """True once an erasing command was executed."""
        return self.board.erased

    @property
    def misread(self) -> int:
        """How many commands the board executed that nobody sent."""
        return len(self._line.misreads)

    @property
    def misreads(self) -> list[Executed]:
        """Which commands the board executed that nobody sent."""
        return list(self._line.misreads)

    @property
    def received(self) -> int:
        """Bytes the host has sent so far, the lost ones included."""
        return self._line.received

    @property
    def problems(self) -> list[str]:
        """What went wrong with our own files, in sentences."""
        kept = [file.problem for file in (self._store, self._log) if file]
        return [problem for problem in (*kept, self._link_problem) if problem]

    def summary(self) -> dict[str, int | bool]:
        """Counts: commands executed, bytes received, bytes lost, commands misread; whether any erased."""
        line = self._line
        return {
            "commands": self.board.commands,
            "received": line.received,
            "lost": line.lost,
            "misread": self.misread,
            "erased": self.erased,
        }

    def set_faults(self, faults: Faults | str) -> None:
        """Other faults from the next byte on; bytes are counted from there."""
        wanted = Faults.parse(faults) if isinstance(faults, str) else faults
        self._ask(lambda: self._line.begin(wanted))

    def unplug(self) -> None:
        """Pull the cable: the client's port is gone. The board keeps its power and whatever it was waiting for."""
        self._ask(self._unplug)

    def plug(self, power_cycle: bool = False) -> None:
        """Put the cable in again: a new pty. With `power_cycle` the board was without power in between.

        Raises:
            BridgeError: the link cannot be made.
        """
        self._ask(lambda: self._plug(power_cycle))

    def _ask(self, action: Callable[[], None]) -> None:
        """Have the thread do something between two bytes; before and after its life it is done here."""
        if not self._thread or not self._thread.is_alive():
            action()
            return
        done: Future[None] = Future()
        self._requests.put((action, done))
        os.write(self._wake, b"\0")
        done.result()

    def _end(self) -> None:
        self._ending = True

    def _plug(self, power_cycle: bool) -> None:
        if self._cable:
            return
        cable = Cable()
        if self._link:
            try:
                self._link.point(cable.path)
            except BridgeError:
                cable.close()
                raise
        if power_cycle:
            self._line.switch_on()
        self._cable, self._path, self._replug_at = cable, cable.path, None
        self._write_log(perf_counter(), {"plugged": cable.path})

    def _unplug(self) -> None:
        cable, self._cable = self._cable, None
        if not cable:
            return
        now = perf_counter()
        self._line.unplug_at = now
        while data := cable.read():  # the host meant to send it, but it reached nobody
            self._line.send(data, now, cable.byte_seconds())
        self._line.hang_up()
        cable.close()
        if self._link:
            self._link.remove(cable.path)
        if self._line.faults.replug_ms is not None:
            self._replug_at = now + self._line.faults.replug_ms / 1000
        self._write_log(now, {"unplugged": cable.path})

    def _replug(self) -> None:
        """Plug in by ourselves; if the link cannot be made, the board stays unplugged and says why."""
        self._replug_at = None
        try:
            self._plug(False)
        except BridgeError as error:
            self._link_problem = str(error)

    def _serve(self) -> None:
        while not self._ending:
            now = perf_counter()
            if cable := self._cable:
                if reply := self._line.due(now):
                    cable.write(reply)
                if self._line.unplug_at is not None and self._line.unplug_at <= now:
                    self._unplug()
            elif self._replug_at is not None and self._replug_at <= now:
                self._replug()
            self._listen()

    def _listen(self) -> None:
        """Wait for the client, a request or the next thing to do, whichever comes first."""
        now = perf_counter()
        ports: list[int] = [self._awake]
        times = [self._replug_at]
        if self._cable:
            times = [self._line.next_due(_BATCH), self._line.unplug_at]
            ahead = self._line.backlog(now) - _AHEAD
            if ahead <= 0:
                ports.append(self._cable.host)
            else:
                times.append(now + ahead)
        wait = min((max(time - now, 0.0) for time in times if time is not None), default=None)
        ready = select.select(ports, [], [], wait)[0]
        if self._cable and self._cable.host in ready and (data := self._cable.read()):
            self._line.send(data, perf_counter(), self._cable.byte_seconds())
        if self._awake in ready:
            os.read(self._awake, 4096)
            self._do_requests()

    def _do_requests(self) -> None:
        with suppress(Empty):
            while True:
                action, done = self._requests.get_nowait()
                try:
                    action()
                except BridgeError as error:
                    done.set_exception(error)
                else:
                    done.set_result(None)

    def _write_log(self, time: float, entry: dict[str, Any]) -> None:
        if self._log:
            self._log.write(time - self._began, entry)
