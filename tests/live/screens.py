# SPDX-License-Identifier: Apache-2.0
"""The real screen, `sixop play --face tui`, on a terminal of its own."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 20.0  # seconds
LINES, COLUMNS = 40, 120
DOWN, UP, ESCAPE = "\x1b[B", "\x1b[A", "\x1b"
_CONTROL = re.compile(r"\x1b(?:\[[0-9;?<>=$]*[a-zA-Z]|[=>]|\].*?(?:\x07|\x1b\\))")


class Screen:
    """`sixop play --face tui` with more arguments. What it draws is read all the while, as a terminal does."""

    def __init__(self, *arguments: str) -> None:
        self._master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        self._drawn = b""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sixop", "play", "--face", "tui", *arguments],
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env=os.environ | {"TERM": "xterm-256color"},
        )
        self._gone = False
        self._closing = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while not self._closing.is_set():
            if select.select([self._master], [], [], 0.05)[0]:
                self._drawn += os.read(self._master, 65536)

    @property
    def drawn(self) -> str:
        """All that was drawn so far, without colours and places."""
        return re.sub(r"\s+", " ", _CONTROL.sub(" ", self._drawn.decode(errors="replace")))

    def forget(self) -> None:
        """`drawn` begins here."""
        self._drawn = b""

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def until(self, true: Callable[[], object], why: str = "it") -> None:
        """Return once this is true."""
        deadline = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < deadline, f"{why} did not happen: {self.drawn[-1500:]}"
            time.sleep(0.02)

    def wait_for(self, text: str) -> None:
        """Return once this was drawn."""
        self.until(lambda: text in self.drawn, repr(text))

    def modes(self) -> list[object]:
        return termios.tcgetattr(self.slave)

    def children(self) -> list[int]:
        """Process ids of what it started: its player."""
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]

    def left_behind(self) -> list[int]:
        """Processes of this terminal that still run."""
        left = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                words = status.read_text().rpartition(")")[2].split()
            except OSError:  # it has just ended
                continue
            if int(words[3]) == self.process.pid and words[0] != "Z":
                left.append(int(status.parent.name))
        return left

    def ends(self) -> int:
        """Wait for the end of it and of all that it started; the exit code."""
        code = self.process.wait(PATIENCE)
        self.until(lambda: not self.left_behind(), "the end of every process")
        return code

    def stop_reading(self) -> None:
        """Take nothing more that is drawn, as a terminal after Ctrl-S or a connection that hangs."""
        self._closing.set()
        self._reader.join()

    def hang_up(self) -> None:
        """The terminal's window is closed."""
        if not self._gone:
            self._gone = True
            self.stop_reading()
            os.close(self.slave)
            os.close(self._master)

    def close(self) -> None:
        for pid in self.left_behind():
            os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.hang_up()

    def __enter__(self) -> Screen:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
