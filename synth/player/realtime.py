# SPDX-License-Identifier: Apache-2.0
"""The interpreter and the scheduler, tuned for a process that must answer within a millisecond.

The audio thread is C and runs at the audio server's priority. Two Python
threads remain beside it: the one that reads MIDI and the one that keeps house.
Both get real-time priorities *below* the audio server's, so that a busy
machine does not delay a note, and a busy Python never delays the sound. Where
the system does not permit that, all works as before, a little less steadily.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# JACK's own threads run at 10 and its clients at 5; all of ours stay below.
AUDIO_PRIORITY = 4
"""While audio is opened: threads of audio systems that set no priority inherit this one."""
PLAYING_PRIORITY = 3
HOUSE_PRIORITY = 1

# How long one thread may keep the interpreter from the other. Python's own choice is ten times that.
_SWITCH_SECONDS = 0.0005


def claim(priority: int) -> bool:
    """Give the calling thread a real-time priority (round robin); False if the system says no or knows none."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(priority))
    except (AttributeError, OSError):
        return False
    return True


def permitted() -> bool:
    """True if `claim` would work here. Leaves the calling thread as it was."""
    try:
        before, parameter = os.sched_getscheduler(0), os.sched_getparam(0)
    except (AttributeError, OSError):
        return False
    if not claim(HOUSE_PRIORITY):
        return False
    os.sched_setscheduler(0, before, parameter)
    return True


@contextmanager
def ordinary() -> Iterator[None]:
    """Within: the calling thread has no real-time priority, and so has a process it starts."""
    try:
        before, parameter = os.sched_getscheduler(0), os.sched_getparam(0)
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    except (AttributeError, OSError):
        yield
        return
    try:
        yield
    finally:
        os.sched_setscheduler(0, before, parameter)


def quicken() -> None:
    """Switch threads often, and leave the start-up's objects alone from here on.

    The collector stays off: a player makes no reference cycles but those that
    `tidy` is for, and a collection stops both threads.
    """
    sys.setswitchinterval(_SWITCH_SECONDS)
    gc.collect()
    gc.freeze()
    gc.disable()


def tidy() -> None:
    """Free ports that were closed: python-rtmidi's hold themselves. Looks at what is new since `quicken` alone."""
    gc.collect()
