# SPDX-License-Identifier: Apache-2.0
"""`sixop bank diff`: two banks place by place, two voices parameter by parameter."""

import json
import subprocess
import sys

import pytest

from synth import factory_bank


def diff(*arguments):
    command = [sys.executable, "-m", "sixop", "bank", "diff", *map(str, arguments)]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def banks(tmp_path):
    """The factory bank, and the same with another feedback in voice 4 and another name in voice 6."""
    before, after = tmp_path / "before.syx", tmp_path / "after.syx"
    bank = factory_bank()
    bank.save(before)
    bank[3].feedback = 1
    bank[5].name = "HELLO"
    bank.save(after)
    return before, after


def test_banks_are_compared_place_by_place(banks):
    lines = diff(*banks).stdout.splitlines()
    assert len(lines) == 32
    assert [number for number, line in enumerate(lines, 1) if not line.endswith("same")] == [4, 6]
    assert lines[5].split()[-3:] == ["HELLO", "1", "different"]
    rows = json.loads(diff(*banks, "--json").stdout)
    assert [row["number"] for row in rows if row["different"]] == [4, 6]


def test_a_voice_is_compared_parameter_by_parameter(banks):
    feedback = factory_bank()[3].feedback
    assert diff(*banks, "--voice", 4).stdout.split() == ["FEEDBACK", str(feedback), "1"]
    assert json.loads(diff(*banks, "--voice", 4, "--json").stdout) == [
        {"label": "FEEDBACK", "ours": feedback, "theirs": 1}
    ]
    assert diff(*banks, "--voice", 1).stdout == "no difference\n"


def test_two_voices_of_one_bank_are_compared(banks):
    rows = diff(banks[0], "--voice", 1, "--voice", 2).stdout.splitlines()
    names = [factory_bank()[index].name.strip() for index in range(2)]
    assert rows[0].split(maxsplit=2) == ["VOICE", "NAME", f"{names[0]}  {names[1]}"]


def test_a_longer_file_ends_in_one_bank_only(banks, tmp_path):
    single = tmp_path / "single.syx"
    single.write_bytes(factory_bank()[0].to_message())
    lines = diff(single, banks[0]).stdout.splitlines()
    assert lines[0].endswith("same")
    assert all(line.endswith("in one bank only") for line in lines[1:])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "FILE"),
        (("one",), "--voice twice"),
        (("one", "--voice", "1"), "--voice twice"),
        (("one", "one", "one"), "two banks"),
        (("one", "one", "--voice", "1", "--voice", "2", "--voice", "3"), "two banks, or two voices"),
        (("one", "one", "--voice", "33"), "1..32"),
    ],
)
def test_what_cannot_be_compared_is_told_in_one_sentence(banks, arguments, words):
    done = diff(*(banks[0] if argument == "one" else argument for argument in arguments))
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
