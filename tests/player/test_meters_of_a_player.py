# SPDX-License-Identifier: Apache-2.0
"""What a session says of its load and its latency, and the words for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from waiting import wait_for, wait_until

from synth.audio.output import OutputReport
from synth.engine import Engine, ffi, lib
from synth.face import lines
from synth.patch import Patch
from synth.player.meters import RESTING_SECONDS, Meters, Pace
from synth.session import Session

FRAMES = 128


class Loudspeaker:
    """An output whose callbacks the test makes itself. `reported`: seconds of delay."""

    def __init__(self, reported: float | None) -> None:
        self.reported = reported

    def report(self) -> OutputReport:
        return OutputReport("loudspeaker", "test", 48000, FRAMES, self.reported)

    def alive(self) -> bool:
        return True

    def stop(self) -> None:
        pass


def callbacks(engine: Engine, count: int, time_info: Any = ffi.NULL) -> None:
    block = ffi.new("float[]", 2 * FRAMES)
    for _ in range(count):
        lib.sx_portaudio_callback(ffi.NULL, block, FRAMES, time_info, 0, engine.handle)


def metered(reported: float | None) -> tuple[Engine, Meters]:
    engine = Engine()
    return engine, Meters(engine, Loudspeaker(reported), engine.stats())


def test_latency_is_the_wait_the_way_to_the_converter_and_the_engines_own() -> None:
    engine, meters = metered(reported=0.008)
    assert meters.read()["latency_seconds"] is None  # nothing has been played
    engine.note_on(60, 100)
    callbacks(engine, 3)
    read, stats = meters.read(), engine.stats()
    wait = stats.waiting_ns * 1e-9
    assert read["latency_seconds"] == pytest.approx(wait + 0.008 + engine.group_delay_seconds)
    callbacks(engine, 1, ffi.new("double[3]", [0.0, 1.0, 1.02]))  # the server's word for each block goes first
    assert meters.read()["latency_seconds"] == pytest.approx(wait + 0.02 + engine.group_delay_seconds)


def test_without_a_device_there_is_no_latency() -> None:
    engine, meters = metered(reported=None)
    engine.note_on(60, 100)
    callbacks(engine, 3)
    assert meters.read()["latency_seconds"] is None
    assert meters.output_seconds() is None


def test_the_load_of_the_last_second_and_of_all() -> None:
    engine, meters = metered(reported=None)
    for key in range(30, 94):
        engine.note_on(key, 100)
    callbacks(engine, 50)
    busy = meters.read()
    assert busy["load"] == busy["load_mean"] > 0
    engine.panic()
    callbacks(engine, 50)
    for _ in range(21):  # more than the second that the mean is of
        callbacks(engine, 20)
        idle = meters.read()
    assert idle["load"] < busy["load"]  # type: ignore[operator]
    assert idle["load"] < idle["load_mean"]  # type: ignore[operator]
    assert idle["load_peak"] >= busy["load_peak"]  # type: ignore[operator]


def test_a_resting_instrument_tells_its_meters_seldom_and_what_is_played_at_once() -> None:
    resting = {
        "level": 0.0, "keys": ["0", "0", "0"], "keys_held": 0, "voices_sounding": 0, "notes_on": 0, "live_events": 0,
        "underflows": 0, "inputs": {"piano": 0},
    }  # fmt: skip
    pace = Pace()
    assert pace.wants({**resting, "frames": 0}, 10.0)
    assert not pace.wants({**resting, "frames": 2400}, 10.05)
    assert pace.wants({**resting, "frames": 4800, "inputs": {"piano": 1}}, 10.1)  # its light
    assert pace.wants({**resting, "frames": 7200, "inputs": {"piano": 1}, "level": 0.1}, 10.15)
    assert pace.wants({**resting, "frames": 9600, "inputs": {"piano": 1}}, 10.2)  # silence is news
    assert not pace.wants({**resting, "frames": 12000, "inputs": {"piano": 1}}, 10.25)
    assert pace.wants({**resting, "frames": 22000, "inputs": {"piano": 1}}, 10.2 + RESTING_SECONDS)


def test_a_session_has_meters_and_its_audio_event_as_well() -> None:
    with Session([Patch.init_voice()], audio="none", midi=["none"]) as session:
        audio = next(event for event in session.wait_ready() if event["event"] == "audio")
        assert audio["channels"] == "stereo"
        assert audio["latency_seconds"] is None
        assert audio["load"] > 0
        session.note_on(60)
        wait_until(lambda: session.meters.get("notes_on") == 1)
        meters = session.meters
        assert meters["live_events"] >= 1
        assert meters["waiting_ns"] > 0
        assert 0 < meters["load_mean"] <= meters["load_peak"]
        session.close()
        assert wait_for(session, "end")["live_events"] >= meters["live_events"]


METERS = {
    "notes_on": 12, "blocks": 345, "underflows": 1, "peak": 0.5, "voices_sounding": 4, "load": 0.031,
    "limiter_gain": 1.0,
    "load_mean": 0.02, "load_peak": 0.114, "latency_seconds": 0.00741, "latency_peak_seconds": 0.0092,
}  # fmt: skip


@pytest.mark.parametrize(
    ("line", "changes", "words"),
    [
        (lines.summary_line, {}, "played  12 notes in 345 blocks, 1 missed; peak -6.0 dB"),
        (lines.measured_line, {}, "meters  latency 7.4 ms, at most 9.2; load 2 %, at most 11 %"),
        (lines.measured_line, {"latency_seconds": None}, "meters  load 2 %, at most 11 %"),
        (
            lines.meters_line,
            {},
            "meters  latency 7.4 ms, at most 9.2; load 3 %, at most 11 %; 1 missed; 4 voices, peak -6.0 dB",
        ),
        (
            lines.meters_line,
            {"limiter_gain": 0.5, "latency_seconds": None, "peak": 2.0},
            "meters  load 3 %, at most 11 %; 1 missed; 4 voices, peak 6.0 dB, limited by 6.0 dB",
        ),
    ],
)
def test_the_words(line: Callable[[dict[str, Any]], str], changes: dict[str, Any], words: str) -> None:
    assert line({**METERS, **changes}) == words


def test_before_the_first_meters_the_line_says_so() -> None:
    assert lines.meters_line({}) == "meters  nothing measured yet"


def test_a_callback_leaves_small_numbers_to_whoever_called_it() -> None:
    engine, _ = metered(reported=None)
    callbacks(engine, 1)
    smallest = float("5e-324")
    assert smallest * 1.0 > 0
