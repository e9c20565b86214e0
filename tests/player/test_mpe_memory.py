# SPDX-License-Identifier: Apache-2.0
"""What a keyboard said of its MPE zones holds when it is plugged in again, and in the player after this one."""

from __future__ import annotations

from typing import Any

from synth import Engine, Patch
from synth.live.memory import Memory
from synth.midi.routing import MemberNote, Routing
from synth.player.instrument import Instrument
from synth.player.playing import Playing
from synth.player.routes import Routes
from synth.player.settings import Settings

NAME = "LinnStrument"
SAYS_MPE = (b"\xb0\x65\x00", b"\xb0\x64\x06", b"\xb0\x06\x0f")
NOTE = b"\x91\x3c\x64"


class Port:
    """All of a port that routes know."""

    def __init__(self) -> None:
        self.name = NAME
        self.routing = Routing(name=NAME)


class Player:
    """All of a player that ports matter to."""

    def __init__(self, settings: Settings) -> None:
        self.events: list[Any] = []
        instrument = Instrument(Engine(8000).producer(), [Patch.init_voice()], "", self.events.append)
        self.instrument = instrument
        playing = Playing(instrument, self.events.append)
        self.routes = Routes(playing, self.events.append, settings.mpe, settings.mpe_zones)

    def plug_in(self) -> Port:
        port: Any = Port()
        self.routes.use_ports([port], [port])
        return port


def test_it_holds_when_the_keyboard_comes_back_and_in_the_next_player() -> None:
    settings = Settings(voices=[])
    player = Player(settings)
    port = player.plug_in()
    assert port.routing.route(NOTE) == [NOTE]
    for message in SAYS_MPE:
        player.instrument.play(message, port.routing)
    (event,) = [event for event in player.events if event["event"] == "mpe"]
    player.routes.use_ports([], [])
    assert player.plug_in().routing.route(NOTE) == [MemberNote(0, 2, 60, 100)]
    memory = Memory(settings)
    memory.take(event)
    assert Player(memory.settings).plug_in().routing.route(NOTE) == [MemberNote(0, 2, 60, 100)]
    settings.mpe = "off"
    assert Player(memory.settings).plug_in().routing.route(NOTE) == [NOTE]
