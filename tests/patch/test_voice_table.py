# SPDX-License-Identifier: Apache-2.0
"""Banks as CSV: nothing is lost, and mistakes are told with row and column."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import banks, patches

from synth.bank import Bank
from synth.errors import VoiceError
from synth.parameters import BY_KEY
from synth.patch import Patch
from synth.table import COLUMNS, read_table, write_table


def text_of(voices) -> str:
    file = io.StringIO()
    write_table(voices, file)
    return file.getvalue()


@settings(max_examples=20)
@given(st.lists(patches, max_size=3))
def test_nothing_is_lost(voices: list[Patch]):
    assert read_table(io.StringIO(text_of(voices))) == voices


@settings(max_examples=5)
@given(banks)
def test_banks_through_a_file(tmp_path_factory, bank: Bank):
    path = tmp_path_factory.mktemp("table") / "bank.csv"
    bank.to_csv(path)
    assert Bank.from_csv(path) == bank
    assert Bank.from_csv(str(path)).source == str(path)


def test_columns_are_the_parameters():
    rows = list(csv.DictReader(io.StringIO(text_of([Patch("ONE")]))))
    assert rows[0]["name"] == "ONE"
    assert set(COLUMNS) - set(BY_KEY) == {"name", *(f"op{n}.on" for n in range(1, 7))}
    assert [rows[0][f"op{n}.output_level"] for n in range(1, 7)] == ["99"] * 6


def test_spreadsheets_may_reorder_columns_and_use_names():
    row = dict(next(csv.DictReader(io.StringIO(text_of([Patch("ONE")])))))
    row["lfo.wave"] = "saw_up"
    row["op2.left_curve"] = "exp+"
    file = io.StringIO()
    writer = csv.DictWriter(file, sorted(row))
    writer.writeheader()
    writer.writerow(row)
    [patch] = read_table(io.StringIO("\ufeff".encode().decode("utf-8-sig") + file.getvalue() + "\r\n"))
    assert (patch.lfo.wave, patch.op[1].left_curve) == ("saw_up", "exp+")


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path):
    path = tmp_path / "excel.csv"
    path.write_text(text_of([Patch()]), encoding="utf-8-sig")
    assert read_table(path) == [Patch()]


def changed(column: str, value: str) -> str:
    rows = list(csv.reader(io.StringIO(text_of([Patch(), Patch()]))))
    rows[2][COLUMNS.index(column)] = value
    return "\n".join(",".join(row) for row in rows)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (changed("op2.output_level", "100"), r"the table, row 2, column op2\.output_level: OP2 OUTPUT LEVEL is 100"),
        (changed("feedback", "-1"), "row 2, column feedback: FEEDBACK is -1"),
        (changed("feedback", "nan"), "row 2, column feedback: FEEDBACK takes a whole number"),
        (changed("feedback", "3.0"), "row 2, column feedback"),
        (changed("feedback", ""), "row 2, column feedback"),
        (changed("lfo.wave", "sime"), r"row 2, column lfo\.wave: .*did you mean 'sine'"),
        (changed("op6.on", "2"), r"row 2, column op6\.on"),
        (changed("name", "A,B"), f"row 2 has {len(COLUMNS) + 1} values for {len(COLUMNS)} columns"),
        (
            text_of([]).replace("feedback", "fedback"),
            "'fedback', which is no parameter; did you mean 'feedback'",
        ),
        (text_of([]).replace("feedback,", ""), "lacks the column 'feedback'"),
        (text_of([]).replace("feedback", "algorithm"), "column 'algorithm' twice"),
        ("", "lacks the column 'name'"),
    ],
)
def test_mistakes(text, says):
    with pytest.raises(VoiceError, match=says):
        read_table(io.StringIO(text))


def test_files_that_are_no_tables(tmp_path):
    path = tmp_path / "voice.csv"
    with pytest.raises(VoiceError, match="cannot be read"):
        Bank.from_csv(path)
    path.write_bytes(b"\xff\xff\xff")
    with pytest.raises(VoiceError, match="UTF-8"):
        Bank.from_csv(path)
    path.write_bytes(b"name\0\n")
    with pytest.raises(VoiceError):
        Bank.from_csv(path)
    with pytest.raises(VoiceError, match="cannot be written"):
        Bank().to_csv(tmp_path)
    path.write_text(text_of([Patch()] * 33))
    with pytest.raises(VoiceError, match="32 voices, not 33"):
        Bank.from_csv(path)


@pytest.mark.parametrize(("separator", "word"), [(";", "semicolons"), ("\t", "tabs")])
def test_other_separators_are_told(separator, word):
    with pytest.raises(VoiceError, match=f"{word} between its columns; save it with commas"):
        read_table(io.StringIO(text_of([Patch()]).replace(",", separator)))


def test_what_is_no_file():
    with pytest.raises(VoiceError, match=r"io\.StringIO makes one of text"):
        Bank.from_csv(text_of([Patch()]))
    with pytest.raises(TypeError, match="not from None"):
        Bank.from_csv(None)
    with pytest.raises(TypeError, match="not to None"):
        Bank([Patch()]).to_csv(None)


def test_unknown_columns_do_not_list_all_there_are():
    with pytest.raises(VoiceError, match="'???'".replace("?", r"\?") + ", which is no parameter; synth.table.COLUMNS"):
        read_table(io.StringIO(text_of([Patch()]).replace("algorithm", "???")))
