# SPDX-License-Identifier: Apache-2.0
"""A file of settings: what is good in it counts, what is bad is told in a sentence with its line."""

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.config.kinds import toml_text
from synth.config.layer import read_layer
from synth.config.positions import key_lines
from synth.config.schema import BY_KEY, SETTINGS
from synth.config.user_file import commented
from synth.resources import config_path

SHIPPED_TEXT = config_path("default.toml").read_text(encoding="utf-8")


@pytest.fixture
def problems(tmp_path):
    def read(content):
        file = tmp_path / "own.toml"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return [str(problem).removeprefix(str(file)) for problem in read_layer(file).problems]

    return read


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[audio]\nrate = 7", ", line 2: audio.rate must be auto or a whole number of 8000 to 192000 Hz, not 7"),
        ("[audio]\n\nframes = [\n1]", ", line 3: audio.frames must be auto or a whole number of 16 to 8192, not [1]"),
        ("[audio]\nvolume_db = nan", ", line 2: audio.volume_db must be -96 to 24 dB, not NaN"),
        ("[audio]\nvolume_db = true", ", line 2: audio.volume_db must be -96 to 24 dB, not true"),
        ("[audio]\nrat = 7", ", line 2: there is no audio.rat; did you mean 'rate'?"),
        ("[audio]\nkernel = 'chip'", ", line 2: there is no audio.kernel; kernel belongs in [engine]"),
        ("kernel = 'chip'", ", line 1: kernel belongs in [engine]"),
        ("[audoi]", ", line 1: there is no section [audoi]; did you mean 'audio'?"),
        ("engine = 3", ", line 1: engine must be a table, [engine], not 3"),
        ("engine.voices = 0", ", line 1: engine.voices must be a whole number of 1 to 256, not 0"),
        ("[engine]\nvoices = 1.0", ", line 2: engine.voices must be a whole number of 1 to 256, not 1.0"),
        ("[engine]\nkernel = 'analog'", ', line 2: engine.kernel must be chip or clean, not "analog"'),
        ("[midi]\nzones = 3", ", line 2: midi.zones must be tables, each under [[midi.zones]], not 3"),
        ("[[midi.zones]]\npart = 1\n[[midi.zones]]\n\npart = 17",
         ", line 5: midi.zones, zone 2: part must be a whole number of 1 to 16, or same, not 17"),
        ("[[profile.x.midi.zones]]\nlow = 'C3'\nhigh = 'C2'",
         ", line 2: profile.x.midi.zones, zone 1: low lies above high: C3 above C2; exchange them"),
        ("[midi]\nzones = [\n{part = 1},\n{chanel = 1}]",
         ", line 2: midi.zones, zone 2: chanel is nothing a zone has; did you mean 'channel'?"),
        ("[[midi.zones]]\n[midi.zones.controllers]\n1 = 'brath'",
         ", line 2: midi.zones, zone 1: controllers 1 cannot be 'brath'; did you mean 'breath'?"),
        ("[[midi.zones]]\n[[midi.zones]]", ", line 2: midi.zones, zone 2: is there twice, and would play every note"),
        ("[midi]\ninputs = ['none', 'KeyLab']",
         ", line 2: midi.inputs needs names of inputs, or auto or virtual, or none alone ("),
        ("[midi]\ncurve = 'sof'", ", line 2: midi.curve must be linear or soft or hard or dx7-keybed or a velocity of"),
        ("[midi]\ncurve = 0", ", line 2: midi.curve must be linear or soft or hard or dx7-keybed or a velocity of"),
        ("[play]\nvoice = 0", ", line 2: play.voice must be the number of a voice, from 1 on, or its name, not 0"),
        ("[play]\njson = 1", ", line 2: play.json must be true or false, not 1"),
        ("[play]\nrecord = 'a.mp3'",
         ', line 2: play.record must be none or a file that ends in .wav or .flac, not "a.mp3"'),
        ("[profile]\nstage = 1", ", line 2: profile.stage must be a table, as [profile.stage.audio], not 1"),
        ("[profile.stage]\nframes = 64", ", line 2: frames belongs in [profile.stage.audio]"),
        ("[profile.stage.audio]\nframes = 6",
         ", line 2: profile.stage.audio.frames must be auto or a whole number of 16 to 8192, not 6"),
        ("[profile.'a b'.audio]\nframs = 64", ', line 2: there is no profile."a b".audio.frams; did you mean'),
        ("[audio]\nrate = auto", ', line 2: this is not TOML: invalid value; words stand in "quotes" (column 8)'),
        ("[audio\nrate = 1", ", line 1: this is not TOML"),
        ("[audio]\nrate = 'a", ": this is not TOML"),
        ("[audio]\nrate = 8000\nrate = 9000", ", line 3: this is not TOML: cannot overwrite a value"),
        (b"[audio]\n\xff = 1", ", line 2: this is not UTF-8 text"),
        ("x = " + "[" * 9999, ": its tables or lists are nested too deeply"),
        ("audio." * 9999 + "x = 1", ": its tables or lists are nested too deeply"),
        ("[audio]\n[engine]\n[audio]\n", ", line 3: [audio] is there twice; put all of it under the first one"),
        ("[midi]\nzones = []\n[[midi.zones]]\n", ", line 3: [midi.zones] is there twice; put all of it under"),
        ('[profile."".audio]\nrate = 8000\n', ', line 1: profile."" needs a name that can be typed'),
        ('[profile."a\\u001b".audio]\nrate = 8000\n', ', line 1: profile."a\\u001b" needs a name that can be typed'),
        ("x = " + "1" * 9999, ": this is not TOML"),
        ("#" * 70000, ": it is too large for settings: it goes beyond 64 KB"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(problems, content, sentence):
    (problem,) = problems(content)
    assert problem.startswith(sentence)
    assert "\n" not in problem


def test_every_fault_is_told_in_the_order_of_lines(problems):
    found = problems("[midi]\ninputs = []\n[audio]\nrate = 1\n[bogus]\n[profile.x.y]\n[engine]\nvoices = 3\n")
    assert [problem.split(":")[0] for problem in found] == [", line 2", ", line 4", ", line 5", ", line 6"]


def test_zones_beside_a_wrong_one_count(tmp_path):
    file = tmp_path / "own.toml"
    file.write_text("[[midi.zones]]\npart = 1\n[[midi.zones]]\npart = 99\n[[midi.zones]]\npart = 3\n")
    layer = read_layer(file)
    assert layer.settings["midi.zones"].value == [{"part": 1}, {"part": 3}]
    assert [problem.place.line for problem in layer.problems] == [4]
    assert [place.line for place in layer.settings["midi.zones"].places] == [1, 5]


def test_what_cannot_be_read_is_told(tmp_path):
    (problem,) = read_layer(tmp_path).problems
    assert "cannot be read: Is a directory" in str(problem)
    assert read_layer(tmp_path / "absent.toml") is None


def test_what_is_good_counts_beside_what_is_not(tmp_path):
    file = tmp_path / "own.toml"
    file.write_text(
        "[audio]\nrate = 1\nframes = 64\n[play]\nfiles = 'a.syx'\nvoice = 'ORGAN'\n"
        "midi_file = '~/b.mid'\n[xfm2]\nprofile = 'c.toml'\n"
    )
    layer = read_layer(file)
    assert {key: value.value for key, value in layer.settings.items()} == {
        "audio.frames": 64,
        "play.files": [tmp_path / "a.syx"],
        "play.voice": "ORGAN",
        "play.midi_file": Path("~/b.mid").expanduser(),
        "xfm2.profile": str(tmp_path / "c.toml"),
    }
    assert layer.settings["play.voice"].place.line == 6
    assert len(layer.problems) == 1


def test_files_of_other_systems_are_read(tmp_path):
    file = tmp_path / "own.toml"
    file.write_bytes(b"\xef\xbb\xbf[audio]\r\nframes = 64\r\n")
    layer = read_layer(file)
    assert layer.problems == []
    assert layer.settings["audio.frames"].place.line == 2


def test_lines_are_found_whatever_is_between_them():
    text = '''# a comment
a.b = """
[c]
c = 1
"""
"d e" = [1,
  2]  # [f]
[g.h]
i = { j = 1 }
[[k.l]]
m = 1
[[k.l]]
m = 2
[k.l.n]
o = 3
'''
    assert {".".join(path): line for path, line in key_lines(text).items()} == {
        "a": 2, "a.b": 2, "d e": 6, "g": 8, "g.h": 8, "g.h.i": 9, "g.h.i.j": 9, "k": 10, "k.l": 10,
        "k.l.0": 10, "k.l.0.m": 11, "k.l.1": 12, "k.l.1.m": 13, "k.l.1.n": 14, "k.l.1.n.o": 15,
    }  # fmt: skip


def test_a_value_without_end_costs_no_time_but_its_line():
    text = "a = 1\nb = [\n" + "1,\n" * 20000 + "]\nc = 1\n"
    assert key_lines(text) == {("a",): 1}


def test_a_file_made_for_the_user_sets_nothing_until_they_do(tmp_path):
    file = tmp_path / "own.toml"
    text = commented(SHIPPED_TEXT)
    file.write_text(text, encoding="utf-8")
    layer = read_layer(file)
    assert (layer.settings, layer.problems) == ({}, [])
    assert not any(layer.profiles.values())
    bare = "\n".join(line[1:] if line[:1] == "#" and line[1:2] not in (" ", "") else line for line in text.split("\n"))
    file.write_text(bare, encoding="utf-8")
    written, shipped = read_layer(file), read_layer(config_path("default.toml"))
    assert written.problems == []
    assert {key: value.written for key, value in written.settings.items()} == {
        key: value.written for key, value in shipped.settings.items()
    }
    assert written.profiles.keys() == shipped.profiles.keys()


scalars = (
    st.integers()
    | st.floats()
    | st.booleans()
    | st.text(max_size=8)
    | st.sampled_from(["auto", "none", "chip", "plain"])
)
toml_values = scalars | st.lists(scalars, max_size=3)
names = st.sampled_from([*{setting.name for setting in SETTINGS}]) | st.text(
    string.ascii_letters, min_size=1, max_size=5
)
sections = st.sampled_from(["audio", "engine", "midi", "play", "xfm2", "profile", "profile.stage.audio", "profile.a.b"])


def toml_line(name, value):
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else toml_text(value)
    return f"{name} = {text.replace('NaN', 'nan').replace('Infinity', 'inf')}"


files = st.lists(
    st.tuples(sections, st.dictionaries(names, toml_values, max_size=4)), max_size=4, unique_by=lambda part: part[0]
).map(
    lambda parts: "\n".join(
        f"[{section}]\n" + "\n".join(toml_line(name, value) for name, value in table.items())
        for section, table in parts
    )
)


@given(content=files.map(str.encode) | st.binary(max_size=200))
def test_any_file_is_read_or_told_never_a_traceback(tmp_path_factory, content):
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_bytes(content)
    layer = read_layer(file)
    for problem in layer.problems:
        assert "\n" not in problem.text
        assert problem.text.isprintable()
    for values in [layer.settings, *layer.profiles.values()]:
        for key, value in values.items():
            assert BY_KEY[key].kind.read(value.written, tmp_path_factory.getbasetemp()) == value.value
