# SPDX-License-Identifier: Apache-2.0
"""Everything in some folders, each file and each folder once, and why something could not be looked into."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

_KINDS: Final = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_UNREADABLE: Final = {
    errno.EACCES: "reading it is not permitted; change its permissions",
    errno.EPERM: "reading it is not permitted; change its permissions",
    errno.ELOOP: "a link that leads back to itself",
    errno.ENAMETOOLONG: "its path is too long; move it further up",
    errno.EIO: "the disk fails to read it",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A file, or what stands where a file might."""

    path: bytes
    size: int = 0  #: bytes
    mtime: int = 0  #: nanoseconds
    reason: str = ""  #: why it cannot be read; empty for a regular file
    folder: bool = False  #: a folder that cannot be looked into


def walk(roots: Iterable[bytes]) -> Iterator[Seen]:
    """Files below some absolute paths, in the order of their names, hidden ones left out.

    Links are followed. A folder or file that was met already, by another way, is passed over, so that loops end.
    """
    met: set[tuple[int, int]] = set()
    for root in roots:
        yield from _entry(root, met)


def why_not_read(error: OSError) -> str:
    """The cause, and the remedy where one is known."""
    return _UNREADABLE.get(error.errno or 0) or error.strerror or str(error)


def _entry(path: bytes, met: set[tuple[int, int]]) -> Iterator[Seen]:
    waiting = [path]
    while waiting:
        path = waiting.pop()
        try:
            found = os.stat(path)  # noqa: PTH116 - pathlib takes no bytes
        except OSError as error:
            gone = isinstance(error, FileNotFoundError)
            yield Seen(path, reason="a link to something that is not there" if gone else why_not_read(error))
            continue
        if found.st_ino and (found.st_dev, found.st_ino) in met:
            continue
        met.add((found.st_dev, found.st_ino))
        if stat.S_ISDIR(found.st_mode):
            try:
                names = [name for name in os.listdir(path) if not name.startswith(b".")]  # noqa: PTH208
            except OSError as error:
                yield Seen(path, reason=why_not_read(error), folder=True)
                continue
            waiting += [os.path.join(path, name) for name in sorted(names, reverse=True)]  # noqa: PTH118
        elif stat.S_ISREG(found.st_mode):
            yield Seen(path, found.st_size, found.st_mtime_ns)
        else:
            kind = next((name for is_kind, name in _KINDS if is_kind(found.st_mode)), "no file")
            yield Seen(path, reason=f"{kind}, not a file of voices")
