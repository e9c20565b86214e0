# SPDX-License-Identifier: Apache-2.0
"""Tables of outputs: what is played, and what goes out."""

from __future__ import annotations

from typing import Any

import pytest

from synth.midi.forwarding import Forwarding
from synth.midi.outputs import read_output, read_outputs

NOTE_ON, NOTE_OFF, PRESSURE, CONTROL, PROGRAM, BEND = 0x90, 0x80, 0xA0, 0xB0, 0xC0, 0xE0


def out(message: tuple[int, ...], *tables: Any) -> list[tuple[int, ...]]:
    forwarding = Forwarding([read_output({"port": "gear", **table}) for table in tables])
    return [tuple(sent) for sent in forwarding.play(bytes(message))]


@pytest.mark.parametrize(
    ("played", "table", "sent"),
    [
        ((NOTE_ON | 4, 60, 100), {}, [(NOTE_ON | 4, 60, 100)]),
        ((NOTE_ON | 4, 60, 100), {"part": 5}, [(NOTE_ON | 4, 60, 100)]),
        ((NOTE_ON | 4, 60, 100), {"part": 4}, []),
        ((NOTE_ON | 4, 60, 100), {"channel": 1}, [(NOTE_ON, 60, 100)]),
        ((NOTE_OFF | 4, 60, 3), {"transpose": -12}, [(NOTE_OFF | 4, 48, 3)]),
        ((PRESSURE, 60, 3), {"transpose": 1}, [(PRESSURE, 61, 3)]),
        ((NOTE_ON, 120, 3), {"transpose": 12}, []),
        ((CONTROL, 60, 3), {"transpose": 1}, [(CONTROL, 60, 3)]),
        ((CONTROL, 1, 3), {"sends": ["notes"]}, []),
        ((CONTROL, 123, 0), {"sends": ["notes"]}, [(CONTROL, 123, 0)]),
        ((CONTROL, 0, 3), {"sends": ["controllers"]}, []),
        ((CONTROL, 32, 3), {"sends": "banks"}, [(CONTROL, 32, 3)]),
        ((BEND, 1, 3), {"sends": ["pressure"]}, []),
        ((0xD0, 7), {"sends": ["pressure"]}, [(0xD0, 7)]),
        ((NOTE_ON, 60), {}, []),
        ((NOTE_ON, 60, 100), {"thru": "keys"}, []),
    ],
)
def test_what_is_played_and_what_goes_out(
    played: tuple[int, ...], table: dict[str, Any], sent: list[tuple[int, ...]]
) -> None:
    assert out(played, table) == sent


def test_two_tables_are_two_channels() -> None:
    assert out((NOTE_ON, 60, 1), {"channel": 2}, {"channel": 3}) == [(NOTE_ON | 1, 60, 1), (NOTE_ON | 2, 60, 1)]


@pytest.mark.parametrize(("index", "high", "low", "program"), [(0, 0, 0, 0), (33, 0, 1, 1), (32 * 130 + 31, 1, 2, 31)])
def test_a_voice_is_a_bank_and_a_program_of_32(index: int, high: int, low: int, program: int) -> None:
    sent = Forwarding([read_output("gear")]).program(1, index)
    assert sent == [bytes((CONTROL | 1, 0, high)), bytes((CONTROL | 1, 32, low)), bytes((PROGRAM | 1, program))]


def test_voices_go_to_each_channel_once() -> None:
    tables = [{"port": "a", "channel": 3, "sends": ["voices", kind]} for kind in ("notes", "bend")]
    forwarding = Forwarding([read_output(table) for table in tables])
    assert forwarding.exclusive(0, b"\xf0\x43\x00\x09\xf7") == [b"\xf0\x43\x02\x09\xf7"]
    assert Forwarding([read_output("gear")]).exclusive(0, b"\xf0\x43\x00\x09\xf7") == []


def test_what_an_input_holds_ends_when_it_goes() -> None:
    forwarding = Forwarding([read_output({"port": "gear", "thru": "keys", "channel": 2})])
    assert forwarding.thru("My Keys", bytes((NOTE_ON, 60, 1))) == [bytes((NOTE_ON | 1, 60, 1))]
    assert forwarding.thru("another", bytes((NOTE_ON, 62, 1))) == []
    assert forwarding.unplugged("My Keys") == [bytes((NOTE_OFF | 1, 60, 64))]
    assert forwarding.unplugged("My Keys") == []


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({}, "port is missing: words of an output's name"),
        (3, "must be the name of a port or a table, as { port = 'TX7' }, not 3"),
        ({"port": ""}, "port must be words of a port's name"),
        ({"port": "a", "chanel": 1}, "chanel is nothing an output has; did you mean 'channel'"),
        ({"port": "a", "part": 17}, "part must be a whole number of 1 to 16, or all, not 17"),
        ({"port": "a", "channel": True}, "channel must be a whole number of 1 to 16, or same, not True"),
        ({"port": "a", "transpose": "up"}, "transpose must be a whole number of -120 to 120, not 'up'"),
        ({"port": "a", "sends": ["nots"]}, "sends must be some of notes, controllers, "),
        ({"port": "a", "sends": []}, "sends must be some of notes"),
        ({"port": "a", "thru": "keys", "part": 2}, "part does not go with thru"),
        ({"port": "a", "thru": "keys", "sends": ["voices"]}, "sends does not go with thru"),
    ],
)
def test_what_a_table_may_not_say(table: object, sentence: str) -> None:
    [(index, error)] = read_outputs([table])[1]
    assert index == 0
    assert str(error).startswith(sentence)


def test_a_table_that_is_there_twice_is_left_out() -> None:
    outputs, [(index, error)] = read_outputs(["gear", {"port": "gear", "channel": 2}, {"port": "gear"}])
    assert (len(outputs), index) == (2, 2)
    assert "is there twice" in str(error)
