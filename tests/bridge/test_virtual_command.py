# SPDX-License-Identifier: Apache-2.0
"""`sixop xfm2 virtual` as people and scripts run it."""

import json
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
import serial

from bridge.parameters import INIT_PROGRAM

COMMAND = [sys.executable, "-m", "sixop", "xfm2", "virtual"]


@contextmanager
def running(*options):
    """The command, and the path it printed first."""
    process = subprocess.Popen(
        [*COMMAND, *map(str, options)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process, process.stdout.readline().strip()
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def end(process, how=signal.SIGINT) -> str:
    """What it says on stderr; it must have ended well and have answered nothing more."""
    process.send_signal(how)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "")
    return err


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_serves_until_it_is_ended_and_cleans_up(tmp_path, how):
    link, store, log = tmp_path / "xfm2", tmp_path / "memory", tmp_path / "log.jsonl"
    with running("--link", link, "--store", store, "--log", log) as (process, path):
        assert str(link.readlink()) == path
        with serial.Serial(path, 500_000, timeout=5) as port:
            port.write(b"1s\x21\x07w\x04d")
            assert port.read(2) == b"\0\0"
            assert port.read(512)[33] == 7
        said = end(process, how)
    assert str(link) in said
    assert "4 commands executed, 0 of them misread" in said
    assert "nothing was erased" in said
    assert not link.is_symlink()
    assert store.read_bytes()[4 * 512 + 33] == 7
    assert json.loads(log.read_text().splitlines()[-1])["summary"]["commands"] == 4


def test_faults_come_together_or_one_by_one_and_are_counted():
    with running("--fault", "loss=0,seed=1", "--fault", "drop=0") as (process, path):
        with serial.Serial(path, 500_000, timeout=5) as port:
            port.write(b"s\x23\x07d")  # parameter 35 is `#` without its letter
            assert port.read(1) == b"\0"
        said = end(process)
    assert "1 of them misread" in said
    assert "ERASED" in said


def test_tells_when_the_cable_is_pulled(tmp_path):
    with running("--fault", "unplug_after=1,replug_ms=300", "--link", tmp_path / "xfm2") as (process, path):
        with serial.Serial(path, 500_000, timeout=5) as port:
            port.write(b"s")
            with pytest.raises((serial.SerialException, OSError)):
                port.read(1)
        seen = [process.stderr.readline() for _ in range(3)]
        assert "unplugged from" in seen[1]
        assert "plugged in at" in seen[2]
        end(process)


def test_a_killed_board_leaves_a_link_that_the_next_one_replaces(tmp_path):
    link = tmp_path / "xfm2"
    with running("--link", link) as (process, _path):
        process.kill()
        process.wait()
    assert link.is_symlink()
    with running("--link", link) as (process, path):
        assert str(link.readlink()) == path
        with serial.Serial(str(link), 500_000, timeout=5) as port:
            port.write(b"d")
            assert port.read(512) == bytes(INIT_PROGRAM)
        end(process)


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--fault", "los=1"], 2, "there is no fault 'los'; there are loss,"),
        (["--fault", "loss=2"], 2, "probability"),
        (["--store", "{file}"], 1, "65536"),
        (["--link", "{file}"], 1, "no symbolic link"),
        (["--log", "{folder}"], 1, "folder"),
        (["--log", "{file}"], 1, "no log of a virtual board"),
    ],
)
def test_what_cannot_be_is_one_sentence(tmp_path, options, code, said):
    (tmp_path / "file").write_text("mine")
    options = [option.format(file=tmp_path / "file", folder=tmp_path) for option in options]
    done = subprocess.run([*COMMAND, *options], capture_output=True, text=True, timeout=20)
    assert done.returncode == code
    assert done.stdout == ""
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert (tmp_path / "file").read_text() == "mine"


def test_a_log_replaces_an_earlier_one(tmp_path):
    log = tmp_path / "log.jsonl"
    for _ in range(2):
        with running("--log", log) as (process, _path):
            end(process)
        assert len(log.read_text().splitlines()) == 3


def test_quiet_says_only_the_path():
    with running("--quiet") as (process, path):
        assert path.startswith("/dev/")
        assert end(process) == ""
