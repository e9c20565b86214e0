# SPDX-License-Identifier: Apache-2.0
"""`sixop send` and `sixop receive` as people run them, with a pipe for a cable."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from strategies import random_bank, random_voices

from synth import sysex
from synth.cli.main import run
from synth.patch import Patch
from synth.voices import load_voices

BANK = random_bank(5).to_sysex()
VOICE = sysex.voice_message(random_voices(6, 1)[0].tobytes())
PATIENCE = 20.0


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with voices, and a pipe called `cable`."""
    (tmp_path / "bank.syx").write_bytes(BANK)
    (tmp_path / "voice.syx").write_bytes(VOICE)
    (tmp_path / "few.syx").write_bytes(VOICE * 3)
    (tmp_path / "many.syx").write_bytes(BANK + VOICE)
    os.mkfifo(tmp_path / "cable")
    return tmp_path


@pytest.fixture
def here(files: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(files)
    return files


def sixop(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, answer, and what was told besides."""
    try:
        code = run(arguments)
    except SystemExit as end:
        code = int(end.code or 0)
    done = capsys.readouterr()
    return code, done.out, done.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "nothing to send"),
        (["voice.syx"], 2, "--midi says where to send"),
        (["voice.syx", "--midi", " "], 2, "--midi says where to send"),
        (["voice.syx", "--midi", "/nonexistent"], 1, "'/nonexistent' cannot be opened: No such file"),
        (["voice.syx", "--midi", "/tmp"], 1, "'/tmp' is no MIDI device"),
        (["nonexistent.syx", "--dry-run"], 1, "nonexistent.syx cannot be read"),
        (["bank.syx", "--midi", "X"], 1, "overwrites the 32 memories of the instrument, and there is no terminal"),
        (["many.syx", "--dry-run"], 2, "many.syx holds 33 voices and the instrument 32: --bank 1..2 chooses"),
        (["many.syx", "--bank", "3", "--dry-run"], 2, "there is no --bank 3"),
        (["many.syx", "--bank", "0", "--dry-run"], 2, "--bank must be a whole number"),
        (["bank.syx", "--voice", "33", "--dry-run"], 2, "1..32"),
        (["bank.syx", "--voice", "1", "--bank", "1", "--dry-run"], 2, "give one or the other"),
        (["--voice", "1", "--set", "mono=1", "--dry-run"], 2, "--voice chooses from a FILE"),
        (["--set", "op7.detune=1", "--dry-run"], 2, "--set: there is no parameter 'op7.detune'"),
        (["--set", "op1.detune=15", "--dry-run"], 2, "0 to 14"),
        (["voice.syx", "--channel", "17"], 2, "--channel must be a whole number of 1 to 16, not '17'"),
        (["voice.syx", "--gap", "-1"], 2, "--gap must be 0 to 10000 milliseconds, not '-1'"),
    ],
)
def test_mistakes_in_sending_get_a_sentence_and_a_code(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    got, output, errors = sixop(capsys, "send", *arguments)
    assert (got, output) == (code, ""), errors
    assert words in errors
    assert len(errors.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "-o FILE says where"),
        (["-o", "new.syx"], 2, "--midi says what to listen to"),
        (["-o", "bank.syx", "--midi", "virtual"], 1, "'bank.syx' is already there"),
        (["-o", "cable", "--midi", "virtual"], 1, "no ordinary file"),
        (["-o", ".", "--midi", "virtual", "--force"], 1, "no ordinary file"),
        (["-o", "nowhere/new.syx", "--midi", "virtual"], 1, "no such folder"),
        (["-o", "new.syx", "--midi", "/nonexistent"], 1, "'/nonexistent' cannot be opened"),
        (["-o", "new.syx", "--midi", "virtual", "--request", "bank"], 2, "needs --midi-out NAME"),
        (["-o", "new.syx", "--midi", "X", "--request", "all"], 2, "--request must be voice or bank, not 'all'"),
        (["-o", "new.syx", "--midi", "X", "--count", "0"], 2, "--count must be a whole number"),
        (["-o", "new.syx", "--midi", "X", "--seconds", "nan"], 2, "--seconds must be 0 to"),
    ],
)
def test_mistakes_in_receiving_get_a_sentence_and_a_code(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    got, output, errors = sixop(capsys, "receive", *arguments)
    assert (got, output) == (code, ""), errors
    assert words in errors
    assert len(errors.splitlines()) == 1
    assert not Path("new.syx").exists()
    assert Path("bank.syx").read_bytes() == BANK


@pytest.mark.parametrize(
    ("arguments", "messages"),
    [
        (["voice.syx"], [VOICE]),
        (["bank.syx"], [BANK]),
        (["bank.syx", "--channel", "16"], [BANK[:2] + b"\x0f" + BANK[3:]]),
        (["bank.syx", "--voice", "2"], [random_bank(5)[1].to_message()]),
        (["many.syx", "--bank", "1"], [BANK]),
        (["voice.syx", "--set", "mono=on", "--set", "algorithm=5"], [VOICE, b"\xf0\x43\x10\x08\x40\x01\xf7",
          b"\xf0\x43\x10\x01\x06\x04\xf7"]),
    ],
)  # fmt: skip
def test_a_dry_run_prints_what_would_be_sent(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], messages: list[bytes]
) -> None:
    code, output, _ = sixop(capsys, "send", "--dry-run", *arguments)
    assert code == 0
    assert [bytes.fromhex(line) for line in output.splitlines()] == messages
    _, output, _ = sixop(capsys, "send", "--dry-run", "--json", *arguments)
    assert [bytes.fromhex(row["bytes"]) for row in json.loads(output)] == messages


def test_fewer_voices_than_a_bank_are_filled_up(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, output, errors = sixop(capsys, "send", "--dry-run", "few.syx")
    assert "29 times INIT VOICE" in errors
    voices = load_voices(bytes.fromhex(output))
    assert voices[:3] == load_voices(VOICE * 3)
    assert voices[3:] == [Patch.init_voice()] * 29


def receiving(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """`sixop receive` that listens to the pipe by now."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sixop", "receive", "--midi", str(folder / "cable"), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert "listening" in process.stderr.readline()
    return process


def test_what_goes_into_a_cable_comes_out_of_it(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    receiver = receiving(here, "-o", str(here / "got.syx"), "--count", "2", "--json")
    code, output, errors = sixop(capsys, "send", "few.syx", "voice.syx", "--midi", str(here / "cable"), "--yes")
    assert code == 0
    assert "to the 32 memories: channel 1, 4104 bytes" in output
    assert "MEMORY PROTECT INTERNAL off" in errors
    code, output, errors = sixop(capsys, "send", "voice.syx", "--midi", str(here / "cable"), "--json", "--quiet")
    assert (code, errors) == (0, "")
    sent = json.loads(output)
    assert (sent["channel"], sent["bytes_sent"]) == (1, 163)
    answer, _ = receiver.communicate(timeout=PATIENCE)
    assert receiver.returncode == 0
    got = (here / "got.syx").read_bytes()
    assert len(got) == 4104 + 163
    assert got[4104:] == VOICE
    assert [row["bytes"] for row in json.loads(answer)["messages"]] == [4104, 163]


def test_what_has_arrived_is_in_the_file_at_once_and_a_polite_kill_ends_it_well(here: Path) -> None:
    out = here / "got.syx"
    receiver = receiving(here, "-o", str(out))
    assert receiver.stderr is not None
    with (here / "cable").open("wb", buffering=0) as cable:
        cable.write(VOICE)
        assert "1. DX7 voice, channel 1, 163 bytes: " in receiver.stderr.readline()
        cable.write(BANK[:2000])
        for _ in range(200):
            if out.exists():
                break
            threading.Event().wait(0.05)
        assert out.read_bytes() == VOICE
        receiver.send_signal(signal.SIGTERM)
        output, errors = receiver.communicate(timeout=PATIENCE)
    assert "cut short: 2000 of 4104 bytes; not kept" in errors
    assert "1 dump, 1 voice, 163 bytes" in output
    assert receiver.returncode == 1, "something was lost"
    assert out.read_bytes() == VOICE


def test_a_file_that_somebody_else_makes_meanwhile_stays(here: Path) -> None:
    receiver = receiving(here, "-o", str(here / "got.syx"), "--count", "2")
    (here / "got.syx").write_bytes(b"somebody's")
    with (here / "cable").open("wb", buffering=0) as cable:
        cable.write(VOICE + BANK)
    output, errors = receiver.communicate(timeout=PATIENCE)
    assert receiver.returncode == 0
    assert "was made by somebody else meanwhile" in errors
    assert "got-2.syx: 2 dumps" in output
    assert (here / "got.syx").read_bytes() == b"somebody's"
    assert (here / "got-2.syx").read_bytes() == VOICE + BANK


def test_a_file_is_replaced_only_when_something_has_come(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("receive", "-o", "bank.syx", "--force", "--midi", str(here / "cable"), "--seconds", "0.1")
    code, output, errors = sixop(capsys, *arguments)
    assert (code, output) == (1, "")
    assert "no dump arrived, 'bank.syx' was not written" in errors
    assert Path("bank.syx").read_bytes() == BANK


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_bank_is_told_because_a_part_of_it_is_there(here: Path, ending: signal.Signals) -> None:
    reader = os.open(here / "cable", os.O_RDONLY | os.O_NONBLOCK)
    command = [sys.executable, "-m", "sixop", "send", "bank.syx", "--midi", str(here / "cable"), "--yes"]
    sender = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert select.select([reader], [], [], PATIENCE)[0]
        sender.send_signal(ending)
        _, errors = sender.communicate(timeout=PATIENCE)
        assert sender.returncode == 130
        assert "may have taken a part of it" in errors
        part = os.read(reader, 5000)
        assert len(part) < len(BANK)
        assert BANK.startswith(part[:-1])
        assert part.endswith(b"\xf7"), "nothing may leave an instrument within a message"
    finally:
        os.close(reader)
