# SPDX-License-Identifier: Apache-2.0
"""Playing at random for as long as one likes, beside an instrument that rests, and what became of the two.

Musicians (`musician.py`) play through real JACK ports, which come and go under their hands. Now and then all let go of
everything; then no key may be held. The resting instrument has a JACK server of its own, where silent ports come and go
at the same time, so the blocks it misses are the machine's doing.
"""

from __future__ import annotations

import itertools
import math
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import rtmidi
from musician import Musician
from servers import on_server

from synth.patch import Patch
from synth.session import Session

TURN_SECONDS = 0.005
EVENTS_A_SECOND = 300.0  # of all musicians together
PLUG_SECONDS = 0.7  # between one cable that moves and the next
ASK_SECONDS = 0.5  # between one voice that is sent to see when it arrives and the next
REST_SECONDS = 10.0  # between one common end of all notes and the next
PATIENCE = 10.0
TRIES = 3
RULER = "soak-ruler"


@dataclass(frozen=True)
class Footprint:
    """What a process takes up: kilobytes of memory, threads, open files."""

    kilobytes: int
    threads: int
    files: int

    @classmethod
    def of(cls, pid: int) -> Footprint:
        process = Path(f"/proc/{pid}")
        lines = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
        return cls(int(lines["VmRSS"].split()[0]), int(lines["Threads"]), len(list((process / "fd").iterdir())))


@dataclass(frozen=True)
class Sample:
    """How things stand. Seconds since the beginning; counts since then too, but for the worst wait, since the last."""

    seconds: float
    sent: int
    notes: int
    sounding: int
    held: int
    footprint: Footprint
    missed: int
    missed_at_rest: int
    worst_wait: float


@dataclass
class Outcome:
    """What a soak has seen."""

    samples: list[Sample] = field(default_factory=list)
    rests: int = 0  #: how often everybody let go
    again: int = 0  #: how often once was not enough, because the server missed a block, and with it messages
    lost: int = 0  #: how often once was not enough although no block was missed
    hung: int = 0  #: how often keys were held even so
    plugs: int = 0
    worst_plug: float = 0.0  #: seconds from a port that is there to the player's word that it listens to it
    unplugged: int = 0
    restarts: list[str] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)  #: warnings that nothing sent here explains

    def growth(self) -> float:
        """Kilobytes an hour: the slope of memory over all but the first quarter, in which pools fill."""
        late = [sample for sample in self.samples if sample.seconds >= self.samples[-1].seconds / 4]
        times = [sample.seconds / 3600 for sample in late]
        sizes = [sample.footprint.kilobytes for sample in late]
        mean_time, mean_size = sum(times) / len(times), sum(sizes) / len(sizes)
        spread = sum((time - mean_time) ** 2 for time in times)
        rise = sum((time - mean_time) * (size - mean_size) for time, size in zip(times, sizes, strict=True))
        return rise / spread if spread else 0.0

    def excess(self) -> tuple[float, float]:
        """Blocks missed more than at rest, from one sample to the next: the mean, and its standard error."""
        pairs = itertools.pairwise(self.samples)
        more = [(b.missed - a.missed) - (b.missed_at_rest - a.missed_at_rest) for a, b in pairs]
        if len(more) < 2:
            return 0.0, 0.0
        return statistics.fmean(more), statistics.stdev(more) / math.sqrt(len(more))


class Cable:
    """A musician's port of a fixed name, in or out, and a silent one of the same name on the server at rest."""

    def __init__(self, name: str, seed: int, servers: tuple[str, str]) -> None:
        self.name = name
        self.musician = Musician(seed)
        self.since: float | None = None  # when it was plugged in, until the player has said that it listens
        self._servers = servers
        self._ports: list[rtmidi.MidiOut] = []

    @property
    def is_plugged(self) -> bool:
        return bool(self._ports)

    def plug(self) -> None:
        for server in self._servers:
            with on_server(server):
                port = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name=self.name)
                port.open_virtual_port("keys")
                self._ports.append(port)
        self.since = time.monotonic()

    def unplug(self) -> None:
        """Out, with whatever is held."""
        for port in self._ports:
            port.close_port()
            port.delete()
        self._ports.clear()
        self.since = None
        self.musician.rests()

    def send(self, messages: list[bytes]) -> int:
        for message in messages if self._ports else ():
            self._ports[0].send_message(message)
        return len(messages)


class Soak:
    """A session that is played on, and one that rests, both ready and listening to all ports of these two servers."""

    def __init__(
        self, session: Session, resting: Session, servers: tuple[str, str], seed: int, musicians: int = 10
    ) -> None:
        self.outcome = Outcome()
        self._session, self._resting = session, resting
        self._dice = random.Random(seed)
        self._cables = [Cable(f"soak-{number}", seed * 1000 + number, servers) for number in range(musicians)]
        self._ruler = Cable(RULER, 0, servers)
        self._asked: dict[str, float] = {}  # voices on their way, and since when
        self._worst_wait = 0.0
        self._sent = 0
        self._start = time.monotonic()
        self._first, self._first_at_rest = self._counts(session), self._counts(resting)

    def run(self, seconds: float, every: float) -> Iterator[Sample]:
        """Play for so long; a sample every so often."""
        for cable in (*self._cables, self._ruler):
            cable.plug()
        self._start = now = time.monotonic()
        next_plug = next_ask = now + 1.0
        next_rest, next_sample, end = now + REST_SECONDS, now + every, now + seconds
        try:
            while now < end and not self._session.ended.is_set():
                self._play()
                self._listen()
                if now >= next_plug:
                    next_plug = now + PLUG_SECONDS
                    self._move_a_cable(now)
                if now >= next_ask:
                    next_ask = now + ASK_SECONDS
                    self._ask(now)
                if now >= next_rest:
                    self._rest()
                    next_rest = time.monotonic() + REST_SECONDS
                if now >= next_sample:
                    next_sample += every
                    yield self._sample()
                time.sleep(TURN_SECONDS)
                now = time.monotonic()
            self._rest()
            yield self._sample()
        finally:
            for cable in (*self._cables, self._ruler):
                cable.unplug()

    # ---- playing ---------------------------------------------------------------------

    def _play(self) -> None:
        chance = EVENTS_A_SECOND * TURN_SECONDS / len(self._cables)
        for cable in self._cables:
            if cable.is_plugged and self._dice.random() < chance:
                self._sent += cable.send(cable.musician.plays())

    def _move_a_cable(self, now: float) -> None:
        cable = self._dice.choice(self._cables)
        if not cable.is_plugged:
            cable.plug()
            self.outcome.plugs += 1
        elif cable.since is None:  # the player knows it
            cable.unplug()
            self.outcome.unplugged += 1

    def _ask(self, now: float) -> None:
        """A voice of a name that nothing else has; the player tells when it has it."""
        voice = Patch.init_voice()
        voice.name = f"ASK{self._sent % 10_000_000}"
        self._asked[voice.name.strip()] = now
        self._ruler.send([voice.to_message(15)])

    def _rest(self) -> None:
        """Everybody lets go of everything; once more where a block was missed, for its messages are lost."""
        self.outcome.rests += 1
        missed = self._missed()
        for attempt in range(TRIES):
            for cable in self._cables:
                self._sent += cable.send(cable.musician.lets_go())
            if self._falls_silent():
                break
            if self._missed() > missed or attempt:
                self.outcome.again += 1
            else:
                self.outcome.lost += 1
        else:
            self.outcome.hung += 1
            self._session.panic()
        for cable in self._cables:
            cable.musician.rests()

    def _falls_silent(self) -> bool:
        """No key is held, of what the player says from now on."""
        deadline = time.monotonic() + PATIENCE
        self._session.meters = {}
        while time.monotonic() < deadline:
            self._listen()
            if self._session.meters.get("keys_held") == 0:
                return True
            time.sleep(TURN_SECONDS)
        return False

    # ---- looking ---------------------------------------------------------------------

    def _listen(self) -> None:
        while (event := self._session.next_event(0)) is not None:
            match event["event"]:
                case "voice":
                    asked = self._asked.pop(event["name"].strip(), None)
                    if asked is not None:
                        self._worst_wait = max(self._worst_wait, time.monotonic() - asked)
                case "midi":
                    self._meet(event["opened"])
                case "warning":
                    if not event["text"].startswith(EXPECTED):
                        self.outcome.surprises.append(event["text"])
                case "restart" | "error" | "end":
                    self.outcome.restarts.append(event.get("text", "the player ended"))
        while self._resting.next_event(0) is not None:
            pass

    def _meet(self, opened: list[str]) -> None:
        for cable in self._cables:
            if f"{cable.name}:keys" in opened and cable.since is not None:
                self.outcome.worst_plug = max(self.outcome.worst_plug, time.monotonic() - cable.since)
                cable.since = None

    def _counts(self, session: Session) -> dict[str, float]:
        """The newest meters, also just after they were put aside."""
        deadline = time.monotonic() + PATIENCE
        while not (meters := session.meters) and time.monotonic() < deadline:
            time.sleep(TURN_SECONDS)
        return dict(meters)

    def _missed(self) -> int:
        return int(self._counts(self._session)["underflows"] - self._first["underflows"])

    def _sample(self) -> Sample:
        now = time.monotonic()
        meters, resting = self._counts(self._session), self._counts(self._resting)
        waits = [self._worst_wait, *(now - asked for asked in self._asked.values())]
        footprint = Footprint(0, 0, 0)
        with suppress(OSError):  # a player that ended has none
            footprint = Footprint.of(self._session.player_pid)
        sample = Sample(
            now - self._start,
            self._sent,
            int(meters["notes_on"] - self._first["notes_on"]),
            int(meters["voices_sounding"]),
            int(meters["keys_held"]),
            footprint,
            int(meters["underflows"] - self._first["underflows"]),
            int(resting["underflows"] - self._first_at_rest["underflows"]),
            max(waits),
        )
        self._worst_wait = 0.0
        self.outcome.samples.append(sample)
        return sample


EXPECTED = ("bank ", "SysEx cut short", "SysEx not understood", "SysEx repaired")
"""How warnings begin that follow from what musicians send."""
