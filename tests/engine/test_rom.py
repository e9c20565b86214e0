# SPDX-License-Identifier: Apache-2.0
"""The operator chip's ROMs: what stands in rom.c is what the formulas say, and the die read-out's landmarks."""

import math
import runpy
from pathlib import Path

import pytest

CSRC = Path(__file__).resolve().parents[2] / "csrc"


@pytest.fixture(scope="module")
def make_rom():
    return runpy.run_path(str(CSRC / "make_rom.py"))


def test_rom_c_is_what_make_rom_writes(make_rom):
    assert (CSRC / "rom.c").read_text(encoding="utf-8").rstrip("\n") == make_rom["source"]().rstrip("\n")


def test_log_sine_of_the_die_read_out(make_rom):
    entries = {0: 10597, 1: 8974, 2: 8219, 3: 7722, 255: 1422, 511: 513, 1023: 0}
    assert {k: make_rom["log_sine"](k) for k in entries} == entries


def test_log_sine_is_plain_rounding_but_for_one_entry(make_rom):
    exact = [-1024 * math.log2(math.sin((k + 0.5) / 1024 * math.pi / 2)) for k in range(1024)]
    assert [k for k in range(1024) if make_rom["log_sine"](k) != round(exact[k])] == [233]


def test_loudest_sample_is_16372(make_rom):
    assert make_rom["power_of_two"]()[0] == 16372
