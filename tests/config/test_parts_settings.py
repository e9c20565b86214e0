# SPDX-License-Identifier: Apache-2.0
"""`[functions]` and `[[parts]]`: what a file of settings says of function parameters and of single parts."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile

from synth import Engine, Session
from synth.config.layer import read_layer
from synth.config.stack import load_configuration
from synth.engine import FUNCTIONS
from synth.factory import factory_bank
from synth.functions import read_function
from synth.matching import find_voice
from synth.score import Score


def file(folder, text):
    path = folder / "test.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ('mono = "mono"', 1),
        ("mono = true", 1),
        ("mono = 0", 0),
        ('portamento_mode = "fingered"', 0),
        ('portamento_mode = "full-time"', 1),
        ('portamento_mode = "follow"', 1),
        ('glissando = "on"', 1),
        ("portamento_time = 99", 99),
        ('wheel_assign = "pitch+bias"', 5),
        ('wheel_assign = "bias + amp + pitch"', 7),
        ('foot_assign = "none"', 0),
        ("breath_assign = 4", 4),
        ('master_tune = "442 Hz"', 283),
        ('master_tune = "A = 440Hz"', 256),
        ('master_tune = "-10 cents"', 222),
    ],
)
def test_what_a_function_may_be(tmp_path, said, value):
    name = said.partition(" ")[0]
    assert load_configuration(file(tmp_path, f"[functions]\n{said}\n"))[f"functions.{name}"] == value


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("[functions]\nbend_rnge = 3\n", 2, "there is no functions.bend_rnge; did you mean 'bend_range'?"),
        ("[functions]\nbend_range = 13\n", 2, "must be a whole number of 0 to 12 semitones, not 13"),
        ("[functions]\nmaster_tune = 442\n", 2, "as '442 Hz' (421.3 to 459.4), or as '+5 cents'"),
        ('[functions]\nmaster_tune = "300 Hz"\n', 2, 'not "300 Hz"'),
        ('[functions]\nwheel_assign = "volume"\n', 2, "must be none, or pitch, amp and bias, joined by +"),
        ('[functions]\nmono = "mono"\nportamento_mode = "retain"\n', 3, "nothing for mono; say fingered or full-time"),
        ("[functions]\nbend_range = 7\nbend_step = 1\n", 2, "bend_range counts for nothing beside bend_step"),
        ("[[parts]]\npart = 2\n\n[[parts]]\npart = 17\n", 5, "parts, table 2: part must be a whole number of 1 to 16"),
        ("[[parts]]\nmono = true\n", 1, "parts, table 1: needs the number of its part"),
        ("[[parts]]\npart = 1\nvolume = 3\n", 3, "volume is nothing a part has; did you mean 'volume_db'?"),
        ("[[parts]]\npart = 1\nvolume_db = 13\n", 3, "volume_db must be -96 to 12 dB, not 13"),
        ("[[parts]]\npart = 1\npan = -2\n", 3, "pan must be -1 to 1, not -2"),
        ("[[parts]]\npart = 1\nvoice = 0\n", 3, "voice must be the number of a voice"),
        ("[[parts]]\npart = 1\n[[parts]]\npart = 1\n", 4, "part 1 is in table 1 already; put all of it there"),
        ("[parts]\npart = 1\n", 1, "parts must be tables, each under [[parts]]"),
        ("parts = [3]\n", 1, "must be a table, as { part = 2, mono = 'mono' }, not 3"),
        ("[profile.x.functions]\nmono = 2\n", 2, "profile.x.functions.mono must be poly or mono, not 2"),
        ("[[profile.x.parts]]\npart = 0\n", 2, "profile.x.parts, table 1: part must be"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, text, line, sentence):
    problems = read_layer(file(tmp_path, text)).problems
    assert [problem.place.line for problem in problems] == [line]
    assert sentence in problems[0].text


def test_what_is_right_beside_it_counts(tmp_path):
    text = (
        "[functions]\nbend_range = 7\nbend_step = 1\n[[parts]]\npart = 1\n[[parts]]\npart = 2\nmono = true\npan = 5\n"
    )
    settings = read_layer(file(tmp_path, text)).settings
    assert {name: value.value for name, value in settings.items() if name != "parts"} == {"functions.bend_step": 1}
    assert [part.part for part in settings["parts"].value] == [1]


def test_words_read_as_they_are_printed():
    for name, function in FUNCTIONS.items():
        for value in range(function.highest + 1):
            text = function.text(value).partition("/")[0].partition(" semitone")[0].partition(" (")[0]
            typed = text.removeprefix("A = ")
            assert read_function(name, int(typed) if typed.isdecimal() else typed) == value


def test_no_word_or_number_is_taken_for_another():
    for name in FUNCTIONS:
        for wrong in (
            "",
            "x",
            "+",
            "pitch+",
            "1e3 Hz",
            "-5 Hz",
            "inf cents",
            "nan Hz",
            -1,
            512,
            1.5,
            None,
            [],
            "9" * 5000,
        ):
            with pytest.raises(ValueError, match=f"^{name} must be "):
                read_function(name, wrong)


ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MANUAL = (ROOT / "configs" / "default.toml").read_text(encoding="utf-8")
EXAMPLES = [
    next(block for block in re.findall(r"```toml\n(.*?)```", README, re.DOTALL) if "[[parts]]" in block),
    re.sub(r"^#   ", "", MANUAL[MANUAL.index("#   [[parts]]") : MANUAL.index("[play]")], flags=re.MULTILINE),
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_are_right_and_their_voices_there(tmp_path, example):
    layer = read_layer(file(tmp_path, example))
    assert layer.problems == []
    assert len(layer.settings["parts"].value) == 2
    for part in layer.settings["parts"].value:
        assert part.voice is None or find_voice(part.voice, factory_bank())


# ---- as commands have it --------------------------------------------------------------

SETTINGS = """
[functions]
bend_range = 7

[[parts]]
part = 2
voice = 5
volume_db = -6.0
mono = "mono"
portamento_mode = "full-time"
portamento_time = 60

[profile.low.functions]
master_tune = "-50 cents"
"""


def sixop(home, *arguments):
    command = [sys.executable, Path(__file__).parents[2] / "sixop.py", *arguments]
    environment = os.environ | {"SIXOP_HOME": str(home)}
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, env=environment, check=False)


def test_config_show_prints_them_and_who_set_them(tmp_path):
    config = file(tmp_path, SETTINGS)
    shown = sixop(tmp_path, "--config", config, "--profile", "low", "config", "show").stdout
    assert f"bend_range = 7                  # {config}:3" in shown
    assert f'master_tune = "-50 cents"       # {config}:14, profile low' in shown
    assert f"[[parts]]                       # {config}:5\npart = 2\nvoice = 5\nvolume_db = -6.0\n" in shown
    rows = json.loads(sixop(tmp_path, "--config", config, "config", "show", "--json").stdout)["settings"]
    assert next(row for row in rows if row["key"] == "parts")["value"][0]["portamento_time"] == 60


def test_a_player_starts_with_them_and_options_go_before(tmp_path):
    config = file(tmp_path, SETTINGS)
    arguments = ("play", "--audio", "none", "--midi", "none", "--face", "none", "--seconds", "0.5", "--json")
    played = sixop(tmp_path, "--config", config, *arguments, "--poly", "--tune", "442")
    events = [json.loads(line) for line in played.stdout.splitlines()]
    told = {(event["channel"], event["name"]): event["text"] for event in events if event["event"] == "function"}
    assert told[2, "portamento_time"] == "60"
    assert told[1, "bend_range"] == told[16, "bend_range"] == "7 semitones"
    assert told[2, "master_tune"] == "+7.9 cents (A = 442.0 Hz)"
    assert (2, "mono") not in told
    assert (2, 5) in [(event["channel"], event["number"]) for event in events if event["event"] == "voice"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[[parts]]\npart = 2\nvoice = "NO SUCH"\n', "no voice is called 'NO SUCH'"),
        ('[[parts]]\npart = 2\nvoice = 3\n[[midi.zones]]\npart = 2\nvoice = 4\n', "part 2 plays '3', as [["),
    ],
)  # fmt: skip
def test_voices_that_are_not_there_or_are_two_are_told(tmp_path, text, sentence):
    home = tmp_path / "config"
    home.mkdir()
    (home / "config.toml").write_text(text)
    arguments = ("play", "--audio", "none", "--midi", "none", "--face", "none", "--seconds", "0.1")
    played = sixop(tmp_path, *arguments)
    assert sentence in played.stderr
    assert played.returncode == 0


def test_a_rendered_song_has_them_and_its_own_sysex(tmp_path):
    """The same by hand: the portamento pedal is down because nothing says that it is up."""
    song = [
        (0, "91 30 64"), (4000, "81 30 40"), (4000, "91 3c 64"), (6000, "f0 43 11 08 40 00 f7"),
        (8000, "91 40 64"), (8000, "f0 43 11 01 1b 0f f7"), (9000, "91 43 64"), (12000, "c1 46"),
        (12000, "f0 43 11 04 1a 05 f7"), (12000, "91 46 64"), (15000, "b1 7b 00"),
    ]  # fmt: skip
    track, last = mido.MidiTrack(), 0
    for frame, text in song:
        message = mido.Message.from_hex(text)
        message.time = (frame - last) // 8  # at 120 beats a minute and 500 ticks a beat a tick is a millisecond
        track.append(message)
        last = frame
    mido.MidiFile(ticks_per_beat=500, tracks=[track]).save(tmp_path / "song.mid")
    config = file(tmp_path, SETTINGS + "\n[audio]\nvolume_db = -12.0\n")
    out = tmp_path / "out.wav"
    run = sixop(
        tmp_path, "--config", config, "render", "-o", out, "--midi-file", tmp_path / "song.mid", "--rate", "8000"
    )
    assert "song.mid: bank 1, program 71 would be voice 71 of 32: part 2 keeps its voice" in run.stderr
    rendered = soundfile.read(out, dtype="float32")[0]

    score, engine = Score(), Engine(sample_rate=8000, voices=32, volume_db=-12, clamp=True)
    voice = factory_bank()[4]
    score.load(0, 1, voice)
    for part in range(16):
        score.set_function(0, "bend_range", 7, part)
    for name, value in (("mono", 1), ("portamento_mode", 1), ("portamento_time", 60)):
        score.set_function(0, name, value, 1)
    score.midi(0, b"\xb1\x41\x7f")
    for frame, text in song:
        data = bytes.fromhex(text)
        match frame, data[0]:
            case 6000, 0xF0:
                score.set_function(frame, "mono", 0, 1)
            case 8000, 0xF0:
                score.set_operators(frame, 0x0F, 1)
            case 12000, 0xF0:
                score.set_part_volume(frame, -20 * np.log10(4), 1)
            case _, 0xC1:
                pass
            case _:
                score.midi(frame, data)
    engine.set_part_volume(-6.0, 1, frame=0)
    engine.play(score)
    np.testing.assert_array_equal(rendered, engine.render(len(rendered)))
    assert np.abs(rendered).max() > 0.05

    of_all = {"bend_range": 7}
    functions = {str(part): of_all for part in range(16)}
    functions["1"] = {**of_all, "mono": "mono", "portamento_mode": "full-time", "portamento_time": 60}
    choices = {"functions": functions, "numbers": {"1": 5}, "part_volumes": {"1": -6.0}}
    song_file = str(tmp_path / "song.mid")
    with Session(factory_bank(), offline=True, rate=8000, midi_file=song_file, **choices) as session:
        np.testing.assert_array_equal(rendered, session.render(len(rendered)))
        assert any("keeps its voice" in event.get("text", "") for event in iter(lambda: session.next_event(0), None))


def test_no_output_is_none_alone(tmp_path):
    refused = sixop(tmp_path, "play", "--midi-out", "none", "--midi-out", "virtual", "--audio", "none")
    assert refused.returncode == 2
    assert "--midi-out must be none alone" in refused.stderr
