# SPDX-License-Identifier: Apache-2.0
"""A process of its own that does what it is asked: a line of JSON there, a line of JSON back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from synth.errors import SixopError

if TYPE_CHECKING:
    from collections.abc import Sequence


class Helper:
    """Python with these arguments, for as long as the context lasts; it ends when its input does."""

    def __init__(self, arguments: Sequence[str]) -> None:
        environment = dict(os.environ)
        home = str(Path(__file__).resolve().parents[2])  # so that it runs the same code as we do
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [home, environment.get("PYTHONPATH")]))
        self._process = subprocess.Popen(
            [sys.executable, "-P", *arguments],  # -P: no folder is a place to import from unless we say so
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def send(self, **question: Any) -> None:
        """Ask without waiting."""
        if self._process.stdin is None:
            raise ValueError("A helper needs a pipe.")
        try:
            print(json.dumps(question), file=self._process.stdin, flush=True)
        except BrokenPipeError as error:
            raise self._ended() from error

    def receive(self) -> Any:
        """Wait for an answer.

        Raises:
            SixopError: the process has ended instead.
        """
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise self._ended()
        return json.loads(line)

    def ask(self, **question: Any) -> Any:
        """Ask, and wait for the answer."""
        self.send(**question)
        return self.receive()

    def _ended(self) -> SixopError:
        return SixopError(f"a process that measures ended before its time, with code {self._process.wait()}")
