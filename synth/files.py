# SPDX-License-Identifier: Apache-2.0
"""Reading files that may have no end, and writing files that are either whole or as they were before.

Devices and pipes have names like files: reading stops at a limit whatever size a file claims to have, and only
regular files are replaced; anything else is written into.
"""

import errno
import os
import re
import select
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from synth.errors import SixopError

Source: TypeAlias = "str | os.PathLike[str] | bytes | bytearray | memoryview"
"""A file's path, or its content."""

_WRITING = {
    errno.ENOENT: "there is no such folder; make it first",
    errno.ENOTDIR: "its folder is a file; choose another folder",
    errno.EISDIR: "it is a folder; name a file in it",
    errno.EACCES: "that is not permitted; choose another folder",
    errno.EPERM: "that is not permitted; choose another folder",
    errno.EROFS: "the disk is read-only; choose another folder",
    errno.ENOSPC: "the disk is full; make room or choose another one",
    errno.EDQUOT: "your share of the disk is full; make room or choose another one",
    errno.EFBIG: "files may not become that large here; choose another disk or a shorter sound",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
}


_PATIENCE_SECONDS = 5.0  # for the next bytes of a pipe or a device
_CHUNK_BYTES = 1 << 16


def read_limited(path: Path, limit: int) -> bytes | None:
    """The bytes of a file, pipe or device; None if there are more than `limit`.

    Raises:
        OSError, ValueError: it cannot be read, it is a pipe or a device that sends nothing, or no file can have this
            name.
    """
    if path.is_fifo() or path.is_char_device():
        data = _read_stream(path, limit + 1)
    else:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    return data if len(data) <= limit else None


def _read_stream(path: Path, limit: int) -> bytes:
    """Up to `limit` bytes of what may never come and never end."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
    data = bytearray()
    try:
        while len(data) < limit:
            if not select.select([handle], [], [], _PATIENCE_SECONDS)[0]:
                raise TimeoutError(
                    errno.ETIMEDOUT, f"it is no ordinary file, and sent nothing for {_PATIENCE_SECONDS:g} s"
                )
            chunk = os.read(handle, min(_CHUNK_BYTES, limit - len(data)))
            if not chunk:
                break
            data += chunk
    finally:
        os.close(handle)
    return bytes(data)


def read_source(
    source: Source, limit: int, what: str, error: type[SixopError], missing: type[SixopError] | None = None
) -> tuple[str, bytes]:
    """A name for messages, and the bytes, of a file's path or of bytes. `what` should be in them: "a MIDI file".

    Raises:
        error: it cannot be read, or is larger than `limit` bytes.
        missing: there is no such file; `error` if this is not given.
        TypeError: this is neither a path nor bytes.
    """
    data: bytes | None
    if isinstance(source, bytes | bytearray | memoryview):
        name, data = "the data", bytes(source)
    elif isinstance(source, str | os.PathLike):
        name = str(source)
        try:
            data = read_limited(Path(source), limit)
        except (OSError, ValueError) as failure:
            reason = failure.strerror if isinstance(failure, OSError) and failure.strerror else str(failure)
            kind = missing if missing and isinstance(failure, FileNotFoundError) else error
            raise kind(f"{name} cannot be read: {reason}; check the path and its permissions") from failure
    else:
        raise TypeError(f"a file's path or its bytes are needed, not {type(source).__name__}")
    if data is None or len(data) > limit:
        raise error(f"{name} is too large for {what}: it goes beyond {limit >> 20} MB")
    return name, data


def next_take(path: str) -> str:
    """The first free name after this one: take.wav, take-2.wav, take-3.wav..."""
    whole = Path(path)
    name = re.fullmatch(r"(.*?)(?:-(\d{1,6}))?", whole.stem)
    stem, number = (name[1], int(name[2] or 1)) if name else (whole.stem, 1)
    while True:
        number += 1
        candidate = whole.with_name(f"{stem}-{number}{whole.suffix}")
        if not candidate.exists():
            return str(candidate)


def why_not_written(error: OSError | ValueError) -> str:
    """The cause, and the remedy where one is known."""
    if not isinstance(error, OSError):
        return str(error)  # no file can have such a name
    return _WRITING.get(error.errno or 0) or error.strerror or str(error)


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Within: the path to write to. It takes the place of `path` at the end, unless anything fails within.

    Through a symbolic link the file behind it is replaced, not the link. A new file gets the usual permissions, a
    replaced one keeps its own. A device or a pipe is given as it is.

    Raises:
        OSError, ValueError: the file cannot be made.
    """
    target = Path(path).resolve()
    mode = _mode(target)
    if not stat.S_ISREG(mode):
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        yield target
        return
    import tempfile  # slow to import, and most programs write no file

    # The suffix stays, because writers of sound go by it.
    descriptor, name = tempfile.mkstemp(prefix=".sixop-", suffix=target.suffix, dir=target.parent)
    os.close(descriptor)
    temporary = Path(name)
    try:
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.chmod(stat.S_IMODE(mode))
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def create(path: Path, data: bytes) -> None:
    """Make a new file that is whole from its first moment on.

    Raises:
        FileExistsError: there is one already.
        OSError: the file cannot be made.
    """
    import tempfile

    descriptor, name = tempfile.mkstemp(prefix=".sixop-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        temporary.chmod(stat.S_IMODE(_mode(path)))
        try:
            path.hardlink_to(temporary)
        except FileExistsError:
            raise
        except (OSError, NotImplementedError):  # a disk without links
            with path.open("xb") as file:
                file.write(data)
    finally:
        temporary.unlink(missing_ok=True)


def _mode(target: Path) -> int:
    """Kind and permissions of a file, or those that a new one would get."""
    try:
        return target.stat().st_mode
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return stat.S_IFREG | 0o666 & ~mask
