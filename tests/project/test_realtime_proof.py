# SPDX-License-Identifier: Apache-2.0
"""The real-time proof finds what it must find. (`make test` runs it on the engine itself.)"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLAWED = ROOT / "tests" / "c" / "flawed"
sys.path.insert(0, str(ROOT / "tools"))

import realtime_proof


def prove(*names: str) -> subprocess.CompletedProcess[str]:
    files = [str(FLAWED / name) for name in names]
    command = [sys.executable, "tools/realtime_proof.py", "--header", str(FLAWED / "flawed.h"), *files]
    environment = os.environ | {"CPATH": str(ROOT / "csrc")}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_both_proofs_find_a_hidden_allocation() -> None:
    proof = prove("hidden_malloc.c")
    assert proof.returncode == 1
    assert "-Wfunction-effects" in proof.stderr, "the compiler's proof"
    assert "hidden_malloc.o is on the audio thread and uses free, malloc" in proof.stderr, "the symbols' proof"


def test_symbols_find_what_a_false_mark_hides_from_the_compiler() -> None:
    proof = prove("falsely_marked.c", "slow_number.c")
    assert proof.returncode == 1
    assert proof.stderr == "slow_number.o is on the audio thread and uses puts\n"


def test_innocent_code_passes_whatever_its_neighbours_do() -> None:
    proof = prove("innocent.c", "unused.c")
    assert proof.stderr == ""
    assert proof.returncode == 0


def test_forgotten_files_are_noticed() -> None:
    proof = prove("unused.c")
    assert proof.returncode == 1
    assert "No object defines sx_flawed" in proof.stderr


def test_the_engine_marks_all_that_the_audio_thread_calls() -> None:
    header = (ROOT / "csrc" / "sixop.h").read_text(encoding="utf-8")
    assert realtime_proof.marked_functions(header) >= {"sx_render", "sx_render_native", "sx_portaudio_callback"}
