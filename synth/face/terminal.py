# SPDX-License-Identifier: Apache-2.0
"""A terminal that hands over single keys at once, and is put back as it was."""

from __future__ import annotations

import os
import select
import signal
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager

ESCAPE, LEFT, RIGHT, UP, DOWN, END = "escape", "left", "right", "up", "down", "end"
_ARROWS = {"A": UP, "B": DOWN, "C": RIGHT, "D": LEFT}
# An arrow key arrives as several bytes together; Escape alone is alone for at least this long.
_ESCAPE_SECONDS = 0.03
_CTRL_D = "\x04"


class Keyboard:
    """A terminal in single-key mode. Ctrl-Z only asks: who times notes must let go of them before stopping."""

    def __init__(self, descriptor: int) -> None:
        self.stop_wanted = False
        self._descriptor = descriptor
        self._before = termios.tcgetattr(descriptor)

    def take(self) -> None:
        """Single keys, unechoed. The shell has the terminal while we are stopped, so SIGCONT takes it again."""
        signal.signal(signal.SIGTSTP, self._ask)
        signal.signal(signal.SIGCONT, lambda _signal, _frame: self.take())
        tty.setcbreak(self._descriptor, termios.TCSANOW)  # keys struck meanwhile are kept

    def _ask(self, _signal: int, _frame: object) -> None:
        self.stop_wanted = True

    def stop(self) -> None:
        """Stop the process as Ctrl-Z would have; returns when it is continued."""
        self.stop_wanted = False
        self.give_back()
        os.kill(os.getpid(), signal.SIGTSTP)
        self.take()

    def give_back(self) -> None:
        """The terminal and its signals as they were."""
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        signal.signal(signal.SIGCONT, signal.SIG_DFL)
        termios.tcsetattr(self._descriptor, termios.TCSADRAIN, self._before)


@contextmanager
def single_keys(descriptor: int) -> Iterator[Keyboard]:
    """Within: keys come one by one and unechoed; Ctrl-C still interrupts."""
    keyboard = Keyboard(descriptor)
    try:
        keyboard.take()
        yield keyboard
    finally:
        keyboard.give_back()


def read_keys(descriptor: int, timeout: float) -> list[str]:
    """The keys struck within `timeout` seconds: characters, arrow names, `escape`, and `end` once the input ends."""
    if not _waits(descriptor, timeout):
        return []
    data = os.read(descriptor, 1024)
    if not data:
        return [END]
    while data.endswith((b"\x1b", b"\x1b[", b"\x1bO")) and _waits(descriptor, _ESCAPE_SECONDS):
        data += os.read(descriptor, 1024)
    return split_keys(data.decode(errors="replace"))


def _waits(descriptor: int, timeout: float) -> bool:
    return bool(select.select([descriptor], [], [], timeout)[0])


def split_keys(text: str) -> list[str]:
    """Characters and escape sequences as keys; sequences nobody asked for are dropped."""
    keys = []
    position = 0
    while position < len(text):
        character = text[position]
        position += 1
        if character == "\x1b" and text[position : position + 1] in ("[", "O"):
            end = position + 1
            while end < len(text) and not text[end].isalpha() and text[end] != "~":
                end += 1
            name = _ARROWS.get(text[end : end + 1])
            if name is not None:
                keys.append(name)
            position = end + 1
        elif character == "\x1b":
            keys.append(ESCAPE)
        elif character == _CTRL_D:
            keys.append(END)
        else:
            keys.append(character)
    return keys
