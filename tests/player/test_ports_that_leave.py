# SPDX-License-Identifier: Apache-2.0
"""An input that has gone is let go of and closed, however late the playing thread gets to it."""

from __future__ import annotations

import time

from synth import Engine, factory_bank
from synth.midi.ports import OpenPort
from synth.midi.router import Router
from synth.player.instrument import Instrument
from synth.player.playing import Playing


class Silence:
    """An input that nobody plays."""

    def get_message(self) -> None:
        return None


def opened(name: str) -> OpenPort:
    port = OpenPort(Silence(), name, 0, None)  # type: ignore[arg-type]
    port.routing.use(Router().table(name))
    return port


def test_ports_that_leave_while_the_thread_is_late_are_there_to_be_closed_later() -> None:
    engine = Engine()
    playing = Playing(Instrument(engine.producer(), list(factory_bank()), "factory", lambda _event: None), print)
    ports = [opened("left"), opened("right")]
    playing.use_ports(ports, [])  # nobody takes it yet: the thread has not started
    playing.turn(time.monotonic())
    for port in ports:
        playing.instrument.play(bytes((0x90, 60, 100)), port.routing)
    assert not playing.use_ports([], ports)
    assert not playing.left
    playing.turn(time.monotonic())
    assert list(playing.left) == ports
    engine.render(64)
    assert engine.stats().keys_held == 0
