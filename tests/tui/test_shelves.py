# SPDX-License-Identifier: Apache-2.0
"""Shelves come and go, the bank and the library stay; the way back leads across all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from stories import Screen, run_story

from synth.tui.library_shelf import LibraryShelf
from synth.tui.shelf import BankShelf


async def open_list(screen: Screen, name: str) -> None:
    await screen.press("ctrl+l")
    await screen.until_asked("Walk which list")
    await screen.type(name)
    await screen.press("enter")
    await screen.until(lambda: screen.shelf == f"{name}: 3" and screen.app._shown not in screen.app._shelves[:2])


@pytest.mark.parametrize("name", ["library", "factory"])
def test_a_list_may_be_called_as_other_shelves_are(tmp_path: Path, name: str) -> None:
    async def story(screen: Screen) -> None:
        screen.library.make_list(name)
        screen.library.add_to_list(name, [1, 2, 3])
        for _ in range(2):
            await open_list(screen, name)
            assert len(screen.app._shelves) == 3
        await screen.press("f4")
        await screen.until(lambda: "walk its 3 voices" in screen.notice)
        await open_list(screen, name)
        await screen.press("tab")
        await screen.until(lambda: isinstance(screen.app._shown, BankShelf))
        await screen.press("tab")
        await screen.until(lambda: isinstance(screen.app._shown, LibraryShelf))
        await screen.press("tab")
        await screen.until(lambda: screen.app._shown is screen.app._shelves[2])
        screen.app.notice("")
        await screen.press("f4")
        await screen.until(lambda: "walk its 3 voices" in screen.notice)

    run_story(tmp_path, story)


@pytest.mark.parametrize(("words", "name"), [("bass", "bass"), ("", "search")])
def test_a_bank_of_a_search_is_called_by_its_words(tmp_path: Path, words: str, name: str) -> None:
    async def story(screen: Screen) -> None:
        await screen.press("tab")
        await screen.until(lambda: screen.shelf == "library: 32")
        await screen.press("slash", *words)
        count = 2 if words else 32
        await screen.until(lambda: screen.shelf == f"library: {count}")
        await screen.press("enter", "f4")
        await screen.until(lambda: screen.shelf == f"{name}: {count}")
        assert screen.session.bank_name == name

    run_story(tmp_path, story)


def test_the_way_back_is_heard_across_shelves(tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        def sounds(name: str) -> bool:
            row = screen.table.row
            return name in screen.title and row is not None and row.name == name

        async def down() -> str:
            before = screen.table.row.name
            await screen.press("down")
            await screen.until(lambda: screen.table.row.name != before and screen.table.row.name in screen.title)
            return screen.table.row.name

        heard = [await down(), await down()]
        await screen.press("tab")
        await screen.until(lambda: screen.shelf.startswith("library"))
        heard += [await down(), await down()]
        for name in heard[2::-1]:
            struck = screen.session.meters["notes_on"]
            await screen.press("backspace")
            await screen.until(lambda name=name: sounds(name))
            await screen.until(lambda struck=struck: screen.session.meters["notes_on"] > struck)
        await screen.press("backspace")
        await screen.until(lambda: "nothing was heard before" in screen.notice)
        assert sounds(heard[0])

    run_story(tmp_path, story)
