# SPDX-License-Identifier: Apache-2.0
"""The conversation over a line that loses bytes: the board's memory stays as it was, and what is verified is right."""

import threading

import pytest
from voices_for_boards import any_program, program

from bridge.errors import BridgeError, LinkError, NotSentError, UnplugError
from bridge.link import BLOCK_RUN, CLEAN_RUN, LONG_RUN, Link
from bridge.parameters import INIT_PROGRAM
from bridge.ports import Port
from bridge.protocol import HAZARDS
from bridge.virtual import Faults, VirtualXfm2

OLD = program(1)


@pytest.fixture(autouse=True)
def impatience(monkeypatch):
    """The virtual board stores in 40 ms, so a test need not wait a second for what will never come."""
    monkeypatch.setattr("bridge.link.REPLY_SECONDS", 0.25)


def dropping(*offsets: int) -> Faults:
    return Faults(drop=frozenset(offsets))


def memory(board: VirtualXfm2) -> list[bytes]:
    return [bytes(stored) for stored in board.board.programs]


def short_program() -> bytes:
    """Two windows and two hazardous frames away from OLD."""
    data = bytearray(OLD)
    for n in (*range(40, 55), *range(300, 308)):
        data[n] = (data[n] + 1) % 256 if data[n] + 1 not in HAZARDS else 0
    data[35] ^= 1
    data[200] = 119
    return bytes(data)


def test_each_lost_byte_of_a_load_is_made_good():
    new = short_program()
    with VirtualXfm2() as board:
        link = Link(Port(board.path))
        link.load(OLD)
        size = link.load(new).bytes_sent
        link.close()
    with VirtualXfm2() as board:
        for lost in range(0, size, 23):
            link = Link(Port(board.path))
            link.load(OLD)
            board.set_faults(dropping(lost))
            assert link.load(new).verified
            assert board.board.edit[1] == new, lost
            assert memory(board) == [INIT_PROGRAM] * 128
            assert not board.erased
            link.close()
            board.set_faults(Faults())


@pytest.mark.parametrize("lost", [0, 1, 250, 510])
def test_each_lost_byte_of_a_block_is_made_good(lost):
    with VirtualXfm2() as board:
        link = Link(Port(board.path))
        for seed in range(3):
            link.load(any_program(seed))
        before = len(board.executed)
        board.set_faults(dropping(2 * BLOCK_RUN + 1 + lost))  # behind the fences and the letter
        assert link.load(any_program(4)).verified
        assert board.board.edit[1] == any_program(4)
        assert link.losses
        assert "j" in {command.letter for command in board.executed[before:]}
        assert memory(board) == [INIT_PROGRAM] * 128
        link.close()


def test_a_lost_letter_of_a_block_sends_nothing_of_the_block():
    with VirtualXfm2() as board:
        link = Link(Port(board.path))
        for seed in range(3):
            link.load(any_program(seed))
        before = len(board.executed)
        board.set_faults(dropping(2 * BLOCK_RUN))
        assert link.load(any_program(4)).verified
        assert board.board.edit[1] == any_program(4)
        assert {command.letter for command in board.executed[before:]} <= set("gdj1s")
        assert not board.erased
        link.close()


# Slot 35 without its letter is left out: on a link that was clean so far nobody can help that.
@pytest.mark.parametrize(("lost", "slot"), [("letter", 48), ("letter", 119), ("slot", 35), ("slot", 48), ("slot", 119)])
def test_each_lost_byte_of_a_store_never_stores_elsewhere(lost, slot):
    with VirtualXfm2() as board:
        link = Link(Port(board.path), unit=2)
        link.load(OLD)
        fences = 2 * (LONG_RUN if slot in HAZARDS else CLEAN_RUN)
        board.set_faults(dropping(3 + fences + (lost == "slot")))
        if slot in HAZARDS:
            with pytest.raises(LinkError, match="unplug the board, plug it in again"):
                link.write_program(slot)
            assert memory(board) == [INIT_PROGRAM] * 128
            with pytest.raises(LinkError):
                link.dump()
        else:
            assert link.write_program(slot) == OLD
            assert memory(board)[slot] == OLD
        assert [n for n, stored in enumerate(memory(board)) if stored != INIT_PROGRAM] in ([], [slot])
        assert not board.erased
        link.close()


@pytest.mark.parametrize("slot", [4, 48, 49, 105])
@pytest.mark.parametrize("lost", [0, 1, 3, 4, 5, 6, 7, 8, 9, 10])
def test_each_lost_byte_of_a_read_gives_the_right_program(slot, lost):
    with VirtualXfm2() as board:
        board.board.programs[slot][:] = program(2)
        link = Link(Port(board.path), unit=2)
        board.set_faults(dropping(lost))
        assert link.read_program(slot) == program(2)
        assert board.board.edit[2] == program(2)
        link.close()


@pytest.mark.parametrize("slot", [35, 36])
def test_a_lost_letter_of_a_hazardous_read_is_told_for_what_it_may_have_done(slot):
    with VirtualXfm2() as board:
        link = Link(Port(board.path))
        board.set_faults(dropping(2 * LONG_RUN))
        with pytest.raises(LinkError, match="compare it with a backup"):
            link.read_program(slot)
        assert board.erased, "the one thing that nobody can help on a link that was clean so far"
        link.close()


@pytest.mark.parametrize(("n", "value"), [(300, 7), (375, 9), (5, 114), (49, 200), (200, 50), (36, 7), (200, 36)])
def test_each_lost_byte_of_a_single_edit_is_made_good(n, value):
    wanted = bytearray(OLD)
    wanted[n] = value
    with VirtualXfm2() as board:
        board.board.edit[1][:] = program(3)
        board.board.programs[103][:] = program(2)
        memory_before = memory(board)
        for lost in (0, 1, 2, 3, 4, 5, 2 * BLOCK_RUN, 2 * BLOCK_RUN + 1):
            link = Link(Port(board.path), unit=2)
            link.load(OLD)
            board.set_faults(dropping(lost))
            link.set(n, value)
            assert board.board.edit[2] == wanted, lost
            assert board.board.edit[1] == program(3), lost
            link.close()
            board.set_faults(Faults())
        assert memory(board) == memory_before
        assert not board.erased


@pytest.mark.parametrize("n", [1, 105, 106, 114, 115, 300])
def test_each_lost_byte_of_a_question_changes_nothing(n):
    with VirtualXfm2() as board:
        link = Link(Port(board.path))
        link.load(OLD)
        for lost in range(5):
            board.set_faults(dropping(lost))
            assert link.get(n) == OLD[n]
            assert board.board.edit[1] == OLD, lost
        link.close()


def test_a_lost_letter_of_the_first_block_does_not_mean_that_there_are_none():
    with VirtualXfm2() as board:
        link = Link(Port(board.path))
        board.set_faults(dropping(2 * BLOCK_RUN))
        assert link.load(OLD).verified
        assert not [command for command in board.executed if command.letter == "s" and HAZARDS & set(command.frame[1:])]
        link.close()


def test_a_line_that_stalls_is_waited_for():
    with VirtualXfm2() as board:
        link = Link(Port(board.path))
        link.load(OLD)
        board.set_faults("delay_ms=600")
        moment = threading.Timer(0.5, board.set_faults, [Faults()])
        moment.start()
        assert link.dump() == OLD
        moment.join()
        link.close()


def test_what_is_stored_must_be_what_was_last_seen():
    with VirtualXfm2() as board:
        link = Link(Port(board.path))
        link.load(OLD)
        board.board.edit[1][33] ^= 1
        with pytest.raises(LinkError, match=r"nothing was stored: .* 1 parameters differ"):
            link.write_program(5)
        assert memory(board) == [INIT_PROGRAM] * 128
        link.close()


def test_a_lost_letter_of_a_read_stores_nothing_though_the_rest_begins_a_store():
    with VirtualXfm2() as board:
        link = Link(Port(board.path))
        board.set_faults(dropping(2 * LONG_RUN))
        with pytest.raises(LinkError, match="unplug the board, plug it in again"):
            link.read_program(119)
        assert board.board.parser.pending == b"w"
        with pytest.raises(LinkError):
            link.dump()
        assert memory(board) == [INIT_PROGRAM] * 128
        link.close()


def test_hazardous_programs_are_neither_read_nor_stored_over_a_lossy_link():
    with VirtualXfm2() as board:
        link = Link(Port(board.path))
        board.set_faults("loss=0.02,seed=1")
        for act in (link.read_program, link.write_program):
            with pytest.raises((NotSentError, LinkError)):
                act(36)
        assert not board.erased
        assert not {"r", "w"} & {command.letter for command in board.executed if command not in board.misreads}
        link.close()


@pytest.mark.parametrize("faults", ["loss=0.001", "loss=0.02", "wrong=0.0005"])
def test_over_a_bad_line_a_load_is_verified_or_refused(faults):
    with VirtualXfm2() as board:
        link = Link(Port(board.path))
        board.set_faults(f"{faults},seed=3")
        for seed in range(1, 2):
            try:
                loaded = link.load(program(seed))
            except LinkError as error:
                assert "try a shorter cable" in str(error)
            else:
                assert loaded.verified
                assert board.board.edit[1] == program(seed)
        assert not board.erased
        assert memory(board) == [INIT_PROGRAM] * 128
        link.close()


def test_late_answers_are_waited_for():
    with VirtualXfm2(faults="delay_ms=20") as board:
        link = Link(Port(board.path))
        assert link.load(OLD).verified
        assert link.losses == 0
        assert board.misread == 0
        link.close()


def test_a_board_that_falls_silent_is_told():
    with VirtualXfm2() as board:
        link = Link(Port(board.path))
        board.set_faults("silent")
        with pytest.raises(LinkError, match="no longer answers"):
            link.dump()
        link.close()


@pytest.mark.parametrize("sent", [0, 100])
def test_an_unplug_in_mid_frame_is_told(sent):
    with VirtualXfm2() as board:
        link = Link(Port(board.path))
        board.set_faults(Faults(unplug_after=sent + 1))
        with pytest.raises(UnplugError, match="plug the board in again"):
            link.load(OLD)
        for act in (link.dump, link.initialise):
            with pytest.raises(BridgeError):
                act()
        link.close()
