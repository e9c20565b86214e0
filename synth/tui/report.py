# SPDX-License-Identifier: Apache-2.0
"""Words about the voice in view: how it differs from another, and what another instrument makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text
from textual.widgets import Static

from synth.differences import Difference, differences
from synth.patch import Patch

_COLUMNS: Final = 2  # of differences beside each other
_MOST: Final = 40  # differences shown
_BAR_WIDTH: Final = 6
_BEST: Final = 99.0
_KINDS: Final = {"exact": "green", "approximated": "yellow", "lost": "red"}


class Differing(Static):
    """What is set otherwise in A and in the voice in view; empty without an A."""

    DEFAULT_CSS = "Differing { height: auto; width: auto; padding: 1 0; }"

    def on_mount(self) -> None:
        """Nothing yet."""
        self.display = False

    def compare(self, ours: Patch | None, theirs: Patch | None) -> None:
        """A and B, if there are both and they differ."""
        if ours is None or theirs is None or ours == theirs:
            self.display = False
            return
        self.update(differences_picture(ours, theirs))
        self.display = True


def differences_picture(ours: Patch, theirs: Patch) -> RenderableType:
    """Only what differs, in columns: the name, A's value and B's, as bars where they are numbers."""
    rows = [row for row in differences(ours, theirs) if row.label != "VOICE NAME"]
    table = Table.grid(padding=(0, 1))
    title = Text.assemble(("A ", "bold"), ours.name.rstrip(), ("   B ", "bold"), theirs.name.rstrip())
    title.append(f"   {len(rows)} differences", style="dim")
    shown = rows[:_MOST]
    half = -(-len(shown) // _COLUMNS)
    for index in range(half):
        cells: list[Text] = []
        for row in shown[index::half]:
            cells += [Text(row.label, style="dim"), *_values(row)]
        table.add_row(*cells)
    whole = Table.grid()
    whole.add_row(title)
    whole.add_row(table)
    if len(rows) > _MOST:
        whole.add_row(Text(f"and {len(rows) - _MOST} more", style="dim"))
    return whole


def _values(row: Difference) -> list[Text]:
    return [_value(row.ours, "cyan"), _value(row.theirs, "magenta")]


def _value(value: int | str, style: str) -> Text:
    if isinstance(value, str):
        return Text(value, style=style)
    text = Text(f"{value:>3} ", style=style)
    return text.append("▬" * round(_BAR_WIDTH * min(1.0, abs(value) / _BEST)), style=style)


class Report(Static):
    """What an instrument that plays along has told last, for the voice it has; empty without one."""

    DEFAULT_CSS = "Report { height: auto; padding: 1 0; }"

    def on_mount(self) -> None:
        """Nothing yet."""
        self.display = False

    def tell(self, event: Mapping[str, Any]) -> None:
        """An event of a target: its text, with a light for how much was kept, and its lines if it has any."""
        light = [style for kind, style in _KINDS.items() if event.get(kind)]
        text = Text.assemble(("● ", light[-1] if light else "dim"), (f"{event['name']}   {event['text']}", "bold"))
        for line in event.get("report", ()):
            text.append(f"\n{line}", style=_KINDS.get(line.partition(":")[0], "dim"))
        self.update(text)
        self.display = True
