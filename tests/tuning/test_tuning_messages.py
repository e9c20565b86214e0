# SPDX-License-Identifier: Apache-2.0
"""The MIDI tuning standard: bytes in, hertz out, to the engine, in songs and on a player's inputs."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth import Engine, Patch
from synth.errors import TuningError
from synth.midi.sysex import read_sysex
from synth.midi.tuning_messages import read_tuning_message
from synth.player.instrument import Instrument
from synth.tuning import TuningChange, equal_hertz

EVERYBODY = tuple(range(16))


def message(text: str) -> bytes:
    return bytes.fromhex(text)


def dump(triples: list[str], head: str = "7e 00 08 01 05", checksum: int | None = None) -> bytes:
    body = message(head) + b"sixteen letters!" + message("".join(triples))
    right = 0
    for byte in body:
        right ^= byte
    return b"\xf0" + body + bytes((right if checksum is None else checksum, 0xF7))


NEUTRAL = [f"{key:02x} 00 00" for key in range(128)]


@pytest.mark.parametrize(
    ("text", "keys", "sounding"),
    [
        ("f0 7f 00 08 02 00 01 3c 3c 00 00 f7", {60: 60}, True),
        ("f0 7f 7f 08 02 00 01 3c 3c 40 00 f7", {60: 60.5}, True),
        ("f0 7f 7f 08 02 00 02 3c 45 00 01 45 3c 7f 7e f7", {60: 69 + 1 / 16384, 69: 60 + 16382 / 16384}, True),
        ("f0 7f 7f 08 02 00 01 3c 7f 7f 7f f7", {}, True),
        ("f0 7f 7f 08 02 00 01 7f 7f 7f 7e f7", {127: 127 + 16382 / 16384}, True),
        ("f0 7f 7f 08 02 00 00 f7", {}, True),
        ("f0 7e 7f 08 07 00 00 01 3c 00 00 00 f7", {60: 0}, False),
        ("f0 7f 7f 08 07 01 00 01 3c 01 00 00 f7", {60: 1}, True),
    ],
)
def test_single_keys(text, keys, sounding):
    change = read_tuning_message(message(text))
    assert change.parts == EVERYBODY
    assert change.sounding == sounding
    assert change.keys == pytest.approx({key: equal_hertz(place) for key, place in keys.items()}, rel=1e-12)


@pytest.mark.parametrize("head", ["7e 00 08 01 05", "7e 7f 08 04 00 05"])
def test_bulk_dump(head):
    triples = [*NEUTRAL[:60], "3d 20 00", *NEUTRAL[61:69], "7f 7f 7f", *NEUTRAL[70:]]
    change = read_tuning_message(dump(triples, head))
    assert change.keys.keys() == set(range(128)) - {69}
    assert change.keys[60] == pytest.approx(equal_hertz(61.25))
    assert change.keys[0] == pytest.approx(8.175799)
    assert not change.sounding
    assert not change.problems


def test_a_bulk_dump_with_a_wrong_checksum_is_taken_and_told():
    right = dump(NEUTRAL)
    wrong = read_tuning_message(dump(NEUTRAL, checksum=right[-2] ^ 1))
    assert wrong.keys == read_tuning_message(right).keys
    assert wrong.problems == (f"the checksum is {right[-2] ^ 1} and should be {right[-2]}",)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("f0 7f 7f 08 08 03 7f 7f" + "40" * 11 + "4a f7", {11: 10.0}),
        ("f0 7f 7f 08 08 03 7f 7f 00" + "40" * 10 + "7f f7", {0: -64.0, 11: 63.0}),
        ("f0 7f 7f 08 09 03 7f 7f 0000" + "4000" * 10 + "7f7f f7", {0: -100.0, 11: 100 * 8191 / 8192}),
    ],
)
def test_an_octave_in_cents(text, cents):
    change = read_tuning_message(message(text))
    assert change.parts == EVERYBODY
    assert change.sounding
    for key in range(128):
        assert change.keys[key] == pytest.approx(equal_hertz(key + cents.get(key % 12, 0.0) / 100), rel=1e-12)


def test_an_octave_without_cents_is_the_dx7s_own_tuning():
    assert set(read_tuning_message(message("f0 7e 7f 08 08 03 7f 7f" + "40" * 12 + "f7")).keys.values()) == {None}


@pytest.mark.parametrize(
    ("mask", "channels"), [("00 00 01", [1]), ("00 00 40", [7]), ("00 01 00", [8]), ("02 40 02", [2, 14, 16])]
)
def test_an_octave_is_for_some_channels(mask, channels):
    change = read_tuning_message(message(f"f0 7e 7f 08 08 {mask}" + "41" * 12 + "f7"))
    assert [part + 1 for part in change.parts] == channels
    assert not change.sounding


@pytest.mark.parametrize(
    "text", ["f0 7e 7f 06 01 f7", "f0 7f 7f 08 00 00 f7", "f0 43 00 08 01 f7", "f0 f7", "f0 7e f7"]
)
def test_other_messages_do_not_tune(text):
    assert read_tuning_message(message(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "f0 7f 7f 08 02 00 02 3c 3c 00 00 f7",
        "f0 7f 7f 08 02 f7",
        "f0 7e 7f 08 01 00 f7",
        "f0 7f 7f 08 08 03 7f 7f 40 f7",
        "f0 7f 7f 08 02 00 01 3c 3c 00 f0 f7",
    ],
)
def test_damaged_messages_are_told(text):
    with pytest.raises(TuningError, match="again"):
        read_tuning_message(message(text))
    with pytest.raises(ValueError, match="again"):
        Engine(voices=1).midi(message(text))


@given(
    st.sampled_from([0x7E, 0x7F]),
    st.integers(0, 0x0A),
    st.one_of(st.binary(max_size=60), st.binary(min_size=380, max_size=420)),
)
def test_any_message_tunes_or_is_refused_and_the_engine_takes_it(kind, number, body):
    data = bytes((0xF0, kind, 0x7F, 0x08, number)) + bytes(byte & 0x7F for byte in body) + b"\xf7"
    with suppress(TuningError):
        change = read_tuning_message(data)
        if change is not None:
            engine = Engine(voices=1)
            engine.retune(change)
            assert np.isfinite(engine.render(64)).all()


def test_a_player_understands_them_as_all_sysex():
    assert isinstance(read_sysex(message("f0 7f 7f 08 02 00 01 3c 3d 00 00 f7")), TuningChange)
    told: list[dict[str, object]] = []
    engine, other = Engine(), Engine()
    instrument = Instrument(engine, [Patch.init_voice()], "", told.append)
    instrument.play(message("f0 7f 7f 08 02 00 01 3c 3d 00 00 f7"), None)
    other.midi(message("f0 7f 7f 08 02 00 01 3c 3d 00 00 f7"))
    for either in (engine, other):
        either.note_on(60, 100)
    sound = engine.render(5000)
    assert np.array_equal(sound, other.render(5000))
    assert sound.any()
    instrument.play(message("f0 7f 7f 08 02 00 01 3c 3d 00 f7"), None)
    instrument.play(dump(NEUTRAL, checksum=dump(NEUTRAL)[-2] ^ 1), None)
    warnings = [event["text"].partition(":")[0] for event in told if event["event"] == "warning"]
    assert warnings == ["SysEx not understood", "SysEx repaired"]
