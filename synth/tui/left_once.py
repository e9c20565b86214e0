# SPDX-License-Identifier: Apache-2.0
"""Screens that lie on the first one: whichever key leaves one, what was struck after it is ignored."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import Screen, ScreenResultType


class LeftOnce(Screen[ScreenResultType]):
    """Keys that were on their way when it was left do not take away the screen below it.

    Beside a `ModalScreen` it comes second: looks are inherited from the first.
    """

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Leave it, the first time."""
        return super().dismiss(result) if self.is_current else AwaitComplete()
