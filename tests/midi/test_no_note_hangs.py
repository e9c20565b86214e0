# SPDX-License-Identifier: Apache-2.0
"""Whatever is played on whatever zones, and however these change under held keys: at the end nothing sounds on."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from synth import Engine, Patch
from synth.midi.router import Router
from synth.midi.routing import Routing
from synth.midi.zones import read_zones
from synth.player.instrument import Instrument

PORTS = ("KeyLab", "USB Keys")
PEDALS = (64, 65, 66, 67, 68)
SOURCES = (*PEDALS, 20, 21)

few_keys, few_channels = st.integers(58, 62), st.integers(0, 2)
controllers = st.sampled_from([0, 1, 4, 6, 11, 32, 96, 100, 101, *SOURCES, 120, 121, 123, 124, 126, 127])
messages = st.one_of(
    st.builds(lambda c, k, v: bytes((0x90 | c, k, v)), few_channels, few_keys, st.integers(0, 127)),
    st.builds(lambda c, k, v: bytes((0x80 | c, k, v)), few_channels, few_keys, st.integers(0, 127)),
    st.builds(lambda c, n, v: bytes((0xB0 | c, n, v)), few_channels, controllers, st.sampled_from([0, 1, 63, 64, 127])),
    st.builds(lambda k, c, v: bytes((k | c, v, v)[: 2 if k in (0xC0, 0xD0) else 3]),
              st.sampled_from([0xA0, 0xC0, 0xD0, 0xE0]), few_channels, st.integers(0, 127)),
    st.binary(max_size=3),
)  # fmt: skip


def zone_tables(falling: bool):
    values = [[0, 127], [0, 100], [10, 127]] + ([[127, 0], [127, 127]] if falling else [])
    target = st.one_of(
        st.sampled_from(["sustain", "sostenuto", "soft", "legato", "none", "breath", "next_voice", "bend_range"]),
        st.builds(lambda spread: {"to": 64, "values": spread}, st.sampled_from(values)),
    )
    return st.fixed_dictionaries(
        {},
        optional={
            "port": st.sampled_from(["key", "usb"]),
            "channel": st.integers(1, 3),
            "low": st.integers(57, 60),
            "high": st.integers(60, 63),
            "softest": st.integers(1, 64),
            "loudest": st.integers(64, 127),
            "transpose": st.sampled_from([-60, -12, -1, 1, 67]),
            "part": st.integers(1, 4),
            "curve": st.sampled_from(["soft", "dx7-keybed", 77]),
            "controllers": st.dictionaries(st.sampled_from(SOURCES), target, max_size=2),
        },
    )


def steps(falling: bool):
    played = st.tuples(st.integers(0, 1), messages)
    return st.lists(st.one_of(played, played, played, st.lists(zone_tables(falling), max_size=3)), max_size=60)


class Stage:
    """Two inputs, an instrument and its engine."""

    def __init__(self, voices: int = 8) -> None:
        self.engine = Engine(sample_rate=8000, voices=voices)
        self.instrument = Instrument(self.engine.producer(), [Patch.init_voice()] * 2, "test", lambda event: None)
        self.ports = [Routing(), Routing()]

    def play(self, port: int, message: bytes) -> None:
        self.instrument.play(message, self.ports[port])

    def use(self, tables) -> None:
        router = Router(read_zones(tables)[0])
        for name, port in zip(PORTS, self.ports, strict=True):
            self.instrument.send(port.use(router.table(name)))

    def take(self, step) -> None:
        if isinstance(step, tuple):
            self.play(*step)
        else:
            self.use(step)

    def held(self) -> int:
        self.engine.render(64)
        return self.engine.stats().keys_held


@settings(max_examples=100)
@given(story=steps(falling=False))
def test_all_keys_and_pedals_up_is_silence(story):
    stage = Stage()
    for step in story:
        stage.take(step)
        stage.engine.render(8)
    for port, message in (step for step in story if isinstance(step, tuple)):
        if len(message) == 3 and message[0] & 0xF0 in (0x90, 0xB0):
            stage.play(port, message[:2] + b"\0")
    assert [port.keys_down for port in stage.ports] == [0, 0]
    assert stage.held() == 0


@settings(max_examples=100)
@given(story=steps(falling=True))
def test_all_inputs_gone_is_silence(story):
    stage = Stage()
    for step in story:
        stage.take(step)
        stage.engine.render(8)
    for port in stage.ports:
        stage.instrument.release(port)
    assert stage.held() == 0
