# SPDX-License-Identifier: Apache-2.0
"""What a player measures of itself: the engine's counters, how busy it is, and how late what is played is heard.

Latency is measured, not added up from what devices promise: the time each live event waited until the block that
begins with its effect, on average, then from that block's callback to the converter, as the audio server says of each
block, then the engine's own delay.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import asdict, astuple
from typing import Any

from synth.audio.output import Output
from synth.engine import Engine, Stats
from synth.player.settings import COUNTERS

RESTING_SECONDS = 0.25
"""From one telling to the next where nothing but time passes."""

_RECENT_SECONDS = 1.0
"""Of the audio's time, over which `load` is the mean."""

_NEWS = ("level", "keys", "keys_held", "voices_sounding", "notes_on", "live_events", "underflows", "inputs")


class Pace:
    """Which readings are worth telling: all with news of what is played, few of those of a resting instrument.

    Whoever shows meters wakes up for each that is told.
    """

    def __init__(self) -> None:
        self._told: dict[str, Any] = {}
        self._told_at = -math.inf

    def wants(self, meters: dict[str, Any], now: float) -> bool:
        """Whether to tell these, `now` being seconds of any one clock."""
        news = {name: meters[name] for name in _NEWS}
        wanted = news != self._told or now - self._told_at >= RESTING_SECONDS
        if wanted:
            self._told, self._told_at = news, now
        return wanted


class Meters:
    """Of one engine on one output. `start`: how the engine stood before the first block."""

    def __init__(self, engine: Engine, output: Output, start: Stats) -> None:
        self._engine = engine
        self._output = output
        self._start = start
        self._recent: deque[Stats] = deque([start])

    def read(self) -> dict[str, Any]:
        """All of it.

        The fields of `synth.engine.Stats`, counted since the first block, and `load`, of the last second, and
        `load_mean`, of all blocks, as shares of the blocks' time; `latency_seconds`, the mean of all live events, and
        `latency_peak_seconds`, of the one that waited longest, None where there was none or no device;
        `level`, the largest magnitude since the last reading; `keys`, as bits in hexadecimal: those held, held by a
        pedal, and sounding on.
        """
        now = self._engine.stats()
        self._recent.append(now)
        while now.frames - self._recent[1].frames >= _RECENT_SECONDS * self._engine.sample_rate:
            self._recent.popleft()
        latency, worst = self._latencies(now)
        derived = {"load": self._load(self._recent[0], now), "load_mean": self._load(self._start, now)}
        shown = {"level": self._engine.take_level(), "keys": [f"{bits:x}" for bits in astuple(self._engine.keys())]}
        return {**self._counted(now), **derived, **shown, "latency_seconds": latency, "latency_peak_seconds": worst}

    def count(self, name: str) -> int:
        """One of `COUNTERS`, since the first block."""
        return int(self._counted(self._engine.stats())[name])

    def output_seconds(self) -> float | None:
        """From a callback to the converter, the engine's own delay included; None without a device."""
        reported = self._output.report().output_latency
        delay = self._engine.stats().output_delay or reported
        return None if delay is None else delay + self._engine.group_delay_seconds

    def _counted(self, now: Stats) -> dict[str, float]:
        start = asdict(self._start)
        return {name: value - start[name] if name in COUNTERS else value for name, value in asdict(now).items()}

    def _load(self, before: Stats, now: Stats) -> float:
        frames = now.frames - before.frames
        taken = (now.rendering_ns - before.rendering_ns) * 1e-9
        return taken * self._engine.sample_rate / frames if frames else 0.0

    def _latencies(self, now: Stats) -> tuple[float | None, float | None]:
        after = self.output_seconds()
        events = now.live_events - self._start.live_events
        if after is None or not events:
            return None, None
        mean = (now.waiting_ns - self._start.waiting_ns) * 1e-9 / events
        return mean + after, now.wait_peak + after
