# SPDX-License-Identifier: Apache-2.0
"""Questions to the library and edits of it, while the screen goes on. Mistakes become the notice."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import TypeVar

from textual import work

from synth.errors import SixopError
from synth.session import Session
from synth.tui.playing import PlayingApp

Answer = TypeVar("Answer")


class AskingApp(PlayingApp):
    """Questions may be answered in any order; edits are made one after the other, in the order of the keys."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._edits: deque[Callable[[], None]] = deque()
        self._editing = threading.Lock()

    @work(thread=True, exit_on_error=False)
    def ask_library(self, question: Callable[[], Answer], then: Callable[[Answer], None] | None = None) -> None:
        """Have a question answered."""
        self._answer(question, then)

    def edit_library(self, change: Callable[[], Answer], then: Callable[[Answer], None]) -> None:
        """Have an edit made, after those before it."""
        self._edits.append(lambda: self._answer(change, then))
        self._make_edits()

    @work(thread=True, exit_on_error=False)
    def _make_edits(self) -> None:
        with self._editing:
            while self._edits:
                self._edits.popleft()()

    def _answer(self, question: Callable[[], Answer], then: Callable[[Answer], None] | None) -> None:
        try:
            answer = question()
        except (SixopError, OSError) as error:
            self.call_from_thread(self.notice, str(error))
        else:
            if then is not None:
                self.call_from_thread(then, answer)
