# SPDX-License-Identifier: Apache-2.0
"""The one thread that owns the port: jobs that somebody waits for, and edits that nobody waits for.

An edit only replaces the *wanted* bytes of a unit. The thread sends a window of what differs from what it believes the
board holds, and looks again: so the newest edit wins, and however fast a knob is turned, no more is sent than the line
carries. When it has been quiet for a moment, a dump proves what was believed.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from bridge.errors import BridgeError, LinkError, NoBoardError, UnplugError
from bridge.link import Link, Loaded, LossError
from bridge.ports import Port, ports
from bridge.unfinished import UnfinishedStore

QUEUE = 32  # jobs that may wait
JOB_SECONDS = 120.0  # that a caller waits at most; storing over a bad line takes some
QUIET = 0.25  # seconds without edits before the board is read back
REST = 5.0  # seconds after an edit that failed, before it is tried again
RETRY = 0.25  # seconds between looks for a board that went away
_PARTING = 1.0  # seconds in which close() lets the last edits go out

Kind = Literal["connected", "lost", "back", "verified", "warning"]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on the link, as a sentence.

    kind: `connected`; `lost` (unplugged, or it does not answer any more); `back` after that; `verified`: the board
    holds what `want` was given; `warning`: anything an owner of a board should know.
    """

    kind: Kind
    text: str


@dataclass(slots=True)
class _Job:
    unit: int
    action: Callable[[Link], Any]
    result: Future[Any]


class Owner:
    """Owns the port until `close`.

    Raises:
        NoBoardError, LinkError, UnplugError: as `Link`.
    """

    def __init__(
        self, port: Port, unit: int, on_event: Callable[[Event], None] | None = None, reconnect: bool = False
    ) -> None:
        self.port = port
        self._on_event = on_event or (lambda _event: None)
        self._reconnect = reconnect
        self._changed = threading.Condition()
        self._jobs: deque[_Job] = deque()
        self._wanted: dict[int, bytes] = {}  # per unit, what its edit buffer shall hold
        self._unproven: dict[int, float] = {}  # units to read back, and since when it has been quiet
        self._closing_at: float | None = None
        self._gone: BridgeError | None = None  # why there is no link
        self._unit = unit  # the last active one, when the link was lost
        self._unfinished = UnfinishedStore(port.identity)
        self._link: Link | None = self._open(port)
        self._tell("connected", f"connected to {port}")
        self._thread = threading.Thread(target=self._run, name="XFM2 link", daemon=True)
        self._thread.start()

    def _open(self, port: Port) -> Link:
        return Link(port, self._unit, self._warn, self._unfinished.read(), self._unfinished.keep)

    @property
    def connected(self) -> bool:
        """False while the board is away, and after `close`."""
        return self._link is not None

    # -- for any thread ------------------------------------------------------

    def call(self, unit: int, action: Callable[[Link], Result], timeout: float = JOB_SECONDS) -> Result:
        """Have the thread do something with the link, unit `unit` being active; its result."""
        job = _Job(unit, action, Future())
        with self._changed:
            if self._closing_at is not None:
                raise self._gone or self._closed()
            if len(self._jobs) >= QUEUE:
                raise LinkError(f"{self.port.path} is busy: {QUEUE} requests wait already; try again later")
            self._jobs.append(job)
            self._changed.notify()
        try:
            result: Result = job.result.result(timeout)
        except FutureTimeoutError:
            begun = not job.result.cancel()
            fate = "what was asked for may still be done" if begun else "nothing was done; try again later"
            raise LinkError(f"{self.port.path} was not ready within {timeout:g} s; {fate}") from None
        return result

    def want(self, unit: int, program: bytes) -> None:
        """Let the edit buffer of a unit become this; returns at once."""
        with self._changed:
            self._wanted[unit] = program
            self._unproven[unit] = time.monotonic()
            self._changed.notify()

    def load(self, unit: int, program: bytes) -> Loaded:
        """Make the edit buffer of a unit this, read back."""

        def act(link: Link) -> Loaded:
            self._remember(unit, program)
            return link.load(program)

        return self.call(unit, act)

    def set(self, unit: int, n: int, value: int) -> None:
        """Set one parameter, read back."""

        def act(link: Link) -> None:
            link.set(n, value)
            with self._changed:
                if known := self._wanted.get(unit):
                    self._wanted[unit] = known[:n] + bytes((value,)) + known[n + 1 :]

        self.call(unit, act)

    def replace(self, unit: int, action: Callable[[Link], bytes]) -> bytes:
        """Something after which the edit buffer holds what it returns, and shall."""

        def act(link: Link) -> bytes:
            program = action(link)
            self._remember(unit, program)
            return program

        return self.call(unit, act)

    def close(self) -> None:
        """Send what is still wanted, if that goes quickly, and let go of the port."""
        with self._changed:
            if self._closing_at is None:
                self._closing_at = time.monotonic()
            self._changed.notify()
        if threading.current_thread() is not self._thread:
            self._thread.join(2 * _PARTING)
        if (link := self._link) is not None and self._thread.is_alive():
            link.close()  # a job that takes its time ends with the port

    # -- the thread ----------------------------------------------------------

    def _run(self) -> None:
        try:
            while self._step():
                pass
        except Exception as error:
            self._gone = LinkError(
                f"the link to {self.port.path} broke ({type(error).__name__}: {error}); open it again"
            )
            self._tell("lost", str(self._gone))
        finally:
            with self._changed:
                self._closing_at = self._closing_at or time.monotonic()
            link, self._link = self._link, None
            if link is not None:
                link.close()
            self._refuse_jobs(self._gone or self._closed())

    def _closed(self) -> LinkError:
        return LinkError(f"{self.port.path} was closed; open it again")

    def _step(self) -> bool:
        """One job, or one window of edits, or one look for a lost board; False at the end."""
        if self._link is None:
            return self._look_for_board()
        job, unit = self._next()
        try:
            if job:
                self._do(self._link, job)
            elif unit:
                self._edit(self._link, unit)
            else:
                return False
        except UnplugError as error:
            self._lose(error)
        except BridgeError as error:  # of an edit: it is tried again later, unless a newer one comes before
            self._warn(str(error))
            with self._changed:
                self._unproven[unit] = time.monotonic() + REST
        return True

    def _next(self) -> tuple[_Job | None, int]:
        """Wait for a job, else for a unit that wants something; neither: it is time to close."""
        with self._changed:
            while not (self._jobs or self._ready() or self._closing_at is not None):
                self._changed.wait(REST if self._unproven else None)
            if self._jobs:
                return self._jobs.popleft(), 0
            ready = self._ready()
            if self._late() or not ready:
                return None, 0
            return None, max(ready, key=ready.__getitem__)  # the one edited last

    def _ready(self) -> dict[int, float]:
        """The units with edits whose time has come."""
        now = time.monotonic()
        return {unit: since for unit, since in self._unproven.items() if since <= now}

    def _late(self) -> bool:
        return self._closing_at is not None and time.monotonic() - self._closing_at > _PARTING

    def _do(self, link: Link, job: _Job) -> None:
        if not job.result.set_running_or_notify_cancel():
            return
        losses = link.losses
        try:
            link.select(job.unit)
            result = job.action(link)
        except UnplugError as error:
            self._lose(error)  # before the caller hears of it: who knows of the unplug shall not find us connected
            job.result.set_exception(error)
            return
        except BaseException as error:
            job.result.set_exception(error)
        else:
            job.result.set_result(result)
        self._doubt(link, losses)

    def _edit(self, link: Link, unit: int) -> None:
        """One window towards what is wanted; a dump once it has been quiet."""
        losses = link.losses
        with self._changed:
            wanted, since = self._wanted[unit], self._unproven[unit]
        link.select(unit)
        try:
            if link.approach(wanted):
                return
        except LossError:
            link.recover()
            self._doubt(link, losses)
            return
        with self._changed:
            rest = since + QUIET - time.monotonic()
            if rest > 0 and self._closing_at is None:
                seen = dict(self._unproven)
                self._changed.wait_for(lambda: self._jobs or self._unproven != seen, rest)
                return
        link.load(wanted)
        with self._changed:
            if self._unproven.get(unit) == since:
                del self._unproven[unit]
        self._tell("verified", f"unit {unit} holds what was sent")
        self._doubt(link, losses)

    def _doubt(self, link: Link, losses: int) -> None:
        """After a loss any unit may have been hit."""
        if link.losses == losses:
            return
        self._warn(f"bytes were lost on {self.port.path}; everything is sent more slowly, and checked")
        with self._changed:
            for unit in self._wanted:
                self._unproven.setdefault(unit, time.monotonic())

    def _remember(self, unit: int, program: bytes) -> None:
        with self._changed:
            self._wanted[unit] = program
            self._unproven.pop(unit, None)

    # -- losing the board and finding it again -------------------------------

    def _lose(self, error: BridgeError) -> None:
        link = self._link
        assert link is not None
        link.close()
        self._unit = link.unit
        self._link = None
        self._gone = error
        self._tell("lost", str(error))

    def _look_for_board(self) -> bool:
        assert self._gone is not None
        self._refuse_jobs(self._gone)
        with self._changed:
            if self._closing_at is not None:
                return False
            self._changed.wait(RETRY if self._reconnect else 1.0)
            if not self._reconnect or self._closing_at is not None:
                return True
        port = self._same_port()
        if port is None:
            return True
        try:
            self._link = self._open(port)
        except (NoBoardError, UnplugError):
            return True
        except BridgeError as error:
            self._gone = error
            self._warn(str(error))
            self._reconnect = False
            return True
        self.port, self._gone = port, None
        with self._changed:
            for unit in self._wanted:
                self._unproven[unit] = 0.0
        self._tell("back", f"connected to {port} again")
        return True

    def _same_port(self) -> Port | None:
        """Where the board is now: the port with the same USB serial number, else the same path."""
        if not self.port.serial_number:
            return self.port
        key = (self.port.serial_number, self.port.location[-4:])
        same = (port for port in ports() if (port.serial_number, port.location[-4:]) == key)
        return next(same, None)

    def _refuse_jobs(self, error: BridgeError) -> None:
        with self._changed:
            jobs, self._jobs = list(self._jobs), deque()
        for job in jobs:
            if job.result.set_running_or_notify_cancel():
                job.result.set_exception(error)

    # -- telling -------------------------------------------------------------

    def _warn(self, text: str) -> None:
        self._tell("warning", text)

    def _tell(self, kind: Kind, text: str) -> None:
        with suppress(Exception):  # whoever listens must not break the link
            self._on_event(Event(kind, text))
