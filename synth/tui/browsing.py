# SPDX-License-Identifier: Apache-2.0
"""Walking through voices: shelves, searching, sorting, and the way back. Every move is heard before it is drawn."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from textual import events, work
from textual.binding import Binding, BindingType
from textual.timer import Timer
from textual.widgets import Input

from synth.errors import SixopError
from synth.patch import Patch
from synth.session import Session
from synth.tui.asking import AskingApp
from synth.tui.library_shelf import ChosenShelf
from synth.tui.shelf import BankShelf, Row, Rows, Shelf
from synth.tui.table import VoiceTable

_DRAW_SECONDS = 0.03  # a voice is drawn when the cursor has rested so long
_SORTS: Final = ("", "category", "-rating", "level", "brightness", "length", "algorithm", "-added")
_SORTED: Final = re.compile(r"\s*\bsort:(\S*)")
_OWN_SECONDS: Final = 0.5  # after a key, what the player tells may still be of the time before
_SETTLED_SECONDS: Final = 0.05  # a player that begins tells of several voices
_MOST_BACK: Final = 500
_WALKING: Final = {
    "up": ("action_move", -1),
    "down": ("action_move", 1),
    "pageup": ("action_page", -1),
    "pagedown": ("action_page", 1),
}


class BrowsingApp(AskingApp):
    """Shelves of voices, and a table of the one in view."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "search", key_display="/", tooltip="as you type; arrows still walk, Enter ends"),
        Binding("tab", "next_shelf", "shelf", priority=True, tooltip="the next shelf: the bank, the library, lists"),
        Binding("ctrl+r", "random", "random", tooltip="any of the voices in the table"),
        Binding("backspace", "earlier", "back", tooltip="the voice that was heard before", show=False),
        Binding("semicolon", "sort", "sort", key_display=";", tooltip="sort the library another way", show=False),
    ]

    def __init__(self, session: Session, shelves: Sequence[Shelf]) -> None:
        super().__init__(session)
        self._shelves = list(shelves)
        self._shelf = self._shelves[0]
        self._shown: Shelf | None = None  # in the table; the other is on its way there
        self._heard_at: tuple[Shelf, int] | None = None  # the row of the voice that plays
        self._past: list[tuple[Shelf, Row]] = []  # what was heard, the last at the end
        self._draw_timer: Timer | None = None
        self._follow_timer: Timer | None = None

    @property
    def table(self) -> VoiceTable:
        """Of the first screen, whichever is in view."""
        return self.screen_stack[0].query_one(VoiceTable)

    @property
    def _box(self) -> Input:
        return self.screen_stack[0].query_one("#search", Input)

    def back_to_table(self) -> None:
        """The arrow keys walk again."""
        self.table.focus()

    # ---- what the table shows --------------------------------------------------------

    def begin(self) -> None:
        """Show the first shelf, at the voice that plays: the session may go on from where another one stopped."""
        shelf, voice, patch = self._shelf, self._session.voice(), self._session.patch()
        key: int | None = voice["number"] - 1
        if voice["edited"]:
            key = shelf.place_of(patch) if isinstance(shelf, BankShelf) else None
        self._heard, self._heard_at = patch, None if key is None else (shelf, key)
        self.search(key)

    def action_search(self) -> None:
        """To the search box."""
        self.screen.set_focus(self._box)  # at once, for whoever types faster than the screen draws

    async def on_event(self, event: events.Event) -> None:
        """Keys that walk the table go there by the shortest way, also out of the search box: a voice shall sound."""
        step = _WALKING.get(event.key) if isinstance(event, events.Key) and len(self.screen_stack) == 1 else None
        if step is not None and self.focused in (self.table, self._box):
            method, by = step
            getattr(self.table, method)(by)
        else:
            await super().on_event(event)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as you type."""
        if event.input is self._box:
            self.search()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: back to the table."""
        if event.input is self._box:
            self.table.focus()

    def search(self, key: int | None = None) -> None:
        """Fill the table anew; the cursor goes to the row with this key, else it stays with its row."""
        if self.screen_stack:
            self._search(self._shelf, self._box.value, key)

    @work(thread=True, exclusive=True, group="search", exit_on_error=False)
    def _search(self, shelf: Shelf, wanted: str, key: int | None) -> None:
        try:
            rows = shelf.rows(wanted)
        except (SixopError, OSError) as error:
            self.call_from_thread(self.notice, str(error))
            return
        self.call_from_thread(self._show_rows, shelf, wanted, rows, key)

    def _show_rows(self, shelf: Shelf, wanted: str, rows: Rows, key: int | None) -> None:
        if (
            not self.screen_stack or wanted != self._box.value or shelf is not self._shelf
        ):  # another letter has come since
            return
        here = self.table.row if shelf is self._shown else None
        key = here.key if key is None and here is not None else key
        self._shown = shelf
        self.table.show(rows, key, "No voice fits this search." if wanted.strip() else shelf.empty)
        self._box.border_title = f"{shelf.title}: {len(rows)}"
        self._draw_soon()

    def open_shelf(self, shelf: Shelf) -> None:
        """Show it, as the last of the shelves; one of some sounds with its title makes room, bank and library stay."""
        self._shelves = [
            old for old in self._shelves if not isinstance(old, ChosenShelf) or old.title != shelf.title or old is shelf
        ]
        if shelf not in self._shelves:
            self._shelves.append(shelf)
        self._shelf = shelf
        with self.prevent(Input.Changed):
            self._box.value = ""
        self.search()

    def action_next_shelf(self) -> None:
        """The next one; a list that was opened is one as well."""
        if len(self.screen_stack) > 1:
            return
        place = self._shelves.index(self._shelf) + 1 if self._shelf in self._shelves else 0
        self._shelf = self._shelves[place % len(self._shelves)]
        self.search()

    def action_sort(self) -> None:
        """The next way to sort, as a word in the search box, where it can be seen and changed."""
        if not self._shelf.whole_query:
            self.notice(f"{self._shelf.title} keeps its order; Tab goes to the library, which can be sorted")
            return
        found = _SORTED.search(self._box.value)
        now = found[1] if found else ""
        following = _SORTS[(_SORTS.index(now) + 1) % len(_SORTS)] if now in _SORTS else ""
        words = _SORTED.sub("", self._box.value).strip()
        self._box.value = f"{words} sort:{following}".strip() if following else words

    # ---- walking ---------------------------------------------------------------------

    def action_random(self) -> None:
        """Any voice of those in the table."""
        if len(self.table.rows) > 1:
            step = random.randrange(1, len(self.table.rows))
            self.table.go((self.table.cursor + step) % len(self.table.rows))

    def action_earlier(self) -> None:
        """To the voice before, on whatever shelf it was."""
        self._past = [heard for heard in self._past if heard[0] in self._shelves]
        if len(self._past) < 2:
            self.notice("nothing was heard before")
            return
        self._past.pop()
        shelf, row = self._past[-1]
        place = self.table.rows.find(row.key) if shelf is self._shown is self._shelf else None
        self._hear_row(shelf, row)
        if place is not None:
            self.table.follow(place)
        else:
            self._shelf = shelf
            with self.prevent(Input.Changed):
                self._box.value = ""
            self.search(row.key)

    def moved(self, row: Row) -> None:
        """Hear it at once; the picture can wait."""
        shelf = self._shown or self._shelf
        if self._hear_row(shelf, row):
            self._past = [*self._past[-_MOST_BACK:], (shelf, row)]

    def _hear_row(self, shelf: Shelf, row: Row) -> bool:
        """Play the voice of a row; False if it cannot be read, which is told."""
        try:
            patch = shelf.patch(row)
        except SixopError as error:
            self.notice(str(error))
            return False
        self._heard_at = (shelf, row.key)
        self.hear(patch, row.category)
        self.chosen(patch)
        self._draw_soon()
        return True

    def chosen(self, patch: Patch) -> None:
        """A row was chosen, and sounds."""

    def follow_soon(self, channel: int) -> None:
        """A channel may play another voice now, by a program change, say: see which one when things have settled."""
        if self._follow_timer is not None:
            self._follow_timer.stop()
        since = time.monotonic() - self._heard_since
        self._follow_timer = self.set_timer(max(_SETTLED_SECONDS, _OWN_SECONDS - since), lambda: self._follow(channel))

    def _follow(self, channel: int) -> None:
        voice = self._session.voice(channel)
        if not self.screen_stack or voice["edited"]:  # as is whatever was chosen here
            return
        if time.monotonic() - self._heard_since < _OWN_SECONDS:
            self.follow_soon(channel)
            return
        number = voice["number"]
        if self._shown is None:  # the rows are on their way
            self.search(number - 1)
            return
        shelf, place = self._shown, self.table.rows.find(number - 1)
        self._heard, self._heard_at = self._session.patch(channel), None
        if isinstance(shelf, BankShelf) and place is not None:
            self.table.follow(place)
            self._heard_at = (shelf, number - 1)
            self.chosen(self._heard)
            self._draw_soon()

    def change_bank(self, voices: Sequence[Patch], name: str) -> None:
        """The player has this bank now: it may have come by SysEx."""
        for place, shelf in enumerate(self._shelves):
            if isinstance(shelf, BankShelf) and list(shelf.voices) != list(voices):
                self._shelves[place] = new = BankShelf(voices, name)
                if self._shelf is shelf:
                    self._shelf = new
                    self.search()

    def in_view(self, row: Row) -> Patch:
        """What plays, with its edits, if that is the row's; else the row's own."""
        shelf = self._shown or self._shelf
        if self._heard is not None and self._heard_at == (shelf, row.key):
            return self._heard
        return shelf.patch(row)

    def _draw_soon(self) -> None:
        if self._draw_timer is not None:
            self._draw_timer.stop()
        self._draw_timer = self.set_timer(_DRAW_SECONDS, self._draw)

    def _draw(self) -> None:
        if not self.screen_stack:
            return
        row = self.table.row
        try:
            self.draw(None if row is None else self.in_view(row))
        except SixopError as error:
            self.notice(str(error))

    def draw(self, patch: Patch | None) -> None:
        """Show this voice, if there is one."""

    def on_unmount(self) -> Any:
        """Nothing is drawn any more."""
        for timer in filter(None, (self._draw_timer, self._follow_timer)):
            timer.stop()
