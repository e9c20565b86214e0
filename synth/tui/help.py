# SPDX-License-Identifier: Apache-2.0
"""All keys, on `?`."""

from __future__ import annotations

from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

KEYS: Final = """\
[b]walk[/b]
  up down          previous, next voice; each is heard at once. Left and right, [ ] and - + do the same
  PgUp PgDn        a page; Home, End: the first, the last voice
  Ctrl-R           any of the voices in the table
  Enter            the next voice that is neither favourite nor hidden
  Tab              the library, or the bank

[b]search[/b]
  /                search as you type; the arrow keys still walk, Enter goes back to the table

[b]keep[/b]
  f                favourite; again: not
  k                hidden; again: not
  Ctrl-Z           undo
  a                compare: the first a keeps this voice as A, later ones go to and fro
  Shift-A          this voice is A

[b]edit[/b]
  Ctrl-E           open and close the sheet of parameters
  arrows  + -      walk on the sheet; more, less; with Shift and up or down, by ten
  Ctrl-Z  Ctrl-Y   undo, redo;  Ctrl-O: operator on or off

[b]play[/b]
  z s x d c v g b h n j m              from C3
  q 2 w 3 e r 5 t 6 y 7 u i 9 o 0      an octave higher; with shift, louder
  space            latch: notes stay until struck again
  , .              octave down, up
  Esc  p           panic: silence at once

  Ctrl-P           all commands, and themes
  Ctrl-Q           end"""


class HelpScreen(ModalScreen[None]):
    """Over everything else, until a key is struck."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > VerticalScroll { width: 100; height: auto; max-height: 90%; border: round $accent; padding: 1 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,enter,space", "dismiss", "close")]

    def compose(self) -> ComposeResult:
        """The list of keys."""
        with VerticalScroll():
            yield Static(KEYS.replace("[ ]", "\\[ ]"))
