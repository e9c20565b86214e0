# SPDX-License-Identifier: Apache-2.0
"""All keys, on `?`: told by the bindings themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from rich.table import Table
from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.keys import format_key
from textual.screen import ModalScreen
from textual.widgets import Static

from synth.tui.browsing import BrowsingApp
from synth.tui.editor import Editor
from synth.tui.keeping import KeepingApp
from synth.tui.left_once import LeftOnce
from synth.tui.lists import ListsApp
from synth.tui.map_screen import MapScreen, MapView
from synth.tui.playing import PlayingApp
from synth.tui.table import VoiceTable

_PIANO: Final = (
    ("z s x d c v g b h n j m", "a piano from C3; keys struck together are a chord"),
    ("q 2 w 3 e r 5 t 6 y 7 u i 9 o 0", "an octave higher; with shift, louder"),
)
_END: Final = (("Ctrl-P", "all commands by name, and themes"),)
_WORDS: Final = {
    "ctrl": "Ctrl",
    "shift": "Shift",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "tab": "Tab",
}


class HelpScreen(ModalScreen[None], LeftOnce[None]):
    """Over everything else, until a key is struck."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > VerticalScroll { width: 100; max-width: 100%; height: auto; max-height: 100%;
                                  border: round $accent; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,f1,enter", "dismiss", "close")]

    def compose(self) -> ComposeResult:
        """The list of keys."""
        with VerticalScroll():
            yield Static(keys_table(type(self.app)))


def layers(app: type[App[int]]) -> Iterator[Binding]:
    """The bindings of the application, those of its own last."""
    for layer in reversed(app.__mro__):
        if issubclass(layer, PlayingApp):
            yield from (one for one in layer.__dict__.get("BINDINGS", ()) if isinstance(one, Binding))


def keys_table(app: type[App[int]]) -> Table:
    """Every key with what it does, by what one is about."""
    table = Table.grid(padding=(0, 2))
    _section(table, "walk", [*_told(VoiceTable), *_told(BrowsingApp)])
    _section(table, "keep", _told(KeepingApp))
    _section(table, "lists", _told(ListsApp))
    _section(table, "see and edit", [*_told(app), *_END])
    _section(table, "on the sheet of parameters", _told(Editor))
    _section(table, "on the map", [*_told(MapView), *_told(MapScreen)])
    _section(table, "play", [*_PIANO, *_told(PlayingApp)])
    return table


def _section(table: Table, title: str, keys: list[tuple[str, str]]) -> None:
    table.add_row(Text(f"\n{title}", style="bold"), "")
    for key, said in keys:
        table.add_row(Text(key, style="cyan"), Text(said))


def _told(place: type[object]) -> list[tuple[str, str]]:
    found = [one for one in place.__dict__["BINDINGS"] if isinstance(one, Binding)]
    return [(_keys(one), f"{one.description}: {one.tooltip}" if one.tooltip else one.description) for one in found]


def _keys(binding: Binding) -> str:
    """The keys of a binding as people call them."""
    if binding.key_display:
        return binding.key_display
    return "  ".join(_spoken(key) for key in binding.key.split(","))


def _spoken(key: str) -> str:
    *modifiers, last = key.split("+")
    name = _WORDS.get(last) or (format_key(last) if not modifiers else format_key(last).upper())
    return "-".join([*(_WORDS.get(one, one) for one in modifiers), name])
