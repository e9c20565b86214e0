# SPDX-License-Identifier: Apache-2.0
"""One line of numbers: level, voices, load, missed blocks, and a light for every input."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from rich.text import Text
from textual.widgets import Static

_BAR: Final = "▏▎▍▌▋▊▉█"
_BAR_WIDTH: Final = 12
_QUIETEST: Final = -48.0  # dB at the left end of the level's bar
_WARM, _HOT = 0.5, 0.75  # of the engine's time: yellow and red


class Meters(Static):
    """Drawn anew only when something has changed."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._shown = ""
        self._heard: dict[str, int] = {}

    def show(self, meters: Mapping[str, Any]) -> None:
        """The player's newest meters."""
        line = self._line(meters)
        if line.markup != self._shown:
            self._shown = line.markup
            self.update(line)

    def _line(self, meters: Mapping[str, Any]) -> Text:
        text = Text(no_wrap=True)
        if not meters:
            return text
        text.append_text(level_bar(meters.get("level", 0.0)))
        text.append(f"  {meters['voices_sounding']:>3} voices")
        load = meters.get("load", 0.0)
        text.append("  load ", style="dim")
        text.append(f"{100 * load:.0f}%", style="red" if load > _HOT else "yellow" if load > _WARM else "")
        missed = meters["underflows"]
        text.append("  missed ", style="dim")
        text.append(str(missed), style="red" if missed else "")
        for name, count in meters.get("inputs", {}).items():
            lit = count != self._heard.get(name, count)
            text.append("  ● " if lit else "  ○ ", style="green" if lit else "dim")
            text.append(name, style="" if lit else "dim")
        self._heard = dict(meters.get("inputs", {}))
        return text


def level_bar(level: float) -> Text:
    """A bar for a magnitude, 1.0 being full scale; red from there on."""
    decibels = 20 * math.log10(level) if level > 0 else -math.inf
    share = min(1.0, max(0.0, 1 - decibels / _QUIETEST)) if math.isfinite(decibels) else 0.0
    eighths = round(share * _BAR_WIDTH * len(_BAR))
    bar = "█" * (eighths // len(_BAR)) + (_BAR[eighths % len(_BAR) - 1] if eighths % len(_BAR) else "")
    return Text(bar.ljust(_BAR_WIDTH, "·"), style="red" if level >= 1.0 else "green")
