# SPDX-License-Identifier: Apache-2.0
"""What somebody may type or meet that makes no sense: a sentence, and the screen goes on."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from stories import Screen, run_story
from textual.command import CommandList

from synth.factory import factory_bank
from synth.session import Session
from synth.tui.app import SixopApp
from synth.tui.shelf import BankShelf


async def answered(screen: Screen, question: str, answer: str) -> None:
    await screen.until_asked(question)
    screen.app.screen.query_one("#answer").value = answer
    await screen.press("enter")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("~nosuch/x.syx", "nobody's folder is '~nosuch'"),
        ("x" * 300, "too long"),
        ("/", "names no file"),
        (".", "no file"),
    ],
)
def test_a_path_that_can_be_no_file_is_told(tmp_path: Path, path: str, why: str) -> None:
    async def story(screen: Screen) -> None:
        await screen.press("ctrl+s")
        await screen.until_asked("Save what?")
        await screen.press("enter")
        await answered(screen, "Into which file?", path)
        await screen.until(lambda: why in screen.notice)

    run_story(tmp_path, story)


def test_a_home_folder_that_nobody_has_is_told(tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await screen.press("ctrl+o")
        await answered(screen, "Read all voices", "~nosuch")
        await screen.until(lambda: "nobody's folder is '~nosuch'" in screen.notice)

    run_story(tmp_path, story)


def test_files_are_asked_for_when_the_working_directory_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()

    async def story(screen: Screen) -> None:
        monkeypatch.chdir(gone)
        gone.rmdir()
        await screen.press("ctrl+o")
        await screen.until_asked("Read all voices")
        assert screen.app.screen.query_one("#answer").value == f"{Path.home()}/"
        await screen.press("escape", "ctrl+s")
        await screen.until_asked("Save what?")
        await screen.press("enter")
        await screen.until_asked("Into which file?")

    run_story(tmp_path, story)


@pytest.mark.parametrize("key", ["pageup", "pagedown"])
def test_pages_of_a_list_of_commands_without_room(tmp_path: Path, key: str) -> None:
    async def story(screen: Screen) -> None:
        screen.app.action_command_palette()
        await screen.until(lambda: any(commands.option_count for commands in screen.app.screen.query("CommandList")))
        commands = screen.app.screen.query_one(CommandList)
        commands.styles.height = 0
        await screen.until(lambda: not commands.scrollable_content_region)
        commands.clear_options()
        commands.add_options(["one", "two"])
        commands.highlighted = 0
        await screen.press(key, "escape")
        await screen.until(lambda: len(screen.app.screen_stack) == 1)

    run_story(tmp_path, story)


def test_why_there_is_no_library_is_told_from_the_first(tmp_path: Path) -> None:
    why, bank = "library.db is of a newer sixop", list(factory_bank())

    async def show() -> None:
        with Session(bank, "factory", audio="none", midi=["none"]) as session:
            app = SixopApp(session, [BankShelf(bank, "factory")], None, why)
            async with app.run_test(size=(160, 45)) as pilot:
                screen = Screen(app, session, None, pilot)
                await screen.until(lambda: "audio" in screen.notice and why in screen.notice)
                for key in ("f2", "f", "ctrl+l", "ctrl+t", "l", "ctrl+k", "ctrl+z", "ctrl+o"):
                    app.notice("")
                    await screen.press(key)
                    await screen.until(lambda: screen.notice == f"the library is not open: {why}")

    asyncio.run(show())
