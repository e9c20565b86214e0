# SPDX-License-Identifier: Apache-2.0
"""Faults come on demand, as often as asked, the same each time; and the board knows what it has misread."""

import json
import time
from collections import Counter

import pytest
import serial
from hypothesis import given
from hypothesis import strategies as st

from bridge.parameters import INIT_PROGRAM
from bridge.virtual import Board, Faults, VirtualXfm2
from bridge.virtual.line import Line

INIT = bytes(INIT_PROGRAM)
BYTE = 20e-6  # s at 500 000 baud


def line(faults: str = "") -> Line:
    return Line(Board(), Faults.parse(faults), lambda _time, _entry: None)


def letters(over: Line) -> str:
    return "".join(command.letter for command in over.board.executed)


def open_port(board: VirtualXfm2, timeout: float = 5) -> serial.Serial:
    return serial.Serial(board.path, 500_000, timeout=timeout)


def wait_for(promise) -> None:
    end = time.monotonic() + 10
    while not promise():
        assert time.monotonic() < end, "waited for 10 s"
        time.sleep(0.002)


def test_faults_are_told_in_words():
    assert Faults.parse("") == Faults()
    text = "loss=0.01, loss_reply=.5,wrong=1,seed=7,delay_ms=2.5,unplug_after=9,replug_ms=50,rx_buffer=64,silent"
    assert Faults.parse(text + ",drop=17+18") == Faults(
        loss=0.01,
        loss_reply=0.5,
        wrong=1.0,
        seed=7,
        delay_ms=2.5,
        unplug_after=9,
        replug_ms=50.0,
        rx_buffer=64,
        silent=True,
        drop=frozenset((17, 18)),
    )
    assert not Faults.parse("silent=0").silent


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("los=1", "there is no fault 'los'; there are loss, loss_reply"),
        ("loss", "loss is a probability from 0 to 1, not ''"),
        ("loss=2", "not '2'"),
        ("wrong=nan", "not 'nan'"),
        ("seed=x", "a whole number"),
        ("delay_ms=-1", "milliseconds"),
        ("rx_buffer=0", "from 1 on"),
        ("unplug_after=0", "from 1 on"),
        ("silent=yes", "1 or 0"),
        ("drop=1+", "17[+]18"),
    ],
)
def test_what_is_no_fault_is_refused_in_one_sentence(text, said):
    with pytest.raises(ValueError, match=said):
        Faults.parse(text)


def test_a_missed_letter_can_erase_everything():
    over = line("drop=0")
    over.board.programs[3][33] = 1
    over.send(b"s\x24\x07", 0.0, BYTE)  # parameter 36 is `$` without its letter
    assert over.board.erased
    assert over.board.programs[3] == INIT
    assert [command.letter for command in over.misreads] == ["$"]
    assert over.lost == 1


def test_a_missed_argument_lets_a_command_swallow_the_next_letter():
    over = line("drop=2")
    over.send(b"s\x21\x07g\x21d", 0.0, BYTE)
    assert over.board.edit[1][33] == ord("g")
    assert letters(over) == "sd"  # 0x21 is no letter
    assert [command.letter for command in over.misreads] == ["s"]


def test_a_lost_command_without_arguments_is_no_misreading():
    over = line("drop=0")
    over.send(b"dd", 0.0, BYTE)
    assert letters(over) == "d"
    assert over.misreads == []


def test_the_same_bytes_from_other_frames_are_a_misreading():
    over = line("drop=1+2+3")
    over.send(b"s\x21\x07s\x21\x07", 0.0, BYTE)  # what arrives looks like the first frame, but is half of each
    assert letters(over) == "s"
    assert len(over.misreads) == 1


def test_a_frame_completed_by_filler_is_a_misreading_and_nothing_after_it():
    over = line("drop=1")
    over.send(b"s\x21\x07" + bytes(3) + b"g\x21d", 0.0, BYTE)
    assert letters(over) == "sgd"
    assert len(over.misreads) == 1


def test_every_lost_byte_of_a_block_load_is_noticed():
    for offset in range(1, 513):
        over = line(f"drop={offset}")
        over.send(b"j" + bytes(range(256)) * 2 + b"dg\x00", 0.0, BYTE)
        assert [command.letter for command in over.misreads] == ["j"]


@given(
    st.lists(st.sampled_from([b"s\x21\x07", b"s\xff\x24\x08", b"g\x24", b"d", b"2", b"w\x05"]), max_size=80),
    st.integers(),
)
def test_what_is_no_misreading_was_sent(frames, seed):
    over = line(f"loss=0.05,seed={seed}")
    for number, frame in enumerate(frames):
        over.send(frame, number * 0.1, BYTE)
    executed = Counter(command.frame for command in over.board.executed)
    assert executed - Counter(command.frame for command in over.misreads) <= Counter(frames)
    assert over.lost or (executed == Counter(frames) and not over.misreads)


def test_chance_is_as_frequent_as_asked_and_the_same_each_time():
    def lose(seed: int) -> list[int]:
        lost = []
        over = Line(Board(), Faults(loss=0.1, seed=seed), lambda _time, entry: lost.append(entry.get("at")))
        over.send(bytes(10_000), 0.0, BYTE)
        return lost

    assert lose(1) == lose(1)
    assert lose(1) != lose(2)
    assert 800 < len(lose(1)) < 1200


def test_a_small_buffer_overflows_when_the_board_is_fed_too_fast():
    settings = b"s\x21\x07" * 200  # 60 µs of line each, 100 µs of work
    fast, slow, roomy = line("rx_buffer=64"), line("rx_buffer=64"), line()
    fast.send(settings, 0.0, BYTE)
    roomy.send(settings, 0.0, BYTE)
    for number in range(200):
        slow.send(settings[:3], number * 150e-6, BYTE)
    assert fast.lost > 50
    assert fast.misreads
    assert (slow.lost, roomy.lost) == (0, 0)
    assert letters(slow) == letters(roomy) == "s" * 200


def test_64_bytes_after_a_dump_or_a_store_fit_and_one_more_does_not():
    for busy in (b"d", b"w\x05"):
        fits, spills = line("rx_buffer=64"), line("rx_buffer=64")
        fits.send(busy + b"g\x00" * 32, 0.0, BYTE)
        spills.send(busy + b"g\x00" * 32 + b"\x00", 0.0, BYTE)
        assert (fits.lost, spills.lost) == (0, 1)


def test_replies_follow_each_other_at_line_speed():
    over = line()
    over.send(b"dg\x12", 0.0, BYTE)
    assert over.due(0.0) == b""
    assert 0 < len(over.due(0.005)) < 512
    assert over.next_due() is not None
    rest = over.due(1.0)
    assert rest[-1] == INIT[18]
    assert over.next_due() is None


def test_delayed_replies_keep_their_order():
    over = line("delay_ms=50")
    over.send(b"2d1", 0.0, BYTE)
    assert over.due(0.045) == b""
    assert over.due(1.0) == b"\1" + INIT + b"\0"


def test_replies_can_lose_bytes_and_have_wrong_ones():
    over = line("loss_reply=0.1,seed=3")
    over.send(b"d", 0.0, BYTE)
    assert 400 < len(over.due(1.0)) < 500
    over = line("wrong=1")
    over.send(b"d", 0.0, BYTE)
    answer = over.due(1.0)
    assert len(answer) == 512
    assert all(byte != right for byte, right in zip(answer, INIT, strict=True))


def test_a_silent_board_works_but_says_nothing():
    with VirtualXfm2(faults="silent") as board, open_port(board, 0.1) as port:
        port.write(b"s\x21\x07d")
        assert port.read(1) == b""
        assert board.board.edit[1][33] == 7


def test_faults_can_begin_later_and_are_counted_from_there():
    with VirtualXfm2() as board, open_port(board) as port:
        port.write(b"s\x21\x07g\x21")
        assert port.read(1) == b"\7"
        board.set_faults("drop=2")
        port.write(b"s\x21\x08g\x21")
        wait_for(lambda: board.received == 10)
        assert board.board.edit[1][33] == ord("g")
        assert board.misread == 1
        assert [command.letter for command in board.misreads] == ["s"]


def test_the_cable_is_pulled_in_mid_frame_and_put_in_again(tmp_path):
    link = tmp_path / "xfm2"
    with VirtualXfm2(link=link, faults="unplug_after=5,replug_ms=20") as board:
        with open_port(board) as port:
            port.write(b"s\x21\x07s\x22\x08d")
            with pytest.raises((serial.SerialException, OSError)):
                port.read(1)
        wait_for(lambda: board.plugged)
        with serial.Serial(str(link), 500_000, timeout=5) as port:
            port.write(b"\x05g\x21g\x22")
            assert port.read(2) == b"\7\5"
        assert board.received == 12
        assert board.misread == 1  # the host meant 8


def test_a_cable_pulled_in_mid_dump_leaves_half_of_it():
    with VirtualXfm2(faults="unplug_after=65") as board, open_port(board) as port:
        port.write(b"d" + bytes(64))
        with pytest.raises((serial.SerialException, OSError)):
            port.read(512)


def test_the_log_tells_everything(tmp_path):
    log = tmp_path / "log.jsonl"
    with VirtualXfm2(log=log, faults="drop=5") as board, open_port(board) as port:
        port.write(b"2s\xff\x00\x07s\x24\x09w\x7fg\x21")
        wait_for(lambda: board.received == 12)
    first, *lines, last = [json.loads(text) for text in log.read_text().splitlines()]
    assert first["plugged"] == board.path
    assert all(entry["time"] >= 0 for entry in (first, *lines, last))
    seen = [{key: value for key, value in entry.items() if key != "time"} for entry in lines]
    assert seen[0] == {"command": "unit", "letter": "2", "unit": 2, "at": 0, "misread": False}
    assert seen[1] == {
        "command": "set", "letter": "s", "unit": 2, "parameter": 256, "value": 7, "at": 1, "misread": False,
    }  # fmt: skip
    assert seen[2] == {"lost": 0x73, "at": 5, "why": "noise"}
    assert seen[3] == {
        "command": "erase programs", "letter": "$", "unit": 2, "at": 6, "misread": True, "erases": True,
    }  # fmt: skip
    assert seen[4] == {"command": "write", "letter": "w", "unit": 2, "program": 128, "at": 8, "misread": False}
    assert "unplugged" in seen[-1]
    assert last["summary"] == {"commands": 5, "received": 12, "lost": 1, "misread": 1, "erased": True}
