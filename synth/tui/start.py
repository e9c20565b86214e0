# SPDX-License-Identifier: Apache-2.0
"""From a session to a screen, and back to the shell."""

from __future__ import annotations

from collections.abc import Sequence

from synth.errors import SixopError
from synth.library import Library
from synth.patch import Patch
from synth.session import Session
from synth.tui.app import SixopApp
from synth.tui.library_shelf import LibraryShelf
from synth.tui.shelf import BankShelf, Shelf


def run_screen(session: Session, voices: Sequence[Patch], bank_name: str) -> int:
    """Show a session until its end or the player's wish; the exit code."""
    library, doubt = _library()
    shelves: list[Shelf] = [BankShelf(voices, bank_name)]
    if library is not None:
        shelves.append(LibraryShelf(library))
    try:
        return SixopApp(session, shelves, library, doubt).run() or 0
    finally:
        session.close()
        if library is not None:
            library.close()


def _library() -> tuple[Library | None, str]:
    """The library, or why there is none: an instrument plays without."""
    try:
        return Library.open(), ""
    except SixopError as error:
        return None, str(error)
