# SPDX-License-Identifier: Apache-2.0
"""Every row of the screen reaches the board, and of rows walked over quickly the last."""

from __future__ import annotations

from pathlib import Path

import pytest
from listening import bank, bank_message
from screens import DOWN, Screen

from bridge.convert import convert
from bridge.virtual import VirtualXfm2

pytestmark = pytest.mark.live


def test_a_row_is_on_the_board_and_the_newest_wins(tmp_path: Path) -> None:
    voices = bank()
    (tmp_path / "own.syx").write_bytes(bank_message(voices))
    arguments = [str(tmp_path / "own.syx"), "--audio", "none", "--midi", "none", "--xfm2", str(tmp_path / "board")]

    def holds(number: int) -> bool:
        """All but 0 and 255, which cannot be reached, is that of this voice."""
        return bytes(xfm2.board.edit[1][1:255]) == bytes(convert(voices[number - 1]).program[1:255])

    with VirtualXfm2(link=tmp_path / "board") as xfm2, Screen(*arguments) as screen:
        screen.wait_for("verified")
        for number in (2, 3, 4):
            screen.type(DOWN)
            screen.until(lambda: holds(number), f"voice {number} on the board")  # noqa: B023 - now
        screen.forget()
        screen.type(DOWN * 20)
        screen.until(lambda: holds(24), "the last voice on the board")
        screen.wait_for("verified")
        assert holds(24)
        assert not xfm2.erased
        assert xfm2.misread == 0
        screen.type("\x11")
        assert screen.ends() == 0
