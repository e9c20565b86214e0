# SPDX-License-Identifier: Apache-2.0
"""The application: what stands where, what becomes of the session's events, comparing, editing, help."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Footer, Input

from synth.errors import SixopError
from synth.face import lines
from synth.library import Library, Stats
from synth.patch import Patch
from synth.player.wire import Message as Event
from synth.session import Session
from synth.tui.chart import Chart
from synth.tui.editing import Edit
from synth.tui.editor import Editor
from synth.tui.heard import Heard
from synth.tui.help import HelpScreen, layers
from synth.tui.library_shelf import read_rows
from synth.tui.lists import ListsApp
from synth.tui.map_screen import MapScreen, read_chart
from synth.tui.meters import Meters
from synth.tui.one_line import OneLine
from synth.tui.palette import Palette
from synth.tui.report import Differing, Report
from synth.tui.shelf import Row, Shelf
from synth.tui.split import split
from synth.tui.strip import KeyStrip
from synth.tui.table import VoiceTable
from synth.tui.voice import VoiceView

_METER_SECONDS = 0.05
_EVENT_SECONDS = 0.5
_WIDE, _TALL = 110, 30  # characters from which the voice stands beside the table, and the search box has a frame
_ON_THE_MAP = frozenset(
    (
        *("mark", "star", "tag", "add_to_list", "undo", "redo", "latch", "octave", "panic", "silence", "help"),
        *("quit", "command_palette"),
    )
)


class SessionEvent(Message):
    """Something the player tells."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event


class SixopApp(ListsApp):
    """The screen of one session. `run` returns the exit code."""

    CSS_PATH = Path(__file__).with_name("sixop.tcss")
    TITLE = "sixop"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012 - as Textual has it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (_TALL, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "compare", "A/B", tooltip="the first a keeps this voice as A; later ones go to and fro"),
        Binding("A", "compare_anew", "this is A", key_display="Shift-A", show=False),
        Binding("ctrl+e", "edit", "edit", tooltip="open and close the sheet of parameters"),
        Binding("f2,ctrl+g", "map", "map", key_display="F2", tooltip="walk the library by ear: neighbours sound alike"),
        Binding("f3,ctrl+w", "view", "view", key_display="F3", tooltip="the voice's picture on or off", show=False),
        Binding("question_mark,f1", "help", "help", key_display="?", tooltip="all keys"),
        Binding("ctrl+c,ctrl+q", "quit", "quit", key_display="Ctrl-Q", priority=True, show=False),
    ]

    def __init__(
        self, session: Session, shelves: Sequence[Shelf], library: Library | None = None, doubt: str = ""
    ) -> None:
        super().__init__(session, shelves, library, doubt)
        self._failed = False
        self._compared: Patch | None = None  # A of A and B
        self._hears_a = False
        self._b: Patch | None = None

    def compose(self) -> ComposeResult:
        """Everything there is, from the top."""
        with Horizontal(id="top"):
            yield OneLine("sixop", id="title")
            yield OneLine(id="progress")
        yield Input(placeholder="search", id="search", select_on_focus=False)
        with Horizontal(id="middle"):
            yield VoiceTable(self.moved)
            with VerticalScroll(id="view", can_focus=False):
                yield VoiceView()
                yield Heard()
                yield Editor()
                yield Differing()
                yield Report()
        yield KeyStrip()
        yield Meters()
        yield OneLine(id="notice")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Listen to the player, and show the first shelf."""
        self.query_one(Editor).display = False
        self._meters, self._strip = self.query_one(Meters), self.query_one(KeyStrip)
        self.set_interval(_METER_SECONDS, self._show_meters)
        self._show_split()
        self._listen()
        self.table.focus()
        self.begin()
        if self._library is None:
            self.tell_no_library()

    # ---- the player ------------------------------------------------------------------

    @work(thread=True, exit_on_error=False)
    def _listen(self) -> None:
        while self.is_running and not self._session.ended.is_set():
            event = self._session.next_event(_EVENT_SECONDS)
            if event is not None:
                self.post_message(SessionEvent(event))
        self.post_message(SessionEvent({"event": "over"}))

    def on_session_event(self, message: SessionEvent) -> None:
        """Show it where it belongs."""
        event = message.event
        if not self.screen_stack:  # everything is being taken down
            return
        match event["event"]:
            case "over":
                self.exit(1 if self._failed else 0)
            case "error":
                self._failed = True
                self.notice(event["text"])
            case "restart":
                self.forget_notes()
                self.notice(event["text"])
            case "back" | "warning":
                self.notice(event["text"])
            case "voice":
                self._entitle(event)
                if event["followed"]:
                    self.follow_soon(event["channel"] or 1)
            case "bank":
                self.change_bank(self._session.bank, self._session.bank_name)
            case "target":
                self._meters.board(event)
                self.screen_stack[0].query_one(Report).tell(event)
            case "audio":
                self._notices([self._doubt] * bool(self._doubt) + lines.audio_lines(event))
            case "zones":
                self._show_split()
            case "midi":
                self._show_split()
                self._notices(lines.midi_change_lines(event))
            case "learned":
                self.notice(lines.learned_line(event))
            case "mpe":
                self.notice(lines.mpe_line(event))
            case "mts_esp":
                self.notice(lines.master_line(event))
            case "recorded":
                self.notice(lines.recorded_line(event))

    def _notices(self, told: Sequence[str]) -> None:
        if told:
            self.notice("   ".join(told))

    def _entitle(self, event: Event) -> None:
        where = "" if event["channel"] is None else f"   channel {event['channel']}"
        self.screen_stack[0].query_one("#title", OneLine).show(f"sixop   {event['name']}{where}")

    def _show_meters(self) -> None:
        meters = self._session.meters
        if self._meters.take(meters):
            self._strip.show(*(int(bits, 16) for bits in meters["keys"]))

    def _show_split(self) -> None:
        self._strip.divide(split(self._session.zones, self._session.inputs))

    # ---- seeing ----------------------------------------------------------------------

    def draw(self, patch: Patch | None) -> None:
        """The voice of the row; and how it differs from A."""
        base, row = self.screen_stack[0], self.table.row
        view, heard = base.query_one(VoiceView), base.query_one(Heard)
        if patch is None or row is None:
            view.show_nothing()
            heard.show_nothing()
        elif view.is_on_screen:
            view.show(patch)
            heard.show(self._library, None if base.query_one(Editor).display else row.sound)
        base.query_one(Differing).compare(self._compared, patch)

    def action_view(self) -> None:
        """The voice's picture on or off: beside the table or, on a narrow screen, below it."""
        self.screen.toggle_class("-other-view")
        self.call_after_refresh(self._draw_soon)

    def on_resize(self, _event: events.Resize) -> None:
        """What was hidden may be in view now."""
        self.call_after_refresh(self._draw_soon)

    def chosen(self, patch: Patch) -> None:
        """The sheet shows the voice that was chosen."""
        self._hears_a = False
        editor = self.screen_stack[0].query_one(Editor)
        if editor.display:
            editor.open(Edit(patch))

    def action_compare(self) -> None:
        """A is what plays when this key is struck first; after a move it goes to and fro."""
        row = self.table.row
        if self._heard is None or row is None:
            self.notice("choose a voice first: the arrow keys walk")
            return
        if self._compared is None:
            self._compared = self._heard
            self.notice(f"A is {self._compared.name.rstrip()}: move on, and a compares; Shift-A chooses another")
            return
        try:
            if not self._hears_a:
                self._b = self.in_view(row)
            self._hears_a = not self._hears_a
            patch = self._compared if self._hears_a else self._b or self.in_view(row)
        except SixopError as error:
            self.notice(str(error))
            return
        self.hear(patch, row.category)
        self.notice(f"{'A' if self._hears_a else 'B'}: {patch.name.rstrip()}")
        self.query_one(VoiceView).show(patch)

    def action_compare_anew(self) -> None:
        """What plays is A."""
        self._compared = None
        self._hears_a = False
        self.action_compare()
        self._draw_soon()

    def action_edit(self) -> None:
        """Open the sheet of parameters for the voice that plays, or close it."""
        editor = self.query_one(Editor)
        row = self.table.row
        if editor.display:
            editor.display = False
            self.screen.remove_class("-editing")
            self.table.focus()
        elif row is not None:
            try:
                editor.open(Edit(self.in_view(row)))
            except SixopError as error:
                self.notice(str(error))
                return
            self._heard_at = (self._shown or self._shelf, row.key)
            editor.display = True
            self.screen.add_class("-editing")
            self.call_after_refresh(editor.focus)  # what is not laid out yet takes no focus

    def on_editor_changed(self, message: Editor.Changed) -> None:
        """Hear the change, and see it."""
        row = self.table.row
        self.hear(message.edit.patch, row.category if row else "")
        self._hears_a = False
        self._draw_soon()

    def action_map(self) -> None:
        """Walk the library by ear."""
        library, row = self._library, self.table.row
        if library is None:
            self.tell_no_library()
            return
        self.ask_library(lambda: read_chart(library, None if row is None else row.sound), self._show_map)

    def _show_map(self, chart: Chart) -> None:
        library = self._library
        if len(chart.ids) == 0 and library is not None:
            self.ask_library(library.stats, self._tell_why_no_map)
        elif len(self.screen_stack) == 1:
            self.push_screen(MapScreen(chart, self._hear_sound), self._leave_map)

    def _tell_why_no_map(self, stats: Stats) -> None:
        if stats.sounds == 0:
            self.notice("the library is empty: Ctrl-O reads a folder of .syx files into it, then there is a map")
        elif stats.analysed < stats.sounds:
            self.listen()
        else:
            self.notice("all sounds are hidden: is:hidden in the library's search finds them, k brings one back")

    def _hear_sound(self, sound: int) -> str:
        assert self._library is not None
        try:
            patch = self._library.patch(sound)
        except SixopError as error:
            return str(error)
        self._heard_at = None
        (found,) = read_rows(self._library, [sound])
        self.hear(patch, found.category)
        return f"{found.name}   {found.category}   {found.bank}"

    def _leave_map(self, sound: int | None) -> None:
        if sound is None:
            return
        heard = self._heard
        self._open_library("", sound)
        self._heard_at, self._heard = (self._shelf, sound), heard

    def action_command_palette(self) -> None:
        """All commands, to search."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def action_help(self) -> None:
        """All keys."""
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """On the map, keys for the table mean nothing."""
        if isinstance(self.screen, MapScreen) and hasattr(type(self), f"action_{action}"):
            return action in _ON_THE_MAP
        return super().check_action(action, parameters)

    def row_in_hand(self) -> Row | None:
        """Where somebody is: on the map or in the table."""
        if isinstance(self.screen, MapScreen) and self._library is not None:
            return self.screen.row(self._library)
        return super().row_in_hand()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """All that keys do, and themes."""
        yield from super().get_system_commands(screen)
        for binding in layers(type(self)):
            if binding.description:
                said = binding.tooltip or binding.description
                yield SystemCommand(
                    binding.description.capitalize(),
                    f"{self.get_key_display(binding)}: {said}",
                    partial(self.run_action, binding.action),
                )

    async def action_quit(self) -> None:
        """End the session; the player lets every note go."""
        self._play(self._piano.release())
        self.leave_off()
        self.exit(1 if self._failed else 0)
