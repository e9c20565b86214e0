# SPDX-License-Identifier: Apache-2.0
"""A session offline is the live instrument without a clock: the same commands, and the engine's samples."""

from __future__ import annotations

import mido
import numpy as np
import pytest
import soundfile

from synth import Bank, Engine, Patch, Session, VoiceError, factory_bank, render

BANK = factory_bank()
FULL = {"offline": True, "volume_db": 0.0}


def test_one_note_is_what_render_gives():
    with Session(BANK[4], **FULL) as session:
        session.note_on(57, 90)
        sound = session.render(seconds=0.2)
        session.note_off(57)
        sound = np.concatenate([sound, session.render(4800)])
    assert sound.dtype == np.float32
    assert (sound[:, 0] == sound[:, 1]).all()
    assert (sound[:, 0] == render(BANK[4], 57, 90, hold=0.2, tail=0.1)).all()


@pytest.mark.parametrize(("kernel", "rate"), [("chip", 44100), ("clean", 48000)])
def test_commands_take_effect_in_their_order_on_the_next_frame(kernel, rate):
    random = np.random.default_rng(5)
    engine = Engine(rate, kernel=kernel, volume_db=-12.0, clamp=True)
    for part in range(16):
        engine.load(BANK[0], part)
    with Session(BANK, offline=True, kernel=kernel, rate=rate) as session:
        for _ in range(60):
            channel, note = int(random.integers(1, 4)), int(random.integers(36, 84))
            number, volume = int(random.integers(1, 33)), float(random.integers(-30, 0))
            bend = bytes((0xE0 | channel - 1, 0, int(random.integers(128))))
            session.select(number, channel)
            session.note_on(note, 100, channel)
            session.midi(bend)
            session.set_volume(volume)
            session.note_off(note, channel)
            session.note_on(note + 5, 80, channel)
            frames = int(random.integers(0, 900))
            sound = session.render(frames)
            session.note_off(note + 5, channel)  # a key that is struck twice would be let go in between
            engine.load(BANK[number - 1], channel - 1)
            engine.note_on(note, 100, channel - 1)
            engine.midi(bend)
            engine.set_volume(volume)
            engine.midi(bytes((0x80 | channel - 1, note, 64)))
            engine.note_on(note + 5, 80, channel - 1)
            assert (sound == engine.render(frames)).all()
            engine.note_off(note + 5, channel - 1)
        assert session.meters["notes_on"] == 120


def test_much_may_be_commanded_between_two_frames_without_waiting():
    with Session(BANK, **FULL) as session:
        for number in range(1, 200):
            session.select(number)
        for _ in range(3000):
            session.note_on(60)
            session.note_off(60)
        session.select(5)
        session.panic()
        session.render(4800)
        session.note_on(57, 90)
        heard = session.render(4800)
        assert not [event for event in session.events() if event["event"] == "warning"]
        assert session.meters["notes_on"] == 3001
    assert heard.any()


def test_the_same_again_is_the_same():
    def play():
        with Session(BANK, offline=True) as session:
            session.midi(bytes.fromhex("c00b"))
            session.note_on(60)
            return session.render(seconds=0.5)

    assert (play() == play()).all()


def test_events_come_before_a_command_returns():
    with Session(BANK, "mine", offline=True) as session:
        started = [event["event"] for event in session.wait_ready()]
        assert started == ["audio", "midi", "bank", "voice", "ready"]
        session.select(7, 3)
        (event,) = session.events()
        assert (event["event"], event["channel"], event["number"]) == ("voice", 3, 7)
        assert session.next_event() is None, "nobody waits for what cannot come"


def test_zones_curves_and_bytes_are_those_of_the_stage():
    with Session(BANK, offline=True, zones=[{"part": 2, "voice": 9}], curve="hard") as session:
        assert session.zones == [{"part": 2, "voice": 9}]
        assert session.voice(2) == {"number": 9, "name": BANK[8].name.rstrip(), "edited": False}
        session.set_zones([])
        assert session.zones == []
        session.midi(bytes.fromhex("c103"))
        assert session.voice(2)["number"] == 4
        session.midi(b"\xf0\x43\x10\x00\x00\x05\xf7")  # operator 6, rate 1 of part 1
        assert session.voice()["edited"]
        assert session.patch().op[5].envelope.rates[0] == 5
        assert session.patch(2) == BANK[3]


def test_a_song_and_the_time_have_an_end(tmp_path):
    notes = [mido.Message("note_on", note=60), mido.Message("note_off", note=60, time=96)]
    song = mido.MidiFile(tracks=[mido.MidiTrack(notes)])
    song.save(tmp_path / "song.mid")
    files = {"midi_file": str(tmp_path / "song.mid"), "record": str(tmp_path / "take.wav")}
    with Session(BANK, offline=True, **files) as session:
        sound = session.render(seconds=60.0)
        assert 2.0 * 48000 < len(sound) < 2.5 * 48000
        assert session.render(100).shape == (0, 2)
    take, rate = soundfile.read(tmp_path / "take.wav", dtype="float32")
    assert rate == 48000
    assert (take == sound).all()
    with Session(BANK, seconds=0.01, offline=True) as session:
        assert len(session.render(1000)) == 480


def test_a_phrase_is_heard_on_its_frames():
    with Session(BANK, **FULL) as session:
        session.render(1000)
        session.audition(BANK[4], [(0.0, 57, 90, 0.1), (0.3, 60, 100, 0.1)])
        sound = session.render(seconds=0.3)
        assert session.meters["notes_on"] == 1
        assert session.meters["keys"][0] == "0", "let go after a tenth of a second"
        session.render(2)  # of which one is the chip's
        assert session.meters["notes_on"] == 2
    engine = Engine(48000, clamp=True)
    for part in range(16):
        engine.load(BANK[0], part)
    engine.render(1000)
    engine.load(BANK[4])
    engine.note_on(57, 90)
    engine.note_off(57, frame=1000 + 4800)
    assert (sound == engine.render(14400)).all()


def test_operator_switches_arrive():
    patch = BANK[0].copy()
    patch.operators_on = 0b100110
    with Session([patch], **FULL) as session:
        assert session.patch().operators_on == 0b100110
        session.note_on(60)
        assert (session.render(4800)[:, 0] == render(patch, hold=0.1, tail=0.0)).all()


def test_voices_may_be_a_bank_patches_one_patch_a_path_or_nothing(tmp_path):
    BANK.save(tmp_path / "mine.syx")
    for voices, name, count in (
        (BANK, "factory", 32),
        (None, "factory", 32),
        (list(BANK)[:5], "", 5),
        (Patch("ALONE"), "", 1),
        (tmp_path / "mine.syx", "mine.syx", 32),
        (str(tmp_path / "mine.syx"), "mine.syx", 32),
        (Bank.load(tmp_path / "mine.syx"), "mine.syx", 32),
    ):
        with Session(voices, offline=True) as session:
            assert (session.bank_name, len(session.bank)) == (name, count)
            session.load_bank(tmp_path / "mine.syx")
            assert session.bank_name == "mine.syx"
    with pytest.raises(VoiceError, match="nowhere"):
        Session(tmp_path / "nowhere.syx", offline=True)
    with pytest.raises(TypeError, match=r"voices\[1\]"):
        Session([Patch(), "E.PIANO"], offline=True)  # type: ignore[list-item]


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="exclude"):
        Session(BANK, offline=True, in_process=True)
    with Session(BANK, offline=True) as session:
        for wrong in ({}, {"frames": 1, "seconds": 1.0}, {"frames": -1}, {"seconds": -0.5}):
            with pytest.raises(ValueError, match=r"frames|seconds"):
                session.render(**wrong)
    with (
        Session(BANK, in_process=True, audio="none", midi=["none"]) as session,
        pytest.raises(ValueError, match="offline"),
    ):
        session.render(1)


def test_slips_are_told_where_they_are_made(tmp_path):
    with Session(BANK, offline=True, midi="none", outputs="virtual") as session:
        for call, name in (
            (lambda: session.load("PIANO"), "voice must be a Patch"),
            (lambda: session.midi(60), "message must be bytes"),
            (lambda: session.load_bank(BANK, 5), "name of a bank must be text"),
        ):
            with pytest.raises(TypeError, match=name):
                call()
        with pytest.raises(ValueError, match="decibels must be at most 24 dB"):
            session.set_volume(24.5)
    assert (session._settings.midi, session._settings.outputs) == (["none"], [{"port": "virtual"}])


def test_a_bank_whose_name_is_odd_is_remembered(tmp_path):
    odd = tmp_path / "tab\tbell\x07.syx"
    Bank(list(BANK)).save(odd)
    with Session(odd, offline=True, state=tmp_path / "state.json") as session:
        session.select(5)
    with Session(offline=True, state=tmp_path / "state.json") as session:
        assert session.bank_name == "tab?bell?.syx"
        assert session.voice()["number"] == 5


def test_several_sessions_at_once():
    sessions = [Session(BANK, offline=True) for _ in range(5)]
    for number, session in enumerate(sessions, 1):
        session.select(number)
        session.note_on(60)
    sounds = [session.render(2000) for session in sessions]
    assert len({sound.tobytes() for sound in sounds}) == 5
    for session in sessions:
        session.close()
        session.close()
        session.note_on(60)  # too late, and no harm
        assert session.render(10).shape == (0, 2)
