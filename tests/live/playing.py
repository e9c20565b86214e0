# SPDX-License-Identifier: Apache-2.0
"""The real `sixop play` in a process of its own, read through its JSON events."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path
from queue import Empty, Queue
from typing import Any

PATIENCE = 20.0


class SixopPlay:
    """`sixop play --json` with more arguments. Events are read as they come; `wait_for` takes them in order."""

    def __init__(self, *arguments: str, environment: dict[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sixop", "play", "--json", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        self._events: Queue[dict[str, Any]] = Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._events.put(json.loads(line))
        self._events.put({"event": "end of output"})

    def wait_for(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The next event of a kind with these fields; those before it are dropped."""
        while True:
            try:
                event = self._events.get(timeout=PATIENCE)
            except Empty:
                raise AssertionError(f"no event {kind} {fields} came; stderr: {self.errors()}") from None
            if event["event"] == kind and all(event.get(name) == value for name, value in fields.items()):
                return event
            assert event["event"] != "error", event["text"]
            assert event["event"] != "end of output", f"no event {kind} {fields} came; stderr: {self.errors()}"

    def wait_for_error(self) -> str:
        """The sentence the player failed with."""
        while (event := self._events.get(timeout=PATIENCE))["event"] != "error":
            pass
        return str(event["text"])

    def interrupt(self) -> int:
        """Ctrl-C; the exit code."""
        self._process.send_signal(signal.SIGINT)
        return self.finish()

    def children(self) -> list[int]:
        """Process ids of the face's children: its player."""
        pid = self._process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill(self) -> None:
        """End the face without a word."""
        self._process.kill()

    def finish(self) -> int:
        """Wait for the end; the exit code."""
        return self._process.wait(PATIENCE)

    def errors(self) -> str:
        self._process.kill()
        assert self._process.stderr is not None
        return self._process.stderr.read()

    def __enter__(self) -> SixopPlay:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
