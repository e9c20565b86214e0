# SPDX-License-Identifier: Apache-2.0
"""Saving all that a board holds to a file, and putting it back.

A stored program can be read only by loading it into the edit buffer, and written only from there. So the edit
buffers are read before anything else, and put back at the end, also after an error if the board still answers.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from bridge.backup_file import Backup, Partial, local_time, read_backup
from bridge.errors import BridgeError, NoBoardError, NotSentError, UnplugError
from bridge.names import Names, differing
from bridge.protocol import PROGRAMS, UNITS

Result = TypeVar("Result")
Progress = Callable[[str, int, int], None]  #: what is being done, how much of it, of how much
Say = Callable[[str], None]

_LOOK_SECONDS = 0.25  # between two looks for a board that went away


class Board(Protocol):
    """What a backup needs of a board; `bridge.device.Xfm2` has it."""

    unit: int

    @property
    def port(self) -> str:
        """The path of the port."""

    @property
    def identity(self) -> str:
        """What the board is remembered by."""

    def load(self, program: bytes, /) -> Any:
        """Make the edit buffer this program, and verify it; how that went."""

    def dump(self) -> bytes:
        """The edit buffer."""

    def read_program(self, n: int, /) -> bytes:
        """A stored program, 1..128."""

    def write_program(self, n: int, /) -> None:
        """Store the edit buffer as a program, 1..128, and verify it."""


@dataclass(frozen=True, slots=True)
class Change:
    """A program, or an edit buffer, that is not as it is in the backup."""

    place: str  #: "program 5", "edit buffer of unit 1"
    number: int  #: of the program, 1..128, or of the unit
    before: bytes  #: what the board holds
    after: bytes  #: what the backup holds
    name_before: str
    name_after: str

    @property
    def parameters(self) -> int:
        """How many parameters differ."""
        return len(differing(self.before, self.after))


def _silent(*_: object) -> None:
    pass


def backup(
    board: Board,
    path: str | os.PathLike[str],
    *,
    progress: Progress = _silent,
    say: Say = _silent,
    patience: float = 0.0,
) -> Backup:
    """Save all programs and both edit buffers to a file.

    What was read is kept beside the file until it is whole. If the board goes away, this waits `patience` seconds
    for it; if it does not come back, the next backup to the same file goes on from there.

    Raises:
        BridgeError: the board does not answer as it should, or the file cannot be written.
    """
    path, key, unit = Path(path), board.identity, board.unit
    names = Names.load(key)
    partial = _begun(path, key, names, say)
    if partial is None:
        partial = Partial.begin(path, key, read_edit_buffers(board))
    elif partial.put_back:
        partial.go_on(read_edit_buffers(board))

    def kept() -> str:
        return (
            f"{len(partial.programs)} of {PROGRAMS} programs are kept in {partial.path}, and the same backup, asked "
            "for again, goes on from there"
        )

    with adding(kept):
        try:
            for number in partial.missing:
                progress("reading", number - 1, PROGRAMS)
                partial.add(number, patiently(lambda n=number: _read_on(board, unit, n), patience, say))  # type: ignore[misc]
            progress("reading", PROGRAMS, PROGRAMS)
            patiently(lambda: write_edit_buffers(board, unit, partial.edit_buffers), patience, say)
        except BaseException as error:
            if _put_back(error, lambda: write_edit_buffers(board, unit, partial.edit_buffers)):
                with suppress(BridgeError):  # the disk may be what failed
                    partial.note_put_back()
            raise
    found = {number: names.name(program) for number, program in partial.programs.items()}
    done = partial.finished({number: name for number, name in sorted(found.items()) if name})
    done.write(path)
    partial.remove()
    for number, program in partial.programs.items():
        names.remember(program, place=number)
    names.backed_up(path)
    names.keep(say)
    return done


def restore(
    board: Board,
    path: str | os.PathLike[str],
    *,
    confirm: Callable[[Sequence[Change]], bool] | None = None,
    progress: Progress = _silent,
    say: Say = _silent,
) -> list[Change]:
    """Make all programs and both edit buffers what they are in a file; what was written.

    Nothing is written before the whole file is checked, the whole board is read, and `confirm` has agreed to the
    changes. Only programs that differ are written, each verified, so a restore that was interrupted is gone on with
    by asking for it again. A bank has no edit buffers: those of the board are then left as they were.

    Raises:
        ProgramError: the file is no backup and no bank, or is damaged.
        BridgeError: the board does not answer as it should.
    """
    wanted = read_backup(Path(path))
    unit = board.unit
    names = Names.load(board.identity)
    for number, name in wanted.names.items():
        names.remember(wanted.programs[number - 1], name)
    with kept_edit_buffers(board) as buffers:
        with adding(lambda: "nothing was stored"):
            programs, held_buffers = compare(board, wanted, buffers, names, progress)
            changes = [*programs, *held_buffers]
            if not changes or (confirm is not None and not confirm(changes)):
                return []
        try:
            _store_all(board, programs, names, progress)
        finally:
            names.keep(say)
        buffers.update(wanted.edit_buffers)
    board.unit = unit
    return changes


def _store_all(board: Board, programs: Sequence[Change], names: Names, progress: Progress) -> None:
    done = 0

    def written() -> str:
        return (
            f"{done} of {len(programs)} programs {'is' if done == 1 else 'are'} stored and verified, and the same "
            "restore, asked for again, goes on from there"
        )

    with adding(written):
        for change in programs:
            progress("writing", done, len(programs))
            store(board, change.number, change.after)
            names.remember(change.after, place=change.number)
            done += 1
    progress("writing", len(programs), len(programs))


def compare(
    board: Board, wanted: Backup, buffers: Mapping[int, bytes], names: Names, progress: Progress
) -> tuple[list[Change], list[Change]]:
    """What differs between a board and a backup: programs and edit buffers. Leaves another edit buffer behind."""
    programs: list[Change] = []
    for number, after in enumerate(wanted.programs, 1):
        progress("comparing", number - 1, PROGRAMS)
        before = board.read_program(number)
        names.remember(before, place=number)
        if differing(before, after):
            programs.append(Change(f"program {number}", number, before, after, names.name(before), names.name(after)))
    progress("comparing", PROGRAMS, PROGRAMS)
    return programs, [
        Change(f"edit buffer of unit {unit}", unit, buffers[unit], after, names.name(buffers[unit]), names.name(after))
        for unit, after in wanted.edit_buffers.items()
        if differing(buffers[unit], after)
    ]


def store(board: Board, number: int, program: bytes) -> Any:
    """Load a program into the edit buffer, verified, and then store it as `number` (1..128); how loading went."""
    loaded = board.load(program)
    with adding(lambda: f"program {number} may be stored or not", unless=NotSentError):
        board.write_program(number)
    return loaded


@contextmanager
def adding(words: Callable[[], str], unless: type[BridgeError] | tuple[()] = ()) -> Iterator[None]:
    """Within: an error gets these words at the end of its sentence; Ctrl-C, which has none, gets them as a note."""
    try:
        yield
    except unless:
        raise
    except BridgeError as error:
        raise type(error)(f"{error}; {words()}") from error
    except BaseException as error:
        error.add_note(words())
        raise


@contextmanager
def kept_edit_buffers(board: Board) -> Iterator[dict[int, bytes]]:
    """Within: both edit buffers as they were, by unit; at the end the board gets back what this says then.

    After an error they go back if the board still answers.
    """
    unit, was = board.unit, read_edit_buffers(board)
    buffers = dict(was)
    try:
        yield buffers
        write_edit_buffers(board, unit, buffers)
    except BaseException as error:
        _put_back(error, lambda: write_edit_buffers(board, unit, was))
        raise


@contextmanager
def kept_edit_buffer(board: Board, *, only_after_errors: bool = False) -> Iterator[bytes]:
    """Within: the edit buffer of the active unit as it was; it goes back at the end."""
    was = board.dump()
    try:
        yield was
        if not only_after_errors:
            board.load(was)
    except BaseException as error:
        _put_back(error, lambda: board.load(was))
        raise


def _put_back(error: BaseException, action: Callable[[], object]) -> bool:
    """After an error or Ctrl-C: have the edit buffer put back, if the board still answers. A note tells what became."""
    try:
        action()
    except (BridgeError, KeyboardInterrupt):
        error.add_note("the edit buffer could not be put back")
        return False
    error.add_note("the edit buffer was put back")
    return True


def read_edit_buffers(board: Board) -> dict[int, bytes]:
    """The edit buffers by unit; the active unit stays."""
    unit, buffers = board.unit, {}
    for each in UNITS:
        board.unit = each
        buffers[each] = board.dump()
    board.unit = unit
    return buffers


def write_edit_buffers(board: Board, unit: int, buffers: Mapping[int, bytes]) -> None:
    """Put the edit buffers back; `unit` is the active one afterwards."""
    for each, program in buffers.items():
        board.unit = each
        board.load(program)
    board.unit = unit


def _begun(path: Path, key: str, names: Names, say: Say) -> Partial | None:
    """The backup to this file that was interrupted, if there is one of this board."""
    partial = Partial.found(path)
    if partial is None:
        return None
    if partial.board != key:
        raise BridgeError(
            f"{partial.path} is a backup of another board ({partial.board}) that was interrupted; "
            "choose another file, or delete it"
        )
    for number in [n for n, program in partial.programs.items() if names.contradicts(n, program)]:
        del partial.programs[number]  # it was stored anew in the meantime
    say(f"going on with the backup of {local_time(partial.date)}: {len(partial.programs)} programs are there already")
    return partial


def _read_on(board: Board, unit: int, number: int) -> bytes:
    board.unit = unit  # a board that was away begins with a unit of its own choice
    return board.read_program(number)


def patiently(action: Callable[[], Result], patience: float, say: Say) -> Result:
    """Do it, and if the board goes away, do it again as soon as it is back, for `patience` seconds at the most."""
    deadline: float | None = None
    while True:
        try:
            return action()
        except (UnplugError, NoBoardError) as error:
            if deadline is None:
                deadline = time.monotonic() + patience
                if patience:
                    say(f"{error}; waiting {patience:.0f} s for it")
            if time.monotonic() >= deadline:
                raise
            time.sleep(_LOOK_SECONDS)
