# SPDX-License-Identifier: Apache-2.0
"""From a session to a screen, and back to the shell."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from synth.errors import SixopError
from synth.library import Library
from synth.patch import Patch
from synth.player.leaving import end_within
from synth.session import Session
from synth.tui.app import SixopApp
from synth.tui.library_shelf import LibraryShelf
from synth.tui.shelf import BankShelf, Shelf

_ENDS = ("SIGINT", "SIGTERM", "SIGHUP")  # the last: the terminal's window is closed
_LOOK_SECONDS = 1.0
_FAREWELL_SECONDS = 5.0
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
    end = _ending(app, asyncio.get_running_loop())
    for name in _ENDS:
        if hasattr(signal, name):  # Windows has not all of them
            signal.signal(getattr(signal, name), end)
    server = os.environ.get(SERVER)
    if server is not None:
        threading.Thread(target=_follow, args=(int(server), end), name="follow the server", daemon=True).start()
    await app.run_async()
    code = app.return_value or app.return_code
    return 1 if code is None else code


def _ending(app: SixopApp, loop: asyncio.AbstractEventLoop) -> Callable[..., None]:
    """What ends the screen from any thread, and from within a signal.

    The loop may wait for ever to draw on a terminal or a connection that takes nothing any more: then the process ends
    all the same, and the player, which finds it gone, lets its notes go.
    """

    def end(*_: object) -> None:
        end_within(_FAREWELL_SECONDS, 1)
        with suppress(RuntimeError):  # the loop has ended already
            loop.call_soon_threadsafe(app.call_later, app.action_quit)

    return end


def _follow(server: int, end: Callable[..., None]) -> None:
    """A browser's screen ends with its server, also when that is killed and can tell nobody."""
    while os.getppid() == server:
        time.sleep(_LOOK_SECONDS)
    end()


def _library() -> tuple[Library | None, str]:
    """The library, or why there is none: an instrument plays without."""
    try:
        return Library.open(), ""
    except SixopError as error:
        return None, str(error)
