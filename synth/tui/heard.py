# SPDX-License-Identifier: Apache-2.0
"""What the library has heard of the sound in view: waveform, spectrum and figures."""

from __future__ import annotations

from typing import Final

from rich.console import Group
from rich.text import Text
from textual.widgets import Static

from synth.library import Library
from synth.library.heard import figures, headings, pictures

_HEIGHT: Final = 2  # lines of the pictures
_COLOUR: Final = "cyan"


class Heard(Static):
    """Of one sound; hidden while there is none, or nobody has listened to it yet."""

    DEFAULT_CSS = "Heard { height: auto; width: auto; padding: 1 0 0 0; }"

    def on_mount(self) -> None:
        """Nothing yet."""
        self.show_nothing()

    def show_nothing(self) -> None:
        """There is no sound, or not the one that was listened to."""
        self.display = False

    def show(self, library: Library | None, sound: int | None) -> None:
        """Show this sound.

        Raises:
            LibraryError: it cannot be read.
        """
        thumbnail = None if library is None or sound is None else library.thumbnail(sound)
        self.display = thumbnail is not None
        if library is None or sound is None or thumbnail is None:
            return
        drawn = Text("\n".join(pictures(thumbnail, _HEIGHT)), style=_COLOUR, no_wrap=True)
        self.update(
            Group(Text(headings(), style="dim", no_wrap=True), drawn, Text(figures(library.get(sound)), style="dim"))
        )
