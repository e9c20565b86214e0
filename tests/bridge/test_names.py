# SPDX-License-Identifier: Apache-2.0
"""What this computer remembers of a board."""

import json

import pytest

from bridge.errors import BridgeError
from bridge.names import Names, differing, fingerprint
from bridge.parameters import INIT_PROGRAM
from synth.directories import directory


def changed(**values) -> bytes:
    """INIT with other values, `_33=7` for parameter 33."""
    program = bytearray(INIT_PROGRAM)
    for number, value in values.items():
        program[int(number[1:])] = value
    return bytes(program)


def test_a_name_belongs_to_the_bytes_and_not_to_the_place(sixop_home):
    bass = changed(_33=7)
    names = Names.load("210328AB")
    names.remember(bass, "BASS", 5)
    names.save()

    again = Names.load("210328AB")
    assert again.name(bass) == "BASS"
    assert again.places(bass) == [5]
    assert again.name(changed(_33=8)) == ""
    assert again.path.parent == sixop_home / "state" / "xfm2"


def test_a_place_whose_program_changed_elsewhere_is_no_place_of_the_old_one():
    names = Names("board")
    names.remember(changed(_33=7), "BASS", 5)
    names.remember(changed(_33=8), "", 5)
    assert names.places(changed(_33=7)) == []
    assert names.places(changed(_33=8)) == [5]


def test_parameters_out_of_reach_make_no_other_program():
    assert fingerprint(changed(_0=1, _255=9)) == fingerprint(INIT_PROGRAM)
    assert differing(INIT_PROGRAM, changed(_0=1, _33=2, _255=9)) == [33]


def test_each_board_has_its_own_names():
    one = Names.load("one")
    one.remember(INIT_PROGRAM, "MINE")
    one.save()
    assert Names.load("other").name(INIT_PROGRAM) == ""


def test_the_last_backup_is_remembered(tmp_path):
    names = Names.load("board")
    assert names.last_backup is None
    names.backed_up(tmp_path / "b.json")
    names.save()
    again = Names.load("board")
    assert again.last_backup == names.last_backup
    assert again.last_backup_file == str(tmp_path / "b.json")


@pytest.mark.parametrize("board", ["/dev/ttyUSB1", "socket://there:7000", "..", "", "a b/c"])
def test_any_port_makes_a_file_in_the_state_folder(board):
    names = Names.load(board)
    names.save()
    assert names.path.parent == directory("state") / "xfm2"
    assert Names.load(board).board == board


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"format": "other"}', "\x00"])
def test_a_file_that_makes_no_sense_is_forgotten(content):
    names = Names.load("board")
    names.save()
    names.path.write_text(content)
    assert Names.load("board").name(INIT_PROGRAM) == ""


def test_a_file_that_cannot_be_written_is_one_sentence(sixop_home):
    sixop_home.joinpath("state").write_text("in the way")
    with pytest.raises(BridgeError, match="cannot be kept"):
        Names.load("board").save()


def test_names_are_readable_text():
    names = Names.load("board")
    names.remember(INIT_PROGRAM, "  HÖRNER ", 1)
    names.save()
    kept = json.loads(names.path.read_text(encoding="utf-8"))
    assert list(kept["names"].values()) == ["HÖRNER"]
