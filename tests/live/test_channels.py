# SPDX-License-Identifier: Apache-2.0
"""Left and right on a real audio server, and a device that has one channel only."""

from __future__ import annotations

import time

import numpy as np
import pytest
from probe import Probe
from waiting import wait_until

from synth.patch import Patch
from synth.session import Session

pytestmark = pytest.mark.live

SECONDS = 0.5


def heard(probe: Probe, session: Session) -> np.ndarray:
    """Loudness of both sides of a note that stands far right."""
    session.set_pan(1.0, 1)
    session.note_on(60)
    wait_until(lambda: session.meters.get("notes_on") == 1)
    time.sleep(0.5)  # until it has arrived there
    probe.record(5.0)
    time.sleep(SECONDS)
    return np.sqrt(np.mean(np.square(probe.recording()), axis=0))


def test_left_and_right_are_the_first_and_the_second_port(probe: Probe) -> None:
    with Session([Patch.init_voice()], midi=["none"]) as session:
        session.wait_ready()
        probe.must("audio sixop:out_")
        left, right = heard(probe, session)
    assert right > 0.05
    assert left < 1e-4 * right


@pytest.mark.parametrize("jackd", [(48000, 256, "-P", "1")], indirect=True)
def test_a_device_with_one_channel_has_all_in_the_middle(probe: Probe) -> None:
    with Session([Patch.init_voice()], midi=["none"]) as session:
        audio = next(event for event in session.wait_ready() if event["event"] == "audio")
        assert audio["api"] == "JACK"
        assert probe.ask("audio sixop:out_") is None  # of the two ports there is the first alone
        left, right = heard(probe, session)
    assert left > 0.05
    assert right == 0
