# SPDX-License-Identifier: Apache-2.0
"""Waiting for what a session tells, or for a condition, with an end to patience."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from synth.session import Session

PATIENCE = 20.0  # seconds


def wait_for(session: Session, kind: str) -> dict[str, Any]:
    """The next event of a kind; others are passed over."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        event = session.next_event(0.1)
        if event is not None and event["event"] == kind:
            return event
    raise AssertionError(f"no event {kind} came")


def wait_until(true: Callable[[], bool]) -> None:
    """Return once this is true."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)
