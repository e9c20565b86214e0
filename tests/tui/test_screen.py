# SPDX-License-Identifier: Apache-2.0
"""The screen under real key presses, with a real player behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from synth import Bank
from synth.factory import factory_bank
from synth.library import Library
from synth.session import Session
from synth.tui.app import SixopApp
from synth.tui.editor import Editor
from synth.tui.library_shelf import LibraryShelf
from synth.tui.shelf import BankShelf
from synth.tui.table import VoiceTable

PATIENCE_SECONDS = 20.0


class Screen:
    """An application being driven. `until` waits for what a key press leads to."""

    def __init__(self, app: SixopApp, session: Session, library: Library, pilot: Pilot[int]) -> None:
        self.app, self.session, self.library, self.pilot = app, session, library, pilot
        self.press = pilot.press

    @property
    def table(self) -> VoiceTable:
        return self.app.query_one(VoiceTable)

    @property
    def title(self) -> str:
        return str(self.app.query_one("#title").render())

    @property
    def notice(self) -> str:
        return str(self.app.query_one("#notice").render())

    async def until(self, happened: Callable[[], bool]) -> None:
        for _ in range(int(PATIENCE_SECONDS / 0.05)):
            if happened():
                return
            await self.pilot.pause(0.05)
        raise AssertionError("it did not happen")


@pytest.fixture
def drive(tmp_path: Path) -> Callable[[Callable[[Screen], Awaitable[None]]], None]:
    """Runs a story on a screen of the factory bank and of a library that holds it."""

    def run(story: Callable[[Screen], Awaitable[None]]) -> None:
        bank = list(factory_bank())
        Bank(bank).save(tmp_path / "factory.syx")
        library = Library.open(tmp_path / "library.db")
        library.scan([tmp_path / "factory.syx"])

        async def show() -> None:
            with Session(bank, "factory", audio="none", midi=["none"]) as session:
                app = SixopApp(session, [BankShelf(bank, "factory"), LibraryShelf(library)], library)
                async with app.run_test(size=(160, 45)) as pilot:
                    screen = Screen(app, session, library, pilot)
                    await screen.until(lambda: len(screen.table.rows) == len(bank) and "audio" in screen.notice)
                    await story(screen)

        asyncio.run(show())
        library.close()

    return run


def test_an_arrow_key_chooses_the_voice_and_plays_it(drive) -> None:
    async def story(screen: Screen) -> None:
        await screen.press("down")
        await screen.until(lambda: "REED PIANO" in screen.title)
        await screen.until(lambda: screen.session.meters.get("notes_on", 0) > 0)

    drive(story)


def test_a_phrase_ends_by_itself(drive) -> None:
    async def story(screen: Screen) -> None:
        await screen.press("down")
        await screen.until(lambda: screen.session.meters.get("notes_on", 0) > 0)
        await screen.until(lambda: screen.session.meters["keys_held"] == 0)

    drive(story)


def test_what_is_held_is_struck_again_with_the_next_voice(drive) -> None:
    async def story(screen: Screen) -> None:
        await screen.press("space", "z", "c")  # latched
        await screen.until(lambda: screen.session.meters.get("keys_held") == 2)
        before = screen.session.meters["notes_on"]
        await screen.press("down")
        await screen.until(lambda: screen.session.meters["notes_on"] == before + 2)
        assert screen.session.meters["keys_held"] == 2
        await screen.press("escape")
        await screen.until(lambda: screen.session.meters["keys_held"] == 0)

    drive(story)


def test_searching_narrows_the_table_and_arrows_still_walk(drive) -> None:
    async def story(screen: Screen) -> None:
        await screen.press("slash", *"bass")
        await screen.until(lambda: len(screen.table.rows) == 2)
        await screen.press("down")
        await screen.until(lambda: "SLAP BASS" in screen.title)
        await screen.press("enter", "z")
        assert screen.app.query_one(Input).value == "bass"

    drive(story)


def test_marks_are_kept_in_the_library_and_can_be_undone(drive) -> None:
    async def story(screen: Screen) -> None:
        await screen.press("f")
        await screen.until(lambda: "Tab" in screen.notice)  # a bank has no marks
        await screen.press("tab")
        await screen.until(lambda: screen.app.query_one(Input).border_title.startswith("library"))
        await screen.press("f", "down", "k")
        await screen.until(lambda: screen.library.stats().hidden == 1)
        assert screen.library.stats().favourites == 1
        await screen.press("enter")
        row = screen.table.row
        assert row is not None
        assert not row.mark
        await screen.press("ctrl+z")
        await screen.until(lambda: screen.library.stats().hidden == 0)

    drive(story)


def test_a_parameter_that_is_changed_is_heard(drive) -> None:
    async def story(screen: Screen) -> None:
        await screen.press("down", "ctrl+e")
        editor = screen.app.query_one(Editor)
        await screen.until(lambda: editor.has_focus)
        before = screen.session.meters.get("notes_on", 0)
        await screen.press("minus")
        await screen.until(lambda: editor.edit is not None and editor.edit.edited)
        await screen.until(lambda: screen.session.meters["notes_on"] > before)
        await screen.press("ctrl+z")
        assert editor.edit is not None
        assert not editor.edit.edited

    drive(story)


def test_a_and_b_are_compared(drive) -> None:
    async def story(screen: Screen) -> None:
        await screen.press("down", "a", "down")
        await screen.until(lambda: "CRYSTAL EP" in screen.title)
        await screen.press("a")
        await screen.until(lambda: "REED PIANO" in screen.title)
        await screen.press("a")
        await screen.until(lambda: "CRYSTAL EP" in screen.title)

    drive(story)


def test_quitting_ends_with_code_0(drive) -> None:
    async def story(screen: Screen) -> None:
        await screen.press("ctrl+q")
        await screen.until(lambda: screen.app.return_code is not None or not screen.app.is_running)

    drive(story)
