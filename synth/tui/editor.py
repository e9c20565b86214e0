# SPDX-License-Identifier: Apache-2.0
"""All parameters of a voice as a sheet: a column for each operator, and one for the whole voice."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from synth.errors import VoiceError
from synth.parameters import (
    NAME,
    NAME_LENGTH,
    OPERATOR_SIZE,
    OPERATORS,
    PARAMETERS,
    PITCH_ENVELOPE,
    Parameter,
    operator_position,
)
from synth.tui.ask import Ask
from synth.tui.editing import Edit
from synth.tui.wiring import colour

_LABEL_WIDTH: Final = 12
_VALUE_WIDTH: Final = 5
_WORDS: Final = {"AMP MOD SENSITIVITY": "AMS", "KEY VELOCITY SENSITIVITY": "VELOCITY", "OSCILLATOR MODE": "MODE"}
_COMMON: Final = PARAMETERS[PITCH_ENVELOPE:NAME]
_COMMON_LABEL_WIDTH: Final = 21
_FAR: Final = 10  # steps of Shift


def _columns() -> list[list[Parameter]]:
    operators = [
        list(PARAMETERS[operator_position(index) : operator_position(index) + OPERATOR_SIZE])
        for index in range(OPERATORS)
    ]
    return [*operators, list(_COMMON)]


class Editor(Widget, can_focus=True):
    """A sheet to walk in with the arrow keys; + and - change what the cursor is on."""

    DEFAULT_CSS = "Editor { height: auto; width: auto; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "walk(0, -1)", "up", show=False),
        Binding("down", "walk(0, 1)", "down", show=False),
        Binding("left", "walk(-1, 0)", "left", show=False),
        Binding("right", "walk(1, 0)", "right", show=False),
        Binding("plus,equals_sign,right_square_bracket", "step(1)", "more", key_display="+"),
        Binding("minus,left_square_bracket", "step(-1)", "less", key_display="-"),
        Binding("shift+up,right_curly_bracket", f"step({_FAR})", "much more", show=False),
        Binding("shift+down,left_curly_bracket", f"step({-_FAR})", "much less", show=False),
        Binding("ctrl+z", "undo", "undo"),
        Binding("ctrl+y", "redo", "redo"),
        Binding("ctrl+o", "switch", "operator on/off"),
        Binding("ctrl+r", "rename", "rename"),
    ]

    class Changed(Message):
        """The voice is another one now."""

        def __init__(self, edit: Edit) -> None:
            super().__init__()
            self.edit = edit

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._columns = _columns()
        self._column = self._row = 0
        self.edit: Edit | None = None

    def open(self, edit: Edit) -> None:
        """Edit this voice."""
        self.edit = edit
        self.refresh(layout=True)

    @property
    def parameter(self) -> Parameter:
        """The one under the cursor."""
        return self._columns[self._column][self._row]

    def get_content_width(self, *_arguments: Any) -> int:
        """All columns."""
        return _LABEL_WIDTH + OPERATORS * _VALUE_WIDTH + 2 + _COMMON_LABEL_WIDTH + _VALUE_WIDTH + 5

    def get_content_height(self, *_arguments: Any) -> int:
        """A heading, and the longest column."""
        return 1 + max(map(len, self._columns))

    # ---- keys ------------------------------------------------------------------------

    def action_walk(self, across: int, down: int) -> None:
        """To a neighbour; around the ends."""
        self._column = (self._column + across) % len(self._columns)
        rows = len(self._columns[self._column])
        self._row = min(self._row, rows - 1) if across else (self._row + down) % rows
        self.refresh()

    def action_step(self, by: int) -> None:
        """More or less of what the cursor is on."""
        if self.edit is not None and self.edit.step(self.parameter, by):
            self._tell()

    def action_undo(self) -> None:
        """Back by a step."""
        if self.edit is not None and self.edit.undo():
            self._tell()

    def action_redo(self) -> None:
        """Forward again."""
        if self.edit is not None and self.edit.redo():
            self._tell()

    def action_switch(self) -> None:
        """The cursor's operator on or off."""
        if self.edit is not None and self.parameter.operator:
            self.edit.switch(self.parameter.operator)
            self._tell()

    def action_rename(self) -> None:
        """Ask for a name, and again if it is none."""
        edit = self.edit
        if edit is None:
            return

        def rename(name: str | None) -> None:
            if name is None or edit is not self.edit:
                return
            try:
                if edit.rename(name):
                    self._tell()
            except VoiceError as error:
                ask(f"{error}. Another name", name)

        def ask(question: str, name: str) -> None:
            self.app.push_screen(Ask(question, name), rename)

        ask(f"A name of up to {NAME_LENGTH} characters", edit.patch.display_name)

    def _tell(self) -> None:
        assert self.edit is not None
        self.refresh()
        self.post_message(self.Changed(self.edit))

    # ---- drawing ---------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """A row of operators' values, and beside it one of the whole voice."""
        if self.edit is None:
            return Strip.blank(self.size.width)
        if y == 0:
            return Strip(self._heading()).adjust_cell_length(self.size.width)
        row = y - 1
        segments: list[Segment] = []
        operators = self._columns[0]
        label = _WORDS.get(operators[row].name, operators[row].name) if row < len(operators) else ""
        segments.append(Segment(f"{label[:_LABEL_WIDTH]:<{_LABEL_WIDTH}}", Style(dim=True)))
        segments.extend(self._cell(column, row) for column in range(OPERATORS))
        segments.append(Segment("  "))
        if row < len(_COMMON):
            segments.append(Segment(f"{_COMMON[row].name:<{_COMMON_LABEL_WIDTH}}", Style(dim=True)))
            segments.append(self._cell(OPERATORS, row))
        return Strip(segments).adjust_cell_length(self.size.width)

    def _heading(self) -> list[Segment]:
        assert self.edit is not None
        patch = self.edit.patch
        styles = [(number, Style.parse(f"bold {colour(patch, number)}")) for number in range(1, OPERATORS + 1)]
        numbers = [Segment(f"{number:>{_VALUE_WIDTH}}", style) for number, style in styles]
        return [Segment(f"{patch.display_name:<{_LABEL_WIDTH}}", Style(bold=True)), *numbers]

    def _cell(self, column: int, row: int) -> Segment:
        assert self.edit is not None
        if row >= len(self._columns[column]):
            return Segment(" " * _VALUE_WIDTH)
        parameter = self._columns[column][row]
        value = self.edit.value(parameter)
        shown = parameter.choices[value] if parameter.choices else str(value + (parameter.key == "algorithm"))
        here = column == self._column and row == self._row
        style = Style(reverse=here, bold=here)
        width = _VALUE_WIDTH if parameter.operator else _VALUE_WIDTH + 5
        return Segment(f"{shown[: width - 1]:>{width}}", style)
