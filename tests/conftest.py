# SPDX-License-Identifier: Apache-2.0
"""What all tests share: the audio server without hardware, a private home, the reference material."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parents[1]

# One fixed name: JACK remembers eight servers per machine and no more.
SERVER = "sixoptest"

# How long an example takes depends on the machine, and says nothing about the code.
hypothesis.settings.register_profile("sixop", deadline=None, print_blob=True)
hypothesis.settings.load_profile("sixop")


@dataclass(frozen=True)
class JackServer:
    """A running JACK dummy server: Hz, and frames per period."""

    name: str
    rate: int
    period: int
    log: Path


def _realtime_option() -> str:
    """Return jackd's flag for real-time scheduling if we may have it, else its flag for doing without."""
    allowed = shutil.which("chrt") and not subprocess.run(["chrt", "-f", "10", "true"], capture_output=True).returncode
    return "-R" if allowed else "-r"


@contextmanager
def _alone_on_this_machine() -> Iterator[None]:
    """Wait until no other test run has a server of our name."""
    with (Path(tempfile.gettempdir()) / f"{SERVER}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _running_jackd(rate: int, period: int, more: Sequence[str], log: Path) -> Iterator[JackServer]:
    command = ["jackd", "-n", SERVER, _realtime_option(), "-d", "dummy", "-r", str(rate), "-p", str(period), *more]
    with _alone_on_this_machine(), log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            waiting = subprocess.run(["jack_wait", "-s", SERVER, "-w", "-t", "10"], capture_output=True, text=True)
            if waiting.returncode or process.poll() is not None:
                pytest.fail(f"jackd did not start:\n{log.read_text(errors='replace')}")
            yield JackServer(SERVER, rate, period, log)
        finally:
            process.terminate()  # never kill: that would leave its name taken
            process.wait(10)


@pytest.fixture(scope="module")
def jackd(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JackServer]:
    """A JACK dummy server that this process and its children see, and no other.

    It runs at 48000 Hz with periods of 256 frames; for others parametrise the
    fixture indirectly with (rate, period), and options of the dummy behind them. Without JACK the test is skipped,
    unless SIXOP_REQUIRE_JACK=1 (as in `make test`) makes that a failure.
    """
    absent = [tool for tool in ("jackd", "jack_wait") if shutil.which(tool) is None]
    if absent:
        reason = f"{' and '.join(absent)} not found: apt-get install jackd2"
        if os.environ.get("SIXOP_REQUIRE_JACK") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    rate, period, *more = getattr(request, "param", (48000, 256))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JACK_DEFAULT_SERVER", SERVER)
        patch.setenv("JACK_NO_START_SERVER", "1")
        with _running_jackd(rate, period, more, tmp_path_factory.mktemp("jackd") / "jackd.log") as server:
            yield server


@pytest.fixture(autouse=True)
def sixop_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of this test alone for configuration, library, state and cache: nobody's own are read or written."""
    home = tmp_path_factory.mktemp("sixop-home")
    monkeypatch.setenv("SIXOP_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of reference renders and voice banks: SIXOP_SHARED, or `shared` beside the checkout."""
    folder = Path(os.environ.get("SIXOP_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no reference material in {folder}; SIXOP_SHARED may name its folder")
    return folder
