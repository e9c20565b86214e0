# SPDX-License-Identifier: Apache-2.0
"""The player's zones and learned controllers, as its main thread keeps them.

Tables are made here, where time does not matter, and handed to the thread that plays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from synth.errors import SixopError, VoiceNotFoundError
from synth.matching import find_voice
from synth.midi.control_targets import HIGHEST_CONTROLLER, source_name
from synth.midi.learned import ITSELF, learned_file, load_learned, save_learned
from synth.midi.mpe import Layout
from synth.midi.ports import OpenPort
from synth.midi.router import Router
from synth.midi.zones import Zone, read_zones
from synth.patch import Patch
from synth.player.playing import Playing
from synth.player.wire import Message


class Routes:
    """What the ports play. `emit` takes what a face should see."""

    def __init__(
        self,
        playing: Playing,
        emit: Callable[[Message], None],
        mpe: str = "auto",
        said: Mapping[str, Sequence[int]] | None = None,
    ) -> None:
        """`mpe`: a word of `LAYOUTS`; `said`: what inputs have said of their MPE zones, by name."""
        self._playing = playing
        self._emit = emit
        self._file = learned_file()
        learned, problems = load_learned(self._file)
        self._router = Router(learned=learned, mpe=mpe)
        self._said = {name: Layout(*members) for name, members in (said or {}).items()}
        self._places: list[str] = []
        self._ports: list[OpenPort] = []
        self._doubts: set[str] = set()
        for problem in problems:
            self._warn(problem)
        if learned:
            self._tell()

    @property
    def zones(self) -> Sequence[Zone]:
        """Those that count."""
        return self._router.zones

    def use_zones(self, tables: Sequence[Mapping[str, object]], curve: str | int, places: Sequence[str] = ()) -> None:
        """Play these zones from now on, without those that are wrong. `places`: where each is written, if known."""
        zones, wrong = read_zones(tables)
        for index, error in wrong:
            self._warn(f"zone {index + 1}: {error}; it is left out")
        self._places = [place for index, place in enumerate(places) if index not in dict(wrong)]
        self._router = Router(zones, curve, self._router.learned, self._router.mpe)
        self._playing.instrument.lead = self._router.lead
        self._hand_over()
        right = [dict(table) for index, table in enumerate(tables) if index not in dict(wrong)]
        self._emit({"event": "zones", "zones": right, "curve": curve})
        self._doubt()

    def use_ports(self, ports: Sequence[OpenPort], opened: Sequence[OpenPort]) -> None:
        """These ports are open; nobody polls those that were just opened yet."""
        self._said |= {port.name: port.routing.said for port in self._ports if port.routing.said is not None}
        self._ports = list(ports)
        for port in opened:
            port.routing.use(self._router.table(port.name), self._said.get(port.name))
        self._doubt()

    def first_voices(self, voices: Sequence[Patch]) -> dict[int, int]:
        """Part (0..15) to index in the bank, for the zones that name a voice."""
        found = {}
        for index, zone in enumerate(self.zones):
            if zone.voice is not None and zone.part is not None:
                try:
                    found[zone.part - 1] = find_voice(zone.voice, voices) - 1
                except VoiceNotFoundError as error:
                    place = f"{self._places[index]}: " if index < len(self._places) else ""
                    self._warn(f"{place}the zone of part {zone.part}: {error}; its voice stays")
        return found

    # ---- learning -------------------------------------------------------------------

    def learn(self, target: str | None) -> None:
        """The next controller that moves shall do this, `itself` to forget what it learned; None to wait no longer."""
        self._playing.instrument.learning.target = target
        self._tell()

    def forget(self, controller: int | None) -> None:
        """Give this source, or each, its own meaning back."""
        for number in list(self._router.learned) if controller is None else [controller]:
            self._router.learn(number, None)
        self._keep({} if controller is None else {controller: None}, anew=controller is None)
        self._tell()

    def tend(self) -> None:
        """Keep what has been learned since the last call."""
        moved = self._playing.instrument.learning.moved
        while moved:
            controller, target = moved.popleft()
            does = None if target == ITSELF else target
            self._router.learn(controller, does)
            self._keep({controller: does})
            self._tell(controller, target)

    def _keep(self, changes: Mapping[int, str | None], anew: bool = False) -> None:
        self._hand_over()
        try:
            for sentence in save_learned(self._file, changes, anew):
                self._warn(sentence)
        except SixopError as error:
            self._warn(str(error))

    def _hand_over(self) -> None:
        self._playing.use_tables([(port, self._router.table(port.name)) for port in self._ports])

    def _tell(self, source: int | None = None, target: str | None = None) -> None:
        self._emit(
            {
                "event": "learned",
                "controllers": {source_name(number): name for number, name in sorted(self._router.learned.items())},
                "controller": source if source is None or source <= HIGHEST_CONTROLLER else source_name(source),
                "target": target,
                "waiting": self._playing.instrument.learning.target,
            }
        )

    def _doubt(self) -> None:
        for doubt in self._router.doubts([port.name for port in self._ports]):
            if doubt not in self._doubts:
                self._doubts.add(doubt)
                self._warn(doubt)

    def _warn(self, text: str) -> None:
        self._emit({"event": "warning", "text": text})
