# SPDX-License-Identifier: Apache-2.0
"""A folder read into the library by a process of its own, told in sentences."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from synth.library.job import Job


class Scanning:
    """One at a time. `run` belongs to a worker thread, `stop` to any."""

    def __init__(self, library: Path, tell: Callable[[str], None], progress: Callable[[str], None]) -> None:
        self._library = library
        self._tell = tell
        self._progress = progress  # told many times a second how far it is; nothing when it is over
        self._job: Job | None = None
        self._stopped = False

    def run(self, folder: str | None, read: Callable[[], None]) -> None:
        """Read a folder if one is given, call `read`, then listen to all sounds. How it goes is told."""
        news = ""
        if folder is not None:
            with Job.scan(self._library, [folder]) as self._job:
                found = self._follow()
            if found is None:
                return
            read()
            news = _told(found)
            self._tell(news)
        if not self._stopped:
            with Job.analyse(self._library) as self._job:
                heard = self._follow()
            if heard is not None:
                self._tell(f"{news}all sounds have been listened to")

    def stop(self) -> None:
        """Leave off; the next scan goes on from there."""
        self._stopped = True
        if self._job is not None:
            self._job.stop()

    def _follow(self) -> dict[str, int] | None:
        """What a job found, or None if it failed, which is told."""
        assert self._job is not None
        for event in self._job:
            if event["event"] == "progress":
                self._progress(f"{event['what']}: {event['done']} of {event['total']}")
            elif event["event"] == "done":
                return {name: value for name, value in event.items() if isinstance(value, int)}
            elif not self._stopped:
                self._tell(event["text"])
        return None


def _told(found: dict[str, int]) -> str:
    """What a scan found, in a sentence that goes on."""
    told = f"{found['voices']} voices in {found['read']} new files, {found['sounds']} sounds not known before; "
    passed = found["foreign"] + found["unreadable"]
    return told + (f"{passed} files gave none (`sixop lib files` has the reasons); " if passed else "")
