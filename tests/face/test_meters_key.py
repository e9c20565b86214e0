# SPDX-License-Identifier: Apache-2.0
"""The key a shows the meters, and what was measured stands at the end as well."""

from __future__ import annotations

import pytest
from resting_session import RestingSession, press


class Metered(RestingSession):
    """Has meters, and ends by the key p."""

    def __init__(self) -> None:
        super().__init__()
        self.meters = {
            "notes_on": 3, "blocks": 50, "underflows": 2, "peak": 1.0, "voices_sounding": 1, "load": 0.25,
            "limiter_gain": 1.0, "load_mean": 0.2, "load_peak": 0.5,
            "latency_seconds": 0.01, "latency_peak_seconds": 0.02,
        }  # fmt: skip

    def learn(self, target):
        pass

    def panic(self):
        self.ended.set()


def test_the_key_a_shows_the_meters(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    press(b"ap", Metered(), monkeypatch)
    said = capsys.readouterr().out.splitlines()
    assert "meters  latency 10.0 ms, at most 20.0; load 25 %, at most 50 %; 2 missed; 1 voices, peak 0.0 dB" in said
