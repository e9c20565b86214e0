# SPDX-License-Identifier: Apache-2.0
"""The key a shows the meters, and what was measured stands at the end as well."""

from __future__ import annotations

import os
import pty
import sys
import threading

import pytest

from synth.face import plain


class Session:
    """Has meters, and ends by the key p."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self.meters = {
            "notes_on": 3, "blocks": 50, "underflows": 2, "peak": 1.0, "voices_sounding": 1, "load": 0.25,
            "limiter_gain": 1.0, "load_mean": 0.2, "load_peak": 0.5,
            "latency_seconds": 0.01, "latency_peak_seconds": 0.02,
        }  # fmt: skip

    def learn(self, target):
        pass

    def panic(self):
        self.ended.set()

    def next_event(self, _seconds):
        return None

    def remembered(self, _name, otherwise):
        return otherwise

    def close(self):
        pass


def test_the_key_a_shows_the_meters(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    master, slave = pty.openpty()
    monkeypatch.setattr(sys, "stdin", os.fdopen(slave))
    session = Session()
    giving_up = threading.Timer(20.0, session.ended.set)
    giving_up.start()
    os.write(master, b"ap")
    plain.PlainFace(session, keys=True).run()
    giving_up.cancel()
    os.close(master)
    said = capsys.readouterr().out.splitlines()
    assert "meters  latency 10.0 ms, at most 20.0; load 25 %, at most 50 %; 2 missed; 1 voices, peak 0.0 dB" in said
