# SPDX-License-Identifier: Apache-2.0
"""Profiles: owners change curves in a file, and mistakes are told with the file and the key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bridge.convert import convert
from bridge.errors import ProfileError
from bridge.profile import KEYS, Profile, load_profile, profile_names
from synth.patch import Patch
from synth.resources import config_path


def written(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_shipped_profiles_load_and_every_setting_has_a_source() -> None:
    assert profile_names() == ["default", "dx2xfm"]
    for name in profile_names():
        profile = load_profile(name)
        assert profile.name == name
        assert profile.about
        assert all(profile.sources[key] for key in KEYS)


def test_a_profile_overrides_only_what_it_says(tmp_path: Path) -> None:
    mine = load_profile(
        written(tmp_path, 'base = "default"\n[velocity]\npoints = [[0, 10], [7, 80]]\nsource = "ear"\n')
    )
    default = load_profile()
    assert [mine.velocity[step] for step in range(8)] == [10, 20, 30, 40, 50, 60, 70, 80]
    assert mine.sources["velocity"] == "ear"
    for key in KEYS:
        if key != "velocity":
            assert mine.says(key) == default.says(key)
    assert mine.about == default.about


def test_a_changed_curve_reaches_the_program(tmp_path: Path) -> None:
    path = written(
        tmp_path, 'base = "default"\n[carrier_level]\npoints = [[0, 0], [99, 99]]\n[wheel_vibrato]\nvalue = 7\n'
    )
    voice = Patch.init_voice()
    voice.op[0].output_level = 42
    program = convert(voice, path).program
    assert (program[33], program[155]) == (42, 7)


def test_trims_shift_levels_above_zero_and_stay_bytes(tmp_path: Path) -> None:
    text = (
        'base = "default"\n[modulator_trim]\nvalue = -30\n'
        "[carrier_trim]\npoints = [[1, 0], [2, -20], [6, -100]]\n[modulator_level]\npoints = [[0, 0], [99, 200]]\n"
    )
    voice = Patch()  # algorithm 1: operators 1 and 3 are heard
    for index, level in enumerate((99, 99, 99, 0, 1, 50)):
        voice.op[index].output_level = level
    assert list(convert(voice, written(tmp_path, text)).program[33:39]) == [235, 170, 235, 0, 0, 71]


def test_a_base_may_be_a_file_beside_the_profile(tmp_path: Path) -> None:
    written(tmp_path, 'base = "dx2xfm"\n[modulator_trim]\nvalue = -5\n', "first.toml")
    second = load_profile(written(tmp_path, 'base = "first.toml"\nabout = "Second."\n', "second.toml"))
    assert second.modulator_trim == -5
    assert second.break_point_offset == 21
    assert second.about == "Second."
    assert second.corrections == load_profile("dx2xfm").corrections


def test_a_profile_needs_no_base_if_it_says_everything(tmp_path: Path) -> None:
    whole = written(tmp_path, config_path("xfm2/default.toml").read_text(encoding="utf-8"))
    assert {key: load_profile(whole).says(key) for key in KEYS} == {key: load_profile().says(key) for key in KEYS}


def test_a_profile_itself_is_taken_as_it_is() -> None:
    profile = load_profile("dx2xfm")
    assert isinstance(profile, Profile)
    assert load_profile(profile) is profile


def test_the_slips_of_the_readme_are_listed() -> None:
    slips = " ".join(correction.slip for correction in load_profile("dx2xfm").corrections)
    assert slips.count("256 / Log2") == 2
    instead = " ".join(correction.instead for correction in load_profile("dx2xfm").corrections)
    for word in ("COARSE 255", "hexadecimal", "110 and 111", "+4"):
        assert word in instead


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[velocty]\npoints = [[0, 0], [7, 255]]", "there is no key 'velocty'; did you mean velocity?"),
        ("[velocity]\npoint = [[0, 0], [7, 255]]", "velocity must be a table"),
        ("velocity = 3", "velocity must be a table: a line [velocity], and under it points ="),
        ("[velocity]\npoints = [[0, 0], [7, 255]]\nsauce = 'x'", "velocity takes points and a source, not 'sauce'"),
        ("[velocity]\npoints = [[0, 0], [7, 255]]\nsource = 1", "velocity.source must be text"),
        ("[velocity]\npoints = [[0, 0]]", "velocity.points must be two or more pairs"),
        ("[velocity]\npoints = 'all'", "velocity.points must be two or more pairs"),
        ("[velocity]\npoints = [[0, 0], [7, true]]", "velocity.points must be two or more pairs"),
        ("[velocity]\npoints = [[0, 0], [6, 255]]", "starts at 0 and ends at 6; it must go from 0 to 7"),
        ("[velocity]\npoints = [[0, 0], [5, 1], [4, 2], [7, 255]]", "points out of order"),
        ("[velocity]\npoints = [[0, 0], [nan, 2], [7, 255]]", "velocity.points must be two or more pairs"),
        pytest.param(
            f"[velocity]\npoints = [[0, 0], [1{'0' * 400}, 255]]",
            "velocity.points must be two or more pairs",
            id="huge number",
        ),
        ("[velocity]\npoints = [[0, 0], [7, 256]]", "velocity.points is 256 at 7; it must stay within 0 to 255"),
        ("[velocity]\npoints = [[0, inf], [7, 255]]", "velocity.points must be two or more pairs"),
        ("[lfo_hz]\npoints = [[0, 0], [100, 5], [255, 5]]", "the second number must rise"),
        (
            "[break_point_offset]\nvalue = 17.5",
            "break_point_offset.value is 17.5; it must be a whole number from 0 to 28",
        ),
        ("[break_point_offset]\nvalue = 29", "from 0 to 28"),
        ("[detune_cents]\nvalue = 'one'", "detune_cents.value is 'one'; it must be a number from 0 to 10"),
        ("[fixed_base_hz]\nvalue = 0", "fixed_base_hz.value is 0; it must be a number from 16 to 64"),
        ("[fixed_frequency_law]\nvalue = 'cubic'", "it must be exponential or linear"),
        ("[pitch_ranges]\nvalues = []", "pitch_ranges.values must be some whole numbers"),
        ("[pitch_ranges]\nvalues = [9]", "holds 9; its numbers must be within 1 to 8"),
        ("[scaling_curves]\nvalues = [1, 2, 3]", "must be 4 whole numbers"),
        ("about = 3", "about must be text"),
        ("correction = 3", "corrections are written as [[correction]]"),
        ("[[correction]]\nslip = 'x'", "a [[correction]] has a slip and what is done instead"),
        ("velocity = [", "this is no TOML"),
        pytest.param(f"velocity = {'[' * 100_000}", "this is no TOML", id="deep"),
    ],
)
def test_a_mistake_is_one_sentence_with_file_and_key(tmp_path: Path, text: str, words: str) -> None:
    path = written(tmp_path, f'base = "default"\n{text}\n')
    with pytest.raises(ProfileError, match=re.escape(words)) as caught:
        load_profile(path)
    sentence = str(caught.value)
    assert sentence.startswith(f"{path}: ")
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[velocity]\npoints = [[0, 0], [7, 255]]", 'carrier_level is missing; `base = "default"`'),
        ('base = "mine.toml"', "its own base"),
        ('base = "../{folder}/mine.toml"', "its own base"),
        ('base = "other"', "there is no profile 'other'"),
        ("base = 1", "base must be the name or the file"),
    ],
)
def test_bases_that_lead_nowhere(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ProfileError, match=re.escape(words)):
        load_profile(written(tmp_path, text.replace("{folder}", tmp_path.name)))


def test_profiles_that_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    for profile, words in (
        ("defalt", "there is no profile 'defalt'"),
        (tmp_path / "absent.toml", "No such file"),
        (tmp_path, "directory"),
        (tmp_path / "binary.toml", "no TOML"),
        ("nul\0", "there is no profile"),
    ):
        with pytest.raises(ProfileError, match=words):
            load_profile(profile)


def test_the_manual_names_every_key() -> None:
    manual = config_path("xfm2/README.md").read_text(encoding="utf-8")
    for key in KEYS:
        assert f"`{key}`" in manual
