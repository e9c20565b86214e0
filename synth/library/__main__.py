# SPDX-License-Identifier: Apache-2.0
"""The process behind a `Job`: ``python -m synth.library scan|analyse LIBRARY [FOLDER]...``, events as JSON lines."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from typing import Any, Final

from synth.errors import SixopError
from synth.library import Imported, Library
from synth.library.analysis import Analysed

_EVERY: Final = 0.05  # seconds between two events of progress


def main(arguments: list[str]) -> int:
    """Do the work; the exit code."""
    work, path, *rest = arguments
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    told = 0.0

    result: Imported | Analysed

    def progress(what: str, done: int, total: int) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= _EVERY or done == total:
            told = now
            _tell(event="progress", what=what, done=done, total=total)

    try:
        with Library.open(path) as library:
            result = library.scan(rest, progress) if work == "scan" else library.analyse(progress)
            _tell(event="done", **result.as_dict())
    except SixopError as error:
        _tell(event="error", text=str(error))
        return 1
    except BrokenPipeError:  # nobody listens any more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0


def _tell(**event: Any) -> None:
    print(json.dumps(event), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
