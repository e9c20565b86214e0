# SPDX-License-Identifier: Apache-2.0
"""`sixop` as people run it: answers on stdout, everything else on stderr, honest exit codes, no traceback."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile

from synth.engine import KERNELS, Engine
from synth.patch import Patch

RATE = 48000


def sixop(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sixop", *arguments]
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
        (["play", "--voices", "300"], 2, "--voices must be a whole number of 1 to 256, not '300'"),
        (["play", "--seconds", "inf"], 2, "--seconds must be endless or 0 to 604800 seconds, not 'inf'"),
        (["play", "--midi", ""], 2, "--midi needs names of inputs"),
        (["render", "--rate", "x"], 2, "--rate must be auto or a whole number of 8000 to 192000 Hz, not 'x'"),
        (["render", "--hold", "1e300"], 2, "--hold must be 0 to 3600 seconds"),
        (["render", "--hold", "nan"], 2, "--hold must be 0 to 3600 seconds"),
        (["render", "--tail", "inf"], 2, "--tail must be 0 to 3600 seconds"),
        (["render", "--bits", "8"], 2, "--bits must be 16 or 24 or float, not '8'"),
        (["render", "--hold", "3600", "--rate", "192000"], 1, "write a .flac"),
        (["render", "--kernel", "analog"], 2, "--kernel must be chip"),
        (["play", "--kernel", "analog"], 2, "--kernel must be chip"),
        (["render", "--bogus"], 2, "--bogus"),
        (["bank"], 2, "command"),
        (["--voice", "99"], 2, "1..32"),
        (["/nonexistent.syx"], 1, "nonexistent.syx"),
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
    assert len(done.stderr.splitlines()) == 1
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


def test_voices_are_meant_by_the_whole_name_or_by_the_only_one_that_fits(bank_file: str) -> None:
    def shown(name: str) -> str:
        return sixop("bank", "show", bank_file, "--voice", name).stdout.split("\n")[0]

    assert shown("voice 1") == "1 VOICE 1"  # though VOICE 10 to 19 start so too
    assert shown("odd") == "3 ODD ONE"
    assert shown("one") == "3 ODD ONE"
    refused = sixop("bank", "show", bank_file, "--voice", "v")
    assert refused.returncode == 2
    assert "1 VOICE 1, 2 VOICE 2, 4 VOICE 4, 6 VOICE 6, 7 VOICE 7 and 25 more" in refused.stderr


def test_quiet_counts_wherever_it_is_written(tmp_path: Path) -> None:
    out = tmp_path / "a.wav"
    assert sixop("render", "-o", str(out), "--quiet", "--hold", "0", "--tail", "0").stderr == ""
    assert out.exists()


def test_good_files_are_listed_beside_a_bad_one(bank_file: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.syx"
    bad.write_text("Dear Sir")
    done = sixop("bank", "ls", "--json", str(bad), bank_file)
    assert done.returncode == 1
    assert {row["file"] for row in json.loads(done.stdout)} == {bank_file}
    assert "bad.syx" in done.stderr


@pytest.mark.parametrize("command", ["play", "render"])
def test_a_song_given_as_voices_is_told_its_option(tmp_path: Path, command: str) -> None:
    song = tmp_path / "ok.mid"
    song.write_bytes(b"MThd\0\0\0\6\0\0\0\1\1\xe0MTrk\0\0\0\4\0\xff\x2f\0")
    done = sixop(command, str(song))
    assert done.returncode == 1
    assert f"--midi-file {song}" in done.stderr


def test_what_is_read_is_not_written_over(bank_file: str, tmp_path: Path) -> None:
    voices = tmp_path / "voices.wav"
    voices.write_bytes(Path(bank_file).read_bytes())
    for arguments in (["render", str(voices), "-o"], ["render", "--midi-file", str(voices), "-o"]):
        done = sixop(*arguments, str(tmp_path / ".." / tmp_path.name / "voices.wav"))
        assert done.returncode == 2
        assert "choose another name" in done.stderr
    done = sixop("play", str(voices), "--seconds", "0", "--audio", "none", "--record", str(voices))
    assert done.returncode == 2
    assert voices.read_bytes() == Path(bank_file).read_bytes()


def limit_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))


def test_a_failed_render_leaves_the_old_file_and_no_stump(tmp_path: Path) -> None:
    out = tmp_path / "old.wav"
    out.write_bytes(b"old")
    command = [sys.executable, "-m", "sixop", "render", "-o", str(out)]
    done = subprocess.run(command, preexec_fn=limit_files, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "may not become that large" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert out.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["old.wav"]


def test_render_says_what_is_wrong_with_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "folder.wav"
    folder.mkdir()
    assert "it is a folder" in sixop("render", "-o", str(folder)).stderr
    assert "no such folder" in sixop("render", "-o", str(tmp_path / "missing" / "a.wav")).stderr


def test_ctrl_c_while_rendering_leaves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "long.wav"
    command = [sys.executable, "-m", "sixop", "render", "--hold", "3600", "-o", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        while not list(tmp_path.iterdir()) and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("module", ["numpy", "synth.cli.main", "typer"])
def test_ctrl_c_while_starting_ends_without_a_traceback(module: str) -> None:
    # Ctrl-C at the very moment when a module is looked for.
    program = f"""
import signal, sys
class CtrlC:
    def find_spec(name, *_):
        if name == {module!r}:
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, CtrlC)
from sixop import main
main()
"""
    command = [sys.executable, "-c", program]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_a_reader_who_has_seen_enough_is_no_failure() -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    command = [sys.executable, "-m", "sixop", "bank", "ls"]
    done = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    os.close(theirs)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_answer_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sixop", "bank", "ls"]
    with (tmp_path / "answer").open("wb") as answer:
        answer.seek(10_000)  # where the limit on sizes is
        done = subprocess.run(
            command, preexec_fn=limit_files, stdout=answer, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert done.returncode == 1
    assert done.stderr.startswith("sixop: the answer cannot be written: ")
    assert len(done.stderr.splitlines()) == 1


def test_started_without_any_stream_it_still_works(tmp_path: Path) -> None:
    out = tmp_path / "a.wav"
    shell = f'exec "{sys.executable}" -m sixop render -o "{out}" --hold 0 <&- >&- 2>&-'
    assert subprocess.run(["sh", "-c", shell], timeout=60, check=False).returncode == 0
    shell = f'exec "{sys.executable}" -m sixop play --audio none --midi none --seconds 0.1 <&-'
    done = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


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


@pytest.mark.parametrize("kernel", KERNELS)
def test_render_computes_with_the_kernel_asked_for(bank_file: str, tmp_path: Path, kernel: str) -> None:
    out = tmp_path / "note.wav"
    done = sixop("render", bank_file, "--kernel", kernel, "--hold", "0.1", "--tail", "0.1", "-o", str(out))
    assert done.returncode == 0, done.stderr
    engine = Engine(RATE, kernel=kernel, volume_db=-12.0, clamp=True)
    engine.load(Patch.load_bank(bank_file)[0])
    engine.note_on(60, 100)
    engine.note_off(60, frame=RATE // 10)
    assert np.array_equal(soundfile.read(out, dtype="float32")[0], engine.render(RATE // 5))


@pytest.mark.parametrize("kernel", KERNELS)
def test_play_computes_with_the_kernel_asked_for(tmp_path: Path, kernel: str) -> None:
    song = mido.MidiFile(
        tracks=[mido.MidiTrack([mido.Message("note_on", note=60), mido.Message("note_off", time=480)])]
    )
    song.save(tmp_path / "song.mid")
    asked = ("--midi-file", str(tmp_path / "song.mid"), "--kernel", kernel, "--rate", str(RATE))
    played, rendered = tmp_path / "played.wav", tmp_path / "rendered.wav"
    assert sixop("play", *asked, "--audio", "none", "--seconds", "0.2", "--record", str(played)).returncode == 0
    assert sixop("render", *asked, "-o", str(rendered)).returncode == 0
    sound, whole = (soundfile.read(path, dtype="float32")[0] for path in (played, rendered))
    assert len(sound) >= RATE // 5
    assert np.array_equal(sound, whole[: len(sound)])


def test_render_at_another_rate_is_the_same_pitch(bank_file: str, tmp_path: Path) -> None:
    out = tmp_path / "a.wav"
    arguments = ["--rate", "22050", "--voice", "5", "--hold", "1", "--tail", "0"]
    assert sixop("render", bank_file, "-o", str(out), *arguments).returncode == 0
    sound, rate = soundfile.read(out)
    assert (len(sound), rate) == (22050, 22050)
    assert abs(int(np.argmax(np.abs(np.fft.rfft(sound[:, 0])))) - 1000) <= 1


def test_devices_and_doctor_answer_everywhere() -> None:
    listing = json.loads(sixop("devices", "--json").stdout)
    assert set(listing) == {"audio", "midi", "midi_outputs"}
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
    command = f"{sys.executable} -m sixop bank ls {bank_file} | head -1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip().startswith("name")
    assert done.stderr == ""
