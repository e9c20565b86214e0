# SPDX-License-Identifier: Apache-2.0
"""`sixop convert` and `sixop xfm2 table` as people run them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bridge.convert import convert
from bridge.files import read_programs
from bridge.report import Row
from synth.patch import Patch


def sixop(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sixop", *arguments]
    return subprocess.run(
        command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False
    )


def voices() -> list[Patch]:
    """Names that want to be elsewhere, twins, and one with a frequency that the board cannot make."""
    names = ["../../EVIL", "TWIN", "twin", "", "CON", "A/B:C*D?", "LOW HUM"]
    made = []
    for number, name in enumerate([*names, *(f"VOICE {n}" for n in range(len(names) + 1, 33))], 1):
        voice = Patch.init_voice()
        voice.name = name
        voice.algorithm = number - 1
        made.append(voice)
    made[6].op[0].frequency_mode = 1
    return made


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    path = tmp_path / "own.syx"
    Patch.save_to_bank(path, voices())
    return path


def test_every_voice_gets_a_file_of_its_own_in_the_folder(bank: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    done = sixop("convert", str(bank), "-o", str(out))
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    files = sorted(path.name for path in out.iterdir())
    assert files[:7] == [
        "01-EVIL.json", "02-TWIN.json", "03-twin.json", "04-VOICE.json", "05-CON.json", "06-A-B-C-D.json",
        "07-LOW-HUM.json",
    ]  # fmt: skip
    assert len({name.casefold() for name in files}) == 32
    assert {path.name for path in tmp_path.iterdir()} == {"own.syx", "new"}
    lines = done.stdout.splitlines()
    assert len(lines) == 32
    assert "2 lost" in lines[6]
    for path, voice in zip(sorted(out.iterdir()), voices(), strict=True):
        assert read_programs(path)[0].data == convert(voice).program


@pytest.mark.parametrize("kind", ["json", "prg", "syx", "xfm2"])
def test_formats_hold_the_same_program(bank: Path, tmp_path: Path, kind: str) -> None:
    done = sixop("convert", str(bank), "--voice", "twin", "--format", kind, "-o", str(tmp_path / kind))
    assert done.returncode == 0, done.stderr
    (path,) = (tmp_path / kind).iterdir()
    assert path.name == f"03-twin.{kind}"
    assert read_programs(path)[0].data == convert(voices()[2]).program


def test_a_bank_takes_128_voices_and_says_so(bank: Path, tmp_path: Path) -> None:
    copies = [bank]
    for number in range(4):
        copies.append(tmp_path / f"more{number}.syx")
        copies[-1].write_bytes(bank.read_bytes())
    out = tmp_path / "out"
    done = sixop("convert", *map(str, copies), "--format", "bank", "-o", str(out))
    assert done.returncode == 1
    assert "160 voices are more than the 128 of a bank" in done.stderr
    assert not out.exists()
    done = sixop("convert", *map(str, copies[:4]), "--format", "bank", "-o", str(out))
    assert done.returncode == 0, done.stderr
    data = (out / "own.bank").read_bytes()
    assert len(data) == 65536
    expected = b"".join(convert(voice).program for voice in voices())
    assert data == expected * 4


def test_files_are_replaced_but_never_the_input(bank: Path, tmp_path: Path) -> None:
    assert sixop("convert", str(bank), "--voice", "1", "--format", "syx", cwd=tmp_path).returncode == 0
    target = tmp_path / "01-EVIL.syx"
    before = target.read_bytes()
    target.write_bytes(b"old")
    assert sixop("convert", str(bank), "--voice", "1", "--format", "syx", cwd=tmp_path).returncode == 0
    assert target.read_bytes() == before

    own = tmp_path / "01-EVIL.json"
    own.write_bytes(bank.read_bytes())
    done = sixop("convert", str(own), cwd=tmp_path)
    assert done.returncode == 2
    assert "which is read" in done.stderr
    assert own.read_bytes() == bank.read_bytes()


@pytest.mark.parametrize("kind", ["json", "prg", "bank", "syx", "xfm2"])
def test_programs_of_the_xfm2_are_not_converted_again(bank: Path, tmp_path: Path, kind: str) -> None:
    made = tmp_path / "made"
    assert sixop("convert", str(bank), "--voice", "1", "--format", kind, "-o", str(made)).returncode == 0
    (program,) = made.iterdir()
    done = sixop("convert", str(program), "-o", str(tmp_path / "again"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "of the XFM2 already; `sixop xfm2 send` takes it" in done.stderr
    assert not (tmp_path / "again").exists()


def test_errors_are_shown_where_there_is_something_to_show() -> None:
    row = Row("op1.detune", "OP1 DETUNE", 3, (27,), (5,), "approximated", 0.004, "steps", "")
    assert row.error_text == ""
    assert row._replace(error=1.0, unit="semitones").error_text == "1 semitone"
    assert row._replace(error=1.0, unit="s").error_text == "1 s"
    assert row._replace(error=1.5, unit="cents").error_text == "1.5 cents"


def test_report(bank: Path, tmp_path: Path) -> None:
    done = sixop("convert", str(bank), "-o", str(tmp_path), "--report")
    assert "lost: OP1 FREQUENCY COARSE, 0.709 octaves: below the board's lowest fixed frequency" in done.stdout
    assert len(done.stdout.splitlines()) == 34
    done = sixop("convert", str(bank), "-o", str(tmp_path), "--report", "--voice", "7")
    lines = done.stdout.splitlines()
    assert len(lines) == 1 + 1 + 1 + 155
    assert any(line.startswith("OP6 EG RATE 1  ") for line in lines)
    assert "0.709 octaves" in done.stdout


def test_json_tells_everything(bank: Path, tmp_path: Path) -> None:
    options = ["--json", "--alg46", "loop", "--profile", "dx2xfm", "--voice", "4"]
    done = sixop("convert", str(bank), "-o", str(tmp_path), *options)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["profile"], told["alg46"], told["format"]) == ("dx2xfm", "loop", "json")
    (voice,) = told["voices"]
    assert (voice["number"], voice["file"]) == (4, str(tmp_path / "04-VOICE.json"))
    expected = convert(voices()[3], "dx2xfm", "loop")
    assert bytes(voice["program"]) == expected.program
    assert (voice["exact"], voice["approximated"], voice["lost"]) == (
        expected.exact,
        expected.approximated,
        expected.lost,
    )
    assert len(voice["report"]) == 155


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "FILE"),
        (["BANK", "--format", "wav"], 2, "--format must be json or prg or bank or syx or xfm2, not 'wav'"),
        (["BANK", "--alg46", "both"], 2, "--alg46 must be self or loop, not 'both'"),
        (["BANK", "--profile", "defalt"], 1, "there is no profile 'defalt'"),
        (["BANK", "--voice", "33"], 2, "1..32"),
        (["/nonexistent.syx"], 1, "nonexistent.syx"),
        (["BANK", "-o", "BANK"], 1, "there is a file of that name"),
        (["BANK", "-o", "BANK/under"], 1, "cannot be made"),
    ],
)
def test_mistakes_get_a_sentence_and_leave_nothing(
    bank: Path, tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    done = sixop("convert", *(argument.replace("BANK", str(bank)) for argument in arguments), cwd=tmp_path)
    assert done.returncode == code
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not done.stdout
    assert list(tmp_path.iterdir()) == [bank]


def test_table_lists_all_155_with_numbers_and_rule() -> None:
    done = sixop("xfm2", "table")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    rows = {line.split()[0]: line for line in lines[3:159]}
    assert {str(number) for number in range(155)} <= set(rows)
    assert "108" in rows["0"]
    assert "R1_6" in rows["0"]
    assert "10^(coarse mod 4 + fine/100)" in rows["123"]
    assert "96 181 193" in rows["112"]
    assert "149 222-227" in rows["139"]
    assert "+ 17" in rows["113"]


def test_table_as_json_names_the_slips_of_a_profile() -> None:
    told = json.loads(sixop("xfm2", "table", "--profile", "dx2xfm", "--json").stdout)
    assert [row["number"] for row in told["parameters"]] == list(range(155))
    fine = told["parameters"][124]
    assert (fine["key"], fine["numbers"], fine["names"]) == ("op1.frequency_fine", [21, 27], ["RATIO_FINE1", "FINE1"])
    assert "+ 21" in told["parameters"][113]["rule"]
    assert len(told["corrections"]) >= 6
    assert {"key": "break_point_offset", "says": "21"}.items() <= told["settings"][10].items()
    wheel = next(row for row in told["on_purpose"] if row["numbers"] == [155])
    assert (wheel["names"], wheel["values"]) == (["PLFO_WHEEL"], [255])
    assert "break point C3 = 27" in sixop("xfm2", "table", "--profile", "dx2xfm").stdout


def test_table_refuses_unknown_profiles() -> None:
    done = sixop("xfm2", "table", "--profile", "x.toml")
    assert (done.returncode, done.stdout) == (1, "")
    assert "there is no profile 'x.toml'" in done.stderr
