# SPDX-License-Identifier: Apache-2.0
"""The audio server dies and comes back, and so does the music: same bank, same voice, same volume."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from listening import CENTS, RATE, bank, bank_message, cents, frequency, pitch, voice, voice_message
from mortal import SERVER, server
from probe import Probe
from waiting import wait_for

from synth.session import Session

pytestmark = pytest.mark.live


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_music_comes_back(
    how: signal.Signals, jackd: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert jackd, "the fixture makes sure that jackd is installed"
    monkeypatch.setitem(os.environ, "JACK_DEFAULT_SERVER", SERVER)
    recording = tmp_path / "take.wav"
    with server() as first:
        session = Session(bank(), "first", midi=["virtual"], record=str(recording))
        try:
            session.wait_ready()
            first_player = session.player_pid
            session.midi(bank_message(bank(first=5, name="NEW")))
            session.select(3)
            session.midi(voice_message(voice(9, "SINGLE"), channel=2))
            while wait_for(session, "voice").get("name", "").strip() != "SINGLE":
                pass
            session.note_on(60)
            time.sleep(0.2)
            first.send_signal(how)
            first.wait(10)
            assert "(JACK) has gone" in str(wait_for(session, "restart")["text"])
            with server():
                ready = [wait_for(session, kind) for kind in ("audio", "bank", "voice", "ready")]
                assert ready[0]["api"] == "JACK"
                assert ready[2]["number"] == 3
                assert session.player_pid != first_player
                with Probe(SERVER, "mourner") as probe:
                    probe.must("audio sixop:out_")
                    assert not heard(session, probe, None).any(), "notes do not rise from the dead"
                    assert cents(pitch(heard(session, probe, 1)), frequency(60, 7)) < CENTS
                    assert cents(pitch(heard(session, probe, 2)), frequency(60, 9)) < CENTS
                session.close()
                assert session.exit_code == 0
        finally:
            session.close()
    take, rate = soundfile.read(recording, dtype="float32")
    assert rate == RATE
    assert np.abs(take).max() > 0.01, "what was played before the server died is on the recording"


def heard(session: Session, probe: Probe, channel: int | None) -> np.ndarray:
    """A quarter of a second of middle C on a channel, or of silence."""
    probe.record(2.0)
    if channel is not None:
        session.note_on(60, channel=channel)
    time.sleep(0.5)
    sound = probe.recording()[:, 0]
    if channel is not None:
        session.note_off(60, channel=channel)
        time.sleep(0.1)
    return sound[-RATE // 4 :]
