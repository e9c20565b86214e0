# SPDX-License-Identifier: Apache-2.0
"""The plain face on a real pseudo-terminal: keys play, arrows choose, everything is put back."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from listening import CENTS, RATE, bank, bank_message, cents, frequency, pitch

PATIENCE = 20.0


class Terminal:
    """`sixop play` on a terminal of its own; `take` is its recording."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        voices = folder / "own.syx"
        voices.write_bytes(bank_message(bank()))
        self.take = folder / "take.wav"
        self._master, slave = pty.openpty()
        self.slave = slave
        self.before = termios.tcgetattr(slave)
        command = [sys.executable, "-m", "sixop", "play", str(voices), "--audio", "none", "--midi", "none"]
        self.process = subprocess.Popen(
            [*command, "--record", str(self.take), *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        self._seen = ""

    def wait_for(self, text: str) -> None:
        self.read_until(text)

    def read_until(self, text: str) -> str:
        """What was said before this text."""
        deadline = time.monotonic() + PATIENCE
        while text not in self._seen and time.monotonic() < deadline:
            if select.select([self._master], [], [], 0.1)[0]:
                self._seen += os.read(self._master, 4096).decode()
        assert text in self._seen, f"{text!r} was not said: {self._seen!r}"
        said, _, self._seen = self._seen.partition(text)
        return said

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def modes(self) -> list[object]:
        return termios.tcgetattr(self.slave)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._master)
        os.close(self.slave)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path)
    yield terminal
    terminal.close()


def loud_stretches(path: Path) -> list[np.ndarray]:
    """The recording's sounding parts, silences of 50 ms and more between them."""
    sound = soundfile.read(path, dtype="float32")[0][:, 0]
    loud = np.flatnonzero(np.abs(sound) > 1e-3)
    cuts = np.flatnonzero(np.diff(loud) > RATE // 20)
    return [sound[part[0] : part[-1]] for part in np.split(loud, cuts + 1)]


def test_keys_play_arrows_choose_and_ctrl_d_ends(terminal: Terminal) -> None:
    terminal.wait_for("ready")
    terminal.type("n")  # A3, 440 Hz
    time.sleep(1.2)
    terminal.type("\x1b[C")
    terminal.wait_for("voice   2 TEST 2")
    terminal.type("-")
    terminal.wait_for("voice   1 TEST 1")
    terminal.type("[")
    terminal.wait_for("voice   32 TEST 32")
    terminal.type("]+")
    terminal.wait_for("voice   2 TEST 2")
    terminal.type(".")
    terminal.wait_for("from C4")
    terminal.type("z")
    time.sleep(1.2)
    terminal.type("?")
    terminal.wait_for("latch")
    terminal.type("\x04")
    terminal.wait_for("played  2 notes")
    assert terminal.process.wait(PATIENCE) == 0
    assert terminal.modes() == terminal.before

    first, second = loud_stretches(terminal.take)
    assert cents(pitch(first), frequency(69)) < CENTS
    assert cents(pitch(second), frequency(72, 2)) < CENTS


def test_latch_holds_until_panic(terminal: Terminal) -> None:
    terminal.wait_for("ready")
    terminal.type(" ")
    terminal.wait_for("latch   on")
    terminal.type("n")
    time.sleep(1.5)
    terminal.type("p")
    time.sleep(0.5)
    terminal.type("\x04")
    assert terminal.process.wait(PATIENCE) == 0
    (held,) = loud_stretches(terminal.take)
    assert len(held) > RATE, "longer than a struck key sounds by itself"


def test_after_a_pause_the_terminal_is_taken_again(terminal: Terminal) -> None:
    terminal.wait_for("ready")
    playing = terminal.modes()
    assert playing != terminal.before
    termios.tcsetattr(terminal.slave, termios.TCSANOW, terminal.before)  # as a shell does after Ctrl-Z
    os.kill(terminal.process.pid, signal.SIGCONT)
    deadline = time.monotonic() + PATIENCE
    while terminal.modes() != playing and time.monotonic() < deadline:
        time.sleep(0.01)
    terminal.type("?")
    terminal.wait_for("latch")
    terminal.type("\x04")
    assert terminal.process.wait(PATIENCE) == 0


def test_ctrl_c_ends_cleanly_with_a_note_held(terminal: Terminal) -> None:
    terminal.wait_for("ready")
    terminal.type(" n")
    time.sleep(0.4)
    os.killpg(terminal.process.pid, signal.SIGINT)  # as the terminal's Ctrl-C does
    terminal.wait_for("played  1 notes")
    assert terminal.process.wait(PATIENCE) == 0
    assert terminal.modes() == terminal.before
    tail = soundfile.read(terminal.take, dtype="float32")[0][-RATE // 200 :]
    assert not tail.any(), "the note has faded out"


def test_ctrl_z_lets_the_notes_go(terminal: Terminal) -> None:
    terminal.wait_for("ready")
    terminal.type(" n")
    time.sleep(0.5)
    os.killpg(terminal.process.pid, signal.SIGTSTP)
    time.sleep(1.0)
    os.killpg(terminal.process.pid, signal.SIGCONT)
    terminal.type(".")
    terminal.wait_for("from C4")
    terminal.type("\x04")
    assert terminal.process.wait(PATIENCE) == 0
    assert terminal.modes() == terminal.before
    (held,) = loud_stretches(terminal.take)
    assert len(held) < RATE


def test_escape_while_learning_ends_that_and_no_sound(terminal: Terminal) -> None:
    terminal.wait_for("ready")
    terminal.type("l")
    terminal.wait_for("learn   next voice: move a controller")
    terminal.type("\x1b")
    assert "silence" not in terminal.read_until("no controller has learned anything")
    terminal.type("\x1b")
    terminal.wait_for("panic   silence")
    terminal.type("\x04")
    assert terminal.process.wait(PATIENCE) == 0


def test_nothing_said_is_wider_than_a_terminal_and_limits_are_said_once(terminal: Terminal) -> None:
    terminal.wait_for("ready")
    terminal.type("?" + "." * 7 + "l" * 10)
    said = terminal.read_until("learn   itself again: ")
    assert "learn   next voice: move a controller" in said
    terminal.type("p")
    said += terminal.read_until("panic   silence")
    assert all(len(line) < 80 for line in said.splitlines())
    assert said.count("no higher") == 1
    assert said.count("octave  from") == 5
    terminal.type("\x04")
    assert terminal.process.wait(PATIENCE) == 0
