# SPDX-License-Identifier: Apache-2.0
"""JACK dummy servers for programs that measure.

Their names are fixed, because a machine remembers eight servers and no more, also those that ended badly; one that
starts with the name of a dead one takes its place.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

RATE = 48000


@contextmanager
def on_server(name: str) -> Iterator[None]:
    """Within: this server is the one that new clients of this process, and processes it starts, will find."""
    before = {variable: os.environ.get(variable) for variable in ("JACK_DEFAULT_SERVER", "JACK_NO_START_SERVER")}
    os.environ.update(JACK_DEFAULT_SERVER=name, JACK_NO_START_SERVER="1")
    try:
        yield
    finally:
        for variable, value in before.items():
            if value is None:
                del os.environ[variable]
            else:
                os.environ[variable] = value


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Refuse a name that another program has a server of: its clients and ours would be on one."""
    with (Path(tempfile.gettempdir()) / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise RuntimeError(f"JACK server {name} is in use by another program: wait for its end") from error
        yield


@contextmanager
def jack_server(name: str, frames: int, rate: int = RATE) -> Iterator[None]:
    """A JACK dummy server with so many frames a period, real-time where permitted; within, it is the one in use."""
    realtime = "-R" if os.system("chrt -f 10 true 2>/dev/null") == 0 else "-r"
    command = ["jackd", "-n", name, realtime, "-d", "dummy", "-r", str(rate), "-p", str(frames)]
    with _alone(name):
        yield from _served(name, command)


def _served(name: str, command: list[str]) -> Iterator[None]:
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        waiting = ["jack_wait", "-s", name, "-w", "-t", "10"]
        failed = subprocess.run(waiting, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode
        if failed or server.poll() is not None:
            raise RuntimeError(f"jackd {name} does not start: perhaps there are eight servers")
        with on_server(name):
            yield
    finally:
        server.terminate()  # never kill: that would leave its name taken
        server.wait(10)
