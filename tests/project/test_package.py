# SPDX-License-Identifier: Apache-2.0
"""The sdist holds all it takes to build the wheel, and the wheel works where there is no checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.package


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command} failed:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist, and the wheel built from the sdist alone."""
    folder = tmp_path_factory.mktemp("dist")
    checkout = tmp_path_factory.mktemp("checkout") / "sixop"
    left_out = shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "__pycache__", "*.so", "_engine.c")
    shutil.copytree(ROOT, checkout, ignore=left_out)
    run(sys.executable, "-m", "build", "--outdir", folder, checkout, cwd=folder)
    return folder


def test_an_installed_wheel_plays_without_a_checkout(dist: Path, tmp_path: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    assert "-cp311-abi3-" in wheel.name, "one wheel for every Python from 3.11 on"
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=tmp_path)
    answer = run(
        python,
        "-c",
        "import synth, bridge\n"
        "from synth.resources import config_path\n"
        "print(synth.render(synth.Patch.init_voice(), note=69).max() > 0.1)\n"
        "print(*sorted(path.name for path in config_path().iterdir()))",
        cwd=tmp_path,
    )
    shipped = sorted(path.name for path in (ROOT / "configs").iterdir())
    assert answer.splitlines() == ["True", " ".join(shipped)]
    assert "Usage" in run(tmp_path / "venv" / "bin" / "sixop", "--help", cwd=tmp_path)
