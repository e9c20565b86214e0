# SPDX-License-Identifier: Apache-2.0
"""What arrives: whole dumps out of any stream of MIDI, in any pieces, and the damaged ones told from the sound ones."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import messages, random_bank, random_voices

from synth import sysex
from synth.midi.incoming import LONGEST, SysexCollector, examine
from synth.midi.receiving import PATIENCE_SECONDS, Receiver

START, END = 0xF0, 0xF7
VOICE = sysex.voice_message(random_voices(1, 1)[0].tobytes())
BANK = random_bank(2).to_sysex(3)

realtime = st.lists(st.integers(0xF8, 0xFF), max_size=3).map(bytes)
noise = st.lists(st.integers(0, 0xFF).filter(lambda byte: byte != START), max_size=20).map(bytes)
pieces = st.lists(st.integers(1, 400), min_size=1, max_size=30)


def cut(data: bytes, sizes: list[int]) -> list[bytes]:
    """The data in pieces of these sizes, over and over."""
    parts, at, number = [], 0, 0
    while at < len(data):
        size = sizes[number % len(sizes)]
        parts.append(data[at : at + size])
        at, number = at + size, number + 1
    return parts


def collected(parts: list[bytes]) -> list[bytes]:
    collector = SysexCollector()
    return [message for part in parts for message in collector.feed(part)] + collector.cut()


@given(
    st.lists(st.tuples(noise, messages, st.integers(0, 5000), realtime), max_size=4),
    noise,
    pieces,
)
def test_every_whole_message_is_found_in_any_stream_in_any_pieces(
    found: list[tuple[bytes, bytes, int, bytes]], rest: bytes, sizes: list[int]
) -> None:
    stream = b""
    for before, message, place, ticks in found:
        at = place % len(message)
        stream += before + message[:at] + ticks + message[at:]
    arrivals = [examine(message) for message in collected(cut(stream + rest, sizes))]
    sound = [arrival.data for arrival in arrivals if arrival.voices]
    assert sound == [message for _, message, _, _ in found]
    assert not any(arrival.damage for arrival in arrivals)


@given(st.binary(max_size=600), pieces)
@example(VOICE[:100] + VOICE + VOICE[:7], [3])
@example(bytes((START, 0x43, 0x00, END, START, START, END, END)), [1])
def test_any_bytes_give_the_same_messages_in_any_pieces(data: bytes, sizes: list[int]) -> None:
    whole = collected([data])
    assert collected(cut(data, sizes)) == whole
    for message in whole:
        arrival = examine(message)
        assert message[0] == START
        assert not any(byte >= 0x80 for byte in message[1:-1])
        assert arrival.damage or message[-1] == END
        assert not (arrival.damage and arrival.voices)


@given(messages, st.data())
def test_a_dump_that_lost_or_changed_one_byte_has_no_voices(message: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(sysex.HEADER_SIZE, len(message) - 2))
    lost = message[:at] + message[at + 1 :]
    changed = message[:at] + bytes([message[at] ^ data.draw(st.integers(1, 127))]) + message[at + 1 :]
    for broken in (lost, changed):
        arrival = examine(broken)
        assert arrival.damage
        assert not arrival.voices


def test_damage_is_named() -> None:
    assert examine(BANK).damage == ""
    assert examine(BANK[:1000]).damage == "cut short: 1000 of 4104 bytes"
    assert examine(VOICE[:-2] + VOICE[-1:]).damage == "cut short: 162 of 163 bytes"
    assert examine(VOICE[:-1] + b"\0\xf7").damage == "1 bytes too long"
    wrong = bytes([VOICE[-2] ^ 1])
    assert examine(VOICE[:-2] + wrong + VOICE[-1:]).damage == (
        f"its checksum is {wrong[0]:02X} and should be {VOICE[-2]:02X}"
    )
    assert examine(VOICE[:4] + b"\0\x10" + VOICE[6:]).damage == "its header says 16 bytes of data, not 155"
    assert examine(bytes((START, 0x41, 1, 2))).damage == "cut short after 4 bytes"


def test_channels_and_names_are_told() -> None:
    arrival = examine(BANK)
    assert arrival.channel == 4
    assert list(arrival.voices) == random_bank(2).names
    assert examine(bytes((START, 0x41, 9, END))).channel is None


@pytest.mark.parametrize(
    ("message", "is_dump"),
    [
        (VOICE, True),
        (sysex.bulk(0x05, bytes(49)), True),
        (bytes.fromhex("f0 41 10 42 12 40 00 7f 00 41 f7"), True),
        (bytes.fromhex("f0 43 10 00 05 63 f7"), False),
        (bytes.fromhex("f0 43 20 09 f7"), False),
        (bytes.fromhex("f0 7e 7f 06 01 f7"), False),
    ],
)
def test_dumps_are_told_from_talk(message: bytes, is_dump: bool) -> None:
    arrival = examine(message)
    assert (arrival.is_dump, arrival.damage) == (is_dump, "")


def test_a_message_without_end_does_not_grow_for_ever() -> None:
    collector = SysexCollector()
    ended = collector.feed(bytes((START, *bytes(LONGEST + 5))))
    assert [len(message) for message in ended] == [LONGEST + 1]
    assert collector.pending == 0


def test_a_dump_that_stops_is_given_up_after_a_while_though_the_clock_ticks_on() -> None:
    receiver = Receiver()
    assert receiver.take(BANK[:3000], 10.0) == []
    assert receiver.take(b"\xf8", 10.0 + PATIENCE_SECONDS / 2) == []
    (arrival,) = receiver.take(b"\xf8", 10.0 + PATIENCE_SECONDS)
    assert arrival.damage == "cut short: 3000 of 4104 bytes"
    assert receiver.take(VOICE, 20.0) == receiver.kept
    assert receiver.damaged == [arrival]


def test_no_more_dumps_are_kept_than_wanted() -> None:
    receiver = Receiver()
    told = receiver.take(VOICE * 3 + bytes.fromhex("f0 43 20 09 f7"), 0.0, 2)
    assert len(told) == len(receiver.kept) == 2
    assert receiver.ignored == 1
