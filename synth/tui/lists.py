# SPDX-License-Identifier: Apache-2.0
"""Lists and set-lists: made, walked, put in order. Each edit can be undone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar, Final

from textual.binding import Binding, BindingType

from synth.library import Library
from synth.library.text import tidy
from synth.tui.ask import Ask
from synth.tui.keeping import KeepingApp, named
from synth.tui.library_shelf import ChosenRows, ListShelf
from synth.tui.shelf import Row

_ALL: Final = "everything"
_ANOTHER_NAME: Final = "give it another name"
_DELETE: Final = "delete it; its voices stay in the library"
_IN_ORDER: Final = frozenset(("move_entry", "take_off"))  # what is done to the row of an open list


class ListsApp(KeepingApp):
    """Keys for lists. What they do to a row is about the list in view."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "add_to_list", "to a list", tooltip="add the voice to a list or set-list", show=False),
        Binding("ctrl+l", "open_list", "lists", tooltip="walk a list, a set-list or a kept search"),
        Binding(
            "less_than_sign,alt+up", "move_entry(-1)", "up the list", key_display="<  Alt-↑",
            tooltip="the voice a place up in the list that is open", show=False,
        ),
        Binding(
            "greater_than_sign,alt+down", "move_entry(1)", "down the list", key_display=">  Alt-↓",
            tooltip="or a place down", show=False,
        ),
        Binding("delete", "take_off", "off the list", key_display="Del", tooltip="it stays in the library", show=False),
        Binding("L", "change_list", "this list", key_display="Shift-L", tooltip="rename it, delete it", show=False),
    ]  # fmt: skip

    def _edited(self, news: str) -> None:
        super()._edited(news)
        if isinstance(self._shown, ListShelf):  # it may have got a voice
            self.search()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In the sheet of parameters, keys for a list's order mean nothing."""
        if action in _IN_ORDER and self.screen_stack and self.screen_stack[0].focused not in (self.table, self._box):
            return False
        return super().check_action(action, parameters)

    # ---- which list ------------------------------------------------------------------

    def action_add_to_list(self) -> None:
        """Ask for a list; a new name makes one."""
        library = self._library
        if not self._has_sound() or library is None:
            return

        def ask(names: list[str]) -> None:
            question = (
                f"Add {named(self.row_in_hand())} to which list? A new name makes a list, with ! in front a set-list"
            )
            self.put(Ask(question, choices=names), lambda name: self._edit(partial(_add, name)) if name else None)

        self.ask_library(lambda: [found.name for found in library.lists()], ask)

    def action_open_list(self) -> None:
        """Ask which list or kept search to walk."""
        library = self._library
        if library is None:
            self.tell_no_library()
            return

        def known() -> tuple[list[str], dict[str, str]]:
            return [found.name for found in library.lists()], library.searches()

        def ask(found: tuple[list[str], dict[str, str]]) -> None:
            names, searches = found
            titles = {f"{name}   {query}": query for name, query in searches.items()}
            if not (names or titles):
                self.notice("no list yet: l adds a voice to one; Ctrl-K keeps a search")
                return

            def show(chosen: str | None) -> None:
                if chosen in names:
                    self.open_shelf(ListShelf(library, chosen))
                elif chosen is not None:
                    self._open_library(titles.get(chosen, ""))

            self.put(Ask("Walk which list or search?", choices=[*names, *titles, _ALL], free=False), show)

        self.ask_library(known, ask)

    # ---- the list in view ------------------------------------------------------------

    def action_move_entry(self, by: int) -> None:
        """The row a place up or down its list. The cursor goes with it, and nothing is heard."""
        shelf, row = self._list_in_view(), self.table.row
        if shelf is None or row is None:
            return
        if self._box.value.strip():
            self.notice(f"a search leaves out voices of {shelf.title}: empty the search box (/) to move one")
            return

        def move(shelf: ListShelf) -> tuple[str, int]:
            place = shelf.move(row, by)
            return f"{row.name}: number {place} in {shelf.title}", place - 1

        self._rearrange(shelf, row, move)

    def action_take_off(self) -> None:
        """The row off its list."""
        shelf, row, here = self._list_in_view(), self.table.row, self.table.cursor
        if shelf is None or row is None:
            return

        def take_off(shelf: ListShelf) -> tuple[str, int]:
            shelf.take_off(row)
            return f"{row.name} is no longer in {shelf.title}; Ctrl-Z takes that back", here

        self._rearrange(shelf, row, take_off)

    def _rearrange(self, shelf: ListShelf, row: Row, change: Callable[[ListShelf], tuple[str, int]]) -> None:
        """Change the list; `change` gives the notice, and where the cursor goes unless it has left the row."""
        wanted = self._box.value

        def changed() -> tuple[str, ChosenRows, int]:
            news, index = change(shelf)
            return news, shelf.rows(wanted), index

        def show(answer: tuple[str, ChosenRows, int]) -> None:
            news, rows, index = answer
            self.notice(news)
            stayed = self.table.row is not None and self.table.row.key == row.key
            self._show_rows(shelf, wanted, rows, rows[min(index, len(rows) - 1)].key if stayed and rows else None)

        self.edit_library(changed, show)

    def _list_in_view(self) -> ListShelf | None:
        """The list; else why there is none is told."""
        if isinstance(self._shown, ListShelf):
            return self._shown
        self.notice("this is no list: l adds the voice to one, Ctrl-L opens one, whose order can be changed")
        return None

    def action_change_list(self) -> None:
        """Ask what to do with the list in view."""
        library, shelf = self._library, self._list_in_view()
        if library is None or shelf is None:
            return
        name = shelf.title

        def do(what: str | None) -> None:
            if what == _ANOTHER_NAME:
                self.push_screen(Ask(f"Another name for the list {name}", name), rename)
            elif what == _DELETE:
                self.edit_library(partial(library.delete_list, name), lambda _: self._leave_list(shelf))

        def rename(new: str | None) -> None:
            def renamed(_: None) -> None:
                self.notice(f"the list {name} is now {shelf.title}")
                self.search()

            if new:
                self.edit_library(partial(shelf.rename, new), renamed)

        self.push_screen(Ask(f"The list {name}", choices=[_ANOTHER_NAME, _DELETE], free=False), do)

    def _leave_list(self, shelf: ListShelf) -> None:
        """To the library: there is no such list any more."""
        self._shelves = [other for other in self._shelves if other is not shelf]
        self._open_library("")
        self.notice(f"the list {shelf.title} is deleted; Ctrl-Z brings it back")


def _add(wanted: str, library: Library, row: Row, sound: int) -> str:
    name = wanted.removeprefix("!")
    if not library.has_list(name):
        library.make_list(name, "set" if wanted.startswith("!") else "list")
    library.add_to_list(name, [sound])
    return f"{row.name} is in {tidy(name)}"
