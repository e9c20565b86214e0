# SPDX-License-Identifier: Apache-2.0
"""The table of voices: as long as it likes, because only the lines in view are ever drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from synth.tui.shelf import FixedRows, Row, Rows

_MARKS = {"": " ", "favourite": "★", "hidden": "×"}
_HEADING = f"{'':2}{'no':>4}  {'name':<11}{'kind':<11}{'alg':>3} {'fb':>2}  {'stars':<6}bank"


class VoiceTable(ScrollView, can_focus=True):
    """Rows with a cursor. `moved` is called first thing when the cursor comes to another row."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "up,left,minus,left_square_bracket",
            "move(-1)",
            "previous voice",
            tooltip="each is heard at once",
            show=False,
        ),
        Binding("down,right,plus,equals_sign,right_square_bracket", "move(1)", "next voice", show=False),
        Binding("pageup", "page(-1)", "a page up", key_display="PgUp", show=False),
        Binding("pagedown", "page(1)", "a page down", show=False),
        Binding("home", "end(-1)", "first voice", show=False),
        Binding("end", "end(1)", "last voice", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "voice-table--heading",
        "voice-table--row",
        "voice-table--cursor",
        "voice-table--favourite",
        "voice-table--hidden",
    }
    cursor: reactive[int] = reactive(0, repaint=False)

    def __init__(self, moved: Callable[[Row], None], **arguments: Any) -> None:
        super().__init__(**arguments)
        self._moved = moved
        self._rows: Rows = FixedRows()
        self._nothing = ""

    @property
    def row(self) -> Row | None:
        """The one under the cursor."""
        return self._rows[self.cursor] if len(self._rows) else None

    @property
    def rows(self) -> Rows:
        """All of them."""
        return self._rows

    def show(self, rows: Rows, key: int | None, nothing: str) -> None:
        """Other rows; the cursor goes to the one with this key, else to the first. That is no move.

        nothing: the words that stand there if there is no row.
        """
        self._rows = rows
        self._nothing = nothing
        self.virtual_size = Size(self.size.width, len(self._rows) + 1)
        self.set_reactive(VoiceTable.cursor, rows.find(key) or 0)
        self._bring_into_view()
        self.refresh()

    def read_again(self) -> None:
        """Rows have changed, though not their number."""
        self._rows.forget()
        self.refresh()

    def go(self, index: int) -> None:
        """The cursor to this row, or the nearest there is."""
        if len(self._rows):
            self.cursor = min(max(index, 0), len(self._rows) - 1)

    def follow(self, index: int) -> None:
        """The cursor to this row, which somebody else has chosen: that is no move."""
        self.set_reactive(VoiceTable.cursor, index)
        self._bring_into_view()
        self.refresh()

    # ---- keys and the mouse ----------------------------------------------------------

    def action_move(self, by: int) -> None:
        """The next or the previous row; around the ends as a bank goes."""
        if len(self._rows):
            self.cursor = (self.cursor + by) % len(self._rows)

    def action_page(self, by: int) -> None:
        """As many rows as are in view."""
        self.go(self.cursor + by * max(1, self.size.height - 2))

    def action_end(self, by: int) -> None:
        """The first or the last row."""
        self.go(len(self._rows) if by > 0 else 0)

    def on_click(self, event: Any) -> None:
        """The row that was clicked."""
        self.go(event.y - 1 + self.scroll_offset.y)

    def watch_cursor(self, _before: int, _now: int) -> None:
        """Tell, and show."""
        row = self.row
        if row is not None:
            self._moved(row)
        self._bring_into_view()
        self.refresh()

    def _bring_into_view(self) -> None:
        self.scroll_to_region(Region(0, self.cursor, 1, 2), animate=False, force=True)

    def on_resize(self) -> None:
        """The cursor stays in view."""
        self.virtual_size = Size(self.size.width, len(self._rows) + 1)
        self._bring_into_view()

    # ---- drawing ---------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """The heading stays where it is; below it are the rows."""
        width = self.size.width
        if y == 0:
            return self._line(_HEADING, "voice-table--heading", width)
        index = y - 1 + self.scroll_offset.y
        if index >= len(self._rows):
            said = self._nothing.split("\n") if not len(self._rows) else []
            return self._line(f"  {said[y - 2]}" if 0 <= y - 2 < len(said) else "", "voice-table--heading", width)
        row = self._rows[index]
        number = "" if row.number is None else str(row.number)
        text = (
            f"{_MARKS[row.mark]} {number:>4}  {row.name:<11}{row.category:<11}{row.algorithm:>3} {row.feedback:>2}  "
            f"{'★' * row.rating:<6}{row.bank}{''.join(f' #{tag}' for tag in row.tags)}"
        )
        if index == self.cursor:
            return self._line(text, "voice-table--cursor", width)
        return self._line(text, f"voice-table--{row.mark or 'row'}", width)

    def _line(self, text: str, component: str, width: int) -> Strip:
        style: Style = self.get_component_rich_style(component)
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)
