# SPDX-License-Identifier: Apache-2.0
"""What is done with a library on the screen: stars, tags, lists, searches, likeness, files, folders."""

from __future__ import annotations

from pathlib import Path

from stories import Screen, open_library, run_story

from synth import Bank
from synth.factory import factory_bank
from synth.library import Library
from synth.tui.editor import Editor


def test_stars_tags_and_lists(tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await open_library(screen)
        sound = screen.table.row.sound
        await screen.press("asterisk")
        await screen.until(lambda: screen.library.get(sound).rating == 1)
        await screen.press("ctrl+t")
        await screen.until_asked("A tag for")
        await screen.type("live")
        await screen.press("enter")
        await screen.until(lambda: screen.library.get(sound).tags == ("live",))
        for name in ("down", "down"):
            await screen.press(name, "l")
            await screen.until_asked("which list")
            await screen.type("Friday")
            await screen.press("enter")
            await screen.until(lambda: "is in Friday" in screen.notice)
        await screen.until(lambda: len(screen.library.items("Friday")) == 2)
        await screen.press("ctrl+l")
        await screen.until_asked("Walk which list")
        await screen.press("enter")
        await screen.until(lambda: screen.shelf == "Friday: 2")
        assert [screen.table.rows[0].number, screen.table.rows[1].number] == [1, 2]
        first = screen.table.rows[0].name
        await screen.press("down", "up")
        await screen.until(lambda: first in screen.title)
        await screen.press("tab")
        await screen.until(lambda: screen.shelf.startswith("factory"))

    run_story(tmp_path, story)


def test_a_search_is_kept_sorted_and_found_again(tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await open_library(screen)
        await screen.press("slash")
        await screen.type("bass")
        await screen.until(lambda: screen.shelf == "library: 2")
        await screen.press("enter", "ctrl+k")
        await screen.until_asked("A name for the search")
        await screen.type("low")
        await screen.press("enter")
        await screen.until(lambda: screen.library.searches() == {"low": "bass"})
        await screen.press("semicolon")
        await screen.until(lambda: screen.app._box.value == "bass sort:category")
        await screen.press("ctrl+l")
        await screen.until_asked("low   bass")
        await screen.type("every")
        await screen.press("enter")
        await screen.until(lambda: screen.shelf == "library: 32")

    run_story(tmp_path, story)


def test_likeness_asks_to_listen_first_and_then_shows_neighbours(tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await open_library(screen)
        await screen.press("ctrl+n")
        await screen.until(lambda: screen.library.stats().analysed == 32 and screen.app._scanning is None)
        name = screen.table.row.name
        assert "spectrum, 40 Hz" not in screen.text()  # nobody had listened when the voice was drawn
        await screen.press("down", "up")
        await screen.until(lambda: "spectrum, 40 Hz" in screen.text() and "harmonicity" in screen.text())
        await screen.press("ctrl+n")
        await screen.until(lambda: screen.shelf == f"like {name}: 32")
        assert screen.table.rows[0].name == name
        assert "distance" in screen.table.rows[1].bank

    run_story(tmp_path, story)


def test_walking_on_the_map_is_heard_and_ends_in_the_table(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.db") as library:
        Bank(factory_bank()).save(tmp_path / "factory.syx")
        library.scan([tmp_path / "factory.syx"])
        library.analyse()

    async def story(screen: Screen) -> None:
        await screen.press("f2")
        await screen.until(lambda: len(screen.app.screen_stack) == 2)
        chart = screen.app.screen._chart
        before = screen.session.meters.get("notes_on", 0)
        for direction in ("right", "left", "up", "down"):
            await screen.press(direction)
        await screen.until(lambda: screen.session.meters["notes_on"] > before)
        here = int(chart.ids[chart.here])
        await screen.press("f")
        await screen.until(lambda: screen.library.get(here).mark == "favourite")
        await screen.press("enter")
        await screen.until(lambda: screen.table.row is not None and screen.table.row.sound == here)
        assert screen.shelf == "library: 32"

    run_story(tmp_path, story)


def test_voices_are_saved_and_files_only_replaced_when_asked(tmp_path: Path) -> None:
    async def save(screen: Screen, what: str, path: Path) -> None:
        await screen.press("ctrl+s")
        await screen.until_asked("Save what?")
        await screen.type(what)
        await screen.press("enter")
        await screen.until_asked("Into which file?")
        screen.app.screen.query_one("#answer").value = str(path)
        await screen.press("enter")

    async def story(screen: Screen) -> None:
        one, all_of_them = tmp_path / "one.syx", tmp_path / "all.syx"
        await screen.press("down", "ctrl+e")
        editor = screen.app.query_one(Editor)
        await screen.until(lambda: editor.has_focus)
        await screen.press("minus")
        await screen.until(lambda: screen.app._heard is not None and screen.app._heard == editor.edit.patch)
        await save(screen, "the voice", one)
        await screen.until(lambda: one.exists() and "saved" in screen.notice)
        assert Bank.load(one)[0] == editor.edit.patch
        await screen.until(lambda: screen.library.stats().sounds == 33)
        await save(screen, "of the table", all_of_them)
        await screen.until(lambda: all_of_them.exists())
        assert list(Bank.load(all_of_them)) == list(factory_bank())
        all_of_them.write_bytes(b"mine")
        await save(screen, "of the table", all_of_them)
        await screen.until_asked("already")
        await screen.press("enter")
        await screen.until(lambda: len(screen.app.screen_stack) == 1)
        assert all_of_them.read_bytes() == b"mine"

    run_story(tmp_path, story)


def test_an_empty_library_says_how_to_fill_it_and_a_folder_fills_it(tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await screen.press("tab")
        await screen.until(lambda: "Your library is empty" in screen.text())
        await screen.press("ctrl+o")
        await screen.until_asked("which folder")
        screen.app.screen.query_one("#answer").value = str(tmp_path / "nowhere")
        await screen.press("enter")
        await screen.until(lambda: "there is no" in screen.notice and screen.app._scanning is None)
        await screen.press("ctrl+o")
        await screen.until_asked("which folder")
        screen.app.screen.query_one("#answer").value = str(tmp_path)
        await screen.press("enter")
        await screen.until(lambda: screen.shelf == "library: 32")
        await screen.until(lambda: "listened" in screen.notice and screen.app._scanning is None)

    run_story(tmp_path, story, full=False)
