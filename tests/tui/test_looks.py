# SPDX-License-Identifier: Apache-2.0
"""What the screen looks like, and that nothing makes it fall: narrow terminals, foreign keys, a player that dies."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from stories import Screen, run_story
from textual import events

from bridge.virtual import VirtualXfm2
from synth.factory import factory_bank
from synth.library.database import LibraryError
from synth.tui.meters import Meters
from synth.tui.shelf import Row


def test_a_wide_screen_shows_everything(tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await screen.press("down", "a", "down", "escape")
        await screen.until(lambda: "CRYSTAL EP" in screen.title)
        await screen.until(lambda: "differences" in screen.text())
        await screen.until(lambda: screen.session.meters["voices_sounding"] == 0)
        await screen.look("wide")
        await screen.press("question_mark")
        await screen.look("help")

    run_story(tmp_path, story, size=(150, 50))


def test_a_small_screen_shows_the_voice_or_the_sheet_on_a_key(tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await screen.press("down", "escape")
        await screen.until(lambda: "REED PIANO" in screen.title)
        await screen.until(lambda: screen.session.meters["voices_sounding"] == 0)
        await screen.look("small")
        await screen.press("f3")
        await screen.look("small_voice")
        await screen.press("f3", "ctrl+e")
        await screen.look("small_sheet")
        await screen.press("ctrl+e")
        await screen.pilot.resize_terminal(20, 5)
        await screen.press("down")
        await screen.until(lambda: "CRYSTAL EP" in screen.title)
        await screen.pilot.resize_terminal(200, 60)
        await screen.until(lambda: "CRYSTAL EP   algorithm" in screen.text())

    run_story(tmp_path, story, size=(80, 24))


def test_panic_works_while_typing_asking_and_reading_help(tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        for places in (("slash",), ("ctrl+s",), ("question_mark",), ("ctrl+p",)):
            await screen.press("space", "z", "c")
            await screen.until(lambda: screen.session.meters.get("keys_held") == 2)
            await screen.press(*places, "escape")
            await screen.until(lambda: screen.session.meters["keys_held"] == 0)
            await screen.press("escape")
            await screen.until(lambda: len(screen.app.screen_stack) == 1 and screen.table.has_focus)
            await screen.press("space")  # latch is off again

    run_story(tmp_path, story)


def test_foreign_keys_and_a_failing_library_are_harmless(tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await screen.press("f13", "ctrl+at", "shift+f4", "insert", "delete", "1", "4", "8", "ctrl+underscore")
        screen.app.post_message(events.Key("upper_a_with_diaeresis", "Ä"))
        screen.app.post_message(events.Key("\0", None))
        await screen.press("tab")
        await screen.until(lambda: screen.shelf.startswith("library: 32"))

        def fail(*_arguments: object) -> None:
            raise LibraryError("the library is locked")

        screen.library.patch = fail  # type: ignore[method-assign]
        screen.library.ids = fail  # type: ignore[method-assign]
        screen.library.mark = fail  # type: ignore[method-assign]
        await screen.press("down")
        await screen.until(lambda: "is locked" in screen.notice)
        await screen.press("p", "f")
        await screen.until(lambda: "is locked" in screen.notice)
        await screen.press("slash", "x", "backspace", "escape", "tab")
        await screen.until(lambda: screen.shelf == "factory: 32")
        await screen.press("down")
        await screen.until(lambda: "PIANO" in screen.title)

    run_story(tmp_path, story)


def test_a_player_that_dies_is_replaced_and_the_screen_goes_on(tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await screen.press("down")
        await screen.until(lambda: "REED PIANO" in screen.title)
        old = screen.session.player_pid
        os.kill(old, signal.SIGKILL)
        await screen.until(lambda: screen.session.player_pid != old)
        await screen.press("down")
        await screen.until(lambda: "CRYSTAL EP" in screen.title)

    run_story(tmp_path, story)


class ManyRows:
    """Three hundred thousand of them, made when looked at."""

    def __len__(self) -> int:
        return 300_000

    def __getitem__(self, index: int, /) -> Row:
        return Row(index, index + 1, f"V{index}", "bank", "bass", 1, 0)

    def find(self, key: int | None) -> int | None:
        return key

    def forget(self) -> None:
        pass


class ManyShelf:
    title, empty, whole_query = "many", "", False

    def __init__(self, voice: object) -> None:
        self.voice = voice

    def rows(self, _wanted: str) -> ManyRows:
        return ManyRows()

    def patch(self, _row: Row) -> object:
        return self.voice


def test_three_hundred_thousand_rows_are_walked_to_the_end(tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        shelf = ManyShelf(screen.app._shelf.patch(screen.table.rows[0]))
        screen.app.open_shelf(shelf)
        await screen.until(lambda: screen.shelf == "many: 300000")
        await screen.press("end")
        await screen.until(lambda: "V299999" in screen.text())
        await screen.press("down")
        await screen.until(lambda: screen.table.cursor == 0)

    run_story(tmp_path, story)


def test_program_changes_move_the_cursor_and_a_new_bank_fills_the_table(tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        screen.session.midi(bytes((0xC0, 6)))
        await screen.until(lambda: screen.table.cursor == 6 and "SILK KOTO   algorithm" in screen.text())
        screen.session.load_bank([*factory_bank()][20:24], "small")
        await screen.until(lambda: screen.shelf == "small: 4")

    run_story(tmp_path, story)


def test_a_program_change_just_after_an_arrow_key_wins_on_the_screen_too(tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await screen.press("down")
        await screen.until(lambda: screen.session.voice()["edited"])
        screen.session.midi(bytes((0xC0, 6)))
        await screen.until(lambda: screen.table.cursor == 6 and "SILK KOTO   algorithm" in screen.text())
        await screen.press("down")
        await screen.until(lambda: screen.session.voice()["name"] == str(screen.table.row.name).strip())
        await screen.pilot.pause(1.0)
        assert screen.table.cursor == 7  # what plays now was chosen here

    run_story(tmp_path, story)


def test_a_screen_opens_where_the_last_one_was_left(tmp_path: Path) -> None:
    async def walk_and_edit(screen: Screen) -> None:
        await screen.press("down", "down", "down", "ctrl+e", "plus", "plus")
        await screen.until(lambda: screen.session.voice()["edited"] and screen.session.patch() != bank[3])

    async def look(screen: Screen) -> None:
        await screen.until(lambda: screen.table.cursor == 3)
        left = screen.session.patch()
        assert left.name == bank[3].name
        await screen.press("a", "down", "a")
        await screen.until(lambda: screen.session.patch() == left)  # A is the edited one

    bank = list(factory_bank())
    state = tmp_path / "state.json"
    run_story(tmp_path, walk_and_edit, state=state)
    run_story(tmp_path, look, goes_on_at=3, state=state)


def test_each_voice_reaches_a_board_and_its_report_is_shown(tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await screen.until(lambda: "verified" in screen.text())
        await screen.press(*["down"] * 5)
        await screen.until(lambda: "NYLON GTR: verified" in screen.text())
        await screen.until(lambda: "approximated: " in screen.text())

    options = {"port": str(tmp_path / "xfm2"), "midi": None, "unit": 1, "profile": "default", "alg46": "self"}
    with VirtualXfm2(link=tmp_path / "xfm2"):
        board = {"module": "bridge.target", "options": options, "midi": False}
        run_story(tmp_path, story, size=(160, 60), targets=[board])


def test_at_rest_nothing_is_drawn(tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        drawn: list[object] = []
        await screen.press("down", "escape")
        await screen.until(lambda: screen.session.meters.get("voices_sounding") == 0)
        meters = screen.app.query_one(Meters)
        shown = meters.text
        screen.app.screen._refresh_layout = lambda *_a, **_k: drawn.append("layout")
        await screen.pilot.pause(0.5)
        meters.show(shown + " ")
        await screen.pilot.pause(0.5)
        assert not drawn

    run_story(tmp_path, story)
