# SPDX-License-Identifier: Apache-2.0
"""The screen under key presses: a real player behind it, a real library beside it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from synth import Bank
from synth.factory import factory_bank
from synth.library import Library
from synth.session import Session
from synth.tui.app import SixopApp
from synth.tui.library_shelf import LibraryShelf
from synth.tui.one_line import OneLine
from synth.tui.shelf import BankShelf
from synth.tui.table import VoiceTable

PATIENCE_SECONDS = 20.0
SNAPSHOTS = Path(__file__).with_name("snapshots")
_KEYS = {"/": "slash", " ": "space", ".": "full_stop", "-": "minus", "_": "underscore", ":": "colon"}


class Screen:
    """An application being driven. `until` waits for what a key press leads to."""

    def __init__(self, app: SixopApp, session: Session, library: Library, pilot: Pilot[int]) -> None:
        self.app, self.session, self.library, self.pilot = app, session, library, pilot
        self.press = pilot.press

    @property
    def table(self) -> VoiceTable:
        return self.app.table

    @property
    def title(self) -> str:
        return self._line("#title")

    @property
    def notice(self) -> str:
        return self._line("#notice")

    @property
    def shelf(self) -> str:
        return str(self.app.screen_stack[0].query_one("#search").border_title)

    def _line(self, name: str) -> str:
        return self.app.screen_stack[0].query_one(name, OneLine).text

    async def type(self, text: str) -> None:
        await self.press(*(_KEYS.get(letter, letter) for letter in text))

    async def until(self, happened: Callable[[], bool]) -> None:
        for _ in range(int(PATIENCE_SECONDS / 0.05)):
            if happened():
                return
            await self.pilot.pause(0.05)
        raise AssertionError(f"it did not happen; the screen says {self.notice!r} and shows:\n{self.text()}")

    async def until_asked(self, question: str) -> None:
        await self.until(lambda: len(self.app.screen_stack) > 1 and question in self.text())

    def text(self) -> str:
        """What is to be seen, line by line."""
        lines = ("".join(segment.text for segment in line) for line in self.app.screen._compositor.render_strips())
        return "\n".join(line.rstrip() for line in lines)

    async def look(self, name: str) -> None:
        """Compare what is to be seen with a picture that somebody has looked at.

        SIXOP_SNAPSHOTS=write draws the pictures anew.
        """
        for line in self.app.query("Meters, #notice"):
            line.visible = False
        await self.pilot.pause(0.3)
        path = SNAPSHOTS / f"{name}.txt"
        shown = self.text() + "\n"
        if os.environ.get("SIXOP_SNAPSHOTS") == "write":
            path.parent.mkdir(exist_ok=True)
            path.write_text(shown, encoding="utf-8")
        assert shown == path.read_text(encoding="utf-8")


async def open_library(screen: Screen) -> None:
    """To the library, which holds the factory bank."""
    await screen.press("tab")
    await screen.until(lambda: screen.shelf.startswith("library: 32"))


Story = Callable[[Screen], Awaitable[None]]


def run_story(
    folder: Path,
    story: Story,
    size: tuple[int, int] = (160, 45),
    full: bool = True,
    goes_on_at: int | None = None,
    **choices: Any,
) -> None:
    """Drive a screen of the factory bank and of a library in a folder that holds it, or nothing if not `full`.

    goes_on_at: place of the voice that a remembered session goes on with. choices: of the session.
    """
    bank = list(factory_bank())
    Bank(bank).save(folder / "factory.syx")
    library = Library.open(folder / "library.db")
    if full:
        library.scan([folder / "factory.syx"])

    async def show() -> None:
        given = (bank, "factory") if goes_on_at is None else ()
        with Session(*given, audio="none", midi=["none"], **choices) as session:
            app = SixopApp(session, [BankShelf(bank, "factory"), LibraryShelf(library)], library)
            async with app.run_test(size=size) as pilot:
                screen = Screen(app, session, library, pilot)
                await screen.until(
                    lambda: (
                        len(screen.table.rows) == len(bank)
                        and "audio" in screen.notice
                        and bank[goes_on_at or 0].name in screen.title
                    )
                )
                await story(screen)

    try:
        asyncio.run(show())
    finally:
        library.close()
