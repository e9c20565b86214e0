# SPDX-License-Identifier: Apache-2.0
"""`sixop` as people run it: answers on stdout, everything else on stderr, honest exit codes, no traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from synth.patch import Patch

RATE = 48000


def sixop(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "synth.cli", *arguments]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def bank_file(tmp_path: Path) -> str:
    """32 voices of which the third is called ODD ONE and the fifth is an organ of fixed 1000 Hz."""
    voices = []
    for number in range(1, 33):
        voice = Patch.init_voice()
        voice.name = {3: "ODD ONE", 5: "WHISTLE"}.get(number, f"VOICE {number}")
        voice.algorithm = number - 1
        if number == 5:
            voice.op[0].frequency_mode = 1
            voice.op[0].frequency_coarse = 3
            voice.op[0].frequency_fine = 0
        voices.append(voice)
    path = tmp_path / "own.syx"
    Patch.save_to_bank(path, voices)
    return str(path)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nonsense"], 2, "nonsense"),
        (["play", "--face", "dance"], 2, "dance"),
        (["play", "--face", "plain"], 2, "terminal"),
        (["play", "--voices", "300"], 2, "256"),
        (["play", "--record", "take.mp3"], 2, ".wav"),
        (["play", "/nonexistent.syx"], 1, "nonexistent.syx"),
        (["play", "--audio", "none", "--midi-file", "/nonexistent.mid"], 1, "nonexistent.mid"),
        (["render", "-o", "x.mp3"], 2, ".flac"),
        (["render", "-o", "x.flac", "--bits", "float"], 2, "floats"),
        (["render", "--note", "H7"], 2, "H7"),
        (["render", "--velocity", "0"], 2, "--velocity"),
        (["render", "-o", "/nonexistent/x.wav"], 1, "/nonexistent/x.wav"),
        (["bank", "ls", "/nonexistent.syx"], 1, "nonexistent.syx"),
        (["bank", "show", "--voice", "33"], 2, "1..32"),
        (["bank", "show", "--voice", "Nobody's voice"], 2, "Nobody's voice"),
    ],
)
def test_mistakes_get_a_sentence_and_a_code(arguments: list[str], code: int, words: str) -> None:
    done = sixop(*arguments)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_a_file_that_is_no_bank_is_called_so(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sir")
    done = sixop("bank", "ls", str(path))
    assert done.returncode == 1
    assert "letter.txt" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_repaired_bank_is_loaded_and_the_repair_is_told(bank_file: str) -> None:
    path = Path(bank_file)
    data = bytearray(path.read_bytes())
    data[-2] ^= 1
    path.write_bytes(data)
    done = sixop("bank", "ls", bank_file)
    assert done.returncode == 0
    assert "checksum" in done.stderr
    assert "ODD ONE" in done.stdout
    assert sixop("--quiet", "bank", "ls", bank_file).stderr == ""


def test_bank_ls_lists_numbers_names_and_algorithms(bank_file: str) -> None:
    lines = sixop("bank", "ls", bank_file).stdout.splitlines()
    assert len(lines) == 33
    assert lines[3].split()[:5] == ["3", "ODD", "ONE", "3", "14"]
    rows = json.loads(sixop("bank", "ls", bank_file, "--json").stdout)
    assert [row["algorithm"] for row in rows] == list(range(1, 33))
    assert rows[31]["carriers"] == [1, 2, 3, 4, 5, 6]


def test_bank_show_tells_a_voice_by_number_and_by_name(bank_file: str) -> None:
    shown = sixop("bank", "show", bank_file, "--voice", "whistle").stdout
    assert shown.startswith("5 WHISTLE\n")
    assert "1000.0 Hz" in shown
    voice = json.loads(sixop("bank", "show", bank_file, "--voice", "5", "--json").stdout)
    assert voice["algorithm"] == 5
    assert voice["operators"][0]["output_level"] == 99
    assert voice["operators"][1]["output_level"] == 0


def test_render_writes_the_note_asked_for(bank_file: str, tmp_path: Path) -> None:
    out = tmp_path / "a.wav"
    done = sixop("render", bank_file, "-o", str(out), "--note", "A3", "--hold", "0.5", "--tail", "0.25")
    assert done.returncode == 0
    assert done.stdout == ""
    sound, rate = soundfile.read(out, dtype="float32")
    assert rate == RATE
    assert sound.shape == (RATE * 3 // 4, 2)
    np.testing.assert_array_equal(sound[:, 0], sound[:, 1])
    assert np.argmax(np.abs(np.fft.rfft(sound[: RATE // 2, 0]))) * 2 == 440
    assert not sound[-RATE // 10 :].any()


@pytest.mark.parametrize(("bits", "grain"), [("16", 2**-15), ("24", 2**-23)])
def test_render_bits_and_flac(bank_file: str, tmp_path: Path, bits: str, grain: float) -> None:
    exact, packed = tmp_path / "exact.wav", tmp_path / "packed.flac"
    assert sixop("render", bank_file, "-o", str(exact)).returncode == 0
    assert sixop("render", bank_file, "-o", str(packed), "--bits", bits).returncode == 0
    assert soundfile.info(packed).subtype == f"PCM_{bits}"
    difference = soundfile.read(exact)[0] - soundfile.read(packed)[0]
    assert 0 < np.abs(difference).max() <= grain


def test_render_at_another_rate_is_the_same_pitch(bank_file: str, tmp_path: Path) -> None:
    out = tmp_path / "a.wav"
    arguments = ["--rate", "22050", "--voice", "5", "--hold", "1", "--tail", "0"]
    assert sixop("render", bank_file, "-o", str(out), *arguments).returncode == 0
    sound, rate = soundfile.read(out)
    assert (len(sound), rate) == (22050, 22050)
    assert abs(int(np.argmax(np.abs(np.fft.rfft(sound[:, 0])))) - 1000) <= 1


def test_devices_and_doctor_answer_everywhere() -> None:
    listing = json.loads(sixop("devices", "--json").stdout)
    assert set(listing) == {"audio", "midi"}
    doctor = sixop("doctor", "--json")
    findings = {finding["subject"]: finding for finding in json.loads(doctor.stdout)}
    assert findings["engine"]["state"] == "ok"
    assert all(finding["fix"] for finding in findings.values() if finding["state"] != "ok")
    assert doctor.returncode == (1 if any(f["state"] == "missing" for f in findings.values()) else 0)
    assert doctor.stderr == ""


def test_version_and_help() -> None:
    assert sixop("--version").stdout.startswith("sixop ")
    for command in ([], ["play"], ["render"], ["bank"], ["bank", "ls"], ["devices"], ["doctor"]):
        done = sixop(*command, "--help")
        assert done.returncode == 0
        assert "Usage" in done.stdout


def test_a_reader_that_leaves_early_is_no_failure(bank_file: str) -> None:
    command = f"{sys.executable} -m synth.cli bank ls {bank_file} | head -1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip().startswith("name")
    assert done.stderr == ""
