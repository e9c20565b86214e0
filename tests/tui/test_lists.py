# SPDX-License-Identifier: Apache-2.0
"""A list on the screen: put in order, shortened, renamed, deleted, and all of it taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from stories import Screen, run_story

from synth import Bank
from synth.factory import factory_bank
from synth.library import Library
from synth.library.database import LibraryError
from synth.tui.editor import Editor
from synth.tui.library_shelf import ListShelf

NAME = "Friday"
FOUR = ["SILVERTINE", "REED PIANO", "CRYSTAL EP", "STAGE GRND"]


def listed(screen: Screen, name: str = NAME) -> list[str]:
    return [item.name for item in screen.library.items(name)]


def shown(screen: Screen) -> list[str]:
    return [screen.table.rows[index].name for index in range(len(screen.table.rows))]


def struck(screen: Screen) -> int:
    return int(screen.session.meters.get("notes_on", 0))


@pytest.fixture
def with_list(tmp_path: Path) -> Callable[[Callable[[Screen], Awaitable[None]]], None]:
    """Drive a screen whose table shows a list of four voices, the cursor on the second."""

    def drive(story: Callable[[Screen], Awaitable[None]]) -> None:
        async def begin(screen: Screen) -> None:
            screen.library.make_list(NAME, "set")
            for name in FOUR:
                screen.library.add_to_list(NAME, screen.library.ids(f'name:"{name}"')[:1])
            await screen.press("ctrl+l")
            await screen.until_asked("Walk which list")
            await screen.press("enter")
            await screen.until(lambda: screen.shelf == f"{NAME}: 4")
            await screen.press("down")
            await screen.until(lambda: FOUR[1] in screen.title and struck(screen) > 0)
            await screen.until(lambda: screen.session.meters["keys_held"] == 0)
            await story(screen)

        run_story(tmp_path, begin)

    return drive


def test_a_voice_goes_up_and_down_its_list_unheard_and_back_by_undo(with_list) -> None:
    async def story(screen: Screen) -> None:
        one, two, three, four = FOUR
        before = struck(screen)
        await screen.press("greater_than_sign", "alt+down", "greater_than_sign")  # the last goes beyond the end
        await screen.until(lambda: shown(screen) == [one, three, four, two])
        assert listed(screen) == shown(screen)
        await screen.until(lambda: screen.table.row.name == two)
        assert screen.table.row.number == 4
        await screen.press("alt+up")
        await screen.until(lambda: shown(screen) == [one, three, two, four])
        assert f"{two}: number 3 in {NAME}" in screen.notice
        for order in ([one, three, four, two], [one, three, two, four], FOUR):
            await screen.press("ctrl+z")
            await screen.until(lambda order=order: shown(screen) == order)
            assert screen.table.row.name == two
        assert struck(screen) == before
        assert two in screen.title

    with_list(story)


def test_keys_struck_faster_than_the_library_answers_all_count(with_list) -> None:
    async def story(screen: Screen) -> None:
        one, two, three, four = FOUR
        await screen.press("up")
        await screen.until(lambda: screen.table.row.name == one)
        for _ in range(3):
            screen.app.action_move_entry(1)
        screen.table.action_move(1)  # the cursor is elsewhere when the answers come
        await screen.until(lambda: shown(screen) == [two, three, four, one])
        assert screen.table.row.name == two

    with_list(story)


def test_an_edited_voice_keeps_its_edits_when_it_is_moved(with_list) -> None:
    async def story(screen: Screen) -> None:
        await screen.press("ctrl+e")
        editor = screen.app.query_one(Editor)
        await screen.until(lambda: editor.has_focus)
        await screen.press("minus")
        await screen.until(lambda: editor.edit.edited)
        await screen.press("less_than_sign", "delete")  # in the sheet they mean nothing
        await screen.press("ctrl+e", "less_than_sign")
        await screen.until(lambda: shown(screen)[0] == FOUR[1])
        assert len(listed(screen)) == 4
        assert screen.app.in_view(screen.table.row) == editor.edit.patch
        assert screen.app.in_view(screen.table.rows[1]) != editor.edit.patch

    with_list(story)


def test_a_voice_is_taken_off_its_list_and_comes_back_by_undo(with_list) -> None:
    async def story(screen: Screen) -> None:
        one, _, three, four = FOUR
        await screen.press("delete")
        await screen.until(lambda: shown(screen) == [one, three, four])
        assert screen.table.row.name == three
        await screen.press("end", "delete")
        await screen.until(lambda: listed(screen) == [one, three] == shown(screen))
        await screen.until(lambda: screen.table.row.name == three)
        await screen.press("ctrl+z")
        await screen.until(lambda: shown(screen) == [one, three, four])
        await screen.press("slash", *"reed", "enter")
        await screen.until(lambda: len(screen.table.rows) == 0)
        await screen.press("delete", "greater_than_sign")
        assert listed(screen) == [one, three, four]

    with_list(story)


def test_the_same_voice_may_be_moved_past_itself(with_list) -> None:
    async def story(screen: Screen) -> None:
        one, two, three, four = FOUR
        screen.library.add_to_list(NAME, [screen.table.row.sound], 3)
        await screen.press("tab", "tab", "tab")
        await screen.until(lambda: shown(screen) == [one, two, two, three, four])
        await screen.press("home", "down")
        await screen.until(lambda: screen.table.cursor == 1)
        await screen.press("greater_than_sign")
        await screen.until(lambda: screen.table.cursor == 2)
        await screen.press("greater_than_sign")
        await screen.until(lambda: screen.table.cursor == 3)
        assert listed(screen) == [one, two, three, two, four]

    with_list(story)


def test_a_search_and_other_shelves_say_why_nothing_can_be_moved(with_list) -> None:
    async def story(screen: Screen) -> None:
        await screen.press("slash", *"reed", "enter")
        await screen.until(lambda: screen.shelf == f"{NAME}: 1")
        await screen.press("less_than_sign")
        await screen.until(lambda: "empty the search box" in screen.notice)
        await screen.press("delete")  # which row that is, is clear
        await screen.until(lambda: listed(screen) == [FOUR[0], *FOUR[2:]])
        await screen.press("tab")
        await screen.until(lambda: screen.shelf.startswith("factory"))
        for key in ("greater_than_sign", "delete", "L"):
            screen.app.notice("")
            await screen.press(key)
            await screen.until(lambda: "this is no list" in screen.notice)

    with_list(story)


def test_a_list_is_renamed_and_deleted(with_list) -> None:
    async def story(screen: Screen) -> None:
        async def ask(choice: str) -> None:
            await screen.press("L")
            await screen.until_asked("The list")
            await screen.type(choice)
            await screen.press("enter")

        screen.library.make_list("Sunday")
        for new, says in (("Sunday", "already"), ("Saturday  night", "is now Saturday night")):
            await ask("name")
            await screen.until_asked("Another name")
            screen.app.screen.query_one("#answer").value = new
            await screen.press("enter")
            await screen.until(lambda says=says: says in screen.notice)
        await screen.until(lambda: screen.shelf == "Saturday night: 4")
        assert listed(screen, "Saturday night") == FOUR
        await ask("delete")
        await screen.until(lambda: screen.shelf == "library: 32")
        assert [found.name for found in screen.library.lists()] == ["Sunday"]
        await screen.press("ctrl+z")
        await screen.until(lambda: len(screen.library.lists()) == 2)
        assert listed(screen, "Saturday night") == FOUR

    with_list(story)


def test_a_list_becomes_the_bank_that_pedals_and_program_changes_walk(with_list) -> None:
    def plays(screen: Screen, place: int) -> bool:
        here = screen.table.cursor == place and screen.session.voice()["name"] == FOUR[place]
        return here and not screen.session.voice()["edited"]

    async def story(screen: Screen) -> None:
        await screen.press("f4")
        await screen.until(lambda: "program changes and pedals walk its 4 voices" in screen.notice)
        await screen.until(lambda: screen.shelf == f"{NAME}: 4" and plays(screen, 1))
        screen.session.step(1)
        await screen.until(lambda: plays(screen, 2))
        screen.session.midi(bytes((0xC0, 3)))
        await screen.until(lambda: plays(screen, 3))
        assert [voice.name.rstrip() for voice in screen.session.bank] == FOUR
        await screen.press("f4")
        await screen.until(lambda: "this is the bank already" in screen.notice)

    with_list(story)


def test_a_list_that_others_changed_or_removed_says_so(with_list) -> None:
    async def story(screen: Screen) -> None:
        screen.library.remove_from_list(NAME, [2])
        await screen.press("greater_than_sign")
        await screen.until(lambda: f"{FOUR[1]} is no longer in {NAME}" in screen.notice)
        screen.library.delete_list(NAME)
        await screen.press("delete")
        await screen.until(lambda: "there is no list" in screen.notice)
        await screen.press("tab", "tab", "tab")
        await screen.until(lambda: f"There is no list {NAME} any more" in screen.text())

    with_list(story)


def test_a_row_moves_as_far_as_its_list_goes(tmp_path: Path) -> None:
    Bank(factory_bank()).save(tmp_path / "factory.syx")
    with Library.open(tmp_path / "library.db") as library:
        library.scan([tmp_path / "factory.syx"])
        library.make_list(NAME)
        library.add_to_list(NAME, range(1, 6))
        shelf = ListShelf(library, NAME)
        row = shelf.rows("")[2]
        assert [shelf.move(row, by) for by in (1, -9, 0, 2, 9)] == [4, 1, 1, 3, 5]
        assert [item.sound for item in library.items(NAME)] == [1, 2, 4, 5, 3]
        shelf.take_off(row)
        with pytest.raises(LibraryError, match="no longer in"):
            shelf.move(row, 1)
