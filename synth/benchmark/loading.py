# SPDX-License-Identifier: Apache-2.0
"""What it costs to give the engine another patch: the call that sends it, and its share of the block that takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from synth.benchmark.materials import factory_voices
from synth.benchmark.report import Row
from synth.benchmark.stopwatch import Rounds, Timing, seconds_of
from synth.engine import Engine, ffi, lib

if TYPE_CHECKING:
    from collections.abc import Sequence

    from synth.benchmark.peer import Peer
    from synth.patch import Patch

_GOAL: Final = 15.0  # times faster than dexed-py
_ROUNDS: Final = 20  # for each one of other work, which takes longer


def loads(rate: int, rounds: int, peer: Peer) -> list[Row]:
    """A patch, and a raw voice, sent and taken."""
    patches = factory_voices()
    works = {
        "load of a patch": _Loading(patches, rate),
        "load of 155 bytes": _Loading([patch.to_bytes() for patch in patches], rate),
    }
    peer.begin(patches, rate)
    for _ in range(rounds * _ROUNDS):
        peer.load()
        for work in works.values():
            work.round()
    dexed_py = peer.total(("load", index) for index in range(len(patches)))
    return [
        Row.timed(name, "µs", work.total(), dexed_py, 1e6 / len(patches), goal=_GOAL) for name, work in works.items()
    ]


class _Loading:
    """An engine that is given patches and plays nothing."""

    def __init__(self, patches: Sequence[Patch | bytes], rate: int) -> None:
        self._patches = patches
        self._times = Rounds()
        self._engine = Engine(rate, parts=1)
        self._frame = ffi.new("float[1]")

    def round(self) -> None:
        """Send all patches, render them in, and render as much again with nothing to take."""
        self._times.add("send", seconds_of(self._send))
        self._times.add("take", seconds_of(self._render))
        self._times.add("idle", seconds_of(self._render))

    def total(self) -> Timing:
        """Seconds to send and take all patches, without what rendering costs by itself."""
        working, idle = self._times.total(["send", "take"]), self._times.total(["idle"])
        return Timing(working.seconds - idle.seconds, working.spread)

    def _send(self) -> None:
        load = self._engine.load
        for patch in self._patches:
            load(patch)

    def _render(self) -> None:
        lib.sx_render(self._engine.handle, self._frame, 1, 1)
