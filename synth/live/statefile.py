# SPDX-License-Identifier: Apache-2.0
"""The file that remembers how an instrument stood: read when it starts, written while it plays.

One player has the file to itself, by a lock that ends with its process however that ends. The next one at the same
time has a file of its own: `play.json`, `play-2.json` and so on. A state that makes no sense, or that a newer sixop
wrote, is never written over: it is put aside under another name. A file that somebody names and that is something else
is left alone.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final, Self

from synth.directories import directory
from synth.errors import SixopError
from synth.files import next_take, read_limited, replacing, why_not_written
from synth.live.saved import BANK_FIELDS, VOICE_FIELDS, checked_fields, without

NAME: Final = "play.json"
FORMAT: Final = 1
"""Of the file; a sixop that must write it differently counts on."""
_BEGINNING = b'{"sixop":'  # of each state that was ever written
_LARGEST = 64 << 20  # bytes; two hundred thousand voices
_MOST_PLAYERS = 16


class StateFile:
    """One file, which is this process's alone until `release`.

    Raises:
        SixopError: another session has it, it is no ordinary file, or its folder cannot be written.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._lock: int | None = None
        self.path = Path(path)
        self._named = True  # by somebody, who may have named any file
        self.configured: dict[str, Any] = {}  #: what the configuration says at this time; kept beside the fields
        self.problem = ""  #: a sentence about what was found instead of a state
        try:
            _check_kind(self.path)
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(self.path.with_name(f".{self.path.name}.lock"))
        except BlockingIOError as error:
            raise SixopError(f"{self.path}: another session remembers there; name another file") from error
        except (OSError, ValueError) as error:
            raise SixopError(f"cannot remember in {str(self.path)!r}: {why_not_written(error)}") from error

    @classmethod
    def of_player(cls) -> Self:
        """The first file of players that no other one has.

        Raises:
            SixopError: their folder cannot be written.
        """
        path = directory("state") / NAME
        for number in range(1, _MOST_PLAYERS + 1):
            taken = path if number == 1 else path.with_stem(f"{path.stem}-{number}")
            try:
                file = cls(taken)
            except SixopError as error:
                if not isinstance(error.__cause__, BlockingIOError):
                    raise
            else:
                file._named = False
                return file
        raise SixopError(f"{_MOST_PLAYERS} players remember in {str(path.parent)!r}: end one of them")

    def read(self) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The fields of `Settings` that were kept, and what the configuration said then; None if there are none.

        What makes no sense is put aside, and told in `problem`.

        Raises:
            SixopError: it is something else that somebody has named, or makes no sense and cannot be put aside.
        """
        try:
            data = read_limited(self.path, _LARGEST)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            self._set_aside(str(getattr(error, "strerror", None) or error))
            return None
        if self._named and data != b"" and not (data or b"").startswith(_BEGINNING):
            raise SixopError(f"{self.path} is not what a session remembers; name another file")
        try:
            if data is None:
                raise ValueError("it is too large")
            said = json.loads(data)
            if not isinstance(said, dict) or not isinstance(said.get("sixop"), int):
                raise ValueError("sixop did not write it")
            if said["sixop"] > FORMAT:
                raise ValueError("a newer sixop wrote it")
            fields, configured = checked_fields(said.get("fields")), said.get("configured")
            self.configured = configured if isinstance(configured, dict) else {}
            return fields, self.configured
        except (ValueError, TypeError, RecursionError, SixopError) as error:
            reason = "it is damaged" if isinstance(error, json.JSONDecodeError | UnicodeDecodeError) else str(error)
            self._set_aside(reason.rstrip("."))
            return None

    def _set_aside(self, reason: str) -> None:
        other = self.path.with_name(f"{self.path.name}.bad")
        if other.exists():
            other = Path(next_take(str(other)))
        try:
            self.path.rename(other)
        except OSError as error:
            put = f"it cannot be put aside: {why_not_written(error)}"
            raise SixopError(f"{self.path} cannot be read: {reason}; {put}; nothing is remembered") from error
        self.problem = f"{self.path} cannot be read: {reason}; it is {other.name} now, and this evening starts anew"

    def write(self, fields: Mapping[str, Any]) -> None:
        """Write the whole file, or nothing.

        Raises:
            SixopError: it cannot be written.
        """
        text = json.dumps({"sixop": FORMAT, "configured": self.configured, "fields": fields}, separators=(",", ":"))
        try:
            with replacing(self.path) as path:
                path.write_text(text, encoding="utf-8")
        except (OSError, ValueError) as error:
            raise SixopError(f"cannot remember in {str(self.path)!r}: {why_not_written(error)}") from error

    def put_by(self) -> None:
        """Keep what the file says as `play.json.before`, and go on without.

        Raises:
            SixopError: that cannot be.
        """
        try:
            self.path.replace(self.path.with_name(f"{self.path.name}.before"))
        except FileNotFoundError:
            pass
        except OSError as error:
            raise SixopError(f"cannot put {str(self.path)!r} aside: {why_not_written(error)}") from error

    def release(self) -> None:
        """Let another session have it, as happens when nobody holds it any more. Twice is fine."""
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)

    __del__ = release


def _check_kind(path: Path) -> None:
    """What makes no sense is put aside: that must never happen to a folder or a device."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is no ordinary file; choose another name")


def _locked(path: Path) -> int:
    """A descriptor that holds the lock. BlockingIOError if another one does."""
    import fcntl

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def opened(state: str | os.PathLike[str] | StateFile, given: Collection[str]) -> tuple[StateFile, dict[str, Any]]:
    """The file of a session, and the fields of `Settings` to begin with, where `given` says nothing else.

    Whoever has opened the file has read it.
    """
    if isinstance(state, StateFile):
        return state, {}
    file = StateFile(state)
    try:
        fields, _ = file.read() or ({}, {})
    except BaseException:
        file.release()
        raise
    if "voices" in given:
        fields = without(fields, BANK_FIELDS)
    if "number" in given:
        fields = without(fields, VOICE_FIELDS)
    return file, fields
