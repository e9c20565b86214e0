# SPDX-License-Identifier: Apache-2.0
"""Finding the board among the serial ports, on a machine whose USB ports are of our making."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bridge.errors import NoBoardError
from bridge.ports import Port, choose
from bridge.virtual import VirtualXfm2

SCRIPT = Path(__file__).with_name("usb_ports.sh")


@pytest.fixture(scope="module")
def own_mounts():
    if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode:
        pytest.skip("this user may not make a mount namespace")


def with_boards(count: int, code: str, pty: str = "") -> object:
    """What `code` prints as JSON on a machine with so many boards."""
    ran = subprocess.run(
        ["unshare", "-m", "bash", str(SCRIPT), str(count), sys.executable, "-c", "import json\n" + code],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"BOARD_PTY": pty},
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


CHOOSE = """
from bridge.ports import choose
from bridge.errors import NoBoardError
try: print(json.dumps(choose({!r}).path))
except NoBoardError as error: print(json.dumps("refused: " + str(error)))
"""


def test_only_the_second_port_of_a_digilent_board_is_a_board(own_mounts):
    code = "from bridge.ports import ports\nprint(json.dumps([[p.path, p.usb_id, p.is_board] for p in ports()]))"
    assert with_boards(1, code) == [
        ["/dev/ttyUSB0", "0403:6010", False],
        ["/dev/ttyUSB1", "0403:6010", True],
        ["/dev/ttyUSB2", "0403:6010", False],
        ["/dev/ttyUSB3", "0403:6010", False],
        ["/dev/ttyUSB4", "10c4:ea60", False],
    ]


def test_the_only_board_is_found(own_mounts):
    assert with_boards(1, CHOOSE.format(None)) == "/dev/ttyUSB1"


def test_no_board_is_a_sentence_that_says_what_was_looked_for(own_mounts):
    answer = with_boards(0, CHOOSE.format(None))
    assert "0403:6010" in answer
    assert "--port" in answer
    assert "sixop xfm2 virtual" in answer


def test_two_boards_are_listed(own_mounts):
    answer = with_boards(2, CHOOSE.format(None))
    assert "/dev/ttyUSB1" in answer
    assert "/dev/ttyUSB3" in answer


def test_a_part_of_a_name_is_enough(own_mounts):
    assert with_boards(2, CHOOSE.format("210328AB0001")) == "/dev/ttyUSB3"
    assert with_boards(2, CHOOSE.format("cp2102")) == "/dev/ttyUSB6"
    assert "ttyUSB1" in with_boards(2, CHOOSE.format("Digilent"))
    assert "no serial port has 'moog' in its name" in with_boards(1, CHOOSE.format("moog"))


def test_the_found_board_is_opened_and_answers(own_mounts):
    code = "from bridge.device import Xfm2\nwith Xfm2.open() as xfm2: print(json.dumps([xfm2.port, len(xfm2.dump())]))"
    with VirtualXfm2() as board:
        assert with_boards(1, code, board.path) == ["/dev/ttyUSB1", 512]


def test_paths_and_urls_are_taken_as_they_are(tmp_path):
    link = tmp_path / "board"
    assert choose(str(link)) == Port(str(link))
    assert choose("socket://localhost:4000").path == "socket://localhost:4000"
    with pytest.raises(NoBoardError, match="socket://"):
        choose("http://localhost")


@pytest.mark.parametrize(
    ("platform", "port", "board"),
    [
        ("win32", Port("COM4", vid=0x403, pid=0x6010, serial_number="210328AB0001B", manufacturer="FTDI"), True),
        ("win32", Port("COM3", vid=0x403, pid=0x6010, serial_number="210328AB0001A", manufacturer="FTDI"), False),
        ("darwin", Port("/dev/cu.usbserial-210328AB00011", "Digilent", 0x403, 0x6010), True),
        ("darwin", Port("/dev/cu.usbserial-210328AB00010", "Digilent", 0x403, 0x6010), False),
        ("linux", Port("/dev/ttyUSB1", "", 0x403, 0x6010, by_id="usb-Digilent_Adept-if01-port0"), True),
        ("linux", Port("/dev/ttyUSB1", "", 0x403, 0x6010, "1-2:1.1", manufacturer="FTDI"), False),
        ("linux", Port("/dev/ttyUSB1", "Digilent", 0x403, 0x6001, "1-2:1.1"), False),
    ],
)
def test_the_second_interface_is_known_on_every_system(monkeypatch, platform, port, board):
    monkeypatch.setattr("sys.platform", platform)
    assert port.is_board is board
