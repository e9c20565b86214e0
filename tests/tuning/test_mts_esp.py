# SPDX-License-Identifier: Apache-2.0
"""MTS-ESP: a player that follows a master, which is a shared object built here, and its own tuning before and after."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from waiting import wait_until

from synth import Engine, Patch
from synth.cli.main import run
from synth.errors import TuningError
from synth.player.instrument import Instrument
from synth.player.mts_esp import Master
from synth.player.tunings import Tunings
from synth.session import Session
from synth.tuning import TuningChange, equal_hertz

SAYS = np.dtype(
    [
        ("hertz", "f8", 128),
        ("channel_hertz", "f8", (16, 128)),
        ("filtered", "u1", 128),
        ("channel_filtered", "u1", (16, 128)),
        ("tunes_channel", "u1", 16),
        ("has_master", "u1"),
        ("scale", "S31"),
    ]
)
EQUAL = np.array([equal_hertz(key) for key in range(128)])
RATE = 48000


def sine() -> Patch:
    patch = Patch.init_voice()
    patch.algorithm = 15
    return patch


def hertz_of(samples: np.ndarray) -> float:
    """Of a sine, by where it crosses zero upwards."""
    before = np.flatnonzero((samples[:-1] < 0) & (samples[1:] >= 0))
    at = before - samples[before] / (samples[before + 1] - samples[before])
    return float((len(at) - 1) / (at[-1] - at[0]) * RATE)


# ---- who says what the keys sound ---------------------------------------------------


def test_the_own_tuning_waits_while_there_is_a_master():
    tunings = Tunings()
    master = tuple(float(2 * hertz) for hertz in EQUAL)
    assert tunings.retune(TuningChange({60: 300.0}, (0, 1), sounding=True))
    (change,) = tunings.follow([master] * 16)
    assert (change.parts, change.keys[60], change.sounding) == (tuple(range(16)), pytest.approx(523.25, abs=0.01), True)
    assert not tunings.retune(TuningChange({61: 310.0}, (0,), sounding=True))
    assert tunings.follow([master] * 16) == []
    back = {change.parts: (change.keys[60], change.keys[61]) for change in tunings.follow(None)}
    assert back == {(0,): (300.0, 310.0), (1,): (300.0, None), tuple(range(2, 16)): (None, None)}


def test_a_sounding_note_follows_the_master_and_goes_back():
    engine = Engine(RATE, 4)
    instrument = Instrument(engine.producer(), [sine()], "", lambda event: None)
    instrument.select(0)
    instrument.play_key(b"\x90\x45\x64")

    def hertz():
        return hertz_of(engine.render(30_000)[4000:, 0])

    own = hertz()
    instrument.follow_master([tuple(float(hertz) * 1.01 for hertz in EQUAL)] * 16)
    assert hertz() == pytest.approx(444.4, abs=0.01)
    instrument.retune(TuningChange({69: 450.0}, (0,), sounding=True))
    assert hertz() == pytest.approx(444.4, abs=0.01)
    instrument.follow_master(None)
    assert hertz() == pytest.approx(450.0, abs=0.01)
    instrument.retune(TuningChange({69: None}, (0,), sounding=True))
    assert hertz() == pytest.approx(own, abs=0.001)


# ---- a master -----------------------------------------------------------------------


@pytest.fixture
def master(tmp_path, monkeypatch):
    """What the master says, to be written; players that start now hear it."""
    pytest.importorskip("mtsespy")
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("a pretended libMTS needs a C compiler and Linux")
    library, file = tmp_path / "pretended_mts.so", tmp_path / "says"
    source = Path(__file__).with_name("pretended_mts.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    file.write_bytes(bytes(SAYS.itemsize))
    monkeypatch.setenv("LD_PRELOAD", str(library))
    monkeypatch.setenv("SIXOP_PRETENDED_MTS", str(file))
    says = np.memmap(file, SAYS, "r+", shape=1).view(np.recarray)
    says.hertz[0][:] = EQUAL
    says.channel_hertz[0][:] = EQUAL
    return says


class Player:
    """A session without a device that records what it plays."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.session = Session([sine()], audio="none", midi=["none"], mts_esp=True, record=str(file), rate=RATE)
        self.session.wait_ready()

    def frames(self) -> int:
        return self.session.meters.get("frames", 0)

    def hears(self, has_master: bool) -> dict:
        """The next event of the master, which must tell this."""
        while (event := self.session.next_event(20))["event"] != "mts_esp":
            pass
        assert event["master"] == has_master
        return event

    def stretch(self) -> slice:
        """Of the recording: a third of a second from soon after now on."""
        now = self.frames()
        wait_until(lambda: self.frames() > now + 40_000)
        return slice(now + 16_000, now + 32_000)


def test_a_player_follows_a_master_that_comes_changes_and_goes(master, tmp_path):
    player = Player(tmp_path / "take.wav")
    heard = {}
    with player.session as session:
        session.note_on(69)
        heard["before"] = 440.0, player.stretch()
        master.scale[0], master.hertz[0][69], master.has_master[0] = b"just", 450.0, 1
        assert player.hears(True)["scale"] == "just"
        heard["follows"] = 450.0, player.stretch()
        master.hertz[0][69] = 460.0
        player.hears(True)
        heard["changes"] = 460.0, player.stretch()
        master.filtered[0][71] = 1
        player.hears(True)
        count = session.meters["notes_on"]
        session.note_on(71)  # filtered
        session.note_on(72)
        wait_until(lambda: session.meters["notes_on"] > count)
        assert session.meters["notes_on"] == count + 1
        session.note_off(72)
        master.has_master[0] = 0
        player.hears(False)
        heard["goes"] = 440.0, player.stretch()
    samples = soundfile.read(player.file)[0]
    samples = samples[:, 0] if samples.ndim == 2 else samples
    for name, (expected, where) in heard.items():
        assert hertz_of(samples[where]) == pytest.approx(expected, abs=0.4), name


def test_channels_of_a_master_tune_their_parts(master, tmp_path):
    master.tunes_channel[0][1] = 1
    master.channel_hertz[0][1][69] = 470.0
    master.has_master[0] = 1
    player = Player(tmp_path / "take.wav")
    with player.session as session:
        player.hears(True)
        session.note_on(69, channel=2)
        where = player.stretch()
    samples = soundfile.read(player.file)[0]
    samples = samples[:, 0] if samples.ndim == 2 else samples
    assert hertz_of(samples[where]) == pytest.approx(470.0, abs=0.1)


# ---- without ------------------------------------------------------------------------


def test_without_its_package_there_is_one_sentence(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "mtsespy", None)
    with pytest.raises(TuningError, match="pip install 'sixop\\[mts-esp\\]'"):
        Master()
    assert run(["play", "--mts-esp", "--audio", "none", "--midi", "none", "--seconds", "0"]) == 1
    assert capsys.readouterr().err == "sixop: MTS-ESP needs the package mtsespy: pip install 'sixop[mts-esp]'\n"


def test_without_libmts_a_player_says_so_and_plays(tmp_path):
    pytest.importorskip("mtsespy")
    if Path("/usr/local/lib/libMTS.so").exists() or sys.platform != "linux":
        pytest.skip("libMTS is there")
    with Session([sine()], audio="none", midi=["none"], mts_esp=True) as session:
        said = [event["text"] for event in session.wait_ready() if event["event"] == "warning"]
        assert any("there is no /usr/local/lib/libMTS.so" in text for text in said)
