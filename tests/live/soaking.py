# SPDX-License-Identifier: Apache-2.0
"""Playing at random for as long as one likes, beside an instrument that rests, and what became of the two.

Musicians (`musician.py`) play through real JACK ports, which come and go under their hands. Now and then all let go of
everything; then no key may be held. The resting instrument has a JACK server of its own, where silent ports come and go
at the same time, so the blocks it misses are the machine's doing.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO

from cables import Cable, silent_ports
from servers import RATE, jack_server
from soak_outcome import Footprint, Outcome, Sample

from synth import factory_bank
from synth.patch import Patch
from synth.session import Session

TURN_SECONDS = 0.005
EVENTS_A_SECOND = 300.0  # of all musicians together
PLUG_SECONDS = 0.7  # between one cable that moves and the next
ASK_SECONDS = 0.5  # between one voice that is sent to see when it arrives and the next
REST_SECONDS = 10.0  # between one common end of all notes and the next
PATIENCE = 10.0
FRESH_FRAMES = RATE // 5  # meters come ten times a second
TRIES = 3
RULER = "soak-ruler"


@contextmanager
def two_instruments(frames: int, server: str = "sixop-soak") -> Iterator[tuple[Session, Session, IO[str]]]:
    """One to play on and one that rests, both ready, on a server each, and the silent ports of the latter's."""
    voices = list(factory_bank())
    at_rest = f"{server}-at-rest"
    with jack_server(at_rest, frames), Session(voices, audio="system", midi=["auto"]) as resting:
        resting.wait_ready()
        with silent_ports(at_rest) as twins, jack_server(server, frames):  # noqa: SIM117 (the server comes first)
            with Session(voices, audio="system", midi=["auto"]) as session:
                session.wait_ready()
                yield session, resting, twins


class Soak:
    """A session that is played on, and one that rests, both ready and listening to all ports.

    `twins` are the `silent_ports` of the server of the one that rests.
    """

    def __init__(self, session: Session, resting: Session, twins: IO[str], seed: int, musicians: int = 10) -> None:
        self.outcome = Outcome()
        self._session, self._resting = session, resting
        self._dice = random.Random(seed)
        self._cables = [Cable(f"soak-{number}", seed * 1000 + number, twins) for number in range(musicians)]
        self._ruler = Cable(RULER, 0, twins)
        self._asked: dict[str, float] = {}  # voices on their way, and since when
        self._asks = 0
        self._worst_wait = 0.0
        self._sent = 0
        self._start = time.monotonic()
        self._first, self._first_at_rest = self._counts(session), self._counts(resting)

    def run(self, seconds: float, every: float) -> Iterator[Sample]:
        """Play for so long; a sample every so often."""
        self._ruler.plug()
        self._plug_all()
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
            self._plug_all()
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

    def _plug_all(self) -> None:
        """Every cable in, and the player listening to each: a moment to see what it takes up."""
        for cable in self._cables:
            if not cable.is_plugged:
                cable.plug()
        deadline = time.monotonic() + PATIENCE
        while any(cable.since is not None for cable in self._cables) and time.monotonic() < deadline:
            self._listen()
            time.sleep(TURN_SECONDS)
        with suppress(OSError):  # a player that ended takes up nothing
            self.outcome.full.append(Footprint.of(self._session.player_pid))

    def _ask(self, now: float) -> None:
        """A voice of a name that nothing else has; the player tells when it has it."""
        self._asks += 1
        voice = Patch.init_voice()
        voice.name = f"ASK {self._asks}"
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
        fresh = self._counts(self._session)["frames"] + FRESH_FRAMES
        while time.monotonic() < deadline:
            self._listen()
            meters = self._session.meters
            if meters["keys_held"] == 0 and meters["frames"] > fresh:
                return True
            time.sleep(TURN_SECONDS)
        return False

    # ---- looking ---------------------------------------------------------------------

    def _listen(self) -> None:
        while (event := self._session.next_event(0)) is not None:
            match event["event"]:
                case "voice":
                    self._hear(event["name"].strip())
                case "midi":
                    self._meet(event["opened"])
                case "warning":
                    if not any(words in event["text"] for words in EXPECTED):
                        self.outcome.surprises.append(event["text"])
                case "restart" | "error" | "end":
                    self.outcome.restarts.append(event.get("text", "the player ended"))
        while self._resting.next_event(0) is not None:
            pass

    def _hear(self, name: str) -> None:
        asked = self._asked.get(name)
        if asked is not None:
            self._worst_wait = max(self._worst_wait, time.monotonic() - asked)
            while next(iter(self._asked)) != name:  # sent before it, and lost with a missed block
                del self._asked[next(iter(self._asked))]
            del self._asked[name]

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


EXPECTED = ("keeps its voice", "SysEx cut short", "SysEx not understood", "SysEx repaired", "asks for dumps")
"""Words of warnings that follow from what musicians send."""
