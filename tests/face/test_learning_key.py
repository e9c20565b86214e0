# SPDX-License-Identifier: Apache-2.0
"""The key l waits for a controller, but not for ever."""

from __future__ import annotations

import os
import pty
import sys
import threading

from synth.face import plain


class Session:
    """Notes what shall be learned, and ends when that is nothing."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self.meters = {}
        self.asked = []

    def learn(self, target):
        self.asked.append(target)
        if target is None:
            self.ended.set()

    def next_event(self, _seconds):
        return None

    def remembered(self, _name, otherwise):
        return otherwise

    def close(self):
        pass


def test_waiting_for_a_controller_ends_by_itself(monkeypatch):
    master, slave = pty.openpty()
    monkeypatch.setattr(sys, "stdin", os.fdopen(slave))
    monkeypatch.setattr(plain, "_LEARNING_SECONDS", 0.0)
    session = Session()
    giving_up = threading.Timer(20.0, session.ended.set)
    giving_up.start()
    os.write(master, b"l")
    plain.PlainFace(session, keys=True).run()
    giving_up.cancel()
    os.close(master)
    assert session.asked == ["next_voice", None]
