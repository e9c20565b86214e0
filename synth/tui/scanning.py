# SPDX-License-Identifier: Apache-2.0
"""A folder read into the library by a process of its own, told in sentences."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from synth.library.job import Job


class Scanning:
    """One at a time. `run` belongs to a worker thread, `stop` to any."""

    def __init__(self, library: Path, tell: Callable[[str], None]) -> None:
        self._library = library
        self._tell = tell
        self._job: Job | None = None
        self._stopped = False

    @property
    def running(self) -> bool:
        """Whether a scan is under way."""
        return self._job is not None

    def run(self, folder: str, read: Callable[[], None]) -> None:
        """Read a folder, call `read`, then listen to its sounds. How it goes, and mistakes, are told."""
        with Job.scan(self._library, [str(Path(folder).expanduser())]) as self._job:
            found = self._follow("reading")
        if found is None:
            self._job = None
            return
        read()
        news = f"{found['voices']} voices in {found['read']} new files, {found['sounds']} sounds not known before"
        passed = found["foreign"] + found["unreadable"]
        news += f"; {passed} files without voices (`sixop lib files` has the reasons)" if passed else ""
        self._tell(news)
        if not self._stopped:
            with Job.analyse(self._library) as self._job:
                heard = self._follow("listening")
            if heard is not None:
                self._tell(f"{news}; all sounds have been listened to")
        self._job = None

    def stop(self) -> None:
        """Leave off; the next scan goes on from there."""
        self._stopped = True
        if self._job is not None:
            self._job.stop()

    def _follow(self, doing: str) -> dict[str, int] | None:
        """What a job found, or None if it failed, which is told."""
        assert self._job is not None
        for event in self._job:
            if event["event"] == "progress":
                self._tell(f"{event['what'] or doing}: {event['done']} of {event['total']}")
            elif event["event"] == "done":
                return {name: value for name, value in event.items() if isinstance(value, int)}
            elif not self._stopped:
                self._tell(event["text"])
        return None
