# SPDX-License-Identifier: Apache-2.0
"""`Engine.midi`: whole messages, running status, voice dumps, and what it leaves alone."""

import numpy as np
import pytest
from measuring import plain

from synth import Engine
from synth.messages import split_messages


def sound_of(*messages, frames=6000):
    engine = Engine()
    for message in messages:
        engine.midi(message)
    return engine.render_native(frames)


def test_notes():
    by_method = Engine()
    by_method.note_on(60, 100)
    by_method.note_off(60, frame=3000)
    by_bytes = Engine()
    by_bytes.midi(bytes((0x90, 60, 100)))
    by_bytes.midi(bytes((0x80, 60, 64)), frame=3000)
    assert np.array_equal(by_bytes.render_native(6000), by_method.render_native(6000))


def test_several_messages_at_once_and_running_status():
    one_by_one = sound_of(bytes((0x90, 60, 100)), bytes((0x90, 64, 90)), bytes((0x80, 60, 0)))
    assert np.array_equal(sound_of(bytes((0x90, 60, 100, 64, 90, 60, 0))), one_by_one)


@pytest.mark.parametrize("channel", [0, 5, 15])
def test_a_voice_dump_loads_the_part_of_its_channel(channel):
    patch = plain()
    patch.op[0].frequency_coarse = 3
    dumped = sound_of(patch.to_message(channel), bytes((0x90 | channel, 60, 100)))
    engine = Engine()
    engine.load(patch, part=channel)
    engine.note_on(60, 100, part=channel)
    assert np.array_equal(dumped, engine.render_native(6000))


IGNORED = {
    "program change": bytes((0xC0, 5)),
    "pressure of a key that is up": bytes((0xA0, 60, 127)),
    "bank select": bytes((0xB0, 0, 1)),
    "unknown controller": bytes((0xB0, 99, 127)),
    "clock": b"\xf8",
    "active sensing": b"\xfe",
    "song position": bytes((0xF2, 1, 2)),
    "another maker's dump": b"\xf0\x41\x10\x16\x12\xf7",
    "identity request": b"\xf0\x7e\x7f\x06\x01\xf7",
}


@pytest.mark.parametrize("message", IGNORED.values(), ids=IGNORED.keys())
def test_what_does_nothing(message):
    assert np.array_equal(sound_of(message, bytes((0x90, 60, 100))), sound_of(bytes((0x90, 60, 100))))


def test_split():
    data = b"\x90\x40\x40\x41\x00\xf8\xc0\x05\xf0\x43\x00\xf7\xe0\x00\x40"
    assert split_messages(data) == [
        b"\x90\x40\x40", b"\x90\x41\x00", b"\xf8", b"\xc0\x05", b"\xf0\x43\x00\xf7", b"\xe0\x00\x40",
    ]  # fmt: skip
    assert split_messages(b"") == []
