# SPDX-License-Identifier: Apache-2.0
"""The conversation with a board that behaves: opening, loading, reading, storing, and who is refused."""

import os
import pty
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from voices_for_boards import any_program, program

from bridge.errors import LinkError, NoBoardError
from bridge.link import Link
from bridge.parameters import INIT_PROGRAM
from bridge.ports import Port
from bridge.protocol import LETTERS
from bridge.virtual import VirtualXfm2


@pytest.fixture
def board() -> Iterator[VirtualXfm2]:
    with VirtualXfm2() as board:
        yield board
        assert not board.erased
        assert board.misread == 0
        assert board.summary()["lost"] == 0


@contextmanager
def linked(board: VirtualXfm2, unit: int = 1) -> Iterator[Link]:
    link = Link(Port(board.path), unit)
    yield link
    link.close()


@contextmanager
def answering(answer) -> Iterator[str]:
    """The path of a pty behind which something gives these answers to what it is told."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    done = threading.Event()

    def serve() -> None:
        while not done.is_set():
            try:
                data = os.read(master, 4096)
            except OSError:
                return
            if reply := answer(data):
                os.write(master, reply)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield os.ttyname(slave)
    done.set()
    os.close(slave)
    os.close(master)


def test_opening_changes_nothing_but_the_unit(board):
    board.board.edit[2][:] = program(1)
    with linked(board, unit=2) as link:
        assert link.image == program(1)
    assert board.board.unit == 2
    assert {command.letter for command in board.executed} <= set("12dg")


def test_a_program_is_loaded_and_verified(board):
    with linked(board) as link:
        loaded = link.load(program(1))
        assert board.board.edit[1] == program(1)
        assert loaded.verified
        assert loaded.mismatches == loaded.recoveries == 0
        again = link.load(program(1))
        assert again.bytes_sent == 3  # a dump, and the fence behind it


def test_only_differences_are_sent(board):
    with linked(board) as link:
        link.load(program(1))
        before = len(board.executed)
        changed = bytearray(program(1))
        changed[200] ^= 1
        link.load(bytes(changed))
        assert [command.letter for command in board.executed[before:]] == ["s", "g", "d", "g"]


def hazards_set_alone(board: VirtualXfm2) -> list[int]:
    """Where among the executed commands the hazardous ones are."""
    sets = [n for n, command in enumerate(board.executed) if command.letter == "s"]
    return [n for n in sets if {35, 36, 86, 116, 119} & set(board.executed[n].frame[1:])]


def test_what_would_be_hazardous_goes_in_a_block(board):
    with linked(board) as link:
        link.load(program(1))
        link.set(36, 7)
        link.set(200, 36)
        assert (board.board.edit[1][36], board.board.edit[1][200]) == (7, 36)
    assert hazards_set_alone(board) == []


def test_without_blocks_hazardous_frames_have_a_fence_on_both_sides():
    with VirtualXfm2(block_load=False) as board:
        with linked(board) as link:
            link.load(program(1))
        hazards = hazards_set_alone(board)
        assert len(hazards) >= 5
        for n in hazards:
            assert board.executed[n - 1].letter == board.executed[n + 1].letter == "g"


def test_many_different_programs_go_by_block_once_that_is_known_to_work(board):
    with linked(board) as link:
        for seed in range(4):
            assert link.load(any_program(seed)).verified
            assert (
                board.board.edit[1] == any_program(seed)[:255] + board.board.edit[1][255:256] + any_program(seed)[256:]
            )
    blocks = [command.frame[2:] for command in board.executed if command.letter == "j"]
    assert LETTERS.isdisjoint(blocks[0])  # the probe
    assert blocks[-1] == any_program(3)[1:]


def test_without_block_load_everything_still_arrives():
    with VirtualXfm2(block_load=False) as board, linked(board) as link:
        for seed in range(3):
            assert link.load(any_program(seed)).verified
        assert link.losses == 0
        assert board.board.edit[1][256:] == any_program(2)[256:]


def test_a_small_receive_buffer_never_overflows():
    with VirtualXfm2(faults="rx_buffer=64") as board, linked(board) as link:
        for seed in range(10):
            assert link.load(program(seed)).verified
        for number in range(3):
            link.write_program(number)
        assert board.summary()["lost"] == 0
        assert not board.erased


def test_each_parameter_is_read_alone(board):
    board.board.edit[1][:] = any_program(1)
    with linked(board) as link:
        assert [link.get(n) for n in range(512)] == list(any_program(1))
    asked = {command.parameter for command in board.executed if command.letter == "g"}
    assert not {35, 36, 86, 116, 119, 255} & asked


def test_programs_are_stored_and_read_back(board):
    with linked(board) as link:
        link.load(program(1))
        assert link.write_program(35) == program(1)  # 35 is the letter of an erasing command
        assert link.initialise() == INIT_PROGRAM
        assert link.read_program(35) == program(1)
    assert board.board.programs[35] == program(1)
    assert [bytes(stored) for n, stored in enumerate(board.board.programs) if n != 35] == [INIT_PROGRAM] * 127


def test_channels_and_layer_are_set(board):
    with linked(board) as link:
        link.midi_channel(2, 16)
        link.layer_mode(True)
    assert board.board.channels == {1: 0, 2: 16}
    assert board.board.layer


def test_the_other_addressing_law_is_found_and_followed():
    said = []
    with VirtualXfm2(variant="n-255") as board:
        link = Link(Port(board.path), 1, said.append)
        assert link.variant == "n-255"
        assert "n-255" in said[0]
        assert link.load(program(5)).verified
        assert board.board.edit[1] == program(5)
        link.close()


def test_an_edit_buffer_without_differences_leaves_the_law_open():
    said = []
    with VirtualXfm2() as board:
        board.board.edit[1][:] = bytes(512)
        Link(Port(board.path), 1, said.append).close()
    assert "n-256 is assumed" in said[0]


def test_an_xva1_is_refused_and_left_alone():
    with VirtualXfm2(xva1=True) as board:
        with pytest.raises(LinkError, match="XVA1, not an XFM2: it keeps a name"):
            Link(Port(board.path))
        assert {command.letter for command in board.executed} <= set("1dg")


def test_a_board_in_mid_frame_is_brought_back():
    for begun in (b"s\xff", b"j" + bytes(300)):
        with VirtualXfm2() as board:
            for byte in begun:
                board.board.receive(byte)
            with linked(board) as link:
                assert link.load(program(1)).verified
            assert not board.erased
            assert "w" not in {command.letter for command in board.executed}


@pytest.mark.parametrize("answer", [lambda data: data, lambda data: b"\0" * 3000])
def test_what_answers_nonsense_is_refused(answer):
    with answering(answer) as path, pytest.raises(LinkError, match="does not answer like an XFM2"):
        Link(Port(path))


def test_a_silent_port_is_refused():
    with VirtualXfm2(faults="silent") as board, pytest.raises(LinkError, match="has the board power"):
        Link(Port(board.path))


def test_a_busy_port_is_refused(board):
    with linked(board), pytest.raises(NoBoardError, match="in use by another program"):
        Link(Port(board.path))


def test_what_is_no_serial_port_is_refused(tmp_path):
    file = tmp_path / "file"
    file.write_text("x")
    for path, why in ((file, "no serial port"), (tmp_path, "no serial port"), (tmp_path / "none", "does not exist")):
        with pytest.raises(NoBoardError, match=why):
            Link(Port(str(path)))
    with pytest.raises(NoBoardError, match="cannot be opened"):
        Link(Port("socket://127.0.0.1:9"))


def test_a_network_port_works_like_a_cable(board):
    import serial

    with serial.Serial(board.path, 500_000, timeout=0.001, exclusive=True) as cable, over_network(cable) as url:
        link = Link(Port(url))
        assert link.load(program(1)).verified
        link.close()
    assert board.board.edit[1] == program(1)


@contextmanager
def over_network(cable) -> Iterator[str]:
    """The URL of a server that passes bytes on."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            client, _ = server.accept()
            client.settimeout(0.001)
            with client:
                while True:
                    try:
                        data = client.recv(4096)
                        if not data:
                            return
                        cable.write(data)
                    except TimeoutError:
                        pass
                    if waiting := cable.read(cable.in_waiting):
                        client.sendall(waiting)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"socket://127.0.0.1:{server.getsockname()[1]}"
        thread.join(5)
