# SPDX-License-Identifier: Apache-2.0
"""A session refuses what makes no sense, takes NumPy's numbers, and goes on after a crash where it was."""

from __future__ import annotations

import math
import os
import signal
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from waiting import wait_for, wait_until

from synth.patch import Patch
from synth.session import Session

SILENT = {"audio": "none", "midi": ["none"]}


@pytest.fixture
def session() -> Iterator[Session]:
    with Session([Patch.init_voice()], **SILENT) as session:
        session.wait_ready()
        yield session


def test_arguments_out_of_range_name_themselves(session: Session) -> None:
    wrong: list[tuple[str, Callable[[], None]]] = [
        ("note", lambda: session.note_on(128)),
        ("note", lambda: session.note_off(-1)),
        ("velocity", lambda: session.note_on(60, 128)),
        ("channel", lambda: session.note_on(60, 100, 17)),
        ("channel", lambda: session.select(1, 0)),
        ("number", lambda: session.select(0)),
        ("channel", lambda: session.load(Patch.init_voice(), 0)),
        ("decibels", lambda: session.set_volume(math.nan)),
        ("decibels", lambda: session.set_volume(math.inf)),
        ("voices", lambda: session.load_bank([], "empty")),
    ]
    for name, call in wrong:
        with pytest.raises(ValueError, match=name):
            call()
    with pytest.raises(TypeError, match="note"):
        session.note_on(60.5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value"), [("frames", 0), ("number", 0), ("volume_db", math.nan), ("kernel", "analog")]
)
def test_choices_out_of_range_name_themselves(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        Session([Patch.init_voice()], **{name: value})
    with pytest.raises(ValueError, match="voices"):
        Session([])


def test_numbers_may_be_numpys() -> None:
    with Session([Patch.init_voice()], number=np.int64(1), frames=np.int32(256), **SILENT) as session:
        session.wait_ready()
        session.note_on(np.uint8(60), np.int64(100), np.int16(1))  # type: ignore[arg-type]
        session.set_volume(np.float32(-20))  # type: ignore[arg-type]
        session.select(np.int64(1))  # type: ignore[arg-type]
        wait_until(lambda: session.meters.get("notes_on") == 1)


def test_after_a_crash_counting_goes_on(session: Session) -> None:
    session.note_on(60)
    wait_until(lambda: session.meters.get("notes_on") == 1)
    frames = session.meters["frames"]
    os.kill(session.player_pid, signal.SIGKILL)
    assert "crashed" in wait_for(session, "restart")["text"]
    assert wait_for(session, "back")["text"].startswith("back: ")
    session.note_on(62)
    wait_until(lambda: session.meters["notes_on"] == 2)
    session.close()
    end = wait_for(session, "end")
    assert end["notes_on"] == 2
    assert end["frames"] > frames


def test_after_a_crash_the_remaining_time_is_played_and_the_song_goes_on() -> None:
    with Session([Patch.init_voice()], demo=True, seconds=3.0, **SILENT) as session:
        session.wait_ready()
        wait_until(lambda: session.meters.get("notes_on", 0) >= 5)
        os.kill(session.player_pid, signal.SIGKILL)
        end = wait_for(session, "end")
    # One voice is shown by nine notes in 0.9 s. What sounded between the last meters and the crash,
    # a tenth of a second, is played again.
    assert 9 <= end["notes_on"] <= 10
    assert 3.0 <= end["frames"] / 48000 < 3.3


def test_a_bank_that_is_cut_off_is_not_passed_over(session: Session) -> None:
    packed = bytes(Patch.init_voice().to_packed()) * 20
    session.midi(b"\xf0\x43\x00\x09\x20\x00" + packed + b"\xf7")
    assert "20" in wait_for(session, "warning")["text"]


def test_a_bank_with_many_repairs_is_played_and_one_line_says_so(session: Session) -> None:
    voice = bytearray(Patch.init_voice().to_packed())
    voice[14] = 127  # the output level of operator 6, at most 99
    packed = bytes(voice) * 32
    session.midi(b"\xf0\x43\x00\x09\x20\x00" + packed + bytes((-sum(packed) & 0x7F, 0xF7)))
    assert "more" in wait_for(session, "warning")["text"]
    session.close()
    later = []
    while (event := session.next_event(0)) is not None:
        later.append(event["event"])
    assert "bank" in later
    assert "warning" not in later
