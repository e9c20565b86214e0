# SPDX-License-Identifier: Apache-2.0
"""The screen on a real terminal, heard through JACK: rows change the sound, and every end is a clean one."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from listening import CENTS, bank, bank_message, cents, frequency, pitch
from probe import Probe
from screens import DOWN, ESCAPE, UP, Screen

pytestmark = pytest.mark.live

SILENCE = 1e-4
A3 = "n"  # on the computer's keyboard: 440 Hz
LATCH = " "
CTRL_C, CTRL_Q = "\x03", "\x11"


@pytest.fixture
def screen(jackd: object, tmp_path: Path) -> Iterator[Screen]:
    voices = tmp_path / "own.syx"
    voices.write_bytes(bank_message(bank()))
    with Screen(str(voices), "--midi", "none") as screen:
        screen.wait_for("TEST 20")
        screen.wait_for("48000")
        yield screen


def listen(screen: Screen, probe: Probe) -> None:
    """Connect to the player, whatever the server calls it while it still believes in one that was killed."""

    def outputs() -> list[str]:
        ports = subprocess.run(["jack_lsp"], capture_output=True, text=True, check=True).stdout.split()
        return [port.removesuffix("0") for port in ports if port.startswith("sixop") and port.endswith(":out_0")]

    screen.until(lambda: len(outputs()) == 1, "a single player's port")
    probe.must(f"audio {outputs()[0]}")


def heard(probe: Probe, seconds: float = 0.4) -> float:
    """Hz of what sounds now; 0 for silence."""
    probe.record(seconds + 0.2)
    time.sleep(seconds)
    sound = probe.recording()[:, 0]
    return pitch(sound) if abs(sound).max() > SILENCE else 0.0


def sounds(screen: Screen, probe: Probe, hertz: float) -> None:
    """Wait until this pitch is heard."""
    screen.until(lambda: cents(heard(probe, 0.2), hertz) < CENTS, f"{hertz} Hz")


def falls_silent(screen: Screen, probe: Probe) -> None:
    screen.until(lambda: heard(probe, 0.2) == 0.0, "silence")


def test_what_is_held_is_struck_again_with_every_row_and_panic_ends_it(screen: Screen, probe: Probe) -> None:
    listen(screen, probe)
    screen.type(LATCH + A3)
    sounds(screen, probe, frequency(69))
    for coarse in (2, 3, 4):
        screen.type(DOWN)
        sounds(screen, probe, frequency(69, coarse))
    screen.type(UP)
    sounds(screen, probe, frequency(69, 3))
    screen.type(ESCAPE)
    falls_silent(screen, probe)
    screen.type(CTRL_Q)
    assert screen.ends() == 0
    assert screen.modes() == screen.before


def test_with_nothing_held_a_row_plays_a_phrase_that_ends(screen: Screen, probe: Probe) -> None:
    listen(screen, probe)
    assert heard(probe) == 0.0
    screen.type(DOWN)
    screen.until(lambda: heard(probe, 0.2) > 0, "a phrase")
    falls_silent(screen, probe)


def test_the_player_killed_under_it_is_replaced_and_the_row_sounds_on(screen: Screen, probe: Probe) -> None:
    listen(screen, probe)
    screen.type(DOWN)
    screen.until(lambda: heard(probe, 0.2) > 0, "the row's phrase")
    falls_silent(screen, probe)
    (player,) = screen.children()
    screen.forget()
    os.kill(player, signal.SIGKILL)
    screen.until(lambda: screen.children() and screen.children() != [player], "another player")
    screen.wait_for("back: system")
    listen(screen, probe)
    screen.type(LATCH + A3)
    sounds(screen, probe, frequency(69, 2))
    screen.type(DOWN)
    sounds(screen, probe, frequency(69, 3))
    screen.type(CTRL_Q)
    assert screen.ends() == 0
    assert screen.modes() == screen.before


@pytest.mark.parametrize("way", ["ctrl-c", "SIGTERM", "SIGINT"])
def test_every_way_to_end_lets_the_note_go_and_puts_the_terminal_back(screen: Screen, probe: Probe, way: str) -> None:
    listen(screen, probe)
    screen.type(LATCH + A3)
    sounds(screen, probe, frequency(69))
    if way == "ctrl-c":
        screen.type(CTRL_C)
    else:
        screen.process.send_signal(getattr(signal, way))
    assert screen.ends() == 0
    assert screen.modes() == screen.before
    assert heard(probe) == 0.0
    assert "Traceback" not in screen.drawn
    assert screen._drawn.count(b"\x1b[?1049l") == 1, "the shell's screen is back"


def test_a_terminal_that_is_closed_takes_everything_with_it(screen: Screen, probe: Probe) -> None:
    listen(screen, probe)
    screen.type(LATCH + A3)
    sounds(screen, probe, frequency(69))
    screen.hang_up()
    screen.ends()
    assert heard(probe) == 0.0
