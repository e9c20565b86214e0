# SPDX-License-Identifier: Apache-2.0
"""Long work on the library tells how far it is, and what else is told can be read meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from stories import PATIENCE_SECONDS, Screen, run_story

from synth import Bank
from synth.factory import factory_bank
from synth.library import Library
from synth.library.job import Job


class SlowJob:
    """An analysis that gets on when it is told to."""

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def __enter__(self) -> SlowJob:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is left."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        yield {"event": "progress", "what": "listening", "done": 10, "total": 32}
        self.go_on.wait(PATIENCE_SECONDS)
        for done in range(11, 33):
            yield {"event": "progress", "what": "listening", "done": done, "total": 32}
        yield {"event": "done", "analysed": 32}

    def stop(self) -> None:
        self.go_on.set()


@pytest.mark.parametrize("size", [(160, 45), (80, 24), (40, 12)])
def test_progress_stands_beside_the_title_and_leaves_notices_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    job = SlowJob()
    monkeypatch.setattr(Job, "analyse", lambda _path: job)

    async def story(screen: Screen) -> None:
        def first_line() -> str:
            return screen.text().splitlines()[0]

        told = []
        show = screen.app.notice
        monkeypatch.setattr(screen.app, "notice", lambda text: (told.append(text), show(text)))
        await screen.press("tab")
        await screen.until(lambda: screen.shelf.startswith("library"))
        await screen.press("f2")
        await screen.until(lambda: "listening: 10" in first_line())
        assert "has to listen to its sounds first" in screen.notice
        assert "sixop" in first_line()
        await screen.press("f")
        await screen.until(lambda: screen.notice.endswith(": favourite"))
        told.clear()
        job.go_on.set()
        await screen.until(lambda: "all sounds have been listened to" in screen.notice)
        assert told == ["all sounds have been listened to"]
        await screen.until(lambda: "listening" not in first_line())

    run_story(tmp_path, story, size=size)


def test_the_map_of_an_empty_library_says_how_to_fill_it(tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await screen.press("f2")
        await screen.until(lambda: "the library is empty: Ctrl-O" in screen.notice)

    run_story(tmp_path, story, full=False)


def test_a_map_of_hidden_sounds_says_where_they_are(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.db") as library:
        Bank(factory_bank()).save(tmp_path / "factory.syx")
        library.scan([tmp_path / "factory.syx"])
        library.analyse()
        library.mark(library.ids(""), "hidden")

    async def story(screen: Screen) -> None:
        await screen.press("f2")
        await screen.until(lambda: "all sounds are hidden" in screen.notice)

    run_story(tmp_path, story)
