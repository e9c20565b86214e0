# SPDX-License-Identifier: Apache-2.0
"""Function parameters on the plain face: told when they rest, and the key k for mono."""

import pytest
from resting_session import RestingSession, press

from synth.engine import FUNCTIONS
from synth.face.settled import REST_SECONDS, Settled


def change(name, value, channel=None):
    text = FUNCTIONS[name].text(value)
    return {"event": "function", "channel": channel, "name": name, "value": value, "text": text}


def told(*changes):
    """The lines once all of them rest."""
    settled = Settled()
    for number, one in enumerate(changes):
        settled.take(one, number * REST_SECONDS / 2)
    return settled.lines(len(changes) * REST_SECONDS + 1)


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ([change("mono", 1)], ["set     mono"]),
        ([change("mono", 1), change("mono", 0)], ["set     poly"]),
        ([change("bend_range", 1, 3)], ["set     bend range 1 semitone  (channel 3)"]),
        (
            [change("wheel_assign", 5, 2), change("wheel_assign", 5, 1)],
            ["set     wheel assign pitch+bias  (channels 1, 2)"],
        ),
        ([change("bend_range", 7, channel) for channel in range(1, 17)], ["set     bend range 7 semitones"]),
        ([change("mono", 1, 1), change("mono", 0, 2)], ["set     mono  (channel 1)", "set     poly  (channel 2)"]),
        ([change("master_tune", 283)], ["set     master tune +7.9 cents (A = 442.0 Hz)"]),
        ([change("portamento_time", value) for value in range(100)], ["set     portamento time 99"]),
    ],
)
def test_what_is_said(changes, lines):
    assert told(*changes) == lines


def test_a_knob_is_told_once_and_when_it_rests():
    settled = Settled()
    for step in range(50):
        settled.take(change("portamento_time", step, 1), step * 0.01)
        assert settled.lines(step * 0.01) == []
    assert settled.lines(0.49 + REST_SECONDS) == ["set     portamento time 49  (channel 1)"]
    assert settled.lines(99.0) == []


class Asked(RestingSession):
    """Knows who is mono, and ends when somebody else shall be."""

    def __init__(self, mono):
        super().__init__()
        self.mono = mono
        self.asked = None

    def function(self, _name, channel):
        return int(channel in self.mono)

    def set_function(self, *asked):
        self.asked = asked
        self.ended.set()


@pytest.mark.parametrize(
    ("mono", "asked"),
    [((), ("mono", 1, None)), (range(1, 17), ("mono", 0, None)), ((1,), ("mono", 0, 1)), ((2,), ("mono", 1, 1))],
)
def test_the_key_k_turns_all_parts_or_the_first_if_they_differ(monkeypatch, mono, asked):
    session = Asked(mono)
    press(b"k", session, monkeypatch)
    assert session.asked == asked
