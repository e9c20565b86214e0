# SPDX-License-Identifier: Apache-2.0
"""One table of settings: the shipped file, the options and the page about it all agree with it."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from typer.main import get_command

from synth.cli.main import app
from synth.config.kinds import Number, Whole
from synth.config.layer import read_layer
from synth.config.schema import BY_KEY, PROFILES, SECTIONS, SETTINGS
from synth.config.stack import load_configuration, shipped
from synth.functions import FUNCTIONS
from synth.player.settings import Settings
from synth.resources import config_path

SHIPPED = config_path("default.toml")
TEXT = SHIPPED.read_text(encoding="utf-8")
MANUAL = TEXT.partition("# ---- profiles ----")[0]


def comment_of(key: str) -> str:
    """The comment before a setting, as one line."""
    section, _, name = key.partition(".")
    if not name:
        return "(in files alone)" + MANUAL.partition(f"under [[{key}]], in a file of your own")[2]
    table = MANUAL.partition(f"[{section}]\n")[2]
    before = re.split(rf"^{name} = ", table, flags=re.MULTILINE)[0]
    lines = before.rstrip().split("\n\n")[-1].strip().split("\n")
    return " ".join(line.removeprefix("#").strip() for line in lines)


def test_the_shipped_file_sets_every_setting_in_the_tables_order_and_nothing_else():
    document = tomllib.loads(TEXT)
    document.pop(PROFILES)
    assert list(document) == [section for section in SECTIONS if section not in BY_KEY]
    keys = [f"{section}.{name}" for section, table in document.items() for name in table]
    assert sorted(keys) == sorted(BY_KEY.keys() - set(SECTIONS))
    for section in SECTIONS:
        assert [key for key in keys if key.startswith(f"{section}.")] == [
            setting.key for setting in SETTINGS if setting.section == section != setting.key
        ]


def test_the_shipped_profiles_change_something():
    profiles = shipped().profiles
    assert set(profiles) == {"stage", "studio", "pi"}
    for values in profiles.values():
        assert any(value.value != shipped().settings[key].value for key, value in values.items())


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_its_comments_are_the_manual(setting):
    comment = comment_of(setting.key)
    said_elsewhere = {"play.files": "(the files on the command line)"}
    assert comment.startswith(setting.option or said_elsewhere.get(setting.key, "(in files alone)"))
    words = getattr(setting.kind, "words", None) or ["auto", "none", "virtual", "name", "number", "url", "file"]
    for word in [setting.kind.word, *words]:
        if re.search(rf"\b{word}", setting.kind.allowed, re.IGNORECASE):
            assert re.search(rf"\b{word}", comment, re.IGNORECASE), (setting.key, word)
    if isinstance(setting.kind, Whole | Number):
        assert setting.kind.range in comment


def test_each_option_of_play_has_its_key_and_each_key_its_option():
    params = get_command(app).commands["play"].params
    options = {param.opts[0] for param in params if param.opts[0].startswith("--")} - {"--help"}
    assert options == {setting.option for setting in SETTINGS if setting.option}
    arguments = {param.name for param in params if not param.opts[0].startswith("--")}
    tables = ("[functions]", "[[midi.zones]]", "[[parts]]")
    in_files_alone = {setting.name for setting in SETTINGS if setting.metavar in tables}
    assert arguments == {setting.name for setting in SETTINGS if not setting.option} - in_files_alone


def test_help_tells_what_is_shipped():
    for param in get_command(app).commands["play"].params:
        if param.opts[0] == "--volume":
            assert param.help.endswith("[default: -12.0]")
        if param.opts[0] == "--midi":
            assert param.help.endswith("[default: auto]")


def test_a_session_without_choices_starts_as_the_shipped_file_says():
    values = load_configuration()
    defaults = {field.name: field.default for field in fields(Settings)}
    for name, key in {
        "audio": "audio.device",
        "rate": "audio.rate",
        "frames": "audio.frames",
        "output": "audio.output",
        "curve": "midi.curve",
        "channels": "audio.channels",
        "limiter": "audio.limiter",
        "volume_db": "audio.volume_db",
        "kernel": "engine.kernel",
        "polyphony": "engine.voices",
        "seconds": "play.seconds",
        "midi_file": "play.midi_file",
        "record": "play.record",
    }.items():
        assert values[key] == defaults[name], key
    assert Settings(voices=[]).midi == values["midi.inputs"]
    assert Settings(voices=[]).zones == values["midi.zones"]
    assert Settings(voices=[]).functions == {}
    assert {name: values[f"functions.{name}"] for name in FUNCTIONS} == {
        name: function.first for name, function in FUNCTIONS.items()
    }
    assert int(values["play.voice"]) == defaults["number"]


def test_every_key_on_the_page_about_settings_exists():
    page = (config_path("README.md")).read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+\.\w+|parts)` \| (.*) \| (.*) \|$", page, re.MULTILINE)
    assert listed == [
        (setting.key, f"`{setting.option or setting.metavar}`", setting.kind.allowed) for setting in SETTINGS
    ]


def test_the_shipped_file_is_without_a_fault():
    layer = read_layer(Path(SHIPPED))
    assert layer is not None
    assert layer.problems == []
