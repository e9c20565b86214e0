# SPDX-License-Identifier: Apache-2.0
"""Zones, as a player sets them up: bytes in, bytes out."""

from __future__ import annotations

import pytest

from synth.midi.keyed import TableError
from synth.midi.router import Router
from synth.midi.routing import Command, Routing
from synth.midi.zones import read_zone, read_zones

KEYLAB, OTHER = "KeyLab mkII 61:KeyLab mkII 61 MIDI", "USB Keys"


def routing(*tables, port=KEYLAB, **more):
    zones, wrong = read_zones(tables)
    assert not wrong
    return Routing(Router(zones, **more).table(port))


def sent(through, *messages):
    """What messages (hexadecimal) become, in order."""
    out = [out for message in messages for out in through.route(bytes.fromhex(message))]
    return " ".join(out.hex() if isinstance(out, bytes) else f"{out.name}:{out.part}:{out.value}" for out in out)


SPLIT = ({"high": "B2", "part": 2}, {"low": "C3", "part": 1})
LAYER = ({"part": 1}, {"part": 2, "transpose": -12})


@pytest.mark.parametrize(
    ("zones", "bytes_in", "bytes_out"),
    [
        # Without a zone channel n plays part n.
        ([], "903c64 803c40", "903c64 803c40"),
        ([], "953c64 953c00", "953c64 853c00"),
        ([], "b04a10 e00050 d033 c505", "b04a10 e00050 d033 c505"),
        # A split: B2 is 59, C3 is 60.
        (SPLIT, "903b64 903c64 803b00 803c00", "913b64 903c64 813b00 803c00"),
        (SPLIT, "b0407f e00060 d011", "b1407f b0407f e10060 e00060 d111 d011"),
        (SPLIT, "953b64", "913b64"),
        # A layer, the second sound an octave lower.
        (LAYER, "903c64 803c22", "903c64 913064 803c22 813022"),
        (LAYER, "903c64 a03c11", "903c64 913064 a03c11 a13011"),
        (LAYER, "900564", "900564"),  # F-8 is no key
        # Two zones for the same key of the same part: the first that sounds plays it, once.
        (({"low": "C3", "part": 1, "curve": 99}, {"part": 1}), "903c64 803c00 903b64", "903c63 803c00 903b64"),
        (({"channel": 3, "part": 3, "loudest": 50}, {}), "923c64 923e20", "923c64 923e20"),
        # Loud notes of another part.
        (({"loudest": 99, "part": 1}, {"softest": 100, "part": 3}), "903c63 903e64", "903c63 923e64"),
        (({"loudest": 99, "part": 1}, {"softest": 100, "part": 3}), "903c63 803c7f", "903c63 803c7f"),
        # Channels: one is let through, one moves.
        (({"channel": 2},), "903c64 913c64", "913c64"),
        (({"channel": 1, "part": 9}, {"channel": 10, "part": 1}), "903c64 993c64", "983c64 903c64"),
        (({"channel": 1, "part": 9},), "b20107 c203 e20001", ""),
        # Transposed, and moved beyond the last key.
        (({"transpose": 7},), "903c64 907864 907964", "904364 907f64"),
        # A program change chooses the voice of the first part whose zone names none.
        (LAYER, "c004", "c004"),
        (({"part": 5}, {"part": 6}), "c704", "c404"),
        (({"part": 5, "voice": 1}, {"part": 6}), "c704", "c504"),
        (({"part": 5, "voice": 1}, {"part": 6, "voice": 2}), "c704", "c404"),
        # A key struck twice is let go once in between.
        (LAYER[:1], "903c64 903c50 803c00 803c00", "903c64 803c00 903c50 803c00"),
        # All notes off ends what the channel plays and tells its parts.
        (LAYER, "903c64 b07b00 803c00", "903c64 913064 803c40 813040 b07b00 b17b00"),
        (LAYER[:1], "b0407f b07900", "b0407f b04000 b07900"),
        # Controllers: renamed, turned around, silenced, over a part of the range.
        (({"controllers": {1: "breath"}},), "b00140 b00232", "b00240 b00232"),
        (({"controllers": {4: {"to": 11, "values": [127, 0]}}},), "b00400 b0047f b00440", "b00b7f b00b00 b00b3f"),
        (({"controllers": {"7": "none"}},), "b00700 b00b7f", "b00b7f"),
        (({"controllers": {11: {"values": [40, 127]}}},), "b00b00 b00b7f", "b00b28 b00b7f"),
        (({"part": 3, "controllers": {74: "bend_range"}},), "b04a7f b04a00", "bend_range:2:12 bend_range:2:0"),
        # Pedals that step through the voices: once each time they go down.
        (({"part": 2, "controllers": {67: "next voice"}},), "b0437f b0437f b04300 b04350",
         "next_voice:1:None next_voice:1:None"),
        (({"controllers": {67: "panic"}}, {"part": 2, "controllers": {67: "panic"}}), "b0437f", "panic:None:None"),
        # What is no whole channel message is nothing.
        ([], "90 903c f8 fe 90ff40 903cff 40 f0f7", ""),
    ],
)  # fmt: skip
def test_bytes_in_bytes_out(zones, bytes_in, bytes_out):
    assert sent(routing(*zones), *bytes_in.split()) == bytes_out


def test_empty_messages_are_nothing():
    assert Routing().route(b"") == []


@pytest.mark.parametrize(
    ("port", "out"),
    [(KEYLAB, "913c64 923c64"), (OTHER, "943c64"), ("keylab of another maker", "913c64")],
)
def test_zones_that_name_an_input_take_it_over(port, out):
    zones = [{"port": "keylab", "part": 2}, {"port": "mkII 61", "part": 3}, {"part": 5}]
    assert sent(routing(*zones, port=port), "903c64") == out


def test_an_input_nobody_planned_for_plays_as_usual():
    assert sent(routing({"port": "keylab", "part": 2}, port=OTHER), "933c64") == "933c64"


def test_words_that_mean_two_inputs_are_told_unless_one_is_just_that():
    router = Router(read_zones([{"port": "usb"}, {"port": "USB Keys"}])[0])
    (doubt,) = router.doubts(["USB Keys", "USB Keys (2)", KEYLAB])
    assert "'usb' means 'USB Keys' and 'USB Keys (2)'" in doubt
    assert router.doubts([OTHER, KEYLAB]) == []


def test_notes_and_pedals_end_where_they_began():
    through = routing(*LAYER)
    assert sent(through, "903c64", "b0407f") == "903c64 913064 b0407f b1407f"
    through.use(Router(read_zones([{"part": 7, "transpose": 1}])[0]).table(KEYLAB))
    assert sent(through, "903e64", "803c00", "803e00") == "963f64 803c00 813000 863f00"
    assert sent(through, "b0407e") == "b6407e b0407e b1407e"
    assert sent(through, "b04000", "b04000") == "b64000 b04000 b14000 b64000"


def test_a_pedal_turned_around_ends_where_it_began():
    through = routing({"controllers": {4: {"to": 64, "values": [127, 0]}}})
    assert sent(through, "b00400") == "b0407f"
    through.use(Router().table(KEYLAB))
    assert sent(through, "b0047f", "b00400") == "b0047f b04000 b00400"


def test_wheels_come_to_rest_in_a_part_they_leave():
    through = routing({"part": 1}, {"part": 2})
    sent(through, "e00050", "b00140", "d011", "b00b20")
    left = through.use(Router(read_zones([{"part": 2}])[0]).table(KEYLAB))
    assert [message.hex() for message in left] == ["e00040", "b00100", "d000", "b00b7f"]


def test_an_input_that_goes_lets_go_of_everything():
    through = routing(*LAYER)
    sent(through, "903c64", "b0407f", "e00050", "b00140", "b00100")
    assert through.keys_down == 1
    gone = [message.hex() for message in through.release()]
    assert gone == ["803c40", "813040", "b04000", "b14000", "e00040", "e10040"]
    assert through.release() == []


def test_commands_are_no_bytes():
    through = routing({"part": 4, "controllers": {66: "previous_voice"}})
    assert through.route(bytes.fromhex("b04240")) == [Command("previous_voice", 3)]


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"low": "C4", "high": "C3"}, "low lies above high: C4 above C3; exchange them"),
        ({"softest": 90, "loudest": 80}, "softest lies above loudest: 90 above 80; exchange them"),
        ({"part": 17}, "part must be a whole number of 1 to 16, or same, not 17"),
        ({"channel": 0}, "channel must be a whole number of 1 to 16, or any, not 0"),
        ({"channel": True}, "channel must be a whole number of 1 to 16, or any, not True"),
        ({"low": "H3"}, "low must be a note: 'H3' is no note: give a number 0..127 or a name such as C3 (= 60)"),
        ({"high": 128}, "high must be a note: note '128' is outside C-2..G8 (0..127)"),
        ({"high": 1.5}, "high must be a note, as 'C3' or 60, not 1.5"),
        ({"chanel": 1}, "chanel is nothing a zone has; did you mean 'channel'?"),
        ({"curve": "sofd"}, "curve must be linear or soft or hard or dx7-keybed or a velocity of 1 to 127, not 'sofd'"),
        ({"curve": 0}, "curve must be linear or soft or hard or dx7-keybed or a velocity of 1 to 127, not 0"),
        ({"curve": 100, "limits": [1, 9]}, "limits mean nothing beside the fixed velocity 100"),
        ({"limits": [90, 20]}, "limits must be two whole numbers of 1 to 127, the lower one first, not [90, 20]"),
        ({"limits": 3}, "limits must be two whole numbers of 1 to 127, the lower one first, not 3"),
        ({"transpose": 100, "low": 60}, "transpose by +100 leaves no key within C-2..G8"),
        ({"voice": "EPIANO"}, "voice needs a part to play it, as part = 2"),
        ({"voice": 0, "part": 1}, "voice must be the number of a voice, from 1 on, or its name, not 0"),
        ({"port": 3}, "port must be words of an input's name"),
        ({"controllers": {1: "brath"}}, "controllers 1 cannot be 'brath'; did you mean 'breath'?"),
        ({"controllers": {123: 1}}, "controllers must be controllers of 0 to 119, aftertouch or bend, as 4 ="),
        ({"controllers": {1: 120}}, "controllers 1 must be a controller of 0 to 119, not 120"),
        ({"controllers": {1: {"too": 2}}}, "controllers 1 has no 'too'; known are to, values"),
        ({"controllers": {1: {"values": [0, 128]}}}, "controllers 1 must be two whole numbers of 0 to 127"),
        ({"controllers": 5}, "controllers must be a table"),
        ("C3", "must be a table"),
    ],
)  # fmt: skip
def test_a_contradiction_is_one_sentence(table, sentence):
    with pytest.raises(TableError) as raised:
        read_zone(table)
    assert str(raised.value).startswith(sentence)


def test_zones_beside_a_wrong_one_count():
    zones, wrong = read_zones(
        [{"part": 1, "voice": 3}, {"part": 99}, {"part": 2}, {"part": 2}, {"part": 1, "low": 1, "voice": "ORGAN"}]
    )
    assert [zone.part for zone in zones] == [1, 2]
    assert [(index, error.key) for index, error in wrong] == [(1, "part"), (3, ""), (4, "voice")]
    assert "is there twice" in str(wrong[1][1])
    assert "is 'ORGAN' here and '3' before" in str(wrong[2][1])
