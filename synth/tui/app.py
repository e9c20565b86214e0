# SPDX-License-Identifier: Apache-2.0
"""The application: what the keys do, and what becomes of the session's events.

The computer's keyboard stays a piano (see `synth/face/piano.py`), so commands have the keys that no piano key has.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from textual import events, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widgets import Footer, Input, Static

from synth.errors import SixopError
from synth.face import lines
from synth.face.piano import NoteMessage, Piano, unshifted
from synth.patch import Patch
from synth.player.wire import Message as Event
from synth.session import Session
from synth.tui.editing import Edit
from synth.tui.editor import Editor
from synth.tui.help import HelpScreen
from synth.tui.meters import Meters
from synth.tui.phrases import phrase_for
from synth.tui.shelf import Mark, Row, Rows, Shelf
from synth.tui.strip import KeyStrip
from synth.tui.table import VoiceTable
from synth.tui.voice import Report, VoiceView, nothing_to_see

VELOCITY, LOUD_VELOCITY = 95, 125
_TICK_SECONDS = 0.02  # how often the piano is asked what ends, while it sounds
_METER_SECONDS = 0.05
_DRAW_SECONDS = 0.03  # a voice is drawn when the cursor has rested so long
_EVENT_SECONDS = 0.5


class SessionEvent(Message):
    """Something the player tells."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event


class SixopApp(App[int]):
    """The screen of one session. `run` returns the exit code."""

    CSS_PATH = Path(__file__).with_name("sixop.tcss")
    TITLE = "sixop"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "search", key_display="/"),
        Binding("f", "mark('favourite')", "favourite"),
        Binding("k", "mark('hidden')", "hide"),
        Binding("enter", "next_undecided", "next undecided"),
        Binding("a", "compare", "A/B"),
        Binding("tab", "next_shelf", "library/bank", priority=True),
        Binding("ctrl+r", "random", "random"),
        Binding("ctrl+z", "undo", "undo", show=False),
        Binding("ctrl+e", "edit", "edit"),
        Binding("space", "latch", "latch", show=False),
        Binding("escape,p", "panic", "panic", key_display="Esc"),
        Binding("question_mark", "help", "help", key_display="?"),
        Binding("ctrl+c,ctrl+q", "quit", "quit", priority=True, show=False),
    ]

    def __init__(self, session: Session, shelves: Sequence[Shelf], doubt: str = "") -> None:
        super().__init__()
        self._doubt = doubt  # something to tell at first
        self._session = session
        self._shelves = list(shelves)
        self._shelf = self._shelves[0]
        self._piano = Piano()
        self._failed = False
        self._heard: Patch | None = None  # the voice that plays
        self._heard_key: int | None = None  # and its row
        self._compared: Patch | None = None  # A of A and B
        self._hears_a = False
        self._draw_timer: Any = None

    def compose(self) -> ComposeResult:
        """Everything there is, from the top."""
        yield Static("sixop", id="title")
        yield Input(placeholder="search", id="search", select_on_focus=False)
        with Horizontal(id="middle"):
            yield VoiceTable()
            with VerticalScroll(id="view", can_focus=False):
                yield VoiceView()
                yield Editor()
                yield Report()
        yield KeyStrip()
        yield Meters()
        yield Static(id="notice")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Listen to the player, and show the first shelf."""
        self.query_one(Editor).display = False
        self._piano_timer = self.set_interval(_TICK_SECONDS, self._tick_piano, pause=True)
        self.set_interval(_METER_SECONDS, self._show_meters)
        self._listen()
        self._table.focus()
        self._search("")
        if self._doubt:
            self.notice(self._doubt)

    @property
    def _table(self) -> VoiceTable:
        return self.query_one(VoiceTable)

    # ---- the player ------------------------------------------------------------------

    @work(thread=True, exit_on_error=True)
    def _listen(self) -> None:
        while not self._session.ended.is_set():
            event = self._session.next_event(_EVENT_SECONDS)
            if event is not None:
                self.post_message(SessionEvent(event))
        self.post_message(SessionEvent({"event": "over"}))

    def on_session_event(self, message: SessionEvent) -> None:
        """Show it where it belongs."""
        event = message.event
        match event["event"]:
            case "over":
                self.exit(1 if self._failed else 0)
            case "error":
                self._failed = True
                self.notice(event["text"])
            case "warning" | "restart" | "back":
                self.notice(event["text"])
            case "voice":
                self._entitle(event)
            case "target":
                self.query_one(Report).tell([lines.target_line(event), *event.get("report", [])])
            case "audio":
                self.notice("   ".join(lines.audio_lines(event)))
            case "midi":
                for line in lines.midi_change_lines(event):
                    self.notice(line)
            case "learned":
                self.notice(lines.learned_line(event))

    def notice(self, text: str) -> None:
        """One line that stays until the next one."""
        self.query_one("#notice", Static).update(text)

    def _entitle(self, event: Event) -> None:
        where = "" if event["channel"] is None else f"   channel {event['channel']}"
        self.query_one("#title", Static).update(f"sixop   {event['name']}{where}")

    def _show_meters(self) -> None:
        meters = self._session.meters
        for line in self.query(Meters):  # gone while the screen is being taken down
            line.show(meters)
        if "keys" in meters:
            for strip in self.query(KeyStrip):
                strip.show(*(int(bits, 16) for bits in meters["keys"]))

    # ---- searching and walking -------------------------------------------------------

    def action_search(self) -> None:
        """To the search box; the arrow keys still walk the table."""
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as you type."""
        self._search(event.value)

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        """Enter: back to the table."""
        self._table.focus()

    @work(thread=True, exclusive=True, group="search")
    def _search(self, wanted: str) -> None:
        try:
            rows = self._shelf.rows(wanted)
        except SixopError as error:
            self.call_from_thread(self.notice, str(error))
            return
        self.call_from_thread(self._show_rows, wanted, rows)

    def _show_rows(self, wanted: str, rows: Rows) -> None:
        if wanted != self.query_one(Input).value:  # another letter has come since
            return
        here = self._table.row
        self._table.show(rows, None if here is None else here.key)
        self.query_one(Input).border_title = f"{self._shelf.title}: {len(rows)}"
        if self._table.row is None:
            self.query_one(VoiceView).update(nothing_to_see())
        else:
            self._draw_soon()

    def action_next_shelf(self) -> None:
        """The library, or the bank."""
        place = self._shelves.index(self._shelf) + 1
        self._shelf = self._shelves[place % len(self._shelves)]
        self._search(self.query_one(Input).value)

    def action_random(self) -> None:
        """Any voice of those in the table."""
        if len(self._table.rows):
            self._table.go(random.randrange(len(self._table.rows)))

    def action_next_undecided(self) -> None:
        """The next voice that is neither favourite nor hidden."""
        rows, here = self._table.rows, self._table.cursor
        for step in range(1, len(rows)):
            index = (here + step) % len(rows)
            if not rows[index].mark:
                self._table.go(index)
                return
        self.notice("every voice here is decided")

    def action_mark(self, mark: Mark) -> None:
        """Favourite, or hidden; again: neither."""
        row = self._table.row
        if row is None:
            return
        if not self._shelf.marks:
            self.notice("voices of a bank have no marks: Tab goes to the library")
            return
        try:
            self._shelf.mark(row, "" if row.mark == mark else mark)
        except SixopError as error:
            self.notice(str(error))
            return
        self._table.read_again()

    def action_undo(self) -> None:
        """Take back the last mark."""
        try:
            undone = self._shelf.undo()
        except SixopError as error:
            undone = str(error)
        self.notice(undone or "nothing to undo")
        self._search(self.query_one(Input).value)

    # ---- hearing ---------------------------------------------------------------------

    def on_voice_table_moved(self, message: VoiceTable.Moved) -> None:
        """Hear it at once; the picture can wait."""
        row = message.row
        try:
            patch = self._shelf.patch(row)
        except SixopError as error:
            self.notice(str(error))
            return
        self._hears_a = False
        self._heard_key = row.key
        self._hear(patch, row.category)
        editor = self.query_one(Editor)
        if editor.display:
            editor.open(Edit(patch))
        self._draw_soon()

    def _hear(self, patch: Patch, category: str = "") -> None:
        self._heard = patch
        self._session.audition(patch, phrase_for(category))

    def _in_view(self, row: Row) -> Patch:
        """What plays, with its edits, if that is the row's; else the row's own."""
        return self._heard if self._heard is not None and self._heard_key == row.key else self._shelf.patch(row)

    def action_compare(self) -> None:
        """A is what plays when this key is struck first; after a move it goes to and fro."""
        row = self._table.row
        if self._heard is None or row is None:
            return
        if self._compared is None:
            self._compared = self._heard
            self.notice(f"A is {self._compared.name.rstrip()}: move on, and a compares; Shift-A chooses another")
            return
        self._hears_a = not self._hears_a
        patch = self._compared if self._hears_a else self._shelf.patch(row)
        self.notice(f"{'A' if self._hears_a else 'B'}: {patch.name.rstrip()}")
        self._hear(patch, row.category)
        self.query_one(VoiceView).show(patch)

    # ---- editing ---------------------------------------------------------------------

    def action_edit(self) -> None:
        """Open the sheet of parameters for the voice that plays, or close it."""
        editor = self.query_one(Editor)
        if editor.display:
            editor.display = False
            self._table.focus()
        elif (row := self._table.row) is not None:
            editor.open(Edit(self._in_view(row)))
            editor.display = True
            self.call_after_refresh(editor.focus)  # what is not laid out yet takes no focus

    def on_editor_changed(self, message: Editor.Changed) -> None:
        """Hear the change, and see it."""
        patch = message.edit.patch
        row = self._table.row
        self._hear(patch, row.category if row else "")
        self.query_one(VoiceView).show(patch)

    def _draw_soon(self) -> None:
        if self._draw_timer is not None:
            self._draw_timer.stop()
        self._draw_timer = self.set_timer(_DRAW_SECONDS, self._draw)

    def _draw(self) -> None:
        row = self._table.row
        if row is not None:
            self.query_one(VoiceView).show(self._in_view(row))

    # ---- the computer's keyboard as a piano ------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Piano keys, unless somebody types a search."""
        if isinstance(self.focused, Input):
            if event.key in ("up", "down"):
                self._table.action_move(1 if event.key == "down" else -1)
                event.stop()
            return
        key = event.character or ""
        if key in (",", "."):
            self._play(self._piano.shift(1 if key == "." else -1))
            self.notice(f"octave from C{self._piano.octave}")
        elif key == "A":
            self._compared = None
            self.action_compare()
        else:
            plain, loud = unshifted(key)
            note = self._piano.note(plain)
            if note is None:
                return
            self._play(self._piano.strike(note, time.monotonic()), LOUD_VELOCITY if loud else VELOCITY)
        event.stop()

    def _tick_piano(self) -> None:
        self._play(self._piano.tick(time.monotonic()))

    def _play(self, messages: list[NoteMessage], velocity: int = VELOCITY) -> None:
        for is_on, note in messages:
            if is_on:
                self._session.note_on(note, velocity)
            else:
                self._session.note_off(note)
        if self._piano.sounding:
            self._piano_timer.resume()
        else:
            self._piano_timer.pause()

    def action_latch(self) -> None:
        """Notes stay until they are struck again."""
        self._play(self._piano.toggle_latch())
        self.notice(f"latch {'on' if self._piano.latch else 'off'}")

    def action_panic(self) -> None:
        """Silence, and back to the table."""
        self._piano.release()
        self._piano_timer.pause()
        self._session.panic()
        self._table.focus()

    def action_help(self) -> None:
        """All keys."""
        self.push_screen(HelpScreen())

    async def action_quit(self) -> None:
        """End the session; the player lets every note go."""
        self._play(self._piano.release())
        self.exit(1 if self._failed else 0)
