# SPDX-License-Identifier: Apache-2.0
"""A plain face at a terminal of its own, over a session in which nothing happens: what a key asks for."""

from __future__ import annotations

import os
import pty
import sys
import threading

import pytest

from synth.face import plain


class RestingSession:
    """Remembers nothing and tells nothing; whoever derives from it says what ends it."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self.meters = {}

    def next_event(self, _seconds):
        return None

    def remembered(self, _name, otherwise):
        return otherwise

    def close(self):
        pass


def press(keys: bytes, session: RestingSession, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the face while these keys are struck, until the session ends."""
    master, slave = pty.openpty()
    monkeypatch.setattr(sys, "stdin", os.fdopen(slave))
    giving_up = threading.Timer(20.0, session.ended.set)
    giving_up.start()
    os.write(master, keys)
    plain.PlainFace(session, keys=True).run()
    giving_up.cancel()
    os.close(master)
