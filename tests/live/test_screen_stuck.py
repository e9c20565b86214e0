# SPDX-License-Identifier: Apache-2.0
"""The screen on a terminal that takes nothing any more: it ends all the same, and takes its player along."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from screens import DOWN, Screen

from synth import Bank
from synth.factory import factory_bank

MOVES, BETWEEN_SECONDS = 300, 0.005  # more is drawn than a terminal and its queue hold


@pytest.fixture
def stuck(tmp_path: Path) -> Iterator[Screen]:
    voices = tmp_path / "factory.syx"
    Bank(factory_bank()).save(voices)
    with Screen(str(voices), "--midi", "none", "--audio", "none") as screen:
        screen.wait_for("AH CHOIR")
        screen.until(screen.children, "its player")
        screen.stop_reading()
        for _ in range(MOVES):
            screen.type(DOWN)
            time.sleep(BETWEEN_SECONDS)
        yield screen


def test_a_signal_ends_it(stuck: Screen) -> None:
    stuck.process.send_signal(signal.SIGTERM)
    assert stuck.ends() == 1


def test_closing_the_terminal_ends_it(stuck: Screen) -> None:
    stuck.hang_up()
    stuck.ends()
