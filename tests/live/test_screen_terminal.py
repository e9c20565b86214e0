# SPDX-License-Identifier: Apache-2.0
"""The screen as people see it, in tmux: searching, keeping a favourite, and the shell afterwards."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from waiting import wait_until

from synth import Bank
from synth.factory import factory_bank

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="no tmux here: apt-get install tmux")

PATIENCE = 20.0  # seconds
SIXOP = f"{sys.executable} -m sixop"


class Tmux:
    """A shell on a terminal of 140 x 40 that remembers what stands where."""

    def __init__(self, folder: Path) -> None:
        self._socket = str(folder / "tmux")
        self._do("-f", "/dev/null", "new-session", "-d", "-x", "140", "-y", "40", "sh")

    def _do(self, *arguments: str) -> str:
        command = ["tmux", "-S", self._socket, *arguments]
        unsized = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "TMUX")}
        return subprocess.run(command, capture_output=True, text=True, check=True, env=unsized).stdout

    @property
    def text(self) -> str:
        """What is on the terminal now."""
        return self._do("capture-pane", "-p")

    def press(self, *keys: str) -> None:
        """Keys by tmux's names, `Down` or `C-q`; others are typed as they stand."""
        self._do("send-keys", *keys)

    def wait_for(self, text: str, gone: bool = False) -> str:
        """Return what is shown once this is part of it, or no more."""
        deadline = time.monotonic() + PATIENCE
        while (text in (shown := self.text)) == gone:
            assert time.monotonic() < deadline, f"{text!r} did not {'go' if gone else 'come'}:\n{shown}"
            time.sleep(0.05)
        return shown

    def close(self) -> None:
        self._do("kill-server")


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Tmux]:
    tmux = Tmux(tmp_path)
    yield tmux
    tmux.close()


def favourites() -> list[str]:
    found = subprocess.run(
        [sys.executable, "-m", "sixop", "lib", "find", "is:favourite", "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    return [row["name"].strip() for row in json.loads(found.stdout)]


def test_an_evening_at_the_terminal(terminal: Tmux, tmp_path: Path) -> None:
    bank = tmp_path / "evening.syx"
    Bank(factory_bank()).save(bank)
    subprocess.run([sys.executable, "-m", "sixop", "lib", "scan", str(bank)], capture_output=True, check=True)
    for evening in (1, 2):
        folder = tmp_path / str(evening)
        folder.mkdir()
        terminal.press(f"cd {folder}; clear; stty -g > before", "Enter")
        terminal.press(f"{SIXOP} play --face tui --audio none --midi none; echo over $?; stty -g > after", "Enter")
        terminal.wait_for("panic")
        terminal.press("Tab")
        terminal.wait_for("stars")
        terminal.press("/")
        terminal.wait_for("favourite", gone=True)
        terminal.press("slap")
        shown = terminal.wait_for("AH CHOIR", gone=True)
        assert "SLAP BASS" in shown
        if evening == 1:
            terminal.press("Enter")
            terminal.wait_for("favourite")  # among the keys that are shown: the table has them again
            terminal.press("f")
        shown = terminal.wait_for("★")
        terminal.press("C-q")
        shown = terminal.wait_for("over 0")
        assert "SLAP BASS" not in shown
        wait_until(lambda: (folder / "after").exists() and (folder / "after").read_text())  # noqa: B023 - now
        assert (folder / "after").read_text() == (folder / "before").read_text()
    assert favourites() == ["SLAP BASS"]
