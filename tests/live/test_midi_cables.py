# SPDX-License-Identifier: Apache-2.0
"""MIDI cables pulled from our own port, and MIDI that comes back with its server."""

from __future__ import annotations

import os

import pytest
import rtmidi
from mortal import SERVER, server
from test_send_receive import connected
from waiting import wait_for, wait_until

from synth.patch import Patch
from synth.session import Session

pytestmark = pytest.mark.live


def held(session: Session, keys: int) -> None:
    wait_until(lambda: session.meters.get("keys_held") == keys)


def test_the_last_cable_takes_its_notes_along(keyboard: rtmidi.MidiOut, jackd: object) -> None:
    second = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name="second-keyboard")
    with Session([Patch.init_voice()], audio="none", midi=["virtual"]) as session:
        session.wait_ready()
        connected(keyboard)
        keyboard.send_message([0x90, 60, 100])
        held(session, 1)
        connected(second)
        second.send_message([0x90, 64, 100])
        held(session, 2)
        keyboard.close_port()
        keyboard.open_virtual_port("idle")
        second.send_message([0x80, 64, 0])
        held(session, 1)  # whose a note is nobody knows: as long as a cable is left, they stay
        second.close_port()
        assert "has lost its last cable: its keys are let go" in wait_for(session, "warning")["text"]
        held(session, 0)
        connected(second)
        second.send_message([0x90, 65, 100])
        held(session, 1)
    second.delete()


def test_midi_returns_with_its_server(jackd: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "JACK_DEFAULT_SERVER", SERVER)
    with server() as first, Session([Patch.init_voice()], audio="none", midi=["virtual"]) as session:
        pid = None
        for event in session.wait_ready():
            pid = session.player_pid if event["event"] == "ready" else pid
        first.terminate()
        first.wait(10)
        assert wait_for(session, "midi")["gone"] == ["sixop-midi:in"]
        with server():
            assert wait_for(session, "midi")["opened"] == ["sixop-midi:in"]
            output = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name="test-keyboard")
            connected(output)
            output.send_message([0x90, 60, 100])
            held(session, 1)
            assert session.player_pid == pid, "the sound went on"
            session.close()
            output.delete()
