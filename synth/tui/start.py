# SPDX-License-Identifier: Apache-2.0
"""From a session to a screen, and back to the shell."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from synth.errors import SixopError
from synth.library import Library
from synth.patch import Patch
from synth.session import Session
from synth.tui.app import SixopApp
from synth.tui.library_shelf import LibraryShelf
from synth.tui.shelf import BankShelf, Shelf

_ENDS = ("SIGINT", "SIGTERM", "SIGHUP")  # the last: the terminal's window is closed
_LOOK_SECONDS = 1.0
_FAREWELL_SECONDS = 3.0
SERVER: Final = "SIXOP_WEB_SERVER"
"""In the environment of a browser's screen: the process id of its server, which started it."""
_DUMB: Final = ("", "dumb", "unknown")


def why_no_screen() -> str:
    """Why this terminal can show no screen; empty if it can."""
    terminal = os.environ.get("TERM", "")
    if sys.platform != "win32" and terminal in _DUMB:
        return f"a terminal of kind {terminal or 'none'!r} (TERM) cannot show a screen; the plain face plays instead"
    return ""


def run_screen(session: Session, voices: Sequence[Patch], bank_name: str) -> int:
    """Show a session until its end or the player's wish; the exit code."""
    library, doubt = _library()
    shelves: list[Shelf] = [BankShelf(voices, bank_name)]
    if library is not None:
        shelves.append(LibraryShelf(library))
    try:
        return asyncio.run(_shown(SixopApp(session, shelves, library, doubt)))
    finally:
        session.close()
        if library is not None:
            library.close()


async def _shown(app: SixopApp) -> int:
    """Run it to its end; a signal ends it as the key does, so that notes fade out and the terminal is put back."""
    for name in _ENDS:
        with suppress(AttributeError, NotImplementedError):  # Windows has not all of them
            asyncio.get_running_loop().add_signal_handler(getattr(signal, name), app.call_later, app.action_quit)
    server = os.environ.get(SERVER)
    watching = None if server is None else asyncio.create_task(_follow(app, int(server)))
    try:
        return await app.run_async() or 0
    finally:
        if watching is not None:
            watching.cancel()


async def _follow(app: SixopApp, server: int) -> None:
    """A browser's screen ends with its server, also when that is killed and can tell nobody."""
    while os.getppid() == server:
        await asyncio.sleep(_LOOK_SECONDS)
    with suppress(Exception):  # it may not be up yet, or draw on a connection that has gone
        await app.action_quit()
    await asyncio.sleep(_FAREWELL_SECONDS)
    os._exit(1)  # the player lets its notes go when it finds us gone


def _library() -> tuple[Library | None, str]:
    """The library, or why there is none: an instrument plays without."""
    try:
        return Library.open(), ""
    except SixopError as error:
        return None, str(error)
