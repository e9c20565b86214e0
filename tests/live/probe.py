# SPDX-License-Identifier: Apache-2.0
"""The JACK client of the live tests, driven from Python: `jack_probe.c` beside this file, compiled on first use."""

from __future__ import annotations

import functools
import select
import subprocess
import tempfile
from pathlib import Path

import numpy as np

_SOURCE = Path(__file__).with_name("jack_probe.c")
PATIENCE_SECONDS = 60.0


@functools.cache
def _program() -> Path:
    program = Path(tempfile.mkdtemp(prefix="sixop-probe-")) / "jack_probe"
    subprocess.run(["gcc", "-std=gnu11", "-O2", "-o", program, _SOURCE, "-ljack", "-lm"], check=True)
    return program


class Probe:
    """One client of the server `server`. Its ports are NAME:midi, NAME:in_0 and NAME:in_1."""

    def __init__(self, server: str, name: str = "probe") -> None:
        self.name = name
        self._process = subprocess.Popen(
            [str(_program()), server, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._read() == "ready"

    def _read(self, timeout: float = PATIENCE_SECONDS) -> str:
        """The next line. The probe answers in whole lines, so one that has begun is about to end."""
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], timeout)[0]:
            self._process.kill()
            raise TimeoutError(f"the probe did not answer for {timeout:g} s: its audio server has stopped")
        return self._process.stdout.readline().strip()

    def ask(self, line: str, timeout: float = PATIENCE_SECONDS) -> list[str] | None:
        """One command; the words after `ok`, or None for `no`.

        Raises:
            TimeoutError: no answer for `timeout` seconds.
        """
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        words = self._read(timeout).split()
        return words[1:] if words and words[0] == "ok" else None

    def must(self, line: str, timeout: float = PATIENCE_SECONDS) -> list[str]:
        """As `ask`; `no` is a failure."""
        answer = self.ask(line, timeout)
        assert answer is not None, f"the probe could not {line!r}"
        return answer

    def send(self, message: bytes) -> None:
        self.must(f"send {message.hex()}")

    def record(self, seconds: float) -> None:
        self.must(f"record {seconds}")

    def recording(self) -> np.ndarray:
        """What was recorded since `record`: float32 (frames, 2)."""
        with tempfile.NamedTemporaryFile(suffix=".f32") as file:
            self.must(f"write {file.name}")
            return np.fromfile(file.name, dtype=np.float32).reshape(-1, 2)

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(5)

    def __enter__(self) -> Probe:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
