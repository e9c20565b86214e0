# SPDX-License-Identifier: Apache-2.0
"""The key l waits for a controller, but not for ever."""

from __future__ import annotations

from resting_session import RestingSession, press

from synth.face import plain


class Learner(RestingSession):
    """Notes what shall be learned, and ends when that is nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = []

    def learn(self, target):
        self.asked.append(target)
        if target is None:
            self.ended.set()


def test_waiting_for_a_controller_ends_by_itself(monkeypatch):
    monkeypatch.setattr(plain, "_LEARNING_SECONDS", 0.0)
    session = Learner()
    press(b"l", session, monkeypatch)
    assert session.asked == ["next_voice", None]
