# SPDX-License-Identifier: Apache-2.0
"""The factory bank keeps its promises: own voices, playable, alive under the fingers, equally loud, all different."""

from __future__ import annotations

import subprocess
import sys
import warnings
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from synth._engine import lib

from synth.bank import Bank
from synth.errors import VoiceError, VoiceWarning
from synth.factory import factory_bank, read_factory
from synth.factory.__main__ import main
from synth.loudness import SAMPLE_RATE, voice_loudness_db
from synth.parameters import NAME, PARAMETERS
from synth.patch import Patch
from synth.rendering import render
from synth.resources import config_path
from synth.voices import load_voices

VOICES = read_factory()
NAMES = [voice.patch.name.strip() for voice in VOICES]
EFFECTS = {"ICE RAIN", "NIGHT SURF"}  # their pitch or spectrum is meant to wander

every_voice = pytest.mark.parametrize("voice", VOICES, ids=NAMES)


@cache
def played(name: str, velocity: int) -> np.ndarray:
    """The voice in its register, a second held and three released."""
    voice = VOICES[NAMES.index(name)]
    return render(voice.patch, voice.play, velocity, hold=1.0, tail=3.0, sample_rate=SAMPLE_RATE)


# -- the bank ----------------------------------------------------------------------


def test_thirty_two_names_that_fit_the_display_and_differ():
    assert len(set(NAMES)) == 32
    assert all(1 <= len(name) <= 10 for name in NAMES)


def test_the_bank_opens_with_the_electric_piano():
    assert factory_bank().names[0] == "SILVERTINE"


def test_each_of_the_32_algorithms_is_used_once():
    assert sorted(voice.patch.algorithm for voice in VOICES) == list(range(32))


def test_the_dump_in_configs_is_built_from_the_texts():
    built = factory_bank().to_sysex()
    assert config_path("factory.syx").read_bytes() == built, "run: python -m synth.factory configs/factory.syx"


def test_the_command_writes_a_bank_that_loads_again(tmp_path: Path):
    target = tmp_path / "own.syx"
    run = subprocess.run([sys.executable, "-m", "synth.factory", target], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
    assert Bank.load(target) == factory_bank()


def test_the_command_names_a_folder_it_cannot_write_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main([str(tmp_path / "nowhere" / "own.syx")]) == 1
    assert "nowhere" in capsys.readouterr().err


def test_the_command_says_how_it_is_used(capsys: pytest.CaptureFixture[str]):
    assert main([]) == 2
    assert "OUT.syx" in capsys.readouterr().err


def test_each_caller_may_change_its_own_bank():
    factory_bank()[0].name = "CHANGED"
    assert factory_bank().names[0] == "SILVERTINE"


def test_a_folder_with_too_few_voices_is_refused(tmp_path: Path):
    (tmp_path / "one.toml").write_text('[[voice]]\nname = "LONELY"\nplay = "C3"\nalgorithm = 1\n')
    with pytest.raises(VoiceError, match="hold 1 voices; the factory bank has 32"):
        read_factory(tmp_path)


def test_two_voices_of_one_name_are_refused(tmp_path: Path):
    (tmp_path / "twins.toml").write_text('[[voice]]\nname = "TWIN"\nplay = "C3"\nalgorithm = 1\n' * 32)
    with pytest.raises(VoiceError, match="two factory voices are called 'TWIN'"):
        read_factory(tmp_path)


# -- loudness ----------------------------------------------------------------------


def test_all_voices_are_equally_loud_within_3_db():
    levels = {name: voice_loudness_db(voice.patch, voice.play) for name, voice in zip(NAMES, VOICES, strict=True)}
    softest, loudest = min(levels, key=levels.__getitem__), max(levels, key=levels.__getitem__)
    assert levels[loudest] - levels[softest] <= 3.0, f"{softest} {levels[softest]:.1f}, {loudest} {levels[loudest]:.1f}"


@every_voice
def test_a_single_note_never_exceeds_full_scale(voice):
    for octaves in (-2, -1, 0, 1, 2):
        note = voice.play + 12 * octaves
        assert np.abs(render(voice.patch, note, 127, hold=0.5, tail=0.0)).max() <= 1.0, note


# -- touch -------------------------------------------------------------------------


def log_centroid(signal: np.ndarray) -> float:
    """Centre of gravity of the spectrum's magnitudes in octaves: where the ear hears its brightness."""
    spectrum = np.abs(np.fft.rfft(signal * np.hanning(signal.size)))
    hertz = np.fft.rfftfreq(signal.size, 1 / SAMPLE_RATE)
    heard = (hertz > 40) & (hertz < 12000)
    return float(np.average(np.log2(hertz[heard]), weights=spectrum[heard]))


@every_voice
def test_velocity_reaches_a_modulator(voice):
    patch = voice.patch
    modulators = [op for number, op in enumerate(patch.op, 1) if not lib.sx_is_carrier(patch.algorithm, number)]
    if not modulators:  # algorithm 32: touch opens the upper drawbars instead
        modulators = [op for op in patch.op if op.frequency_ratio >= 2]
    assert any(op.velocity_sensitivity >= 3 and op.output_level > 0 for op in modulators)


@every_voice
def test_a_harder_touch_is_brighter(voice):
    name = voice.patch.name.strip()
    soft, hard = (log_centroid(played(name, velocity)[:SAMPLE_RATE]) for velocity in (40, 120))
    assert hard > soft + (0.0 if name in EFFECTS else 0.04)


def test_most_voices_change_clearly_with_touch():
    gains = [log_centroid(played(n, 120)[:SAMPLE_RATE]) - log_centroid(played(n, 40)[:SAMPLE_RATE]) for n in NAMES]
    assert np.median(gains) > 0.25


# -- endings and hands -------------------------------------------------------------


@every_voice
def test_every_operator_is_silent_at_the_end(voice):
    assert all(op.envelope.levels[3] == 0 for op in voice.patch.op)
    assert list(voice.patch.pitch_envelope.levels)[3] == 50


@every_voice
def test_a_released_note_dies_away_within_three_seconds(voice):
    signal = played(voice.patch.name.strip(), 100)
    assert np.abs(signal[-SAMPLE_RATE // 10 :]).max() < 1e-3 * np.abs(signal).max()


@every_voice
def test_the_release_does_not_click(voice):
    name = voice.patch.name.strip()
    if name in EFFECTS:
        pytest.skip("full of steps by design")
    signal = played(name, 100)
    steps = np.abs(np.diff(signal, 2))  # a click is a kink: curvature beyond that of the note itself
    release = SAMPLE_RATE
    assert steps[release : release + 960].max() <= 1.5 * steps[release - 9600 : release].max()


@every_voice
def test_the_mod_wheel_gives_sustained_voices_vibrato(voice):
    signal = played(voice.patch.name.strip(), 100)
    start, held = (np.sqrt(np.mean(signal[at : at + 4800] ** 2)) for at in (4800, SAMPLE_RATE - 4800))
    if held > 0.1 * start:
        assert voice.patch.pitch_mod_sensitivity > 0


# -- no two alike ------------------------------------------------------------------

MAXIMA = np.array([parameter.maximum for parameter in PARAMETERS[:NAME]], float)
DISCRETE = np.array([parameter.discrete for parameter in PARAMETERS[:NAME]])


def parameter_distance(voice: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Mean difference of the 145 parameters, each as a share of its range; (155,) against (n, 155) gives (n,)."""
    difference = np.abs(voice[:NAME] - others[:, :NAME].astype(float)) / MAXIMA
    difference[:, DISCRETE] = difference[:, DISCRETE] > 0
    return difference.mean(axis=1)


def fingerprint(patch: Patch) -> np.ndarray:
    """What a voice sounds like on middle C, whatever its loudness: dB in 24 bands over a second and a half."""
    rate, size = 24000, 1024
    signal = render(patch, 60, 100, hold=1.0, tail=0.5, sample_rate=rate).astype(float)
    signal /= np.sqrt(np.mean(signal**2))
    windows = np.lib.stride_tricks.sliding_window_view(signal, size)[:: size // 2] * np.hanning(size)
    power = np.abs(np.fft.rfft(windows)) ** 2 / size**2
    edges = np.searchsorted(np.fft.rfftfreq(size, 1 / rate), np.geomspace(60, 11000, 25))
    bands = [power[:, low : max(high, low + 1)].sum(axis=1) for low, high in pairwise(edges)]
    return 10 * np.log10(np.maximum(np.array(bands), 1e-7))


def test_no_two_voices_sound_alike():
    prints = np.array([fingerprint(voice.patch) for voice in VOICES])
    distance = np.abs(prints[:, None] - prints[None]).mean(axis=(2, 3)) + 99 * np.eye(len(VOICES))
    nearest = np.unravel_index(distance.argmin(), distance.shape)
    assert distance[nearest] > 1.5, [NAMES[index] for index in nearest]


def test_no_two_voices_are_variations_of_each_other():
    raw = np.array([voice.patch.to_raw() for voice in VOICES])
    for index, voice in enumerate(raw):
        assert np.sort(parameter_distance(voice, raw))[1] > 0.03, NAMES[index]


def test_no_voice_is_near_one_that_came_with_a_synthesizer(shared_dir: Path):
    banks = sorted((shared_dir / "banks").glob("*.syx")) + sorted((shared_dir / "banks").glob("*.bin"))
    if not banks:
        pytest.skip(f"no banks in {shared_dir}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", VoiceWarning)
        known = np.array([patch.to_raw() for bank in banks for patch in load_voices(bank)])
    assert len(known) >= 32
    for name, voice in zip(NAMES, VOICES, strict=True):
        distance = parameter_distance(voice.patch.to_raw(), known)
        nearest = Patch.from_raw(known[distance.argmin()])
        assert distance.min() > 0.05, f"{name} is {distance.min():.3f} from {nearest}"
