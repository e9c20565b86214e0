# SPDX-License-Identifier: Apache-2.0
"""What a tuned engine plays, measured: both kernels, sounding notes, transposition, glides, mute keys, songs."""

import json

import numpy as np
import pytest
from measures import nearest_tone
from measuring import fixed, plain

from synth import Engine, Patch, Score, render
from synth.cli.main import run
from synth.tuning import Tuning, equal_hertz

RATE = 48000
KERNELS = ("chip", "clean")


def cents_off(samples: np.ndarray, hertz: float) -> float:
    """Cents by which a sine is above what it should be."""
    return float(1200 * np.log2(nearest_tone(samples, RATE, hertz).cycles * RATE / hertz))


def one_key(key: int, hertz: float | None) -> Tuning:
    return Tuning(tuple(hertz if each == key else None for each in range(128)))


def steady(engine: Engine, frames: int = 20_000) -> np.ndarray:
    return engine.render(frames + 2000)[2000:, 0]


@pytest.mark.parametrize("kernel", KERNELS)
def test_keys_sound_what_the_table_says(kernel):
    scale = b"19 equal steps\n19\n" + b"".join(b"%.6f\n" % (1200 * step / 19) for step in range(1, 20))
    tuning = Tuning.from_scl(scale)
    for key in (10, 37, 60, 61, 75, 101, 115):
        samples = render(plain(), key, hold=1.0, tail=0.0, kernel=kernel, tuning=tuning)
        assert cents_off(samples[4000:], tuning.frequencies[key]) == pytest.approx(0, abs=0.01), key


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("hertz", [13.0, 27.5, 261.6, 4321.0, 12_500.0, 20_000.0])
def test_any_frequency_within_hearing(kernel, hertz):
    engine = Engine(RATE, 1, 1, kernel)
    engine.set_tuning(one_key(60, hertz))
    engine.load(plain())
    engine.note_on(60, 100)
    assert cents_off(steady(engine, 60_000), hertz) == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("kernel", KERNELS)
def test_the_dx7s_own_tuning_is_the_same_to_the_last_bit(kernel):
    tuning = one_key(30, 100.0)
    for patch in (Patch.init_voice(), plain()):
        usual = render(patch, 61, kernel=kernel)
        assert np.array_equal(render(patch, 61, kernel=kernel, tuning=Tuning.equal()), usual)
        assert np.array_equal(render(patch, 61, kernel=kernel, tuning=tuning), usual)


def test_the_dx7s_own_tuning_is_within_1_4_cents_of_equal_temperament():
    off = [cents_off(render(plain(), key, tail=0.0)[4000:], equal_hertz(key)) for key in (27, 34, 58, 69, 82)]
    assert max(off) == pytest.approx(1.37, abs=0.02)
    assert min(off) > -0.1


@pytest.mark.parametrize("kernel", KERNELS)
def test_sounding_notes_follow_or_keep_their_pitch(kernel):
    for sounding, hertz in ((True, 500.0), (False, 450.0)):
        engine = Engine(RATE, 2, 1, kernel)
        engine.load(plain())
        engine.set_tuning(one_key(60, 450.0))
        engine.note_on(60, 100)
        assert cents_off(steady(engine), 450.0) == pytest.approx(0, abs=0.02)
        engine.set_tuning(one_key(60, 500.0), sounding=sounding)
        assert cents_off(steady(engine), hertz) == pytest.approx(0, abs=0.02)
        engine.note_off(60)
        engine.render(RATE)
        engine.note_on(60, 100)
        assert cents_off(steady(engine), 500.0) == pytest.approx(0, abs=0.02)


def test_sounding_notes_follow_by_a_fraction_of_the_chips_grid():
    engine = Engine(RATE, 1, 1)
    engine.load(plain())
    for hertz in (450.0, 450.05, 450.1):
        engine.set_tuning(one_key(60, hertz))
        if hertz == 450.0:
            engine.note_on(60, 100)
        assert cents_off(steady(engine), hertz) == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("transpose", [0, 12, 19, 25, 36])
def test_transpose_moves_by_semitones(transpose):
    patch = plain()
    patch.transpose = transpose
    samples = render(patch, 60, tail=0.0, tuning=one_key(60, 311.0))
    assert cents_off(samples[4000:], 311.0 * 2 ** ((transpose - 24) / 12)) == pytest.approx(0, abs=0.01)


def test_fixed_frequencies_know_no_tuning():
    assert np.array_equal(render(fixed(), tuning=one_key(60, 700.0)), render(fixed()))


def test_parts_have_their_own_tunings():
    engine = Engine(RATE, 4, 2)
    engine.set_tuning(one_key(60, 300.0), part=0)
    engine.set_tuning(one_key(60, 500.0), part=1)
    for part, hertz in ((0, 300.0), (1, 500.0)):
        engine.load(plain(), part)
        engine.note_on(60, 100, part)
        assert cents_off(steady(engine), hertz) == pytest.approx(0, abs=0.02)
        engine.panic()
        engine.render(2000)


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_key_that_becomes_mute_sounds_on_as_it_did(kernel):
    engine = Engine(RATE, 1, 1, kernel)
    engine.set_tuning(one_key(60, 440.0))
    engine.load(plain())
    engine.note_on(60, 100)
    engine.render(1000)
    engine.set_tuning(one_key(60, 0.0))
    assert cents_off(steady(engine), 440.0) == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("mono", [0, 1])
def test_mute_keys_start_nothing_and_take_no_voice(mono):
    engine = Engine(RATE, 1, 1)
    engine.set_tuning(one_key(60, 0.0))
    engine.set_function("mono", mono)
    engine.load(plain())
    engine.note_on(64, 100)
    engine.note_on(60, 100)
    assert cents_off(steady(engine), equal_hertz(64)) == pytest.approx(0, abs=2)
    engine.note_off(60)
    engine.note_off(64)
    engine.render(RATE)
    assert engine.stats().keys_held == 0
    assert engine.stats().notes_on == 1


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_glide_ends_on_the_tuned_pitch_without_passing_it(kernel):
    engine = Engine(RATE, 1, 1, kernel)
    engine.load(plain())
    engine.set_tuning(Tuning(tuple(200.0 + key for key in range(128))))
    engine.midi(bytes((0xB0, 65, 127)))
    engine.set_function("portamento_time", 40)
    engine.note_on(40, 100)
    assert cents_off(steady(engine), 240.0) == pytest.approx(0, abs=0.02)
    engine.note_off(40)
    engine.note_on(100, 100)
    on_its_way = engine.render(4000)[:, 0]
    crossings = np.flatnonzero((on_its_way[:-1] < 0) & (on_its_way[1:] >= 0))
    assert np.diff(crossings).min() >= RATE / 300 * 0.98
    engine.render(3 * RATE)
    assert cents_off(steady(engine), 300.0) == pytest.approx(0, abs=0.02)


def test_bend_and_master_tune_move_tuned_keys():
    engine = Engine(RATE, 1, 1)
    engine.load(plain())
    engine.set_tuning(one_key(60, 300.0))
    engine.set_function("master_tune", 256 + 128)
    engine.note_on(60, 100)
    assert cents_off(steady(engine), 300.0) == pytest.approx(37.5, abs=1.5)
    engine.set_function("master_tune", 256)
    engine.midi(bytes((0xE0, 127, 127)))
    assert cents_off(steady(engine), 300.0 * 2 ** (2 / 12)) == pytest.approx(0, abs=10)


def test_a_score_tunes_on_its_frame():
    score = Score()
    score.set_tuning(0, one_key(60, 300.0))
    score.load(0, 0, plain())
    score.midi(0, bytes((0x90, 60, 100)))
    score.set_tuning(30_000, one_key(60, 310.0))
    engine = Engine(RATE, 1, 1)
    engine.play(score)
    samples = engine.render(60_000)[:, 0]
    assert cents_off(samples[2000:29_000], 300.0) == pytest.approx(0, abs=0.02)
    assert cents_off(samples[31_000:], 310.0) == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("wrong", [None, (440.0,) * 128, "equal.scl"])
def test_only_a_tuning_tunes(wrong):
    with pytest.raises(TypeError, match="tuning must be a Tuning"):
        Engine(voices=1).set_tuning(wrong)


# ---- the command line ---------------------------------------------------------------


def test_show_lists_every_key(tmp_path, capsys):
    scale = tmp_path / "quarter.scl"
    scale.write_text("quarter tones\n1\n50.0\n")
    keyboard = tmp_path / "part.kbm"
    keyboard.write_text("2\n50\n127\n60\n60\n300\n2\n0\nx\n")
    assert run(["tune", "show", str(scale), "--keyboard", str(keyboard), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["name"] == "quarter tones"
    assert told["keys"][60] == {
        "key": 60, "name": "C3", "hertz": 300.0, "cents": pytest.approx(236.95, abs=0.01), "tuned": True,
    }  # fmt: skip
    assert told["keys"][61]["cents"] is None
    assert told["keys"][49]["tuned"] is False
    assert run(["tune", "show", str(scale)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "quarter tones"
    assert lines[61 + 2].split() == ["62", "D3", "277.1826", "Hz", "-100.000", "cents"]


def test_render_takes_a_scale_and_refuses_a_wrong_one(tmp_path, capsys):
    soundfile = pytest.importorskip("soundfile")
    scale = tmp_path / "wide.scl"
    scale.write_text("wide\n1\n5/4\n")
    out = tmp_path / "out.wav"
    assert run(["render", "-o", str(out), "--note", "61", "--tuning", str(scale)]) == 0
    tuned, _ = soundfile.read(out, dtype="float32")
    assert run(["render", "-o", str(out), "--note", "61"]) == 0
    usual, _ = soundfile.read(out, dtype="float32")
    assert tuned.shape == usual.shape
    assert not np.array_equal(tuned, usual)
    scale.write_text("wrong\n1\nhalf\n")
    capsys.readouterr()
    assert run(["render", "-o", str(out), "--tuning", str(scale)]) == 1
    assert "wide.scl, line 3: note 1 of 1 must be cents with a point" in capsys.readouterr().err
