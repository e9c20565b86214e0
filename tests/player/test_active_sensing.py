# SPDX-License-Identifier: Apache-2.0
"""Active sensing (FE): what an input holds ends 330 ms after the last message of one that promised to go on talking."""

from __future__ import annotations

import time
from collections import deque

import pytest

from synth import Engine, Patch
from synth.midi.routing import Routing
from synth.midi.sensing import Sensing
from synth.player.instrument import Instrument
from synth.player.playing import Playing


class Port:
    """An input whose messages the test sends."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.routing = Routing()
        self.sensing = Sensing()
        self.waiting: deque[bytes] = deque()

    def poll(self) -> bytes | None:
        return self.waiting.popleft() if self.waiting else None


class Stage:
    """Two inputs and a clock in milliseconds."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.engine = Engine(sample_rate=8000)
        instrument = Instrument(self.engine.producer(), [Patch.init_voice()], "test", lambda event: None)
        self.playing = Playing(instrument, lambda event: self.warnings.append(event["text"]))
        self.ports = [Port("KeyLab"), Port("USB Keys")]
        self.playing._exchange(self.ports, [])

    def at(self, milliseconds: float, *messages: str, port: int = 0) -> int:
        """How many keys are held after these messages came at that time."""
        self.ports[port].waiting.extend(map(bytes.fromhex, messages))
        self.playing.turn(1000 + milliseconds / 1000)
        self.engine.render(64)
        return self.engine.stats().keys_held


@pytest.mark.parametrize(
    ("story", "held"),
    [
        ({0: "903c64", 5000: ""}, [1, 1]),  # without FE an input may be silent for ever
        ({0: "fe", 100: "903c64", 429: "", 431: ""}, [0, 1, 1, 0]),
        ({0: "903c64", 10: "fe", 300: "fe", 600: "fe", 929: "", 931: ""}, [1, 1, 1, 1, 1, 0]),
        ({0: "fe", 100: "903c64", 400: "904064", 700: "b00140", 1000: "f8", 1329: "", 1331: ""}, [0, 1, 2, 2, 2, 2, 0]),
        ({0: "fe", 100: "903c64", 500: "", 600: "904064", 2000: ""}, [0, 1, 0, 1, 1]),  # the promise is over
        ({0: "fe", 100: "903c64", 500: "", 600: "fe", 700: "904064", 1040: ""}, [0, 1, 0, 0, 1, 0]),
        ({0: "fe", 10: "b0407f", 20: "903c64", 30: "803c40", 400: ""}, [0, 0, 1, 1, 0]),  # the pedal too
        ({0: "fe", 100: "903c64", 900: "fe"}, [0, 1, 1]),  # what waited while we were late has come in time
    ],
)
def test_what_an_input_holds(story, held):
    stage = Stage()
    assert [stage.at(when, *message.split()) for when, message in story.items()] == held


def test_other_inputs_hold_on():
    stage = Stage()
    stage.at(0, "904064", port=1)
    stage.at(0, "fe", "903c64", "914364")
    assert stage.at(329) == 3
    assert stage.at(331) == 1
    assert stage.at(332, "804040", port=1) == 0


def test_it_is_told_if_keys_were_held_and_only_then():
    stage = Stage()
    stage.at(0, "fe")
    stage.at(1000)
    assert not stage.warnings
    stage.at(2000, "fe", "903c64")
    stage.at(3000)
    assert stage.warnings == ["KeyLab has fallen silent: its keys are let go"]


def test_wheels_come_to_rest():
    stage = Stage()
    stage.at(0, "fe", "e0007f", "b0017f")
    stage.at(400)
    assert not stage.ports[0].routing.release()


def test_the_thread_that_plays_watches():
    stage = Stage()
    stage.ports[0].waiting.extend((b"\xfe", b"\x90\x3c\x64"))
    stage.playing.start()
    try:
        deadline = time.monotonic() + 20
        while not stage.warnings and time.monotonic() < deadline:
            time.sleep(0.01)
    finally:
        stage.playing.stop()
    assert stage.warnings
    assert stage.ports[0].routing.keys_down == 0
