# SPDX-License-Identifier: Apache-2.0
"""The virtual board speaks the XFM2's protocol. Its bytes are written out here, as the published tables give them."""

import time
from pathlib import Path

import pytest
import serial
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import BridgeError, ProgramError
from bridge.parameters import INIT_PROGRAM
from bridge.virtual import Board, Faults, VirtualXfm2
from bridge.virtual.line import Line

INIT = bytes(INIT_PROGRAM)
MEMORY = 65_536


def tell(board: Board, text: str) -> bytes:
    """What the board answers to bytes in hexadecimal."""
    return b"".join(board.receive(byte) for byte in bytes.fromhex(text))


def open_port(board: VirtualXfm2) -> serial.Serial:
    return serial.Serial(board.path, 500_000, timeout=5)


def ask(port: serial.Serial, text: str, size: int) -> bytes:
    port.write(bytes.fromhex(text))
    return port.read(size)


def wait_for(promise) -> None:
    end = time.monotonic() + 10
    while not promise():
        assert time.monotonic() < end, "waited for 10 s"
        time.sleep(0.002)


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        ("31", "00"),
        ("32", "01"),
        ("69", "00"),
        ("67 00", "00"),
        ("67 12", "01"),  # 18 is RATIO4
        ("67 FF 00", "FF"),  # 256 is LEVEL L of operator 1
        ("67 FF FF", "00"),  # 511
        ("67 FF F5", "01"),  # 501 is 1 after init
        ("73 21 07", ""),
        ("73 FF 00 07", ""),
        ("72 7F", "00"),
        ("77 7F", "00"),
        ("72 80", "01"),
        ("77 FF", "01"),
        ("2A 0A 10", "00"),
        ("2A 0B 00", "00"),
        ("2A 0C 01", "00"),
        ("2A 0C 02", "01"),
        ("2A 0D 00", ""),
        ("24", ""),
        ("23", "00"),
        ("56", ""),
        ("00 01 02 41 FF 61 7A", ""),  # letters of nothing
    ],
)
def test_answers_as_the_board_does(sent, answer):
    assert tell(Board(), sent) == bytes.fromhex(answer)


def test_dumps_512_bytes_that_begin_with_0():
    assert tell(Board(), "64") == INIT
    assert len(INIT) == 512
    assert INIT[0] == 0


def test_sets_and_gets_on_both_sides_of_the_escape_byte():
    board = Board()
    tell(board, "73 FE 01  73 FF 00 02  73 FF FF 03")
    assert (board.edit[1][254], board.edit[1][256], board.edit[1][511]) == (1, 2, 3)
    assert tell(board, "67 FE 67 FF 00 67 FF FF") == b"\1\2\3"
    assert board.edit[1][255] == INIT[255]


def test_the_other_reading_of_the_escape_byte_can_be_chosen():
    board = Board(variant="n-255")
    tell(board, "73 FF 01 09")
    assert board.edit[1][256] == 9


def test_parameter_0_stays_0():
    board = Board()
    tell(board, "73 00 05")
    assert tell(board, "67 00") == b"\0"
    tell(board, "6A" + "05" * 512)
    assert tell(board, "64") == bytes(1) + b"\5" * 511


def test_a_block_load_reaches_255_and_can_be_missing():
    program = bytes(1) + bytes(range(1, 256)) * 2 + b"\x4d"
    board = Board()
    assert tell(board, "6A" + program.hex()) == b""
    assert tell(board, "64") == program
    without = Board(block_load=False)
    assert tell(without, "6A" + "00" * 512 + "64") == INIT
    assert [command.letter for command in without.executed] == ["d"]


def test_a_partial_frame_waits_for_its_last_byte():
    board = Board()
    assert tell(board, "73 FF 00") == b""
    assert tell(board, "64") == b""  # this is the value
    assert board.edit[1][256] == 0x64
    assert tell(board, "67 FF") == b""
    assert tell(board, "00") == b"\x64"


def test_units_have_buffers_of_their_own_and_programs_in_common():
    board = Board()
    tell(board, "32 73 21 07 77 02")
    assert (board.edit[1][33], board.edit[2][33]) == (255, 7)
    assert tell(board, "31 67 21") == b"\0\xff"
    assert tell(board, "72 02 67 21") == b"\0\7"
    assert board.programs[2][33] == 7


def test_initialise_forgets_the_edit_buffer_of_one_unit():
    board = Board()
    tell(board, "73 21 07 32 73 21 08 69")
    assert (board.edit[1][33], board.edit[2][33]) == (7, 255)


def test_slots_beyond_128_change_nothing():
    board = Board()
    tell(board, "73 21 07 72 80 77 80 77 FF")
    assert board.edit[1][33] == 7
    assert all(program == INIT for program in board.programs)


def test_globals_are_kept():
    board = Board()
    tell(board, "2A 0A 03 2A 0B 10 2A 0C 01 2A 0A 11")
    assert board.channels == {1: 3, 2: 16}
    assert board.layer


def test_executed_commands_are_told_in_peoples_numbers():
    board = Board()
    tell(board, "32 73 FF 00 07 77 00")
    unit, setting, writing = board.executed
    assert (unit.word, unit.unit) == ("unit", 2)
    assert (setting.word, setting.unit, setting.parameter, setting.value) == ("set", 2, 256, 7)
    assert (writing.word, writing.program, writing.frame) == ("write", 1, b"w\0")


@pytest.mark.parametrize("letter", ["24", "23", "74", "56"])
def test_erasing_commands_are_on_record(letter):
    board = Board()
    tell(board, "73 21 07 77 04")
    assert not board.erased
    tell(board, letter)
    assert board.erased
    assert board.executed[-1].erases
    assert (board.programs[4] == INIT) == (letter == "24")


def test_a_tunings_bank_swallows_all_that_follows():
    board = Board()
    assert tell(board, "74" + "64" * 131_071) == b""
    assert tell(board, "64") == b"\0"
    assert tell(board, "64") == INIT


def test_a_sister_synth_keeps_a_name_at_480():
    assert Board(xva1=True).edit[1][480:505].decode("ascii").strip()
    assert not any(INIT[480:501])


def test_power_brings_back_edit_buffers_but_not_programs():
    board = Board()
    tell(board, "32 73 21 07 77 04 73")
    board.switch_on()
    assert tell(board, "64") == INIT
    assert board.unit == 1
    assert board.programs[4][33] == 7


@given(st.lists(st.one_of(st.binary(max_size=600), st.sampled_from([b"\xff", b"s\xff", b"j", b"w\x7f", b"*\x0a"]))))
def test_no_bytes_upset_the_board_and_none_of_them_is_misread(chunks):
    line = Line(Board(), Faults(), lambda _time, _entry: None)
    board = line.board
    for number, chunk in enumerate(chunks):
        line.send(chunk, number * 0.01, 20e-6)
    assert len(board.programs) == 128
    assert all(len(program) == 512 and not program[0] for program in (*board.edit.values(), *board.programs))
    assert board.unit in (1, 2)
    assert line.misreads == []
    assert line.received == sum(map(len, chunks))
    assert board.erased == any(command.erases for command in board.executed)


@given(st.binary(max_size=300), st.integers(0, 2**32))
def test_bytes_in_other_portions_mean_the_same(data, cuts):
    whole, parts = Board(), Line(Board(), Faults(), lambda _time, _entry: None)
    answers = b"".join(whole.receive(byte) for byte in data)
    middle = cuts % (len(data) + 1)
    parts.send(data[:middle], 0.0, 20e-6)
    parts.send(data[middle:], 5.0, 20e-6)
    assert parts.due(1e6) == answers
    assert parts.board.programs == whole.programs
    assert parts.board.edit == whole.edit


def test_a_client_reads_and_writes_through_the_port():
    with VirtualXfm2() as board, open_port(board) as port:
        assert ask(port, "31", 1) == b"\0"
        assert ask(port, "32", 1) == b"\1"
        assert ask(port, "64", 512) == INIT
        program = bytes(1) + bytes(range(255, 0, -1)) * 2 + b"\x01"
        port.write(b"j")
        port.write(program)
        assert ask(port, "64", 512) == program
        assert ask(port, "77 05", 1) == b"\0"
        assert ask(port, "69 64", 513) == b"\0" + INIT
        assert ask(port, "72 05 64", 513) == b"\0" + program
        assert board.board.edit[2] == program
        assert [command.letter for command in board.executed] == list("12djdwidrd")
        assert (board.misread, board.erased, board.received) == (0, False, 524)


@pytest.mark.parametrize("baud", [115_200, 500_000, 921_600])
def test_every_speed_of_the_client_carries_a_dump(baud):
    with VirtualXfm2() as board, serial.Serial(board.path, baud, timeout=5) as port:
        assert ask(port, "64", 512) == INIT


def test_a_whole_upload_without_a_pause_arrives():
    low = b"".join(bytes((0x73, number, 5)) for number in range(1, 255))
    high = b"".join(bytes((0x73, 0xFF, number, 6)) for number in range(256))
    with VirtualXfm2() as board, open_port(board) as port:
        port.write(low + high + b"d")
        assert port.read(512) == b"\0" + b"\5" * 254 + b"\0" + b"\6" * 256


def test_clients_may_come_and_go():
    with VirtualXfm2() as board:
        for value in (1, 2, 3):
            with open_port(board) as port:
                assert ask(port, f"73 21 {value:02x} 67 21", 1) == bytes((value,))


def test_an_unplugged_board_is_gone_and_comes_back_where_the_link_leads(tmp_path):
    link = tmp_path / "xfm2"
    with VirtualXfm2(link=link) as board:
        assert str(link.readlink()) == board.path
        with serial.Serial(str(link), 500_000, timeout=5) as port:
            assert ask(port, "73 21 07 73 21", 0) == b""
            wait_for(lambda: board.received == 5)
            board.unplug()
            assert not board.plugged
            assert not link.is_symlink()
            with pytest.raises((serial.SerialException, OSError)):
                port.read(1)
        board.unplug()  # once more means nothing
        board.plug()
        assert str(link.readlink()) == board.path
        with serial.Serial(str(link), 500_000, timeout=5) as port:
            assert ask(port, "09 67 21", 1) == b"\x09"  # it had been waiting for the value
    assert not link.is_symlink()


def test_power_can_be_lost_with_the_cable():
    with VirtualXfm2() as board:
        with open_port(board) as port:
            port.write(b"s\x21\x07s")
            wait_for(lambda: board.received == 4)
        board.unplug()
        board.plug(power_cycle=True)
        with open_port(board) as port:
            assert ask(port, "64", 512) == INIT
        assert board.misread == 0


def test_the_store_survives_the_board(tmp_path):
    store = tmp_path / "memory"
    with VirtualXfm2(store=store) as board, open_port(board) as port:
        assert store.read_bytes() == INIT * 128
        assert ask(port, "73 21 07 77 7F", 1) == b"\0"
    assert store.stat().st_size == MEMORY
    assert store.read_bytes()[127 * 512 + 33] == 7
    with VirtualXfm2(store=store) as board, open_port(board) as port:
        assert ask(port, "72 7F 67 21", 2) == b"\0\7"


@pytest.mark.parametrize("size", [0, MEMORY - 1, MEMORY + 1])
def test_a_store_of_another_size_is_refused_and_left_alone(tmp_path, size):
    store = tmp_path / "memory"
    store.write_bytes(bytes(size))
    with pytest.raises(ProgramError, match="65536"):
        VirtualXfm2(store=store)
    assert store.stat().st_size == size


def test_a_store_that_fails_makes_the_board_answer_so(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    with VirtualXfm2(store=folder / "memory") as board, open_port(board) as port:
        (folder / "memory").unlink()
        folder.rmdir()
        assert ask(port, "73 21 07 77 00", 1) == b"\1"
        assert board.board.programs[0] == INIT
        assert "cannot be written" in board.problems[0]


def test_a_place_that_is_no_file_is_refused(tmp_path):
    for name in ("store", "log", "link"):
        with pytest.raises(BridgeError, match="no such folder"), VirtualXfm2(**{name: tmp_path / "none" / "x"}):
            pass


def test_the_log_does_not_overwrite_the_store(tmp_path):
    with pytest.raises(BridgeError, match="another name for the log"):
        VirtualXfm2(store=tmp_path / "x", log=tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_a_link_replaces_only_what_a_dead_board_left(tmp_path):
    link = tmp_path / "xfm2"
    link.symlink_to(tmp_path / "gone")
    with VirtualXfm2(link=link) as board:
        assert str(link.readlink()) == board.path
        with pytest.raises(BridgeError, match="leads to"):
            VirtualXfm2(link=link)
    link.write_text("mine")
    with pytest.raises(BridgeError, match="no symbolic link"):
        VirtualXfm2(link=link)
    assert link.read_text() == "mine"


def test_the_board_does_not_know_how_the_bridge_makes_its_frames():
    import bridge.virtual

    for file in Path(bridge.virtual.__file__).parent.glob("*.py"):
        assert "protocol import" not in file.read_text()
        assert "import bridge.protocol" not in file.read_text()
