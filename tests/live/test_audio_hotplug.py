# SPDX-License-Identifier: Apache-2.0
"""Audio devices and servers that go, come and hang: the instrument plays on, and returns to where it belongs."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import soundfile
from listening import RATE, bank
from mortal import SERVER, server
from waiting import wait_for, wait_until

from synth.session import Session

pytestmark = pytest.mark.live

JACK = "system (JACK)"
STAGE = "pcm.stage { type null }\n"


@pytest.fixture(autouse=True)
def home(jackd: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose `.asoundrc` defines the ALSA devices; JACK's server is one that may die."""
    assert jackd, "the fixture makes sure that jackd is installed"
    monkeypatch.setitem(os.environ, "JACK_DEFAULT_SERVER", SERVER)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@contextmanager
def playing(**choices: Any) -> Iterator[Session]:
    session = Session(bank(), "own", **{"midi": ["none"], **choices})
    try:
        yield session
    finally:
        session.close()


def sounds(session: Session) -> None:
    """A note is played, whatever plays it."""
    before = session.meters.get("notes_on", 0)
    session.note_on(60)
    wait_until(lambda: session.meters.get("notes_on", 0) > before)
    session.note_off(60)


def test_it_plays_on_without_the_server_and_returns_to_it(home: Path) -> None:
    take = home / "take.wav"
    with playing(record=str(take)) as session:
        with server() as first:
            assert wait_for(session, "audio")["api"] == "JACK"
            wait_for(session, "ready")
            session.select(7)
            session.set_volume(-20)
            session.note_on(64)
            wait_until(lambda: session.meters.get("keys_held") == 1)
            first.terminate()
            first.wait(10)
            assert JACK in wait_for(session, "restart")["text"]
            assert wait_for(session, "audio")["waiting_for"] == JACK
            assert wait_for(session, "voice")["number"] == 7
            wait_for(session, "back")
            wait_until(lambda: session.meters["keys_held"] == 0)
            sounds(session)
        with server():
            assert "going over" in wait_for(session, "restart")["text"]
            audio = wait_for(session, "audio")
            assert (audio["api"], audio["waiting_for"]) == ("JACK", None)
            assert wait_for(session, "voice")["number"] == 7
            assert wait_for(session, "back")["text"] == f"back: {JACK}"
            sounds(session)
            session.close()
    assert soundfile.info(take).samplerate == RATE
    assert not list(home.glob("take-*.wav")), "one recording, whatever it was played on"


def test_another_rate_is_another_take(home: Path) -> None:
    take = home / "take.wav"
    with playing(record=str(take)) as session:
        with server() as first:
            wait_for(session, "ready")
            sounds(session)
            first.terminate()
            first.wait(10)
            wait_for(session, "restart")
        with server(44100):
            wait_until(lambda: wait_for(session, "audio")["rate"] == 44100)
            wait_for(session, "back")
            sounds(session)
            session.close()
    rates = [soundfile.info(file).samplerate for file in (take, home / "take-2.wav")]
    assert rates == [RATE, 44100]


def test_a_server_that_hangs_is_left_and_found_again(home: Path) -> None:
    with server() as hanging, playing() as session:
        assert wait_for(session, "audio")["api"] == "JACK"
        wait_for(session, "ready")
        hanging.send_signal(signal.SIGSTOP)
        try:
            wait_for(session, "restart")
            assert wait_for(session, "audio")["waiting_for"] == JACK
            wait_for(session, "back")
            sounds(session)
        finally:
            hanging.send_signal(signal.SIGCONT)
        assert "going over" in wait_for(session, "restart")["text"]
        assert wait_for(session, "audio")["api"] == "JACK"
        wait_for(session, "back")
        sounds(session)
        session.close()


def test_who_has_no_device_takes_the_first_that_comes(home: Path) -> None:
    with playing() as session:
        audio = wait_for(session, "audio")
        if audio["api"]:
            pytest.skip("this computer has an audio device")
        assert audio["waiting_for"] == "any audio device"
        wait_for(session, "ready")
        with server():
            assert wait_for(session, "audio")["api"] == "JACK"
            wait_for(session, "back")
            sounds(session)
            session.close()


def test_a_device_of_the_configuration_may_come_later(home: Path) -> None:
    with server(), playing(audio="stage", insist=False) as session:
        assert "'stage'" in wait_for(session, "warning")["text"]
        audio = wait_for(session, "audio")
        assert (audio["api"], audio["waiting_for"]) == ("JACK", "stage")
        wait_for(session, "ready")
        sounds(session)
        (home / ".asoundrc").write_text(STAGE)
        audio = wait_for(session, "audio")
        assert (audio["device"], audio["api"], audio["waiting_for"]) == ("stage", "ALSA", None)
        wait_for(session, "back")
        sounds(session)
        session.close()
        assert session.exit_code == 0


def test_a_device_that_is_insisted_on_must_be_there(home: Path) -> None:
    with playing(audio="stage") as session:
        assert "'stage'" in wait_for(session, "error")["text"]


def test_a_buffer_that_the_server_changes_is_told(home: Path) -> None:
    with server(), playing() as session:
        assert wait_for(session, "audio")["frames"] == 256
        wait_for(session, "ready")
        subprocess.run(["jack_bufsize", "1024"], check=True, capture_output=True)
        assert wait_for(session, "audio")["frames"] == 1024
        sounds(session)
        session.close()


def test_the_next_best_device_plays_meanwhile(home: Path) -> None:
    (home / ".asoundrc").write_text(STAGE)
    with playing(audio="system") as session:
        with server() as first:
            assert wait_for(session, "audio")["api"] == "JACK"
            wait_for(session, "ready")
            first.kill()
            first.wait(10)
            audio = wait_for(session, "audio")
            assert (audio["api"], audio["waiting_for"]) == ("ALSA", JACK)
            wait_for(session, "back")
            sounds(session)
        with server():
            assert wait_for(session, "audio")["api"] == "JACK"
            wait_for(session, "back")
            session.close()
