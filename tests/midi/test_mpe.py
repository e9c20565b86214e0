# SPDX-License-Identifier: Apache-2.0
"""MPE keyboards: bytes in; notes, bends and pressures out, and what they sound like."""

from __future__ import annotations

import random

import mido
import numpy as np
import pytest

from synth import Engine, Patch
from synth.midi.file import score_from_midi_file
from synth.midi.keyed import TableError
from synth.midi.mpe import Layout
from synth.midi.router import Router
from synth.midi.routing import Command, MemberNote, MpeZones, Routing, Touch
from synth.midi.zones import read_zone, read_zones
from synth.player.instrument import Instrument

PORT = "LinnStrument MIDI"
LOWER_15, LOWER_3, LOWER_OFF = (f"b06500 b06406 b006{members}" for members in ("0f", "03", "00"))
UPPER_4 = "bf6500 bf6406 bf0604"


def routing(*tables, **more):
    zones, wrong = read_zones(tables)
    assert not wrong
    return Routing(Router(zones, **more).table(PORT), PORT)


def spoken(out):
    match out:
        case MemberNote(part, member, key, velocity):
            return f"{part}/{member}:{key:02x}{velocity:02x}"
        case Touch(part, member, name, value):
            return f"{part}/{member}:{name}{value:+d}"
        case MpeZones(_, lower, upper):
            return f"mpe:{lower}+{upper}"
        case Command(name, part, value):
            return f"{name}:{part}:{value}"
    return out.hex()


def sent(through, *messages):
    return " ".join(spoken(out) for message in messages for out in through.route(bytes.fromhex(message)))


MPE = ({"mpe": "lower", "part": 2},)
SPLIT = ({"mpe": "lower", "high": 59, "part": 2}, {"mpe": "lower", "low": 60, "transpose": -12, "part": 3})
LAYER = ({"mpe": "lower", "part": 2, "timbre": "foot"}, {"mpe": "lower", "part": 3, "note_bend": 24})


@pytest.mark.parametrize(
    ("zones", "bytes_in", "out"),
    [
        # Members play their manager's part; the manager's own notes are usual ones.
        (MPE, "913c64 8f3c40 913c00 903c64 803c40", "1/2:3c64 1/2:3c00 913c64 813c40"),
        (MPE, "9f3c64 8f3c40", "1/16:3c64 1/16:3c00"),
        ([], "913c64", "913c64"),
        # Bend: 48 semitones up and down, four octaves; 16384 units an octave.
        (MPE, "e1007f e17f7f e10000 e10040", "1/2:bend+64512 1/2:bend+65528 1/2:bend-65536 1/2:bend+0"),
        (MPE, "d133 d100", "1/2:aftertouch+51 1/2:aftertouch+0"),
        # Timbre is nothing unless the zone says what.
        (MPE, "b14a40", ""),
        (LAYER, "b14a40 c14a a14a33", "1/2:foot+64"),
        (LAYER, "e10060", "1/2:bend+32768 2/2:bend+16384"),
        (LAYER, "913c64 813c00", "1/2:3c64 2/2:3c64 1/2:3c00 2/2:3c00"),
        (SPLIT, "913b64 923c64 d100 d233",
         "1/2:3b64 2/3:3064 1/2:aftertouch+0 2/2:aftertouch+0 1/3:aftertouch+51 2/3:aftertouch+51"),
        # The range of a member's bend is its zone's; 12 semitones, then 12.50.
        (MPE, "b16500 b16400 b1060c e20060", "1/3:bend+8192"),
        (MPE, "e20060 b16500 b16400 b1060c b12632", "1/3:bend+32768 1/3:bend+8192 1/3:bend+8533"),
        (MPE, "b16500 b16400 b1067f e2007f", "1/3:bend+129024"),  # 96 semitones at most
        (MPE, "b16500 b16400 b1657f b1647f b1060c e20060", "1/3:bend+32768"),
        # The manager's bend, controllers, pressure and programs are the part's.
        (MPE, "e00060 b00140 d033 c005 b04a11", "e10060 b10140 d133 c105 b14a11"),
        # Of members, zone-wide messages count for nothing.
        (MPE, "c105 b1407f b10140 a13c33 b17a00", ""),
        # All notes off: of a member its own, of the manager all of its zone.
        (MPE, "913c64 923c64 903c64 b17b00", "1/2:3c64 1/3:3c64 913c64 1/2:3c00"),
        (MPE, "913c64 923c64 b07b00", "1/2:3c64 1/3:3c64 1/2:3c00 1/3:3c00 b17b00"),
        # Reset of a member's controllers: its own.
        (MPE, "e10060 d233 d133 b17900",
         "1/2:bend+32768 1/3:aftertouch+51 1/2:aftertouch+51 1/2:bend+0 1/2:aftertouch+0"),
        # The upper zone, and both.
        (({"mpe": "upper", "part": 9, "members": 2},), "9d3c64 9e3c64 9f3c64 9c3c64", "8/14:3c64 8/15:3c64 983c64"),
        (({"mpe": "lower", "part": 1}, {"mpe": "upper", "part": 2}), "973c64 983c64", "0/8:3c64 1/9:3c64"),
        (({"mpe": "lower", "part": 1, "members": 10}, {"mpe": "upper", "part": 2}),
         "9a3c64 9b3c64", "0/11:3c64 1/12:3c64"),
        # Beside usual channels.
        (({"mpe": "lower", "members": 3, "part": 1}, {"channel": 10, "part": 5}),
         "933c64 943c64 993c64", "0/4:3c64 943c64"),
    ],
)  # fmt: skip
def test_bytes_in_notes_out(zones, bytes_in, out):
    assert sent(routing(*zones), *bytes_in.split()) == out


@pytest.mark.parametrize(
    ("word", "bytes_in", "out"),
    [
        ("lower", "913c64 9f3c64 903c64", "0/2:3c64 0/16:3c64 903c64"),
        ("upper", "903c64 9e3c64 9f3c64", "15/1:3c64 15/15:3c64 9f3c64"),
        ("both", "973c64 983c64", "0/8:3c64 15/9:3c64"),
        ("off", f"{LOWER_15} 913c64", "b06500 b06406 b0060f 913c64"),
        # An input says itself what it is.
        ("auto", f"{LOWER_15} 9f3c64", "b06500 b06406 mpe:15+0 0/16:3c64"),
        ("auto", f"{LOWER_3} 933c64 943c64", "b06500 b06406 mpe:3+0 0/4:3c64 943c64"),
        ("lower", f"{LOWER_OFF} 913c64", "b06500 b06406 mpe:0+0 913c64"),
        # A zone takes channels from the other one.
        ("auto", f"{LOWER_15} {UPPER_4} 9a3c64 9b3c64",
         "b06500 b06406 mpe:15+0 mpe:10+4 0/11:3c64 15/12:3c64"),
        ("auto", f"{UPPER_4} {LOWER_15}", "bf6500 bf6406 mpe:0+4 b06500 b06406 mpe:15+0"),
        # Said again, it lets go of everything and tells nothing new; bends reach as far as at first.
        ("auto", f"{LOWER_15} 913c64 e10060 b16500 b16400 b10602 b0060f e10060",
         "b06500 b06406 mpe:15+0 0/2:3c64 0/2:bend+32768 0/2:bend+1365 0/2:3c00 0/2:bend+0 0/2:bend+32768"),
        # Only on channels 1 and 16, and with 0 to 15 members.
        ("auto", "b26500 b26406 b2060f 933c64", "b26500 b26406 b2060f 933c64"),
        ("auto", "b06500 b06406 b00610 913c64", "b06500 b06406 913c64"),
    ],
)  # fmt: skip
def test_what_an_input_is_and_says(word, bytes_in, out):
    assert sent(routing(mpe=word), *bytes_in.split()) == out


def test_notes_that_sound_end_when_the_zones_change():
    through = routing()
    sent(through, *LOWER_15.split(), "913c64", "b0407f", "903c64")
    assert sent(through, "b00603") == "803c40 0/2:3c00 b04000 mpe:3+0"
    assert through.keys_down == 0


def test_a_table_with_other_mpe_zones_ends_everything_and_one_with_the_same_nothing():
    through = routing(*MPE)
    sent(through, "913c64", "e10060")
    same, other = (Router(read_zones(zones)[0]).table(PORT) for zones in (MPE, ({"part": 1},)))
    assert through.use(same) == []
    assert [spoken(out) for out in through.use(other)] == ["1/2:3c00", "1/2:bend+0"]
    assert through.use(same) == []


def test_what_an_input_said_holds_when_it_comes_back():
    through = routing()
    through.use(Router().table(PORT), Layout(15, 0))
    assert sent(through, "913c64") == "0/2:3c64"


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"mpe": "low"}, "mpe must be lower or upper or none, not 'low'; did you mean 'lower'?"),
        ({"mpe": "lower", "channel": 2}, "channel means nothing beside mpe"),
        ({"members": 3}, "members mean nothing without mpe"),
        ({"mpe": "lower", "members": 16}, "members must be a whole number of 1 to 15, not 16"),
        ({"note_bend": 97}, "note_bend must be a whole number of 0 to 96, not 97"),
        ({"timbre": "brath"}, "timbre must be wheel or foot or breath or aftertouch or none, not 'brath'"),
    ],
)
def test_what_cannot_be_is_one_sentence(table, sentence):
    with pytest.raises(TableError) as raised:
        read_zone(table)
    assert str(raised.value).startswith(sentence)


def test_zones_that_contradict_each_other():
    lower, more, upper = (
        {"mpe": name, "members": n, "part": n} for name, n in (("lower", 9), ("lower", 8), ("upper", 6))
    )
    assert str(read_zones([lower, more])[1][0][1]) == "members are 8 here and 9 before; an MPE zone has one number"
    assert "of the two MPE zones are 6 and 9: 14 are all" in str(read_zones([lower, upper])[1][0][1])


# ---- what it sounds like ------------------------------------------------------------

RATE = 48000


def sine():
    patch = Patch.init_voice()
    patch.algorithm = 15
    return patch


class Stage:
    """An instrument of sines with two inputs."""

    def __init__(self, *tables, voices=16, rate=RATE, mpe="auto") -> None:
        self.engine = Engine(rate, voices)
        self.events = []
        self.instrument = Instrument(self.engine.producer(), [sine()] * 2, "sines", self.events.append)
        self.instrument.select(0)
        self.ports = [routing(*tables, mpe=mpe), routing(*tables, mpe=mpe)]

    def play(self, *messages, port=0):
        for message in messages:
            self.instrument.play(bytes.fromhex(message), self.ports[port])

    def pitches(self):
        """The strongest tones, lowest first, as MIDI notes to a tenth of a semitone."""
        samples = self.engine.render(RATE)[RATE // 4 :, 0]
        spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 18))
        found = []
        while len(found) < 8 and spectrum.max() > 1000:
            at = int(spectrum.argmax())
            found.append(69 + 12 * np.log2(at * RATE / (1 << 18) / 440))
            spectrum[max(0, at - 60) : at + 60] = 0
        return sorted(round(note, 1) for note in found)


def test_each_note_bends_by_itself_and_the_manager_bends_all():
    stage = Stage()
    stage.play(*LOWER_15.split(), "e10040", "913c64", "924864", "e20050")  # 16 / 128 of +-48 semitones: +12
    assert stage.pitches() == [60.0, 84.0]
    stage.play("e00000")  # the manager, two semitones down
    assert stage.pitches() == [58.0, 82.0]
    stage.play("813c00")
    stage.engine.render(RATE)
    stage.play("e10060")
    assert stage.pitches() == [82.0]
    assert [event for event in stage.events if event["event"] == "mpe"] == [
        {"event": "mpe", "input": PORT, "lower": 15, "upper": 0}
    ]


def test_a_bend_that_came_before_its_note_counts():
    stage = Stage({"mpe": "lower", "part": 1})
    stage.play("e10048", "913c64")
    assert stage.pitches() == [66.0]


def test_a_channel_is_used_again_and_the_next_note_is_its_own():
    stage = Stage({"mpe": "lower", "part": 1})
    stage.play("e10048", "913c64", "813c40", "e10040", "914864")
    stage.engine.render(RATE // 2)
    assert stage.pitches() == [72.0]


def test_voices_functions_and_programs_of_the_manager_are_everybodys():
    stage = Stage({"mpe": "lower", "part": 3})
    stage.play("c001", "f0431208410c f7".replace(" ", ""), "e20050", "923c64")
    assert [event["channel"] for event in stage.events if event["event"] == "voice"][-1] == 3
    stage.play("e0007f")  # the bend range of part 3 is an octave now
    assert stage.pitches() == [84.0]


def test_a_song_that_says_it_is_mpe_plays_as_it_would_live(tmp_path):
    said = ("b06500 b06406 b00603", "913c64", "924864", "e10060", "d240", "b0060f", "933c64", "e30048", "833c00 e00000")
    track = mido.MidiTrack()
    for group, text in enumerate(said):
        for first, message in enumerate(text.split()):
            track.append(mido.Message.from_hex(message, time=0 if first or not group else 100))
    mido.MidiFile(tracks=[track], ticks_per_beat=480).save(tmp_path / "song.mid")
    frames = 5000  # 100 ticks at 120 beats a minute
    live = Stage()
    theirs = []
    for text in said:
        live.play(*text.split())
        theirs.append(live.engine.render(frames))
    engine = Engine(RATE, 16)
    score, end = score_from_midi_file(tmp_path / "song.mid", [sine()], RATE)
    assert end == frames * (len(said) - 1)
    engine.play(score)
    assert np.abs(theirs).max() > 0.5
    assert np.array_equal(engine.render(end + frames), np.concatenate(theirs))
    assert engine.stats().keys_held == 0


@pytest.mark.parametrize("seed", range(8))
def test_random_mpe_streams_leave_no_note(seed):
    chance = random.Random(seed)
    setups = [
        (),
        ({"mpe": "lower", "part": 2},),
        ({"mpe": "lower", "part": 1}, {"mpe": "upper", "part": 1, "transpose": 7}),
    ]
    stage = Stage(*chance.choice(setups), voices=chance.choice([3, 16]), rate=8000, mpe=chance.choice(["auto", "both"]))
    kinds = [0x90] * 8 + [0x80] * 5 + [0xE0] * 4 + [0xD0] * 3 + [0xB0] * 4 + [0xC0, 0xA0]
    numbers = [1, 4, 6, 6, 38, 64, 66, 68, 74, 74, 100, 101, 120, 121, 123, 126, 127]
    for count in range(6000):
        kind, channel, port = chance.choice(kinds), chance.choice([0, 0, 1, 2, 3, 14, 15]), chance.randrange(2)
        if kind == 0xB0:
            data = bytes((chance.choice(numbers), chance.choice([0, 0, 3, 6, 15, 64, 127])))
        else:
            data = bytes((chance.randrange(58, 64), chance.randrange(128)))[: 1 if kind in (0xC0, 0xD0) else 2]
        messages = [bytes((kind | channel,)) + data]
        if chance.random() < 0.01:  # the input says what it is
            manager = chance.choice([0xB0, 0xBF])
            messages = [bytes((manager, *pair)) for pair in ((101, 0), (100, 6), (6, chance.randrange(16)))]
        for message in messages:
            stage.instrument.play(message, stage.ports[port])
        if count % 50 == 0:
            stage.engine.render(32)
        if chance.random() < 0.005:
            zones = read_zones(chance.choice(setups))[0]
            stage.instrument.send(stage.ports[port].use(Router(zones).table(PORT)))
    assert stage.engine.stats().notes_on > 100
    for port in stage.ports:
        stage.instrument.release(port)
    stage.engine.render(32)
    assert stage.engine.stats().keys_held == 0
    assert all(port.release() == [] for port in stage.ports)
