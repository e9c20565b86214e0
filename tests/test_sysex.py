# SPDX-License-Identifier: Apache-2.0
import pytest

from synth import sysex
from synth.patch import Patch
from synth.sysex import Kind

VOICE = Patch("VOICE").to_message()
BANK = sysex.bank_message(Patch("BANK").to_packed() * 32)


def kinds(data: bytes) -> list[Kind]:
    return [message.kind for message in sysex.split(data)]


def test_headers_and_sizes_of_the_manual():
    assert VOICE[:6] == bytes.fromhex("F0 43 00 00 01 1B")
    assert BANK[:6] == bytes.fromhex("F0 43 00 09 20 00")
    assert (len(VOICE), len(BANK)) == (163, 4104)


@pytest.mark.parametrize(("data", "total"), [(b"", 0), (b"\x01", 127), (b"\x40\x40", 0), (b"\x7f" * 3, 3)])
def test_checksum(data, total):
    assert sysex.checksum(data) == total
    assert (sum(data) + total) % 128 == 0


@pytest.mark.parametrize(
    ("data", "kind", "says"),
    [
        (VOICE, Kind.VOICE, "DX7 voice"),
        (BANK, Kind.BANK, "bank of 32"),
        (sysex.bulk(1, bytes(94)), Kind.FUNCTION, "function"),
        (sysex.bulk(2, bytes(4096)), Kind.PERFORMANCE, "TX7"),
        (sysex.bulk(3, bytes(93)), Kind.VOICE_4OP, "4-operator voice"),
        (sysex.bulk(4, bytes(4096)), Kind.BANK_4OP, "4-operator bank"),
        (sysex.bulk(5, bytes(49)), Kind.SUPPLEMENT, "supplement"),
        (sysex.bulk(6, bytes(1120)), Kind.SUPPLEMENT_BANK, "supplements"),
        (sysex.bulk(0x7E, b"LM  8952PM" + bytes(20)), Kind.LM, "TX802 performance bank"),
        (sysex.bulk(0x7E, b"LM  8973S_" + bytes(20)), Kind.LM, "DX7II system"),
        (sysex.bulk(0x7E, b"LM  MCRYM0" + bytes(20)), Kind.LM, "micro tuning"),
        (sysex.bulk(0x0B, bytes(20)), Kind.YAMAHA, "format 0B"),
        (bytes.fromhex("F0 43 10 01 06 05 F7"), Kind.PARAMETER, "voice parameter 134"),
        (bytes.fromhex("F0 43 10 08 40 01 F7"), Kind.PARAMETER, "function parameter 64"),
        (bytes.fromhex("F0 43 20 09 F7"), Kind.REQUEST, "format 09"),
        (bytes.fromhex("F0 7E 7F 06 01 F7"), Kind.UNIVERSAL, "universal"),
        (bytes.fromhex("F0 41 10 42 F7"), Kind.OTHER, "Roland"),
        (bytes.fromhex("F0 00 20 33 01 F7"), Kind.OTHER, "00 20 33"),
        (b"\xf0\xf7", Kind.INCOMPLETE, "broken"),
        (b"\xf0\x43", Kind.INCOMPLETE, "broken"),
        (b"abc", Kind.JUNK, "outside"),
    ],
)
def test_messages_are_recognised_and_named(data, kind, says):
    (message,) = sysex.split(data)
    assert message.kind is kind
    assert says in message.title
    assert message.data == data


def test_channel():
    assert sysex.split(Patch().to_message(11))[0].channel == 11


def test_identify_looks_at_the_first_message():
    assert sysex.identify(VOICE).is_voice
    assert not sysex.identify(BANK + VOICE).is_voice
    assert sysex.identify(b"").kind is Kind.INCOMPLETE


def test_several_messages_with_junk_between():
    data = b"junk" + VOICE + BANK + b"\x00\x0d\x0a" + VOICE
    assert kinds(data) == [Kind.JUNK, Kind.VOICE, Kind.BANK, Kind.JUNK, Kind.VOICE]
    assert [message.offset for message in sysex.split(data)] == [0, 4, 167, 4271, 4274]


def test_damage_that_makes_a_status_byte_does_not_cut_a_message():
    for value in (0xF0, 0xF7):
        broken = bytearray(BANK)
        broken[1000] = value
        assert kinds(bytes(broken) + VOICE) == [Kind.BANK, Kind.VOICE]


def test_missing_f7_ends_at_the_next_message():
    first, second = sysex.split(VOICE[:-1] + VOICE)
    assert not first.complete
    assert first.data == VOICE[:-1]
    assert second.complete


def test_missing_f7_at_the_end_leaves_trailing_bytes_alone():
    assert kinds(BANK[:-1] + b"\x1a\x00") == [Kind.BANK, Kind.JUNK]


def test_cut_short_dump_does_not_swallow_the_next():
    assert kinds(BANK[:1000] + BANK) == [Kind.BANK, Kind.BANK]
    # ... even if an F7 happens to stand where the first one's should.
    tail = VOICE * 30
    cut = len(BANK) - 5 * len(VOICE)
    assert kinds(BANK[:cut] + tail)[-30:] == [Kind.VOICE] * 30
