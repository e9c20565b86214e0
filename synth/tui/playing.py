# SPDX-License-Identifier: Apache-2.0
"""The screen as an instrument: the computer's keyboard is a piano, silence is one key away, wherever somebody is.

The piano (see `synth/face/piano.py`) takes letters and digits, so commands have the keys that no piano key has.
"""

from __future__ import annotations

import math
import time
from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.app import App
from textual.binding import Binding, BindingType
from textual.widgets import Input

from synth.face.piano import DEFAULT_OCTAVE, NoteMessage, Piano, play_on, unshifted
from synth.patch import Patch
from synth.session import Session
from synth.tui.one_line import OneLine
from synth.tui.phrases import phrase_for

_TICK_SECONDS = 0.02  # how often the piano is asked what ends, while it sounds


class PlayingApp(App[int]):
    """A session, and a piano on it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "latch", "latch", show=False, tooltip="notes stay until they are struck again"),
        Binding("comma", "octave(-1)", "octave down", key_display=",", show=False),
        Binding("full_stop", "octave(1)", "octave up", key_display=".", show=False),
        Binding("p", "panic", "panic", show=False, tooltip="silence at once"),
        Binding(
            "escape", "silence", "panic", key_display="Esc", priority=True,
            tooltip="silence at once, also while typing; then back to the table",
        ),
    ]  # fmt: skip

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._piano = Piano(session.remembered("octave", DEFAULT_OCTAVE))
        self._heard: Patch | None = None  # the voice that plays
        self._heard_since = -math.inf  # when it was chosen here, by the clock of the piano

    def on_mount(self) -> None:
        """Nothing sounds yet."""
        self._piano_timer = self.set_interval(_TICK_SECONDS, self._tick_piano, pause=True)

    def notice(self, text: str) -> None:
        """One line that stays until the next one."""
        for screen in self.screen_stack[:1]:  # none when everything is being taken down
            for line in screen.query("#notice").results(OneLine):
                line.show(text)

    def hear(self, patch: Patch, category: str = "") -> None:
        """Play this voice from now on, and let it be heard."""
        self._heard = patch
        self._heard_since = time.monotonic()
        self._session.audition(patch, phrase_for(category))

    # ---- the piano -------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Piano keys, unless somebody types."""
        if isinstance(self.focused, Input):
            return
        plain, loud = unshifted(event.character or "")
        note = self._piano.note(plain)
        if note is not None:
            self._play(self._piano.strike(note, time.monotonic()), loud)
            event.stop()

    def _tick_piano(self) -> None:
        self._play(self._piano.tick(time.monotonic()))

    def _play(self, messages: list[NoteMessage], loud: bool = False) -> None:
        play_on(self._session, messages, loud)
        if self._piano.sounding:
            self._piano_timer.resume()
        else:
            self._piano_timer.pause()

    def forget_notes(self) -> None:
        """The player holds none any more."""
        self._piano.release()
        self._piano_timer.pause()

    def action_octave(self, by: int) -> None:
        """The piano an octave down or up."""
        self._play(self._piano.shift(by))
        self._session.remember("octave", self._piano.octave)
        self.notice(f"octave from C{self._piano.octave}")

    def action_latch(self) -> None:
        """Notes stay until they are struck again."""
        self._play(self._piano.toggle_latch())
        self.notice(f"latch {'on' if self._piano.latch else 'off'}")

    def action_panic(self) -> None:
        """Silence."""
        self.forget_notes()
        self._session.panic()
        self.notice("silence")

    def action_silence(self) -> None:
        """Silence; then Esc does what else it does where somebody is."""
        self.action_panic()
        if len(self.screen_stack) > 1:
            raise SkipAction
        self.back_to_table()

    def back_to_table(self) -> None:
        """Where Esc leads on the first screen."""
