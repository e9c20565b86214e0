# SPDX-License-Identifier: Apache-2.0
"""`sixop bench`, at sizes that measure nothing: what it says, not how fast anything is."""

from __future__ import annotations

import importlib.util
import itertools
import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from synth.benchmark.materials import MATERIALS, NOTES, full_voices, silent_voices
from synth.benchmark.report import Report
from synth.benchmark.speeds import MODES, VOICES
from synth.benchmark.stopwatch import Rounds, on_one_processor, processor_count
from synth.cli.main import run
from synth.engine import KERNELS

TINY = ("--seconds", "0.002", "--rounds", "2")


def bench(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sixop", "bench", *arguments]
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of everything, kept, and printed as JSON beside."""
    folder = tmp_path_factory.mktemp("bench")
    done = bench(*TINY, "--json", "--save", str(folder / "kept.json"))
    assert done.returncode == 0, done.stderr
    (folder / "printed.json").write_text(done.stdout)
    return folder / "kept.json"


@pytest.fixture(scope="module")
def printed(saved: Path) -> dict[str, Any]:
    return json.loads(saved.with_name("printed.json").read_text())


def test_every_kernel_kind_mode_and_number_of_voices_has_a_row(printed: dict[str, Any]) -> None:
    rows = [row for row in printed["rows"] if row["unit"] == "ns"]
    measured = {(row["kernel"], row["material"], row["mode"], row["voices"]) for row in rows}
    assert measured == set(itertools.product(KERNELS, MATERIALS, MODES, VOICES))
    for row in rows:
        assert row["voices_per_core"] == pytest.approx(1e9 / printed["rate"] / row["value"])


def test_loading_and_threads_have_rows(printed: dict[str, Any]) -> None:
    names = {row["name"] for row in printed["rows"]}
    assert {"load of a patch", "load of 155 bytes"} <= names
    if processor_count() > 1:
        assert {f"{kernel} on two threads" for kernel in KERNELS} <= names


def test_all_figures_are_positive_and_finite(printed: dict[str, Any]) -> None:
    for row in printed["rows"]:
        assert math.isfinite(row["value"]), row
        assert row["value"] > 0, row
        assert row["spread"] >= 0, row


@pytest.mark.skipif(importlib.util.find_spec("dexed") is None, reason="dexed-py is not installed")
def test_dexed_py_stands_beside(printed: dict[str, Any]) -> None:
    assert printed["versions"]["dexed-py"]
    for row in printed["rows"]:
        if row["unit"] != "%":
            assert row["ratio"] == pytest.approx(row["dexed_py"] / row["value"])
        if "goal" in row:
            assert isinstance(row["reached"], bool)
    goals = {row["name"]: row["goal"] for row in printed["rows"] if "goal" in row}
    assert goals["chip factory live 64"] == goals["chip full batch 256"] == 4
    assert goals["chip full live 1"] == 2
    assert goals["load of a patch"] == 15


def test_what_is_kept_is_what_was_printed(saved: Path, printed: dict[str, Any]) -> None:
    kept = Report.load(saved)
    assert [row.name for row in kept.rows] == [row["name"] for row in printed["rows"]]
    assert [row.value for row in kept.rows] == pytest.approx([row["value"] for row in printed["rows"]], rel=1e-4)
    assert kept.machine == printed["machine"]
    assert kept.versions == printed["versions"]


def test_a_comparison_has_a_verdict_for_each_row_of_both_runs(saved: Path) -> None:
    done = bench(*TINY, "--kernel", "chip", "--json", "--compare", str(saved))
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert [change["name"] for change in answer["changes"]] == [row["name"] for row in answer["rows"]]
    assert {change["verdict"] for change in answer["changes"]} <= {"better", "worse", "same"}


def test_without_dexed_py_there_is_no_column_but_a_remark(tmp_path: Path) -> None:
    (tmp_path / "dexed.py").write_text("raise ImportError('not today')\n")
    done = bench(*TINY, "--kernel", "chip", PYTHONPATH=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "dexed" not in done.stdout
    assert "per core" in done.stdout
    assert done.stderr.splitlines() == [
        "sixop: dexed-py is not installed; after `pip install dexed-py` it is measured beside sixop"
    ]


def test_mistakes_get_a_sentence_before_anything_is_measured(
    saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Sir")
    mistakes = [
        (["--kernel", "analog"], 2, "--kernel must be chip"),
        (["--rounds", "1"], 2, "--rounds must be a whole number of 2 to 1000, not '1'"),
        (["--seconds", "nan"], 2, "--seconds must be 0.001 to 60 seconds"),
        (["--seconds", "0"], 2, "--seconds must be 0.001 to 60 seconds"),
        (["--rate", "7999"], 2, "--rate must be a whole number of 8000 to 192000"),
        (["--compare", str(letter)], 1, "is no report of sixop bench"),
        (["--compare", str(tmp_path / "none.json")], 1, "none.json cannot be read"),
        ([*TINY, "--compare", str(saved), "--rate", "96000"], 2, "--rate 48000 --seconds 0.002"),
        (["--compare", str(saved)], 2, "only runs with the same ones can be compared"),
        (["--save", str(tmp_path / "nowhere" / "x.json")], 2, "there is no such folder"),
    ]
    for arguments, code, words in mistakes:
        try:
            returned = run(["bench", *arguments])
        except SystemExit as end:
            returned = end.code
        told = capsys.readouterr()
        assert (returned, told.out) == (code, ""), arguments
        assert words in told.err
        assert len(told.err.splitlines()) == 1


def test_the_best_of_each_piece_counts() -> None:
    rounds = Rounds()
    for first, second in ((1.0, 30.0), (9.0, 10.0), (1.5, 10.0)):
        rounds.add("first", first)
        rounds.add("second", second)
    total = rounds.total(["first", "second", "second"])
    assert total.seconds == 21.0
    assert total.spread == 0.0
    assert rounds.total(["first"]).spread == 0.5


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system does not choose processors")
def test_one_processor_is_used_only_within() -> None:
    before = os.sched_getaffinity(0)
    with on_one_processor():
        assert len(os.sched_getaffinity(0)) == 1
    assert os.sched_getaffinity(0) == before


def test_the_kinds_are_what_their_names_say() -> None:
    assert NOTES[0] == 60
    assert len(set(NOTES)) == 16
    assert sorted(voice.algorithm for voice in full_voices()) == list(range(32))
    assert {operator.output_level for voice in full_voices() for operator in voice.op} == {99}
    assert {voice.feedback for voice in full_voices()} == {7}
    assert {operator.output_level for voice in silent_voices() for operator in voice.op} == {0}
