# SPDX-License-Identifier: Apache-2.0
"""A session without a process of its own: heard through JACK, two in one program, and a server that dies.

In a process of its own each time, because the last of these leaves an audio library behind that nobody may touch.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.live

TOGETHER = """
import threading, time
from synth import Session, factory_bank

bank = factory_bank()
with Session(bank, in_process=True, midi=["virtual"]) as one, Session(bank[5], in_process=True, midi=["none"]) as two:
    for session in (one, two):
        session.wait_ready()
        assert session.audio["api"] == "JACK", session.audio
    one.select(3)
    one.note_on(60)
    two.note_on(64)
    deadline = time.monotonic() + 20
    while not (one.meters.get("peak") and two.meters.get("peak")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert one.voice()["number"] == 3
    assert one.inputs == ["sixop-midi:in"]
    one.close()
    blocks = two.meters["blocks"]
    while two.meters["blocks"] < blocks + 20:
        assert time.monotonic() < deadline, "the second plays on when the first has ended"
        time.sleep(0.02)
assert one.exit_code == two.exit_code == 0
with Session(bank, in_process=True, midi=["none"]) as again:
    again.wait_ready()
    assert again.audio["api"] == "JACK"
print([thread.name for thread in threading.enumerate()])
"""

BEREAVED = """
import os, subprocess, sys, time
from synth import Session, SixopError

server = ["jackd", "-n", "sixop-mortal", "-r", "-d", "dummy", "-r", "48000", "-p", "256"]
quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
process = subprocess.Popen(server, **quiet)
subprocess.run(["jack_wait", "-s", "sixop-mortal", "-w", "-t", "10"], check=True, **quiet)
os.environ["JACK_DEFAULT_SERVER"] = "sixop-mortal"
try:
    session = Session(in_process=True, midi=["virtual"], record=sys.argv[1])
    session.wait_ready()
    assert session.audio["api"] == "JACK"
    session.note_on(60)
    time.sleep(0.3)
finally:
    process.terminate()
    process.wait(10)
told = list(session.events())
assert told[-1]["event"] == "error", told
assert "start the program anew" in told[-1]["text"]
assert [event["event"] for event in told].count("recorded") == 1
session.close()
with Session(in_process=True, midi=["none"], audio="sixop") as another:
    try:
        another.wait_ready()
    except SixopError as error:
        assert "start the program anew" in str(error)
    else:
        raise AssertionError("an audio system that would hang was asked")
with Session(in_process=True, midi=["none"], audio="none") as silent:
    silent.wait_ready()
print("alive")
"""


def run(program: str, *arguments: str) -> str:
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_two_sessions_play_in_one_program_and_leave_it_as_it_was(jackd: object) -> None:
    assert run(TOGETHER) == "['MainThread']"


def test_a_server_that_dies_is_an_error_and_the_program_lives_on_and_ends(jackd: object, tmp_path) -> None:
    assert run(BEREAVED, str(tmp_path / "take.wav")) == "alive"
