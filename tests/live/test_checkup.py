# SPDX-License-Identifier: Apache-2.0
"""What the doctor sees of servers, cables and settings."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from mortal import SERVER, server

from synth.cli.checkup import cables, jack_servers, servers
from synth.config.stack import user_file

pytestmark = pytest.mark.live


def test_a_server_that_runs_is_known_by_its_name(jackd: object) -> None:
    assert os.environ["JACK_DEFAULT_SERVER"] in jack_servers()


def test_two_servers_are_told_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sockets = tmp_path / "unix"
    start = "Num       RefCount Protocol Flags    Type St Inode Path\n"
    line = "0000000000000000: 00000002 00000000 00010000 0001 01 800449 /dev/shm/jack_{}_0_0\n"
    sockets.write_text(start + "".join(line.format(name) for name in ("default", "studio", "a-client")))
    for name in ("default", "studio", "killed"):
        (tmp_path / f"jack_sem.{os.getuid()}_{name}_system").touch()
    assert jack_servers(sockets, tmp_path) == ["default", "studio"]
    monkeypatch.setattr("synth.cli.checkup.jack_servers", lambda: ["default", "studio"])
    (finding,) = (finding for finding in servers("default", hung=False) if finding.subject == "JACK")
    assert finding.detail == "2 servers run: default, studio; sixop asks for 'default'"
    assert "JACK_DEFAULT_SERVER=NAME" in finding.fix


def test_a_cable_that_loses_bytes_is_told(tmp_path: Path) -> None:
    assert cables(tmp_path) == []
    device = tmp_path / "1-2"
    device.mkdir()
    (device / "idVendor").write_text("1a86\n")
    (device / "idProduct").write_text("752d\n")
    (finding,) = cables(tmp_path)
    assert "CH345" in finding.detail


def test_devices_of_the_settings_that_are_missing_are_told_with_their_lines(jackd: object) -> None:
    file = user_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('[audio]\ndevice = "Scarlett"\n[midi]\ninputs = ["KeyLab", "virtual"]\n')
    findings = doctor()
    audio, midi = (finding["detail"] for finding in findings if finding["subject"] == "settings")
    assert f"{file}, line 2: audio device 'Scarlett' is not there; system (JACK)" in audio
    assert f"{file}, line 4: MIDI input 'KeyLab' is not there" in midi
    (blocks,) = (finding["detail"] for finding in findings if finding["subject"] == "audio blocks")
    assert "missed in 1 s of silence on system (JACK)" in blocks


def test_a_server_that_hangs_is_told_and_left_out(jackd: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "JACK_DEFAULT_SERVER", SERVER)
    with server() as hanging:
        hanging.send_signal(signal.SIGSTOP)
        try:
            (detail,) = (finding["detail"] for finding in doctor() if finding["subject"] == "JACK")
        finally:
            hanging.send_signal(signal.SIGCONT)
    assert detail == f"the server {SERVER!r} runs and answers nobody; it is left out"


def doctor() -> list[dict[str, str]]:
    command = [sys.executable, "-m", "sixop", "doctor", "--json"]
    return list(json.loads(subprocess.run(command, capture_output=True, timeout=60, check=False).stdout))
