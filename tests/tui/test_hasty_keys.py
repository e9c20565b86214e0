# SPDX-License-Identifier: Apache-2.0
"""Keys struck faster than the screen and the library answer, and terminals of all sizes."""

from __future__ import annotations

from pathlib import Path

import pytest
from stories import Screen, open_library, run_story
from textual.widgets import Input

from synth import Bank
from synth.factory import factory_bank
from synth.library import Library


def test_an_answer_counts_once_however_often_enter_is_struck(tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await open_library(screen)
        sound = screen.table.row.sound
        await screen.press("ctrl+t")
        await screen.until_asked("A tag for")
        await screen.type("live")
        line = screen.app.screen.query_one("#answer", Input)
        for _ in range(3):
            line.post_message(Input.Submitted(line, line.value))
        await screen.until(lambda: screen.library.get(sound).tags == ("live",))
        assert len(screen.app.screen_stack) == 1
        await screen.press("question_mark")
        await screen.until(lambda: len(screen.app.screen_stack) == 2)
        closed = screen.app.screen
        for _ in range(2):
            closed.dismiss()
        assert len(screen.app.screen_stack) == 1

    run_story(tmp_path, story)


def test_a_question_that_waits_for_the_library_is_put_once(tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await open_library(screen)
        for _ in range(3):
            screen.app.action_add_to_list()
        await screen.until_asked("which list")
        await screen.until(
            lambda: all(
                worker.is_finished
                for worker in screen.app.workers
                if worker.group == "default" and worker.name == "ask_library"
            )
        )
        assert len(screen.app.screen_stack) == 2

    run_story(tmp_path, story)


@pytest.mark.parametrize("width", [1, 5, 12])
def test_a_question_fits_whatever_terminal(tmp_path: Path, width: int) -> None:
    async def story(screen: Screen) -> None:
        await screen.press("ctrl+s")
        await screen.until_asked("Save what?")
        await screen.pilot.resize_terminal(width, 24)
        await screen.press("down", "escape")
        await screen.until(lambda: len(screen.app.screen_stack) == 1)

    run_story(tmp_path, story, size=(80, 24))


def test_the_map_fits_a_terminal_that_grows_and_shrinks(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.db") as library:
        Bank(factory_bank()).save(tmp_path / "factory.syx")
        library.scan([tmp_path / "factory.syx"])
        library.analyse()

    async def story(screen: Screen) -> None:
        await screen.press("f2")
        await screen.until(lambda: len(screen.app.screen_stack) == 2)
        for size in ((150, 50), (80, 24), (40, 60), (3, 3), (80, 24)):
            await screen.pilot.resize_terminal(*size)
        await screen.until(lambda: "◉" in screen.text())

    run_story(tmp_path, story, size=(80, 24))


def test_edits_are_made_in_the_order_of_their_keys(tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await open_library(screen)
        app, sound = screen.app, screen.table.row.sound
        for _ in range(3):
            app.action_star()
        await screen.until(lambda: screen.library.get(sound).rating == 3)
        for _ in range(3):
            app.action_mark("favourite")
        app.action_mark("hidden")
        app.action_undo()
        await screen.until(lambda: screen.notice.startswith("undone"))
        assert screen.library.get(sound).mark == "favourite"
        app.action_mark("favourite")
        app.action_star()
        app.action_undo()
        app.action_undo()
        app.action_star()
        await screen.until(lambda: screen.notice.endswith("4 stars") and not app._edits)
        kept = screen.library.get(sound)
        assert (kept.mark, kept.rating) == ("favourite", 4)
        await screen.until(lambda: screen.table.row.rating == 4)

    run_story(tmp_path, story)
