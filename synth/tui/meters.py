# SPDX-License-Identifier: Apache-2.0
"""One line of numbers: level, voices, load, latency, missed blocks, a light for every input, the board."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from rich.text import Text

from synth.tui.one_line import OneLine

_BAR: Final = "▏▎▍▌▋▊▉█"
_BAR_WIDTH: Final = 12
_QUIETEST: Final = -48.0  # dB at the left end of the level's bar
_WARM, _HOT = 0.5, 0.75  # of the engine's time: yellow and red
_BOARD_COLOURS: Final = {"loaded": "green", "connected": "green", "lost": "red"}


class Meters(OneLine):
    """Made anew when the player has sent newer numbers, drawn anew when the line is another one."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._newest: Mapping[str, Any] | None = None
        self._heard: dict[str, int] = {}
        self._board: Mapping[str, Any] | None = None

    def take(self, meters: Mapping[str, Any]) -> bool:
        """The player's newest meters; False if they have been here already."""
        if not meters or meters is self._newest:
            return False
        self._newest = meters
        self.show(self._line(meters))
        return True

    def board(self, event: Mapping[str, Any]) -> None:
        """What another instrument that plays along has told of its state."""
        self._board = event
        if self._newest is not None:
            self.show(self._line(self._newest))

    def _line(self, meters: Mapping[str, Any]) -> Text:
        text = Text(no_wrap=True, overflow="ellipsis")
        text.append_text(level_bar(meters["level"]))
        text.append(f"  {meters['voices_sounding']:>3} voices")
        load, missed, latency = meters["load"], meters["underflows"], meters["latency_seconds"]
        text.append("  load ", style="dim")
        text.append(f"{100 * load:.0f}%", style="red" if load > _HOT else "yellow" if load > _WARM else "")
        if latency is not None:
            text.append("  latency ", style="dim")
            text.append(f"{1000 * latency:.0f} ms")
        text.append("  missed ", style="dim")
        text.append(str(missed), style="red" if missed else "")
        if self._board is not None:
            text.append("  ■ ", style=_BOARD_COLOURS.get(self._board.get("state", ""), "yellow"))
            text.append(str(self._board["name"]))
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
