# SPDX-License-Identifier: Apache-2.0
"""A JACK server of our own that may be killed, stopped and started again."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from listening import RATE

SERVER = "sixop-mortal"


@contextmanager
def server(rate: int = RATE) -> Iterator[subprocess.Popen[bytes]]:
    """It runs within, unless whoever asked for it ends it before."""
    command = ["jackd", "-n", SERVER, "-r", "-d", "dummy", "-r", str(rate), "-p", "256"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(["jack_wait", "-s", SERVER, "-w", "-t", "10"], check=True, **quiet)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(10)
