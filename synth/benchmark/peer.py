# SPDX-License-Identifier: Apache-2.0
"""dexed-py, measured beside us in the same rounds: our end of `dexed_times.py`."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from synth.benchmark.helper import Helper
from synth.benchmark.materials import NOTES, VELOCITY
from synth.benchmark.stopwatch import Rounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from synth.benchmark.stopwatch import Timing
    from synth.patch import Patch

_SCRIPT: Final = Path(__file__).with_name("dexed_times.py")


class Peer:
    """A process with dexed-py, on the processors of the thread that makes it; where that is missing, does nothing.

    version: dexed-py's, or None.
    """

    def __init__(self) -> None:
        self._open = ExitStack()
        self._helper = self._open.enter_context(Helper([str(_SCRIPT)]))
        self.version: str | None = self._helper.receive()["version"]
        self._voices = 0
        self._times = Rounds()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def begin(self, patches: Sequence[Patch], rate: int) -> None:
        """Forget all times; from now on it is about these voices."""
        self._voices = len(patches)
        self._times = Rounds()
        if self.version:
            self._helper.ask(voices=[patch.to_sysex().hex() for patch in patches], rate=rate)

    def play(self, seconds: float) -> None:
        """A round of each voice on each of `NOTES`, one note a call; the pieces are (index of the voice, note)."""
        if self.version:
            answer = self._helper.ask(notes=NOTES, velocity=VELOCITY, seconds=seconds)
            for index, times in enumerate(answer):
                for note, time in zip(NOTES, times, strict=True):
                    self._times.add((index, note), time)

    def load(self) -> None:
        """A round of loading each voice; the pieces are ("load", index of the voice)."""
        if self.version:
            for index, time in enumerate(self._helper.ask(loads=True)):
                self._times.add(("load", index), time)

    def total(self, pieces: Iterable[tuple[object, int]]) -> Timing | None:
        """The best times of these pieces, summed."""
        return self._times.total(pieces) if self.version else None
