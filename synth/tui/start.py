# SPDX-License-Identifier: Apache-2.0
"""From a session to a screen, and back to the shell."""

from __future__ import annotations

from collections.abc import Sequence

from synth.patch import Patch
from synth.session import Session
from synth.tui.app import SixopApp
from synth.tui.shelf import BankShelf, Shelf


def run_screen(session: Session, voices: Sequence[Patch], bank_name: str) -> int:
    """Show a session until its end or the player's wish; the exit code."""
    shelves: list[Shelf] = [BankShelf(voices, bank_name)]
    try:
        return SixopApp(session, shelves).run() or 0
    finally:
        session.close()
