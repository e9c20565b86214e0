# SPDX-License-Identifier: Apache-2.0
"""A line of text that changes often: it is drawn only when it is another one, and nothing is laid out for it."""

from __future__ import annotations

from typing import Any

from rich.text import Text
from textual.widget import Widget


class OneLine(Widget):
    """One line, cut off at the right."""

    DEFAULT_CSS = "OneLine { height: 1; padding: 0 1; }"

    def __init__(self, text: str = "", **arguments: Any) -> None:
        super().__init__(**arguments)
        self._text = Text(text, no_wrap=True, overflow="ellipsis")

    @property
    def text(self) -> str:
        """What stands there."""
        return self._text.plain

    def show(self, text: Text | str) -> None:
        """Show another text. A string is shown as it is, whatever brackets it has."""
        new = Text(text.replace("\n", "  "), no_wrap=True, overflow="ellipsis") if isinstance(text, str) else text
        if new != self._text:
            self._text = new
            self.refresh()

    def render(self) -> Text:
        """The line."""
        return self._text
