# SPDX-License-Identifier: Apache-2.0
"""The latency that a player on JACK measures of itself."""

from __future__ import annotations

import pytest
from waiting import wait_until

from synth.patch import Patch
from synth.session import Session

pytestmark = pytest.mark.live


def test_a_session_on_jack_measures_its_latency(jackd: object) -> None:
    with Session([Patch.init_voice()], midi=["none"]) as session:
        audio = next(event for event in session.wait_ready() if event["event"] == "audio")
        assert audio["api"] == "JACK"
        for key in range(20):
            session.note_on(40 + key)
        wait_until(lambda: session.meters.get("notes_on") == 20)
        meters = session.meters
        after = audio["latency_seconds"] or 0.0
        assert after >= audio["group_delay_seconds"]
        assert meters["latency_seconds"] > audio["group_delay_seconds"]
        assert meters["latency_peak_seconds"] >= meters["latency_seconds"]
        assert meters["live_events"] >= 20
        print(audio, meters)
