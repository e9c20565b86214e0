# SPDX-License-Identifier: Apache-2.0
"""A million bytes of damaged MIDI through zones, instrument and engine: nothing raises, and in the end nothing hangs.

The stream is what ten minutes of `musician.py` are on a cable: running status, clocks within messages, SysEx; and then
bytes are lost, doubled, changed and put in. It is cut into messages as RtMidi cuts it, and sometimes anywhere.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from synth import Engine, factory_bank
from synth.messages import SYSEX, data_length
from synth.midi.router import Router
from synth.midi.routing import Routing
from synth.midi.zones import read_zones
from synth.player.instrument import Instrument

sys.path.append(str(Path(__file__).resolve().parents[1] / "live"))

from musician import Musician

BYTES = 1_000_000
ZONES: list[list[dict[str, object]]] = [
    [],
    [{"high": 59, "part": 2}, {"low": 60, "part": 1, "curve": "soft"}],
    [{"part": 1}, {"part": 2, "transpose": 12}, {"channel": 3, "part": 9}],
    [{"softest": 64, "part": 5, "controllers": {1: "sustain", 7: "none"}}, {"loudest": 63, "transpose": -7}],
]


def cable(dice: random.Random) -> bytes:
    """Real playing as bytes, with running status and clocks in between, and damage."""
    musician, stream, running = Musician(dice.randrange(1 << 30)), bytearray(), 0
    while len(stream) < BYTES:
        for message in musician.plays():
            keep = message[0] == running and dice.random() < 0.7
            stream += message[1:] if keep else message
            running = message[0] if message[0] < SYSEX else running if message[0] > 0xF7 else 0
    for _ in range(BYTES // 200):
        at = dice.randrange(len(stream))
        match dice.randrange(4):
            case 0:
                del stream[at]
            case 1:
                stream[at] = dice.randrange(256)
            case 2:
                stream.insert(at, dice.randrange(0xF8, 0x100))
            case _:
                stream[at:at] = dice.randbytes(dice.randrange(1, 4))
    return bytes(stream[:BYTES])


def cut(stream: bytes) -> Iterator[bytes]:
    """Messages as a driver makes them: status and its data, SysEx with whatever is in it up to the next status."""
    message, wanted = bytearray(), 0
    for byte in stream:
        if byte >= 0xF8:
            if message[:1] == b"\xf0":
                message.append(byte)
            else:
                yield bytes((byte,))
        elif byte < 0x80:
            message.append(byte)
            if message[0] != SYSEX and len(message) == wanted:
                yield bytes(message)
                del message[1:]  # running status
        else:
            if message[:1] == b"\xf0":
                if byte == 0xF7:
                    message.append(byte)
                yield bytes(message)
            elif len(message) > 1:
                yield bytes(message)
            message = bytearray() if byte == 0xF7 else bytearray((byte,))
            wanted = 1 + data_length(byte)
            if wanted == 1 and message:
                yield bytes(message)


@pytest.mark.slow
def test_a_million_bytes_leave_no_note_and_no_mess() -> None:
    dice = random.Random(6)
    told: dict[str, int] = {}
    engine = Engine(sample_rate=8000, voices=32)
    instrument = Instrument(
        engine.producer(),
        list(factory_bank()),
        "test",
        lambda event: told.update({event["event"]: told.get(event["event"], 0) + 1}),
    )
    ports = [Routing(), Routing()]
    for count, message in enumerate(cut(cable(dice))):
        if count % 3000 == 0:
            router = Router(read_zones(ZONES[count // 3000 % len(ZONES)])[0])
            for port in ports:
                instrument.send(port.use(router.table("any")))
        if count % 20 == 0:
            engine.render(64)
        if dice.random() < 0.01:  # a driver that cuts anywhere
            message = message[dice.randrange(len(message)) :] + dice.randbytes(dice.randrange(4))
        instrument.play(message, ports[count // 100 % 2])
    assert count > 100_000
    assert engine.stats().notes_on > 10_000
    assert told["voice"] > 1000
    for port in ports:
        instrument.release(port)
    engine.render(64)
    assert engine.stats().keys_held == 0
    assert [port.keys_down for port in ports] == [0, 0]
