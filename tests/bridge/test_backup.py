# SPDX-License-Identifier: Apache-2.0
"""Backups: the file, what survives an unplug, and what a restore writes."""

import json
import random

import pytest

from bridge.backup import backup, kept_edit_buffer, restore
from bridge.backup_file import Backup, Partial, partial_path, read_backup
from bridge.device import Xfm2
from bridge.errors import BridgeError, LinkError, ProgramError, UnplugError
from bridge.names import Names
from bridge.parameters import INIT_PROGRAM
from bridge.virtual import VirtualXfm2


def program(seed: int) -> bytes:
    """A program like no other, with what cannot be reached as the board has it."""
    made = bytearray(random.Random(seed).randbytes(512))
    made[0] = made[255] = 0
    made[480:505] = bytes(25)  # a name there would be one of an XVA1
    return bytes(made)


class PlainBoard:
    """What a board holds, without any link; `breaks_at` operations from now it goes away."""

    port = "plain"

    def __init__(self):
        self.unit = 1
        self.edit = {1: program(-1), 2: program(-2)}
        self.programs = [program(number) for number in range(128)]
        self.written = []
        self.breaks_at = None
        self.error = UnplugError("plain went away")

    @property
    def identity(self):
        return self.port

    def _operate(self):
        if self.breaks_at is not None:
            self.breaks_at -= 1
            if self.breaks_at < 0:
                raise self.error

    def dump(self):
        self._operate()
        return self.edit[self.unit]

    def load(self, wanted):
        self._operate()
        self.edit[self.unit] = bytes(wanted)

    def read_program(self, n):
        self._operate()
        self.edit[self.unit] = self.programs[n - 1]
        return self.programs[n - 1]

    def write_program(self, n):
        self._operate()
        self.programs[n - 1] = self.edit[self.unit]
        self.written.append(n)


@pytest.fixture
def board():
    return PlainBoard()


@pytest.fixture
def saved(board, tmp_path):
    path = tmp_path / "backup.json"
    backup(board, path)
    return path


# -- the file -------------------------------------------------------------------


def test_a_backup_holds_everything_and_leaves_the_board_as_it_was(board, tmp_path):
    before, path = dict(board.edit), tmp_path / "backup.json"
    names = Names.load("plain")
    names.remember(program(4), "BASS")
    names.save()
    seen = []
    done = backup(board, path, progress=lambda *step: seen.append(step))
    assert board.edit == before
    assert board.unit == 1
    assert board.written == []
    assert read_backup(path) == done
    assert list(done.programs) == board.programs
    assert done.edit_buffers == before
    assert done.names == {5: "BASS"}
    assert seen[0] == ("reading", 0, 128)
    assert seen[-1] == ("reading", 128, 128)
    assert not partial_path(path).exists()
    assert Names.load("plain").last_backup is not None


def test_the_file_describes_itself(saved):
    content = json.loads(saved.read_text())
    assert content["format"] == "sixop xfm2 backup"
    assert content["version"] == 1
    assert content["board"] == "plain"
    assert content["programs"]["1"] == program(0).hex()
    assert len(content["sha256"]) == 64


def test_damage_of_any_kind_is_one_sentence(saved, tmp_path):
    text = saved.read_text()
    content = json.loads(text)
    other = tmp_path / "other.json"
    for damaged in (
        text[: len(text) // 2],
        text.replace('"plain"', '"plane"'),
        text.replace(program(7).hex(), program(8).hex()),
        json.dumps({**content, "version": 2}),
        json.dumps({name: value for name, value in content.items() if name != "sha256"}),
        json.dumps({"format": "sixop xfm2 backup"}),
    ):
        other.write_text(damaged)
        with pytest.raises(ProgramError, match=r"damaged|version"):
            read_backup(other)


def test_a_bank_is_a_backup_without_edit_buffers(tmp_path):
    path = tmp_path / "x.bank"
    path.write_bytes(b"".join(map(program, range(128))))
    assert read_backup(path) == Backup(tuple(map(program, range(128))))


def test_fewer_programs_are_not_restored(tmp_path):
    path = tmp_path / "x.prg"
    path.write_bytes(INIT_PROGRAM)
    with pytest.raises(ProgramError, match="holds 1 program"):
        read_backup(path)


def test_a_missing_or_foreign_file_is_one_sentence(tmp_path):
    with pytest.raises(ProgramError, match="cannot be read"):
        read_backup(tmp_path / "none.json")
    (tmp_path / "x").write_text("hello")
    with pytest.raises(ProgramError):
        read_backup(tmp_path / "x")


# -- interruptions --------------------------------------------------------------


def test_a_backup_goes_on_where_it_was(board, tmp_path):
    before, path = dict(board.edit), tmp_path / "backup.json"
    board.breaks_at = 2 + 50
    with pytest.raises(UnplugError, match="50 of 128"):
        backup(board, path)
    assert not path.exists()
    board.breaks_at, board.edit = None, {1: INIT_PROGRAM, 2: INIT_PROGRAM}  # it was without power
    said, seen = [], []
    done = backup(board, path, say=said.append, progress=lambda *step: seen.append(step))
    assert "50 programs" in said[0]
    assert seen[0] == ("reading", 50, 128)
    assert list(done.programs) == board.programs
    assert done.edit_buffers == before
    assert board.edit == before


def test_what_was_done_between_the_two_halves_is_kept(board, tmp_path):
    path = tmp_path / "backup.json"
    kept, board.programs[60] = board.programs[60], None  # cannot be kept
    with pytest.raises(AttributeError):
        backup(board, path)
    board.programs[60], board.programs[3] = kept, program(700)
    board.edit[1] = program(701)
    names = Names.load("plain")
    names.remember(program(700), "NEW", 4)
    names.save()
    done = backup(board, path)
    assert list(done.programs) == board.programs
    assert done.edit_buffers[1] == board.edit[1] == program(701)


def test_a_partial_line_is_read_again(board, tmp_path):
    path = tmp_path / "backup.json"
    board.breaks_at = 2 + 50
    with pytest.raises(UnplugError):
        backup(board, path)
    half = partial_path(path)
    half.write_bytes(half.read_bytes()[:-100])
    assert len(Partial.found(path).programs) == 49
    board.breaks_at = 3
    with pytest.raises(UnplugError, match="52 of 128"):
        backup(board, path)
    board.breaks_at = None
    assert list(backup(board, path).programs) == board.programs


def test_a_backup_of_another_board_is_not_gone_on_with(board, tmp_path):
    path = tmp_path / "backup.json"
    board.breaks_at = 10
    with pytest.raises(UnplugError):
        backup(board, path)
    other = PlainBoard()
    other.port = "elsewhere"
    with pytest.raises(BridgeError, match="another board"):
        backup(other, path)


def test_after_an_error_the_edit_buffers_go_back(board, tmp_path):
    before = dict(board.edit)
    board.programs[60] = None  # cannot be kept
    with pytest.raises(AttributeError):
        backup(board, tmp_path / "backup.json")
    assert board.edit == before


def test_nothing_is_asked_of_a_board_whose_backup_cannot_be_written(board, tmp_path):
    with pytest.raises(BridgeError, match=r"backup\.json': there is no such folder"):
        backup(board, tmp_path / "missing" / "backup.json")


def fail_within(board, error):
    with kept_edit_buffer(board, only_after_errors=True):
        board.load(INIT_PROGRAM)
        raise error


def test_an_edit_buffer_is_kept_only_where_it_should(board):
    before = board.edit[1]
    with kept_edit_buffer(board):
        board.load(INIT_PROGRAM)
    assert board.edit[1] == before
    with pytest.raises(LinkError):
        fail_within(board, LinkError("it went wrong"))
    assert board.edit[1] == before
    with kept_edit_buffer(board, only_after_errors=True):
        board.load(INIT_PROGRAM)
    assert board.edit[1] == INIT_PROGRAM


# -- restoring ------------------------------------------------------------------


def test_a_restore_shows_and_writes_only_what_differs(board, saved):
    saved_edit = dict(board.edit)
    board.programs[2], board.programs[90] = INIT_PROGRAM, program(500)
    board.edit[2] = program(501)
    shown = []
    done = restore(board, saved, confirm=lambda changes: bool(shown.extend(changes)) or True)
    assert [change.place for change in shown] == ["program 3", "program 91", "edit buffer of unit 2"]
    assert shown == done
    assert all(change.parameters > 100 for change in shown)
    assert board.written == [3, 91]
    assert board.programs == [program(number) for number in range(128)]
    assert board.edit == saved_edit
    assert restore(board, saved) == []


def test_ctrl_c_tells_what_is_done(board, saved, tmp_path):
    before = dict(board.edit)
    for number in range(10, 20):
        board.programs[number] = INIT_PROGRAM
    board.breaks_at, board.error = 2 + 128 + 2 + 1, KeyboardInterrupt()  # while the second is written
    with pytest.raises(KeyboardInterrupt) as stopped:
        restore(board, saved)
    assert board.written == [11]
    told = "; ".join(stopped.value.__notes__)
    assert told.startswith("program 12 may be stored or not; 1 of 10 programs is stored")
    board.breaks_at, board.error = 2 + 50, KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt) as stopped:
        backup(board, tmp_path / "other.json")
    assert "50 of 128" in stopped.value.__notes__[-1]
    board.breaks_at, board.edit = None, dict(before)
    with pytest.raises(KeyboardInterrupt) as stopped:
        fail_within(board, KeyboardInterrupt())
    assert stopped.value.__notes__ == ["the edit buffer was put back"]
    assert board.edit == before


def test_names_that_cannot_be_kept_are_said(board, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("SIXOP_HOME", str(tmp_path / "file"))
    said = []
    backup(board, tmp_path / "backup.json", say=said.append)
    assert ["cannot be kept" in sentence for sentence in said] == [True]
    assert read_backup(tmp_path / "backup.json")


def test_a_refusal_leaves_the_board_as_it_is(board, saved):
    board.programs[2], board.edit[1] = INIT_PROGRAM, program(501)
    assert restore(board, saved, confirm=lambda changes: False) == []
    assert board.written == []
    assert board.edit[1] == program(501)


def test_an_interrupted_restore_goes_on_where_it_was(board, saved):
    for number in range(10, 20):
        board.programs[number] = INIT_PROGRAM
    board.breaks_at = 2 + 128 + 2 * 4 + 1  # in the middle of the fifth: loaded, not yet written
    with pytest.raises(UnplugError, match="program 15 may be stored or not; 4 of 10 programs are stored"):
        restore(board, saved)
    board.breaks_at = None
    restore(board, saved)
    assert board.written == list(range(11, 21))
    assert board.programs == [program(number) for number in range(128)]


def test_a_bank_leaves_the_edit_buffers_alone(board, tmp_path):
    path = tmp_path / "x.bank"
    path.write_bytes(b"".join(map(program, range(100, 228))))
    before = dict(board.edit)
    assert len(restore(board, path)) == 128
    assert board.edit == before
    assert board.programs[0] == program(100)


def test_a_damaged_file_asks_nothing_of_the_board(board, saved):
    saved.write_text(saved.read_text()[:-500])
    board.breaks_at = 0
    with pytest.raises(ProgramError):
        restore(board, saved)


# -- over a line ----------------------------------------------------------------


def test_over_a_line_that_is_unplugged_in_the_middle(tmp_path):
    link, path = tmp_path / "xfm2", tmp_path / "backup.json"
    with VirtualXfm2(link=link) as virtual:
        for number in range(5):
            virtual.board.programs[20 * number][:] = program(number)
        virtual.board.edit[1][:], virtual.board.edit[2][:] = program(-1), program(-2)
        with Xfm2.open(str(link), 2) as board:
            virtual.set_faults("unplug_after=700")
            with pytest.raises(UnplugError, match="asked for again"):
                board.backup(path)
        assert 0 < len(Partial.found(path).programs) < 128
        virtual.plug(power_cycle=True)
        said = []
        with Xfm2.open(str(link), 2, reconnect=True) as board:
            virtual.set_faults("unplug_after=500,replug_ms=100")
            done = board.backup(str(path), patience=30.0, say=said.append)
        assert any("waiting" in sentence for sentence in said)
        assert list(done.programs) == [bytes(held) for held in virtual.board.programs]
        assert (virtual.board.edit[1], virtual.board.edit[2]) == (program(-1), program(-2))
        assert done.edit_buffers == {1: program(-1), 2: program(-2)}
        assert not virtual.erased
        assert "write" not in {command.word for command in virtual.executed}
