# SPDX-License-Identifier: Apache-2.0
"""A keyboard, one column a key: which are held, which the pedal holds, which still sound, and where it is split."""

from __future__ import annotations

from itertools import groupby
from typing import Any, Final

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from synth.notes import note_name
from synth.tui.split import Parts

_FIRST: Final = {128: 0, 88: 21, 76: 28, 61: 36, 49: 36, 37: 48}  # lowest note of keyboards with so many keys
_BLACK: Final = frozenset((1, 3, 6, 8, 10))
_WHITE_KEY, _BLACK_KEY = "#d8d8d8", "#202020"
_TINTS: Final = {"held": "#2ec27e", "sustained": "#e5a50a", "released": "#3584e4"}
_NAMES: Final = Style(dim=True)
_WHOLE: Final = [_NAMES] * 128
_SPLIT: Final = tuple(
    Style(color=_WHITE_KEY, bgcolor=tint) for tint in ("#24435f", "#5a3f22", "#2a4f36", "#4c3159", "#4f4d1f")
)
"""Below keys that play the same parts, from the lowest on."""


class KeyStrip(Widget):
    """Two lines: the keys, and the names of the Cs, coloured by part if zones split the keyboard."""

    DEFAULT_CSS = "KeyStrip { height: 2; background: $background; }"

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._keys: dict[str, int] = dict.fromkeys(_TINTS, 0)
        self._split: tuple[Parts, ...] = ()
        self._styles = _WHOLE

    def show(self, held: int, sustained: int, released: int) -> None:
        """Keys as bits, bit 0 being note 0: down, held by a pedal, sounding on."""
        keys = {"held": held, "sustained": sustained, "released": released}
        if keys != self._keys:
            self._keys = keys
            self.refresh(Region(0, 0, self.size.width, 1))

    def divide(self, split: tuple[Parts, ...]) -> None:
        """Which parts each key plays, as `synth.tui.split.split` has it; empty if they all play the same."""
        if split != self._split:
            self._split = split
            played = [parts for parts in dict.fromkeys(split) if parts]
            styles = {parts: _SPLIT[place % len(_SPLIT)] for place, parts in enumerate(played)}
            self._styles = [styles.get(parts, _NAMES) for parts in split] or _WHOLE
            self.refresh()

    def tint(self, note: int) -> str:
        """The colour of a key."""
        for state, colour in _TINTS.items():
            if self._keys[state] >> note & 1:
                return colour
        return _BLACK_KEY if note % 12 in _BLACK else _WHITE_KEY

    def render_line(self, y: int) -> Strip:
        """The keys above, their names below."""
        width = self.size.width
        keys = next((count for count in _FIRST if count <= width), 0)
        notes = range(_FIRST[keys], min(128, _FIRST[keys] + keys)) if keys else range(0)
        left = (width - len(notes)) // 2
        segments = [Segment(" " * left)]
        if y == 0:
            for note in notes:
                below = _WHITE_KEY if note % 12 in _BLACK else self.tint(note)
                segments.append(Segment("▀", Style(color=self.tint(note), bgcolor=below)))
        else:
            names = [" "] * (len(notes) + 4)
            for place, note in enumerate(notes):
                if note % 12 == 0:
                    names[place : place + len(note_name(note))] = note_name(note)
            for style, run in groupby(range(len(notes)), lambda place: self._styles[notes[place]]):
                segments.append(Segment("".join(names[place] for place in run), style))
        return Strip(segments).adjust_cell_length(width)
