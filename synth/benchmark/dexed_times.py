# SPDX-License-Identifier: Apache-2.0
"""dexed-py's times: a program of its own, which sixop runs beside itself and never imports.

It first says `{"version": ...}`, which is null where there is no dexed-py. Then each line of its input has one answer:

- `{"voices": [hex, ...], "rate": Hz}`: the voices, 156 bytes each, that the next questions speak of;
- `{"notes": [...], "velocity": V, "seconds": S}`: seconds of a processor that it takes to render each
  voice on each note, a list for each voice;
- `{"loads": true}`: seconds it takes to load each voice.
"""

import importlib
import json
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

# As in stopwatch.py, which cannot be imported here.
_busy = time.process_time if time.get_clock_info("process_time").resolution < 1e-6 else time.perf_counter


def seconds_of(clock: Callable[[], float], work: Callable[..., object], *arguments: Any) -> float:
    """How long the work takes by that clock, once."""
    start = clock()
    work(*arguments)
    return clock() - start


class Peer:
    """One synthesizer for the whole run."""

    def __init__(self, dexed: Any) -> None:
        self._dexed = dexed
        self._synth: Any = None
        self._voices: list[Any] = []

    def answer(self, question: dict[str, Any]) -> Any:
        """What it has to say."""
        if "voices" in question:
            self._synth = self._dexed.DexedSynth(float(question["rate"]))
            self._voices = [self._dexed.Patch.from_sysex(bytes.fromhex(voice)) for voice in question["voices"]]
            return len(self._voices)
        if "loads" in question:
            return [seconds_of(time.perf_counter, self._synth.load_patch, voice) for voice in self._voices]
        return [self._renders(voice, question) for voice in self._voices]

    def _renders(self, voice: Any, question: dict[str, Any]) -> list[float]:
        self._synth.load_patch(voice)
        velocity, seconds = question["velocity"], question["seconds"]
        return [seconds_of(_busy, self._synth.render, note, velocity, seconds, seconds) for note in question["notes"]]


def main() -> None:
    """Answer until the input ends."""
    try:
        peer = Peer(importlib.import_module("dexed"))
        print(json.dumps({"version": version("dexed-py")}), flush=True)
    except Exception:  # whatever a foreign library finds wrong, the other figures are still wanted
        print(json.dumps({"version": None}), flush=True)
        return
    for line in sys.stdin:
        print(json.dumps(peer.answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
