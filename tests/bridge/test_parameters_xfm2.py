# SPDX-License-Identifier: Apache-2.0
"""The table of the XFM2's parameters: complete, consistent, and equal to the collected facts if at hand."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import ParameterError
from bridge.parameters import BY_NAME, INIT_PROGRAM, OPERATORS, PARAMETERS, RESERVED, find
from bridge.protocol import SIZE

HOLES = (81, 88, 95, 102, 109, 116, 123)


def test_every_number_has_one_parameter_with_a_name_of_its_own():
    assert [row.number for row in PARAMETERS] == list(range(SIZE))
    assert len(BY_NAME) == SIZE


def test_values_are_bytes_and_initial_ones_in_range():
    for row in PARAMETERS:
        assert 0 <= row.minimum <= row.init <= row.maximum <= 255, row
        assert not row.choices or len(row.choices) == row.maximum + 1, row
        assert row.meaning
        assert row.accepts(row.minimum)
        assert row.accepts(row.maximum)
        assert not row.accepts(row.maximum + 1)


def test_reserved_bytes_are_not_to_be_written():
    for row in PARAMETERS:
        assert row.writable == row.documented == (row.section != RESERVED) == (not row.name.startswith("RESERVED"))
    assert not PARAMETERS[0].writable
    assert not PARAMETERS[255].writable
    assert all(not PARAMETERS[number].documented for number in HOLES)


def test_operators_have_the_same_parameters():
    families = [
        {(row.section, row.maximum, row.meaning) for row in PARAMETERS if row.operator == number}
        for number in range(1, OPERATORS + 1)
    ]
    assert all(family == families[0] for family in families)
    assert len(families[0]) == 34


@pytest.mark.parametrize(
    ("name", "number"),
    [("ALGO6", 6), ("LEVEL1", 33), ("L1_1", 75), ("L2_1", 82), ("R4_6", 129), ("DLY_3", 189), ("PEG_RANGE", 138),
     ("LEVEL_L1", 256), ("LEVEL_R1", 257), ("LEVEL_L6", 266), ("LEVEL_R6", 267), ("CTL_4L", 427)],
)  # fmt: skip
def test_parameters_are_where_the_board_has_them(name, number):
    assert BY_NAME[name].number == number


def test_init_program_has_the_boards_oddities():
    assert len(INIT_PROGRAM) == SIZE
    assert list(INIT_PROGRAM[1:7]) == [1, 0, 0, 0, 0, 0]
    assert list(INIT_PROGRAM[117:123]) == [255, 255, 255, 255, 255, 160]
    undocumented = {row.number: row.init for row in PARAMETERS if not row.documented and row.init}
    assert undocumented == {430: 5, 431: 5, 433: 100, 435: 1, 501: 1}


def test_table_equals_the_collected_facts(shared_dir):
    table = shared_dir / "facts" / "xfm2_params.tsv"
    if not table.is_file():
        pytest.skip(f"no {table}")
    with table.open(encoding="utf-8", newline="") as file:
        facts = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(facts) == SIZE
    for fact, row in zip(facts, PARAMETERS, strict=True):
        name = f"RESERVED{row.number}" if fact["name"] == "RESERVED" else fact["name"]
        operator = int(fact["operator"]) if fact["operator"].isdigit() else 0
        expected = (name, fact["section"], operator, int(fact["min"]), int(fact["max"]), int(fact["init"]))
        assert (row.name, row.section, row.operator, row.minimum, row.maximum, row.init) == expected
        assert int(fact["number"]) == row.number


@pytest.mark.parametrize("text", ["33", " 33 ", "033", "LEVEL1", "level1", "level 1", "Level-1", "LEVEL_1"])
def test_find_takes_numbers_and_names_as_people_type_them(text):
    assert find(text).number == 33


@pytest.mark.parametrize("row", PARAMETERS, ids=lambda row: row.name)
def test_find_knows_every_name_without_its_marks(row):
    assert find(row.name.replace("_", "").lower()) is row


def test_find_names_the_nearest():
    with pytest.raises(ParameterError, match=r"no parameter 'LEVEL9'; did you mean LEVEL\d"):
        find("LEVEL9")
    with pytest.raises(ParameterError, match="no parameter 512; numbers go from 0 to 511"):
        find("512")
    with pytest.raises(ParameterError, match="give a number"):
        find("?")


@given(st.text(max_size=20))
def test_find_gives_a_parameter_or_an_error(text):
    try:
        assert find(text) in PARAMETERS
    except ParameterError as error:
        assert "there is no parameter" in str(error)
