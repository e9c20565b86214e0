# SPDX-License-Identifier: Apache-2.0
"""The board as an object: what its methods do and refuse, edits that nobody waits for, unplugging and coming back."""

import threading
import time
from pathlib import Path

import pytest
from voices_for_boards import any_program, eventually, program

from bridge.device import Event, Xfm2
from bridge.errors import BridgeError, LinkError, NotSentError, ProgramError, UnplugError
from bridge.link import CLEAN_RUN, LONG_RUN
from bridge.parameters import INIT_PROGRAM
from bridge.program import Program
from bridge.serial_line import SerialLine
from bridge.virtual import Faults, VirtualXfm2
from synth import Patch


@pytest.fixture
def board():
    with VirtualXfm2() as board:
        yield board
        assert not board.erased


@pytest.fixture
def xfm2(board):
    with Xfm2.open(board.path) as xfm2:
        yield xfm2


def test_whatever_holds_a_program_can_be_loaded(board, xfm2):
    from bridge import convert

    for given, expected in (
        (program(1), program(1)),
        (Program(program(2), "two"), program(2)),
        (convert(Patch()), convert(Patch()).program),
        (Patch.init_voice(), convert(Patch.init_voice()).program),
    ):
        assert xfm2.load(given).verified
        assert board.board.edit[1] == expected
    for wrong in (b"short", 512, "text"):
        with pytest.raises(ProgramError, match="512"):
            xfm2.load(wrong)


def test_a_parameter_is_set_and_read(board, xfm2):
    xfm2.set(33, 77)
    xfm2.set(36, 5)  # a hazardous address
    assert (xfm2.get(33), xfm2.get(36)) == (77, 5)
    assert (board.board.edit[1][33], board.board.edit[1][36]) == (77, 5)


def test_what_nobody_should_set_is_refused(board, xfm2):
    before = board.received
    for n in (0, 255, 81, 480):
        with pytest.raises(NotSentError, match=f"parameter {n} "):
            xfm2.set(n, 1)
    for n, value in ((512, 0), (-1, 0), (33, 256), (33, -1), (1, 128), (True, 1), (33, 1.0)):
        with pytest.raises(ValueError, match="goes from"):
            xfm2.set(n, value)
    assert board.received == before
    xfm2.set(480, 7, undocumented=True)
    assert xfm2.get(480) == 7


@pytest.mark.parametrize("n", [0, 129, -1, 1.5, True])
def test_programs_out_of_range_are_refused(board, xfm2, n):
    before = board.received
    with pytest.raises(ValueError, match="from 1 to 128"):
        xfm2.write_program(n)
    with pytest.raises(ValueError, match="from 1 to 128"):
        xfm2.read_program(n)
    assert board.received == before


def test_programs_are_stored_by_the_numbers_people_use(board, xfm2):
    xfm2.load(program(1))
    xfm2.write_program(1)
    xfm2.initialise()
    assert xfm2.dump() == INIT_PROGRAM
    xfm2.write_program(128)
    assert xfm2.read_program(1) == program(1) == bytes(board.board.programs[0])
    assert xfm2.dump() == program(1)


def test_each_unit_has_its_own_edit_buffer(board, xfm2):
    xfm2.load(program(1))
    xfm2.unit = 2
    assert board.board.unit == 2
    xfm2.load(program(2))
    xfm2.unit = 1
    assert xfm2.dump() == program(1)
    assert board.board.edit[2] == program(2)
    with pytest.raises(ValueError, match="1 to 2"):
        xfm2.unit = 3


def test_what_somebody_else_changed_is_noticed(board, xfm2):
    xfm2.load(program(1))
    board.board.edit[1][:] = any_program(1)
    loaded = xfm2.load(program(1))
    assert loaded.verified
    assert loaded.mismatches == 0
    assert board.board.edit[1][:255] == program(1)[:255]


def test_a_turned_knob_sends_little_and_ends_with_the_newest(board, xfm2):
    xfm2.load(program(1))
    before = board.received
    wanted = bytearray(program(1))
    for turn in range(500):
        wanted[120], wanted[300] = turn % 128, turn // 2
        xfm2.want(bytes(wanted))
    assert eventually(lambda: board.board.edit[1] == wanted)
    assert board.received - before < 500 * 7 / 2


def test_wanted_programs_are_verified_when_it_is_quiet(board):
    events: list[Event] = []
    with Xfm2.open(board.path, on_event=events.append) as xfm2:
        xfm2.want(any_program(1))
        xfm2.want(program(1))
        assert eventually(lambda: "verified" in [event.kind for event in events])
        assert board.board.edit[1] == program(1)
    assert events[0].kind == "connected"
    assert board.path in events[0].text


def test_lost_bytes_of_edits_are_made_good(board):
    events: list[Event] = []
    with Xfm2.open(board.path, on_event=events.append) as xfm2:
        xfm2.load(program(1))
        board.set_faults("loss=0.001,seed=2")
        wanted = bytearray(program(1))
        for turn in range(40):
            wanted[130 + turn] = turn
            xfm2.want(bytes(wanted))
        assert eventually(lambda: "verified" in [event.kind for event in events], 30)
        assert board.board.edit[1] == wanted


def test_closing_sends_what_was_wanted_last(board):
    xfm2 = Xfm2.open(board.path)
    xfm2.want(program(3))
    xfm2.close()
    xfm2.close()
    assert board.board.edit[1] == program(3)
    with pytest.raises(LinkError, match="was closed"):
        xfm2.dump()


def test_closing_never_hangs_on_a_silent_board(board):
    xfm2 = Xfm2.open(board.path)
    board.set_faults("silent")

    def ask() -> None:
        with pytest.raises(BridgeError):
            xfm2.dump()

    waiting = threading.Thread(target=ask)
    waiting.start()
    xfm2.want(program(1))
    xfm2.close()
    waiting.join(10)
    assert not waiting.is_alive()


def test_two_threads_may_call_at_once(board, xfm2):
    failures = []

    def work(seed: int) -> None:
        try:
            for turn in range(8):
                assert xfm2.load(program(seed + turn)).verified
                xfm2.get(33 + turn)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in (10, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert xfm2.dump() in (program(17), program(27))
    assert board.misread == 0


def test_an_unplug_without_reconnect_ends_it(board, xfm2):
    board.set_faults(Faults(unplug_after=100))
    with pytest.raises(UnplugError, match="plug the board in again"):
        xfm2.load(program(1))
    with pytest.raises(UnplugError):
        xfm2.dump()
    assert not xfm2.connected
    xfm2.want(program(2))  # nobody waits for it, so nobody is told but by events


def test_whoever_hears_of_an_unplug_finds_the_board_disconnected(board, xfm2, monkeypatch):
    close = SerialLine.close
    monkeypatch.setattr(SerialLine, "close", lambda line: (time.sleep(0.2), close(line)))
    board.set_faults(Faults(unplug_after=100))
    with pytest.raises(UnplugError):
        xfm2.load(program(1))
    assert not xfm2.connected


@pytest.mark.parametrize("power_cycle", [False, True])
def test_after_an_unplug_in_mid_frame_the_wanted_program_is_there(tmp_path: Path, power_cycle):
    events: list[Event] = []
    port = tmp_path / "board"
    with VirtualXfm2(link=port) as board, Xfm2.open(str(port), 2, events.append, reconnect=True) as xfm2:
        xfm2.load(program(1))
        board.set_faults(Faults(unplug_after=101))
        with pytest.raises(UnplugError):
            xfm2.load(program(2))
        assert eventually(lambda: not board.plugged)
        board.plug(power_cycle)
        assert eventually(lambda: "verified" in [event.kind for event in events])
        assert [event.kind for event in events if event.kind != "warning"] == ["connected", "lost", "back", "verified"]
        assert board.board.edit[2] == program(2)
        assert xfm2.dump() == program(2)
        assert not board.erased


def test_an_unplug_in_the_middle_of_a_store_stores_nowhere_else(tmp_path: Path):
    port = tmp_path / "board"
    with VirtualXfm2(link=port) as board, Xfm2.open(str(port), reconnect=True) as xfm2:
        xfm2.load(program(1))
        board.set_faults(Faults(unplug_after=3 + 2 * CLEAN_RUN + 1))  # behind the letter
        with pytest.raises(UnplugError):
            xfm2.write_program(5)
        assert eventually(lambda: not board.plugged)
        assert board.board.parser.pending == b"w"
        board.plug()
        assert eventually(lambda: xfm2.connected)
        assert xfm2.dump() == program(1)
        assert [n for n, stored in enumerate(board.board.programs) if stored != INIT_PROGRAM] == [4]


@pytest.mark.parametrize(("place", "finished"), [(5, True), (36, False)])
def test_a_store_that_was_interrupted_is_known_to_whoever_opens_the_port_next(tmp_path: Path, place, finished):
    port = tmp_path / "board"
    with VirtualXfm2(link=port) as board:
        with Xfm2.open(str(port)) as xfm2:
            xfm2.load(program(1))
            fences = LONG_RUN if place == 36 else CLEAN_RUN
            board.set_faults(Faults(unplug_after=3 + 2 * fences + 1))  # behind the letter
            with pytest.raises(UnplugError):
                xfm2.write_program(place)
            assert eventually(lambda: not board.plugged)
        board.plug()
        if finished:
            with Xfm2.open(str(port)) as xfm2:
                assert xfm2.dump() == program(1)
            stored = [n for n, data in enumerate(board.board.programs, 1) if data != INIT_PROGRAM]
            assert stored == [place]
        else:
            for _ in range(2):
                with pytest.raises(LinkError, match=r"unplug it, plug it in again, delete .*\.unfinished"):
                    Xfm2.open(str(port))
            assert board.board.parser.pending == b"w"
        assert not board.erased


def test_a_broken_link_is_told_and_nobody_waits_for_it(board, monkeypatch):
    events: list[Event] = []
    with Xfm2.open(board.path, on_event=events.append) as xfm2:
        monkeypatch.setattr("bridge.owner.Owner._doubt", lambda *_: 1 / 0)
        xfm2.dump()
        for _ in range(2):
            with pytest.raises(LinkError, match=r"broke .ZeroDivisionError"):
                xfm2.dump()
    assert events[-1].kind == "lost"


def test_settings_go_to_the_board(board, xfm2):
    xfm2.midi_channel(1, 0)
    xfm2.midi_channel(2, 16)
    xfm2.layer_mode(True)
    assert board.board.channels == {1: 0, 2: 16}
    assert board.board.layer
    with pytest.raises(ValueError, match="0 to 16"):
        xfm2.midi_channel(1, 17)
