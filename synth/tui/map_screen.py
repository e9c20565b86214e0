# SPDX-License-Identifier: Apache-2.0
"""A walk on the map of the library: what is near sounds alike, and each step is heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Footer

from synth.diagrams.braille import BLANK, DOTS_HIGH, DOTS_WIDE
from synth.library.categories import CATEGORIES
from synth.tui.chart import COLOURS, Chart, colour_of
from synth.tui.left_once import LeftOnce
from synth.tui.library_shelf import read_rows
from synth.tui.one_line import OneLine
from synth.tui.shelf import Row

if TYPE_CHECKING:
    from synth.library import Library

_NEARER = 1.5


def read_chart(library: Library, here: int | None) -> Chart:
    """The map of all sounds that were listened to and are not hidden."""
    ids, places = library.map()
    hidden = np.isin(ids, library.ids("is:hidden"))
    ids, places = ids[~hidden], places[~hidden]
    kinds = np.zeros(len(ids), np.int16)
    for category in CATEGORIES:
        kinds[np.isin(ids, library.ids(f"category:{category}"))] = COLOURS.index(colour_of(category))
    return Chart(ids, places, kinds, here)


class MapView(Widget, can_focus=True):
    """The map itself. `walked` is called first thing when the cursor comes to another sound."""

    DEFAULT_CSS = "MapView { height: 1fr; background: $background; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "walk(-1, 0)", "left", show=False),
        Binding("right", "walk(1, 0)", "right", show=False),
        Binding("up", "walk(0, 1)", "up", show=False),
        Binding("down", "walk(0, -1)", "down", show=False),
        Binding("plus,equals_sign", f"zoom({_NEARER})", "nearer", key_display="+"),
        Binding("minus", f"zoom({1 / _NEARER})", "farther", key_display="-"),
    ]

    def __init__(self, chart: Chart, walked: Callable[[int], None]) -> None:
        super().__init__()
        self.chart = chart
        self._walked = walked
        self._picture: tuple[Any, Any, tuple[int, int]] | None = None
        self._drawn = Size()  # of the picture: lines may be wanted in another size before anybody is told of it

    def action_walk(self, across: int, up: int) -> None:
        """To the nearest sound in a direction."""
        if self.chart.step(across, up):
            self._arrive()

    def action_zoom(self, factor: float) -> None:
        """Nearer or farther."""
        self.chart.zoom(factor)
        self._draw()

    def on_click(self, event: Any) -> None:
        """The sound that is nearest to the mouse."""
        width, height = self.size.width * DOTS_WIDE, self.size.height * DOTS_HIGH
        self.chart.here = self.chart.at(event.x * DOTS_WIDE, event.y * DOTS_HIGH, width, height)
        self._arrive()

    def on_resize(self) -> None:
        """Another picture."""
        self._draw()

    def _arrive(self) -> None:
        self._walked(int(self.chart.ids[self.chart.here]))
        self._draw()

    def _draw(self) -> None:
        self._picture = None
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Braille, a cursor."""
        width, height = self.size
        if self._picture is None or self._drawn != self.size:
            self._drawn = self.size
            self._picture = self.chart.picture(width, height)
        patterns, colours, (column, row) = self._picture
        segments = [
            Segment(chr(BLANK + pattern) if pattern else " ", Style(color=COLOURS[colour]))
            for pattern, colour in zip(patterns[y].tolist(), colours[y].tolist(), strict=True)
        ]
        if y == row and 0 <= column < width:
            segments[column] = Segment("◉", Style(color="white", bold=True, reverse=True))
        return Strip(segments, width).apply_style(self.rich_style)


class MapScreen(LeftOnce[int | None]):
    """Gives the sound that the walk ended on, or None for Esc."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,f2,ctrl+g", "arrive", "back to the table", key_display="Enter", tooltip="with this sound"),
        Binding("escape", "dismiss(None)", "leave", show=False),
    ]

    def __init__(self, chart: Chart, hear: Callable[[int], str]) -> None:
        super().__init__()
        self._chart = chart
        self._hear = hear  # plays a sound, and gives a line about it

    def compose(self) -> ComposeResult:
        """The map, its colours, what is heard."""
        yield MapView(self._chart, self._walked)
        yield OneLine(id="legend")
        yield OneLine(id="here")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """The keys go to the map."""
        legend = Text(no_wrap=True, overflow="ellipsis")
        present = set(np.unique(self._chart.kinds).tolist())
        for category in CATEGORIES:
            if COLOURS.index(colour_of(category)) in present:
                legend.append(f"{category} ", style=colour_of(category))
        self.query_one("#legend", OneLine).show(legend)
        self.query_one("#here", OneLine).show("arrows walk to the nearest sound; each is heard")
        self.query_one(MapView).focus()

    def _walked(self, sound: int) -> None:
        self.query_one("#here", OneLine).show(self._hear(sound))

    def row(self, library: Library) -> Row:
        """The sound under the cursor, as it stands in the library."""
        return read_rows(library, [int(self._chart.ids[self._chart.here])])[0]

    def action_arrive(self) -> None:
        """Back, with the sound under the cursor."""
        self.dismiss(int(self._chart.ids[self._chart.here]))
