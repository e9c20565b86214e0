# SPDX-License-Identifier: Apache-2.0
"""A question in one line, with answers to choose from. Esc gives none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from synth.tui.left_once import LeftOnce


class Ask(ModalScreen[str | None], LeftOnce[str | None]):
    """Gives what was typed or chosen, or None.

    question: one line. answer: what stands there at first. choices: what can be chosen instead of typing; typing leaves
    those that hold the letters. free: whether an answer may be none of the choices.
    """

    DEFAULT_CSS = """
    Ask { align: center middle; }
    Ask > Vertical { width: 90%; min-width: 12; max-width: 90; height: auto; border: round $accent; padding: 0 1; }
    Ask OptionList { height: auto; max-height: 12; border: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "never mind"),
        Binding("down", "choose(1)", "next", show=False, priority=True),
        Binding("up", "choose(-1)", "previous", show=False, priority=True),
    ]

    def __init__(self, question: str, answer: str = "", choices: Sequence[str] = (), free: bool = True) -> None:
        super().__init__()
        self._question = question
        self._answer = answer
        self._choices = list(choices)
        self._free = free
        self._shown: list[str] = []

    def compose(self) -> ComposeResult:
        """The question, a line to type in, the choices."""
        with Vertical():
            yield Static(self._question, markup=False)
            yield Input(self._answer, id="answer", select_on_focus=False)
            yield OptionList()

    def on_mount(self) -> None:
        """Ready to type."""
        self.query_one(OptionList).can_focus = False
        self.query_one(Input).focus()
        self._narrow(self._answer if self._answer in self._choices else "")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Fewer choices; the answer is not the application's to search for."""
        event.stop()
        if event.value != self._answer:
            self._narrow(event.value)

    def _narrow(self, typed: str) -> None:
        self._shown = [choice for choice in self._choices if typed.lower() in choice.lower()]
        options = self.query_one(OptionList)
        options.display = bool(self._shown)
        options.clear_options()
        options.add_options([Option(choice.replace("[", "\\["), None) for choice in self._shown])
        options.highlighted = None if self._free or not self._shown else 0

    def action_choose(self, by: int) -> None:
        """The next or previous choice."""
        options = self.query_one(OptionList)
        if self._shown:
            here = options.highlighted
            first = 0 if by > 0 else len(self._shown) - 1
            options.highlighted = first if here is None else (here + by) % len(self._shown)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """One was clicked."""
        self.dismiss(self._shown[event.option_index])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: the highlighted choice, else what was typed."""
        event.stop()
        chosen = self.query_one(OptionList).highlighted
        if chosen is not None:
            self.dismiss(self._shown[chosen])
        elif self._free and event.value.strip():
            self.dismiss(event.value.strip())
