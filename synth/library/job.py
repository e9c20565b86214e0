# SPDX-License-Identifier: Apache-2.0
"""Long work on a library in a process of its own, so that who started it stays quick; its progress as events.

    with Job.scan(library.path, ["~/dx7"]) as job:
        for event in job:            # {"event": "progress", "what": "reading", "done": 100, "total": 1000}, ...
            print(event)             # the last one is {"event": "done", ...} or {"event": "error", "text": ...}

The process ends by itself when nobody reads its events any more; stopped at any point, it leaves the library whole.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

_PATIENCE: Final = 10.0  # seconds for the process to end


class Job:
    """A scan or an analysis that runs elsewhere."""

    def __init__(self, path: Path, work: str, arguments: Sequence[str | os.PathLike[str]] = ()) -> None:
        command = [sys.executable, "-m", "synth.library", work, str(path), *arguments]
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    @classmethod
    def scan(cls, path: Path, folders: Sequence[str | os.PathLike[str]] = ()) -> Self:
        """Read folders into the library at a path; without any, those of earlier scans."""
        return cls(path, "scan", folders)

    @classmethod
    def analyse(cls, path: Path) -> Self:
        """Listen to all sounds of the library at a path that nobody has listened to."""
        return cls(path, "analyse")

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def __iter__(self) -> Iterator[dict[str, Any]]:
        assert self._process.stdout is not None
        last = ""
        for line in self._process.stdout:
            event = json.loads(line)
            last = event["event"]
            yield event
        complaints = self._process.communicate()[1].decode(errors="replace").strip().splitlines()
        if last not in ("done", "error"):
            why = f" ({complaints[-1]})" if complaints else ""
            yield {
                "event": "error",
                "text": f"the work on the library was stopped{why}; next time it goes on from there",
            }

    def stop(self) -> None:
        """End the work now, between two transactions or within one, which then counts for nothing."""
        self._process.terminate()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self.stop()
        self._process.communicate(timeout=_PATIENCE)
