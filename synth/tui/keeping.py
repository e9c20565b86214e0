# SPDX-License-Identifier: Apache-2.0
"""What somebody does with a library: marks, stars, tags, searches, folders, files. Each edit can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar, Final

from textual import work
from textual.binding import Binding, BindingType
from textual.widgets import Input

from synth.errors import SixopError
from synth.library import Library
from synth.library.building import bank_paths, files_there
from synth.library.database import at_home
from synth.library.editing import BEST
from synth.patch import Patch
from synth.session import Session
from synth.tui.ask import Ask
from synth.tui.browsing import BrowsingApp
from synth.tui.files import MOST_SAVED, folder_here, save_voices, suggested
from synth.tui.library_shelf import LibraryShelf, similar_shelf
from synth.tui.one_line import OneLine
from synth.tui.scanning import Scanning
from synth.tui.shelf import BankShelf, Mark, Row, Shelf

_ALIKE: Final = 60  # sounds on the shelf of what is like one


class KeepingApp(BrowsingApp):
    """A library, or None and the reason, `doubt`, if it cannot be opened: then its keys say so."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "mark('favourite')", "favourite", tooltip="again: not"),
        Binding("k", "mark('hidden')", "hide", tooltip="again: not; is:hidden in the search shows them"),
        Binding("enter", "next_undecided", "next undecided", tooltip="the next voice neither favourite nor hidden"),
        Binding("asterisk", "star", "stars", key_display="*", tooltip="a star more, of five; then none", show=False),
        Binding("ctrl+t", "tag", "tag", tooltip="a word to find it by; once more: no longer", show=False),
        Binding("ctrl+k", "keep_search", "keep search", tooltip="give the search in the box a name", show=False),
        Binding("ctrl+n", "similar", "alike", tooltip="the sounds most like this one, nearest first"),
        Binding("ctrl+s", "save", "save", tooltip="the voice, or all in the table as banks, into a .syx file"),
        Binding(
            "f4,ctrl+b", "make_bank", "as bank", key_display="F4",
            tooltip="the voices of the table are the bank: program changes and pedals walk them", show=False,
        ),
        Binding("ctrl+o", "scan", "add folder", tooltip="read all voices of a folder into the library", show=False),
        Binding("ctrl+z", "undo", "undo", tooltip="take back what was changed in the library", show=False),
        Binding("ctrl+y", "redo", "redo", show=False),
    ]  # fmt: skip

    def __init__(self, session: Session, shelves: Sequence[Shelf], library: Library | None, doubt: str) -> None:
        super().__init__(session, shelves)
        self._library = library
        self._doubt = doubt
        self._scanning: Scanning | None = None

    def tell_no_library(self) -> None:
        """That it is not open, and why."""
        self.notice("the library is not open" + (f": {self._doubt}" if self._doubt else ""))

    # ---- edits -----------------------------------------------------------------------

    def _edit(self, change: Callable[[Library, Row, int], str]) -> None:
        """Change something about the row's sound; `change` gives the notice.

        The row is what was drawn when the key was struck: edits before this one may have changed the sound since.
        """
        row, library = self.row_in_hand(), self._library
        if row is None:
            self.notice("there is no voice to keep")
        elif library is None:
            self.tell_no_library()
        elif row.sound is None:
            self.notice("voices of a bank are not kept in the library: Tab goes there, Ctrl-O reads the bank's folder")
        else:
            self.edit_library(partial(change, library, row, row.sound), self._edited)

    def row_in_hand(self) -> Row | None:
        """The row that keys for one voice are about."""
        return self.table.row

    def _edited(self, news: str) -> None:
        self.table.read_again()
        self.notice(news)

    def action_mark(self, mark: Mark) -> None:
        """Favourite, or hidden; again: neither."""

        def change(library: Library, row: Row, sound: int) -> str:
            new = "undecided" if library.get(sound).mark == mark else mark
            library.mark([sound], new or "undecided")
            return f"{row.name}: {new}"

        self._edit(change)

    def action_star(self) -> None:
        """One more, of five; then none."""

        def change(library: Library, row: Row, sound: int) -> str:
            stars = (library.get(sound).rating + 1) % (BEST + 1)
            library.rate([sound], stars)
            return f"{row.name}: {stars or 'no'} star{'' if stars == 1 else 's'}"

        self._edit(change)

    def action_tag(self) -> None:
        """Ask for a word."""

        def ask(tags: dict[str, int]) -> None:
            question = f"A tag for {named(self.row_in_hand())}; one that it has is taken away"
            self.put(Ask(question, choices=list(tags)), tag)

        def tag(word: str | None) -> None:
            def change(library: Library, row: Row, sound: int) -> str:
                gone = word in library.get(sound).tags
                (library.untag if gone else library.tag)([sound], word or "")
                return f"{row.name}: {'no longer ' if gone else ''}#{word}"

            if word:
                self._edit(change)

        if self._has_sound() and self._library is not None:
            self.ask_library(self._library.tags, ask)

    def put(self, question: Ask, answered: Callable[[str | None], None]) -> None:
        """Put a question that had to wait for the library, unless another one stands there by now."""
        if not isinstance(self.screen, Ask):
            self.push_screen(question, answered)

    def _has_sound(self) -> bool:
        """Whether the row can be kept; else why not is told."""
        row = self.row_in_hand()
        fits = self._library is not None and row is not None and row.sound is not None
        if not fits:
            self._edit(lambda _library, _row, _sound: "")
        return fits

    def action_keep_search(self) -> None:
        """Ask for a name for what stands in the search box."""
        library, query = self._library, self._box.value.strip()
        if library is None:
            self.tell_no_library()
            return
        if not query or not self._shelf.whole_query:
            self.notice("first search the library: / goes to the search box, Tab to the library")
            return

        def keep(name: str | None) -> None:
            def change() -> str:
                library.save_search(name or "", query)
                return f"{name} is {query}; Ctrl-L finds it again"

            if name:
                self.edit_library(change, self.notice)

        self.push_screen(Ask(f"A name for the search: {query}"), keep)

    def action_undo(self) -> None:
        """Take back the library's last edit."""
        self._flip("undone", "nothing to undo", lambda library: library.undo())

    def action_redo(self) -> None:
        """Do it again."""
        self._flip("done again", "nothing to do again", lambda library: library.redo())

    def _flip(self, what: str, nothing: str, flip: Callable[[Library], object]) -> None:
        library = self._library
        if library is None:
            self.tell_no_library()
            return

        def change() -> str:
            edit = flip(library)
            return nothing if edit is None else f"{what}: {getattr(edit, 'title', '')}"

        def tell(news: str) -> None:
            self.notice(news)
            self.search()

        self.edit_library(change, tell)

    # ---- shelves ---------------------------------------------------------------------

    def action_next_undecided(self) -> None:
        """The next voice that is neither favourite nor hidden."""
        rows, here = self.table.rows, self.table.cursor
        for step in range(1, len(rows)):
            index = (here + step) % len(rows)
            if not rows[index].mark:
                self.table.go(index)
                return
        self.notice("every other voice here is decided")

    def _open_library(self, query: str, sound: int | None = None) -> None:
        self._shelf = next(shelf for shelf in self._shelves if isinstance(shelf, LibraryShelf))
        with self.prevent(Input.Changed):
            self._box.value = query
        self.search(sound)

    def action_similar(self) -> None:
        """A shelf of what sounds like this."""
        row, library = self.table.row, self._library
        if not self._has_sound() or row is None or row.sound is None or library is None:
            return
        shelf, sound = similar_shelf(library, row, _ALIKE), row.sound

        def known() -> bool:
            heard = library.get(sound).level is not None
            if heard:
                shelf.rows("")
            return heard

        self.ask_library(known, lambda heard: self.open_shelf(shelf) if heard else self.listen())

    def listen(self) -> None:
        """Have all sounds listened to, in a process of its own, for what needs to know how they sound."""
        self.notice("the library has to listen to its sounds first; strike the key again when it has")
        self._read_folder(None)

    # ---- files -----------------------------------------------------------------------

    def action_scan(self) -> None:
        """Ask for a folder, and read it in a process of its own."""
        if self._library is None:
            self.tell_no_library()
        else:
            question = Ask("Read all voices of which folder or file?", f"{folder_here()}/")
            self.push_screen(question, lambda folder: self._read_folder(folder) if folder else None)

    def _read_folder(self, folder: str | None) -> None:
        if self._scanning is not None:
            self.notice("the library is being filled already; it listens to the sounds afterwards")
        elif self._library is not None:
            self._scanning = Scanning(
                self._library.path,
                partial(self.call_from_thread, self.notice),
                partial(self.call_from_thread, self.show_progress),
            )
            self._scan(self._scanning, folder)

    def show_progress(self, text: str) -> None:
        """How far long work is, beside the title: notices are left alone. Nothing for no work."""
        for screen in self.screen_stack[:1]:
            line = screen.query_one("#progress", OneLine)
            line.show(text)
            line.display = bool(text)

    @work(thread=True, exit_on_error=False)
    def _scan(self, scanning: Scanning, folder: str | None) -> None:
        try:
            scanning.run(folder, partial(self.call_from_thread, self.search))
        except OSError as error:
            self.call_from_thread(self.notice, f"the library cannot be filled: {error.strerror or error}")
        finally:
            self._scanning = None
        self.call_from_thread(self.show_progress, "")
        self.call_from_thread(self.search)

    def action_make_bank(self) -> None:
        """Have the voices of the table as the bank, so that what chooses by number walks them as well."""
        shelf, rows, here = self._shown or self._shelf, self.table.rows, self.table.cursor
        name = self._box.value.strip() or "search" if isinstance(shelf, LibraryShelf) else shelf.title
        if isinstance(shelf, BankShelf):
            self.notice("this is the bank already: a list, or what a search finds, can become it")
        elif not 0 < len(rows) <= MOST_SAVED:
            self.notice(f"a bank has 1 to {MOST_SAVED} voices here, not {len(rows)}: search for some, or open a list")
        else:
            self.ask_library(
                lambda: [shelf.patch(rows[index]) for index in range(len(rows))],
                partial(self._play_bank, name=name, place=here),
            )

    def _play_bank(self, voices: list[Patch], name: str, place: int) -> None:
        self._session.load_bank(voices, name)
        self._session.select(place + 1)
        self._shelf = next(shelf for shelf in self._shelves if isinstance(shelf, BankShelf))
        with self.prevent(Input.Changed):
            self._box.value = ""
        self.search(place)
        self.notice(f"{name} is the bank: program changes and pedals walk its {len(voices)} voices")

    def action_save(self) -> None:
        """Ask what, and where to."""
        row = self.table.row
        if row is None:
            self.notice("there is no voice to save")
            return
        try:
            playing = self.in_view(row)
        except SixopError as error:
            self.notice(str(error))
            return
        count = len(self.table.rows)
        one, many = f"the voice {playing.display_name}", f"the {count} voices of the table, as banks of 32"
        if count > 1:
            self.push_screen(
                Ask("Save what?", choices=[one, many], free=False), lambda what: self._save(what, one, playing)
            )
        else:
            self._save(one, one, playing)

    def _save(self, what: str | None, one: str, playing: Patch) -> None:
        if what is None:
            return
        if what != one and len(self.table.rows) > MOST_SAVED:
            self.notice(f"{MOST_SAVED} voices are saved at once; search for fewer than {len(self.table.rows)}")
            return
        shelf, rows = self._shown or self._shelf, self.table.rows

        def voices() -> list[Patch]:
            return [playing] if what == one else [shelf.patch(rows[index]) for index in range(len(rows))]

        count = 1 if what == one else len(rows)
        name = playing.name if what == one else shelf.title

        def write(path: str | None) -> None:
            if path:
                self._write(voices, count, path, replace=False)

        self.push_screen(Ask("Into which file?", f"{folder_here() / suggested(name)}"), write)

    def _write(self, voices: Callable[[], list[Patch]], count: int, wanted: str, replace: bool) -> None:
        try:
            path = at_home(wanted)
            paths = bank_paths(count, path)
            there = [target.name for target in files_there(paths)]
        except SixopError as error:
            self.notice(str(error))
            return
        if there and not replace:
            yes = f"replace {', '.join(there)}"

            def sure(answer: str | None) -> None:
                if answer == yes:
                    self._write(voices, count, wanted, replace=True)

            self.push_screen(
                Ask(
                    f"In {paths[0].parent} there is {', '.join(there)} already.", choices=["leave it", yes], free=False
                ),
                sure,
            )
            return

        def save() -> str:
            save_voices(voices(), path, replace)
            news = f"saved: {', '.join(map(str, paths))}"
            try:
                if self._library is not None:
                    self._library.scan(paths)
            except SixopError as error:
                news += f"; not yet in the library: {error}"
            return news

        def tell(news: str) -> None:
            self.notice(news)
            self.search()

        self.ask_library(save, tell)

    def leave_off(self) -> None:
        """Nothing goes on in the background any more."""
        if self._scanning is not None:
            self._scanning.stop()


def named(row: Row | None) -> str:
    """What a question calls the voice of a row."""
    return "the voice" if row is None else row.name
