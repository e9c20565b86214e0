# SPDX-License-Identifier: Apache-2.0
"""The virtual board's log: one JSON object per line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bridge.errors import BridgeError
from synth.files import why_not_written

_LONGEST_LINE = 10_000  # bytes; ours have some 200


class LogFile:
    """A file for what the board sees: a line per executed command, lost byte, unplugging and plugging.

    Each line has `time`, in seconds since the board was switched on: when a command was done, or a lost byte would
    have arrived. Lines come in the order of the host's bytes, `at` counts these from 0; the last line is the summary.
    An earlier log is replaced, another file is not.

    Raises:
        BridgeError: the file cannot be written, or holds something else.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem = ""
        try:
            if not _may_be_replaced(path):
                raise BridgeError(f"{path} is no log of a virtual board, and would be lost; choose another name")
            self._file = path.open("w", buffering=1, encoding="ascii")
        except (OSError, ValueError) as error:
            raise BridgeError(f"{path} cannot be written: {why_not_written(error)}") from error

    def write(self, time: float, entry: dict[str, Any]) -> None:
        """One line. After a failure nothing more is written, and `problem` says why."""
        if self.problem:
            return
        try:
            self._file.write(json.dumps({"time": round(time, 6)} | entry) + "\n")
        except OSError as error:
            self.problem = f"{self.path} ends early: {why_not_written(error)}"

    def close(self) -> None:
        """No more lines."""
        try:
            self._file.close()
        except OSError as error:
            self.problem = self.problem or f"{self.path} ends early: {why_not_written(error)}"


def _may_be_replaced(path: Path) -> bool:
    """True for what is no file yet, is empty, or begins with a line of such a log."""
    if not path.is_file():
        return True
    with path.open("rb") as file:
        first = file.readline(_LONGEST_LINE)
    if not first:
        return True
    try:
        entry = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(entry, dict) and "time" in entry
