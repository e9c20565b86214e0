# SPDX-License-Identifier: Apache-2.0
"""A player starts in the tuning it is given, obeys tuning messages, and its successor knows of both."""

from __future__ import annotations

import os
import signal
import time

import pytest

from synth.patch import Patch
from synth.player.wire import Message
from synth.session import Session
from synth.tuning import Tuning, equal_hertz

PATIENCE = 20.0
SILENT = {"audio": "none", "midi": ["none"]}


def events_until(session: Session, kind: str) -> list[Message]:
    events: list[Message] = []
    deadline = time.monotonic() + PATIENCE
    while not events or events[-1]["event"] != kind:
        event = session.next_event(max(0.0, deadline - time.monotonic()))
        assert event is not None, f"no event {kind} came"
        events.append(event)
    return events


def test_after_a_crash_the_keys_sound_as_before() -> None:
    mute = Tuning(tuple(0.0 if key == 60 else None for key in range(128)))
    with Session([Patch.init_voice()], tuning=mute, **SILENT) as session:
        session.wait_ready()
        session.note_on(60)
        session.midi(bytes.fromhex("f0 7f 7f 08 02 00 01 3e 3f 00 00 f7"))
        told = events_until(session, "tuning")[-1]
        assert told["channels"] == list(range(1, 17))
        assert told["keys"] == {"62": pytest.approx(equal_hertz(63))}
        session.note_on(61)
        os.kill(session.player_pid, signal.SIGKILL)
        again = [event for event in events_until(session, "ready") if event["event"] == "tuning"]
        assert sorted(event["channels"] for event in again) == [[channel] for channel in range(1, 17)]
        assert all(event["keys"] == told["keys"] for event in again)
        before = session.meters.get("notes_on", 0)
        session.note_on(60)  # still mute
        session.note_on(62)
        deadline = time.monotonic() + PATIENCE
        while session.meters.get("notes_on", 0) == before and time.monotonic() < deadline:
            time.sleep(0.01)
        assert session.meters["notes_on"] == before + 1


def test_only_a_tuning_tunes() -> None:
    with pytest.raises(TypeError, match="tuning must be a Tuning"):
        Session([Patch.init_voice()], tuning="just.scl")
