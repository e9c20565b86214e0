# SPDX-License-Identifier: Apache-2.0
"""Settings on the command line: who wins, who set what, and what is said of mistakes."""

import errno
import json
import os
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile

from synth import factory_bank
from synth.cli.main import _complete, run
from synth.config.kinds import toml_text
from synth.config.schema import BY_KEY
from synth.resources import config_path

SHIPPED = config_path("default.toml")


@pytest.fixture
def own(sixop_home):
    """The user's file, in a folder that is there."""
    file = sixop_home / "config" / "config.toml"
    file.parent.mkdir(parents=True)
    return file


@pytest.fixture
def sixop(capsys):
    """Run the program: its exit code, and what it said."""

    def sixop(*arguments):
        capsys.readouterr()
        try:
            code = run([str(argument) for argument in arguments])
        except SystemExit as end:
            code = end.code
        return code, *capsys.readouterr()

    return sixop


@pytest.fixture
def played(sixop, monkeypatch):
    """What `sixop play` would start: bank, choices of its session, and of its face."""
    kept = signal.getsignal(signal.SIGTERM)
    started = {}

    class NoSession:
        def __init__(self, bank, name, **choices):
            if song := choices["midi_file"]:
                choices["midi_file"] = str(Path(song).absolute())
            if (file := choices.pop("state")) is not None:
                file.release()
            for who_says_so in ("insist", "zone_places"):
                choices.pop(who_says_so, None)
            started.update(choices, bank=[voice.name for voice in bank], bank_name=name)

    class NoFace:
        def __init__(self, session, keys, as_json, quiet):
            started.update(keys=keys, json=as_json)

        def run(self):
            return 0

    monkeypatch.setattr("synth.session.Session", NoSession)
    monkeypatch.setattr("synth.face.plain.PlainFace", NoFace)

    def played(*arguments):
        started.clear()
        code, _, said = sixop("play", *arguments)
        return dict(started) if code == 0 else {"code": code}, said

    yield played
    signal.signal(signal.SIGTERM, kept)


VALUES = {
    "audio.device": "Scarlett",
    "audio.rate": 44100,
    "audio.frames": 64,
    "audio.output": "dx7",
    "audio.channels": "mono",
    "audio.limiter": True,
    "audio.volume_db": -3.5,
    "engine.kernel": "clean",
    "engine.voices": 7,
    "tuning.scale": "third.scl",
    "tuning.keyboard": "low.kbm",
    "tuning.mts_esp": True,
    "midi.inputs": ["KeyLab", "virtual"],
    "midi.curve": "dx7-keybed",
    "midi.outputs": ["module"],
    "midi.mpe": "off",
    "midi.zones": [{"port": "KeyLab", "low": "C3", "controllers": {"2": "foot"}}, {"high": "B2", "part": 2}],
    "functions.mono": True,
    "functions.bend_range": 7,
    "functions.bend_step": 2,
    "functions.portamento_mode": "full-time",
    "functions.glissando": "on",
    "functions.portamento_time": 40,
    "functions.wheel_range": 99,
    "functions.wheel_assign": "pitch+amp",
    "functions.foot_range": 98,
    "functions.foot_assign": "bias",
    "functions.breath_range": 97,
    "functions.breath_assign": "amp",
    "functions.aftertouch_range": 96,
    "functions.aftertouch_assign": 7,
    "functions.master_tune": "442 Hz",
    "parts": [{"part": 2, "voice": 3, "volume_db": -3.0, "pan": 0.5, "mono": "mono"}],
    "play.files": ["two.syx", "one.syx"],
    "play.voice": "full strng",
    "play.face": "none",
    "play.seconds": 2.5,
    "play.midi_file": "song.mid",
    "play.record": "take.flac",
    "play.record_midi": "take.mid",
    "play.json": True,
    "xfm2.port": "COM3",
    "xfm2.midi": "USB MIDI",
    "xfm2.unit": 2,
    "xfm2.profile": "mine",
    "xfm2.alg46": "loop",
}


def as_options(key, value):
    setting = BY_KEY[key]
    if value is True:
        return [setting.option]
    values = value if isinstance(value, list) else [value]
    return [word for item in values for word in ([setting.option, str(item)] if setting.option else [str(item)])]


def as_file(key, value, profile=None):
    above = ["profile", profile] if profile else []
    *tables, name = [*above, *key.split(".")]
    return f"{f'[{chr(46).join(tables)}]' if tables else ''}\n{name} = {toml_text(value)}\n"


def test_every_key_is_tried_below():
    assert VALUES.keys() | {"play.resume"} == BY_KEY.keys()  # that one is tried in tests/player/test_resume.py


@pytest.mark.parametrize("key", VALUES)
def test_a_setting_means_the_same_wherever_it_is_said(key, own, played, monkeypatch, tmp_path):
    monkeypatch.chdir(own.parent)  # where paths start from in the file, too
    bank = list(factory_bank())
    type(bank[0]).save_to_bank("one.syx", bank)
    type(bank[0]).save_to_bank("two.syx", bank[::-1])
    Path("third.scl").write_text("thirds\n 1\n 5/4\n")
    Path("low.kbm").write_text("0\n0\n127\n60\n69\n415\n0\n")
    board = ["--xfm2"] if key.startswith("xfm2.") and key != "xfm2.port" else []
    value = VALUES[key]

    usual, _ = played(*board)
    own.write_text(as_file(key, value))
    by_option, said = played(*board)
    assert said == ""
    assert by_option != usual
    own.unlink()
    if BY_KEY[key].option or key == "play.files":
        assert played(*board, *as_options(key, value)) == (by_option, "")
    own.write_text(as_file(key, value))
    own.rename(own.parent / "other.toml")
    assert played(*board, "--config", "other.toml") == (by_option, "")
    own.write_text(as_file(key, value, "gig"))
    assert played(*board) == (usual, "")
    assert played(*board, "--profile", "gig") == (by_option, "")


def test_later_files_win_over_earlier_ones_profiles_over_files_and_options_over_all(own, tmp_path, sixop, played):
    named = tmp_path / "named.toml"
    own.write_text("[engine]\nvoices = 1\n")

    def voices(*more):
        return played("--midi", "none", *more)[0]["polyphony"]

    assert voices() == 1
    named.write_text("[engine]\nvoices = 2\n")
    assert voices("--config", named) == 2
    assert voices("--config", named, "--profile", "stage") == 64
    own.write_text("[engine]\nvoices = 1\n[profile.stage.engine]\nvoices = 3\n")
    assert voices("--config", named, "--profile", "stage") == 3
    named.write_text("[engine]\nvoices = 2\n[profile.stage.engine]\nvoices = 4\n")
    assert voices("--config", named, "--profile", "stage") == 4
    assert voices("--config", named, "--profile", "stage", "--voices", "5") == 5


def test_an_option_brings_back_what_was_left_to_us(own, played):
    own.write_text("[audio]\nrate = 44100\ndevice = 'X'\n[play]\nrecord = 'a.wav'\n[xfm2]\nport = 'COM3'\n")
    started, _ = played("--rate", "auto", "--audio", "auto", "--record", "none", "--xfm2", "none")
    assert [started[name] for name in ("rate", "audio", "record", "targets")] == [None, None, None, []]


def test_a_port_brings_a_board_in_and_what_describes_a_board_does_not(own, played):
    own.write_text("[xfm2]\nmidi = 'USB MIDI'\nunit = 2\n")
    assert played()[0]["targets"] == []
    (board,) = played("--xfm2")[0]["targets"]
    assert board["options"] == {"port": None, "midi": "USB MIDI", "unit": 2, "profile": "default", "alg46": "self"}


def test_settings_that_say_what_to_do_leave_no_demo(own, played):
    assert played()[0]["demo"]
    assert played("--profile", "stage")[0]["demo"], "a buffer says nothing"
    assert not played("--profile", "pi")[0]["demo"]
    own.write_text("[midi]\ninputs = 'KeyLab'\n")
    started, _ = played()
    assert (started["demo"], started["midi"]) == (False, ["KeyLab"])


def test_a_face_for_terminals_is_left_out_without_one(own, played):
    own.write_text("[play]\nface = 'plain'\n")
    started, said = played()
    assert (started["keys"], said) == (False, "")
    assert played("--face", "plain")[0] == {"code": 2}


# ---- mistakes ---------------------------------------------------------------------


def test_mistakes_in_the_users_file_are_told_and_the_rest_counts(own, played):
    own.write_text("[audio]\nrate = 7\nframes = 64\n")
    started, said = played()
    assert (started["rate"], started["frames"]) == (None, 64)
    problem = f"sixop: {own}, line 2: audio.rate must be auto or a whole number of 8000 to 192000 Hz, not 7"
    assert said == f"{problem}; this is left out\n"
    assert played("--quiet")[1] == ""


def test_of_many_mistakes_a_few_are_told(own, played):
    own.write_text("".join(f"[s{number}]\n" for number in range(7)))
    lines = played()[1].splitlines()
    assert len(lines) == 4
    assert lines[-1] == f"sixop: {own}: 4 more problems; `sixop config check` tells them"


def test_a_file_that_is_not_toml_is_left_out_as_a_whole(own, played):
    own.write_text("[audio]\nframes = 64\nrate = fast\n")
    started, said = played()
    assert started["frames"] is None
    assert said.startswith(f"sixop: {own}, line 3: this is not TOML: ")


def test_mistakes_in_a_profile_matter_to_who_chooses_it(own, played):
    own.write_text("[profile.gig.audio]\nframes = 1\nrate = 44100\n")
    assert played()[1] == ""
    started, said = played("--profile", "gig")
    assert started["rate"] == 44100
    assert "line 2: profile.gig.audio.frames must be" in said


def test_mistakes_in_what_was_asked_for_are_refused(own, tmp_path, sixop):
    named = tmp_path / "named.toml"
    named.write_text("[audio]\nrate = 7\nfrms = 3\n")
    for command in ("play", "render"):
        code, out, said = sixop(command, "--config", named)
        assert (code, out) == (2, "")
        problem = f"{named}, line 2: audio.rate must be auto or a whole number of 8000 to 192000 Hz, not 7"
        assert said == f"sixop: {problem}; `sixop config check {named}` tells 1 more\n"
    assert sixop("play", "--config", tmp_path / "absent")[::2] == (
        2, f"sixop: --config {tmp_path / 'absent'}: there is no such file; check the path\n"
    )  # fmt: skip
    assert sixop("play", "--profile", "stag")[::2] == (2, "sixop: there is no profile 'stag'; did you mean 'stage'?\n")
    assert sixop("play", "--profile")[0] == 2
    assert sixop("play", "--config", "--json")[0] == 2
    assert sixop("play", "--frames", "7")[::2] == (
        2, "sixop: --frames must be auto or a whole number of 16 to 8192, not '7'\n"
    )  # fmt: skip


def test_voices_that_are_not_there_are_told_and_others_play(own, tmp_path, played):
    own.write_text("[play]\nfiles = 'absent.syx'\nvoice = 'NOBODY'\n")
    started, said = played()
    assert (started["bank_name"], started["number"]) == ("factory", 1)
    bank, voice = said.splitlines()
    assert bank.startswith(f"sixop: {own}, line 2: {own.parent / 'absent.syx'} cannot be read")
    assert bank.endswith("; the factory bank plays instead")
    assert voice == f"sixop: {own}, line 3: no voice is called 'NOBODY'; `sixop bank ls` lists them; voice 1 is first"
    named = tmp_path / "named.toml"
    named.write_text("[play]\nvoice = 99\n")
    started, said = played("--config", named)
    assert started == {"code": 2}
    assert f"{named}, line 2: there is no voice 99: the bank holds voices 1..32" in said


def test_a_wrong_scale_is_told_and_the_dx7s_tuning_plays(own, played):
    (own.parent / "wrong.scl").write_text("wrong\n1\ntwo\n")
    own.write_text("[tuning]\nscale = 'wrong.scl'\n")
    started, said = played()
    assert started["tuning"] is None
    assert said.startswith(f"sixop: {own}, line 2: {own.parent / 'wrong.scl'}, line 3: note 1 of 1 must be cents")
    assert said.endswith("; the keys sound as on a DX7\n")
    assert "line 3" in played("--tuning", own.parent / "wrong.scl")[1]


# ---- sixop config -------------------------------------------------------------------


def test_show_is_toml_and_tells_who_set_what(own, sixop):
    own.write_text("# mine\n[audio]\nframes = 64\n")
    code, out, said = sixop("config", "show", "--profile", "pi")
    assert (code, said) == (0, "")
    document = tomllib.loads(out)
    assert {f"{section}.{name}" for section in document for name in document[section]} == BY_KEY.keys() - {"parts"}
    assert document["engine"]["voices"] == 16
    lines = {line.partition(" = ")[0]: line.partition("# ")[2] for line in out.splitlines()}
    line = SHIPPED.read_text(encoding="utf-8").splitlines().index('rate = "auto"') + 1
    assert lines["rate"] == f"{SHIPPED}:{line}"
    assert lines["voices"].endswith(", profile pi")
    assert out.endswith("# profiles: pi, stage, studio\n")
    own.write_text("[audio]\nvolume_db = -3\n")
    rows = json.loads(sixop("config", "show", "--json")[1])
    (volume,) = (row for row in rows["settings"] if row["key"] == "audio.volume_db")
    assert (volume["value"], volume["file"], volume["line"], volume["option"]) == (-3, str(own), 2, "--volume")
    assert volume["allowed"] == "-96 to 24 dB"


def test_zones_are_shown_as_toml_and_beside_wrong_ones_played(own, sixop, played):
    zones = [{"port": "KeyLab", "low": "C3", "controllers": {"4": {"to": 11, "values": [127, 0]}}}, {"part": 2}]
    own.write_text(f"[midi]\nzones = {toml_text([*zones, {'part': 17}])}\n")
    _, out, said = sixop("config", "show")
    assert tomllib.loads(out)["midi"]["zones"] == zones
    assert "zone 3: part must be a whole number of 1 to 16, or same, not 17" in said
    assert played()[0]["zones"] == zones


def test_path_tells_where_the_files_are(own, sixop):
    rows = json.loads(sixop("config", "path", "--json")[1])
    assert rows == [
        {"whose": "shipped", "file": str(SHIPPED), "exists": True},
        {"whose": "yours", "file": str(own), "exists": False},
    ]
    out = sixop("--config", "x.toml", "config", "path")[1]
    assert f"{own}  (not there; `sixop config init` writes one)" in out
    assert "--config  x.toml  (not there)" in out


def test_check_lists_everything_and_fails(own, tmp_path, sixop):
    assert sixop("config", "check")[:2] == (0, f"{own} is not there: nothing to check\n")
    own.write_text("[audio]\nframes = 64\n")
    assert sixop("config", "check")[:2] == (0, f"{own}: all is well\n")
    own.write_text("[audio]\nframes = 1\n[profile.gig.audio]\nframes = 2\nrat = 1\n[x]\n")
    code, out, _ = sixop("config", "check")
    assert code == 1
    assert [line.partition(":")[0] for line in out.splitlines()] == [f"{own}, line {line}" for line in (2, 4, 5, 6)]
    assert [row["line"] for row in json.loads(sixop("config", "check", "--json")[1])] == [2, 4, 5, 6]
    other = tmp_path / "other.toml"
    other.write_text("[y]\n")
    assert sixop("config", "check", other)[1].startswith(f"{other}, line 1: ")
    assert len(sixop("config", "check", "--config", other)[1].splitlines()) == 5
    assert sixop("config", "check", SHIPPED)[0] == 0
    assert sixop("config", "check", tmp_path / "absent")[0] == 1


def test_init_writes_a_file_once(sixop_home, sixop):
    file = sixop_home / "config" / "config.toml"
    assert sixop("config", "init")[:2] == (0, f"{file}\n")
    assert sixop("config", "check")[:2] == (0, f"{file}: all is well\n")
    file.write_text("# mine\n")
    code, out, said = sixop("config", "init")
    assert (code, out) == (1, "")
    assert "is there already" in said
    assert file.read_text() == "# mine\n"


def test_init_says_why_it_cannot(sixop_home, sixop):
    (sixop_home / "config").write_text("a file where a folder should be")
    code, _, said = sixop("config", "init")
    assert code == 1
    assert len(said.splitlines()) == 1
    assert "cannot write" in said
    assert "its folder cannot be made" in said


def test_init_writes_behind_a_link_and_leaves_nothing_half_written(own, sixop, monkeypatch, tmp_path):
    own.symlink_to(tmp_path / "dotfiles.toml")

    def full(*_args, **_named):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert "the disk is full" in sixop("config", "init")[2]
    assert not (tmp_path / "dotfiles.toml").exists()
    assert sixop("config", "init")[0] == 0
    assert (tmp_path / "dotfiles.toml").read_text().startswith("# Your settings for sixop")


def test_letters_that_a_terminal_has_not_are_question_marks(own):
    own.write_text('[profile."naïve".audio]\nrate = 8000\n')
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "sixop", "config", "show"]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    assert "na?ve" in said


def test_a_home_of_nobody_is_a_sentence(sixop, monkeypatch):
    monkeypatch.setenv("SIXOP_HOME", "~nosuchuser/x")
    assert sixop("config", "path") == (
        1,
        "",
        "sixop: SIXOP_HOME is '~nosuchuser/x', and there is no such user; name a folder\n",
    )


def test_a_number_of_thousands_of_digits_is_a_sentence(own, sixop):
    own.write_text(f"[audio]\nrate = 0x{'F' * 5000}\n[[midi.zones]]\npart = 0x{'F' * 5000}\n")
    code, out, _ = sixop("config", "check")
    assert code == 1
    assert out.count(", not a number beyond all bounds") == 2


def test_of_two_files_of_a_tuning_the_right_one_counts(own, sixop, tmp_path):
    own.write_text('[tuning]\nscale = "no.scl"\n')
    (tmp_path / "low.kbm").write_text("0\n0\n127\n60\n69\n220\n0\n")
    sounds = []
    for keyboard in ([], ["--keyboard", tmp_path / "low.kbm"]):
        wav = tmp_path / f"{len(keyboard)}.wav"
        code, _, said = sixop("render", "--hold", "0.1", *keyboard, "-o", wav)
        assert code == 0
        assert f"sixop: {own}, line 2: {own.parent / 'no.scl'} cannot be read" in said
        sounds.append(wav.read_bytes())
    assert sounds[0] != sounds[1]
    assert sixop("render", "--keyboard", "no.kbm", "-o", tmp_path / "no.wav")[0] == 1


# ---- the program --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ([], ["play"]),
        (["play", "--profile", "pi"], ["--profile=pi", "play"]),
        (["--profile", "pi"], ["--profile=pi", "play"]),
        (["--profile=pi", "--config=a.toml", "render", "-o", "x.wav"],
         ["--profile=pi", "--config=a.toml", "render", "-o", "x.wav"]),
        (["config", "show", "--config", "a.toml", "--quiet"], ["--config=a.toml", "--quiet", "config", "show"]),
        (["convert", "a.syx", "--profile", "mine.toml"], ["convert", "a.syx", "--profile", "mine.toml"]),
        (["a.syx", "--profile", "pi"], ["--profile=pi", "play", "a.syx"]),
        (["play", "--", "--profile"], ["play", "--", "--profile"]),
    ],
)  # fmt: skip
def test_files_and_profiles_may_be_named_anywhere(typed, meant):
    from bridge.cli import join
    from synth.cli.main import app

    if "convert" not in {command.name for command in app.registered_commands}:
        join(app)
    assert _complete(typed) == meant


def live(*arguments):
    command = [sys.executable, "-m", "sixop", *map(str, arguments)]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)


def test_play_and_render_follow_the_same_file(own, tmp_path):
    song = tmp_path / "song.mid"
    notes = [mido.Message("note_on", note=60 + i, time=0) for i in range(4)] + [
        mido.Message("note_off", note=60, time=960)
    ]
    mido.MidiFile(tracks=[mido.MidiTrack(notes)]).save(song)
    own.write_text(
        "[audio]\ndevice = 'none'\nrate = 44100\nvolume_db = -20\noutput = 'dx7'\n"
        "[engine]\nkernel = 'clean'\nvoices = 2\n"
        f"[play]\nface = 'none'\nmidi_file = {json.dumps(str(song))}\nseconds = 0.5\nrecord = 'take.wav'\n"
    )
    playing = live("play")
    assert (playing.returncode, playing.stderr) == (0, "")
    assert "44100" in playing.stdout
    assert live("render", "--midi-file", song, "-o", tmp_path / "song.wav").returncode == 0
    take, rate = soundfile.read(own.parent / "take.wav", dtype="float32")
    rendering, rendered_rate = soundfile.read(tmp_path / "song.wav", dtype="float32")
    assert (rate, rendered_rate) == (44100, 44100)
    assert take.any()
    np.testing.assert_array_equal(take, rendering[: len(take)])


def test_a_wrong_file_does_not_keep_it_from_playing(own):
    own.write_text("[audio]\ndevice = 'none'\nrate = 1\n")
    playing = live("play", "--face", "none", "--midi", "none", "--seconds", "0.1", "--json")
    assert playing.returncode == 0
    assert playing.stderr.startswith(f"sixop: {Path(own)}, line 3: audio.rate must be")
    assert json.loads(playing.stdout.splitlines()[0])["event"] == "audio"
