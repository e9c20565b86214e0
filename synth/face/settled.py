# SPDX-License-Identifier: Apache-2.0
"""Function parameters that have changed, told when they have come to rest: a knob would fill the screen."""

from __future__ import annotations

from synth.player.settings import PARTS
from synth.player.wire import Message

REST_SECONDS = 0.3


class Settled:
    """Collects events `function`, and gives them back as lines."""

    def __init__(self) -> None:
        self._texts: dict[str, dict[int, str]] = {}  # by name and channel
        self._last: dict[str, float] = {}

    def take(self, event: Message, now: float) -> None:
        """One event; `now` in seconds that never go back."""
        name, channel = event["name"], event["channel"]
        texts = self._texts.setdefault(name, {})
        for each in range(1, PARTS + 1) if channel is None else [channel]:
            texts[each] = event["text"]
        self._last[name] = now

    def lines(self, now: float) -> list[str]:
        """Of each parameter that rests: its value, and the channels if they are not all alike."""
        found = []
        for name in [name for name, last in self._last.items() if now - last >= REST_SECONDS]:
            del self._last[name]
            texts = self._texts.pop(name)
            for text in dict.fromkeys(texts.values()):
                channels = [channel for channel, its in texts.items() if its == text]
                found.append(f"set     {_spoken(name, text)}{_where(channels)}")
        return found


def _spoken(name: str, text: str) -> str:
    return text if name == "mono" else f"{name.replace('_', ' ')} {text}"


def _where(channels: list[int]) -> str:
    if len(channels) == PARTS:
        return ""
    return f"  (channel{'' if len(channels) == 1 else 's'} {', '.join(map(str, sorted(channels)))})"
