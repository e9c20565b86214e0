# SPDX-License-Identifier: Apache-2.0
"""Walking, hearing, marking and editing on the screen, by real key presses."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from stories import Screen, Story, run_story
from textual.widgets import Input

from synth.errors import VoiceError
from synth.factory import factory_bank
from synth.tui.editing import Edit
from synth.tui.editor import Editor


@pytest.fixture
def drive(tmp_path: Path) -> Callable[[Story], None]:
    return partial(run_story, tmp_path)


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
        await screen.until(lambda: screen.shelf.startswith("library"))
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


def test_a_voice_is_renamed_in_the_sheet_and_has_its_name_back_by_undo(drive) -> None:
    async def story(screen: Screen) -> None:
        async def answer(name: str) -> None:
            screen.app.screen.query_one("#answer").value = name
            await screen.press("enter")

        await screen.press("down", "ctrl+e")
        editor = screen.app.query_one(Editor)
        await screen.until(lambda: editor.has_focus)
        await screen.press("minus", "ctrl+r")
        await screen.until_asked("A name of up to 10")
        assert screen.app.screen.query_one("#answer").value == "REED PIANO"
        await answer("A NAME TOO LONG")
        await screen.until_asked("1 to 10 characters, not of 15")
        await answer("ΠIANO")
        await screen.until_asked("cannot show 'Π'")
        before = screen.session.meters["notes_on"]
        await answer("Été →?")
        await screen.until(lambda: "Ete ~?" in screen.title and screen.session.meters["notes_on"] > before)
        assert screen.session.patch().name == "Ete ~?    "
        assert screen.session.patch() == editor.edit.patch
        assert "Ete →?" in screen.text()
        await screen.until(lambda: editor.has_focus)
        await screen.press("ctrl+s")
        await screen.until_asked("the voice Ete →?")
        await screen.press("escape")
        await screen.until(lambda: len(screen.app.screen_stack) == 1)
        editor.focus()
        await screen.press("ctrl+z")
        await screen.until(lambda: "REED PIANO" in screen.title)
        assert editor.edit.edited
        await screen.press("ctrl+y")
        await screen.until(lambda: "Ete" in screen.title)

    drive(story)


def test_the_same_name_is_no_step() -> None:
    edit = Edit(factory_bank()[0])
    assert not edit.rename("SILVERTINE")
    assert not edit.undo()
    with pytest.raises(VoiceError, match="1 to 10"):
        edit.rename(" ")


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
