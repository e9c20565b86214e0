# SPDX-License-Identifier: Apache-2.0
"""A SysEx that never ends makes RtMidi's input on JACK deaf; a panic opens its ears."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import rtmidi
from test_send_receive import connected

from synth.patch import Patch
from synth.session import Session

pytestmark = pytest.mark.live

PATIENCE = 20.0


def became(true: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False


def test_panic_ends_what_has_no_end(keyboard: rtmidi.MidiOut) -> None:
    with Session([Patch.init_voice()], audio="none", midi=["virtual"]) as session:
        session.wait_ready()
        connected(keyboard)
        keyboard.send_message([0x90, 60, 100])
        assert became(lambda: session.meters.get("notes_on") == 1, PATIENCE)
        keyboard.send_message([0xF0, 0x43, 0, 9, 0x20, 0, 1, 2, 3])
        keyboard.send_message([0x90, 62, 100])
        assert not became(lambda: session.meters["notes_on"] == 2, 0.5), "RtMidi has learned to end a SysEx"
        session.panic()
        assert became(lambda: session.meters["keys_held"] == 0, PATIENCE)
        assert became(lambda: "cut short" in str(session.next_event(0.1)), PATIENCE)
        keyboard.send_message([0x90, 64, 100])
        assert became(lambda: session.meters["notes_on"] == 2, PATIENCE)
