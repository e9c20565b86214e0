# SPDX-License-Identifier: Apache-2.0
"""DexedSynth: one voice, one note at a time."""

import copy
import pickle
import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from strategies import random_voices
from test_preset import random_vectors

from synth import DexedSynth, EngineError, OperatorGraph, Patch, Preset, algorithms, factory_bank, render, render_batch

RATE = 22050
KERNELS = ("chip", "clean")


def loaded(patch, kernel="chip", rate=RATE):
    synth = DexedSynth(rate, kernel)
    synth.load_patch(patch)
    return synth


def some_voice(seed, algorithm):
    patch = Patch.from_raw(random_voices(seed, 1)[0])
    patch.algorithm = algorithm
    return patch


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("algorithm", range(32))
def test_stems_mix_graph_and_batch_are_one(kernel, algorithm):
    patch = some_voice(algorithm, algorithm)
    synth = loaded(patch, kernel)
    mix = synth.render(50, 90, 0.06, 0.1)
    rows = synth.render_all_ops(50, 90, 0.06, 0.1)
    assert rows.shape == (7, 2205)
    assert np.array_equal(rows[-1], mix)
    carriers = list(algorithms[algorithm].carriers)
    assert np.array_equal(rows[carriers].sum(axis=0), mix)
    assert np.array_equal(rows[carriers[::-1]].sum(axis=0), mix)
    assert np.array_equal(OperatorGraph.from_patch(patch).render(RATE, 50, 90, 0.06, 0.1, kernel), mix)
    (row,) = render_batch(patch, 50, 90, 0.06, 0.04, RATE, kernel)
    assert np.array_equal(np.rint(row * 2.0**21) / 2.0**21, mix)


def test_what_render_gives():
    audio = loaded(Patch()).render()
    assert audio.shape == (4 * RATE,)
    assert audio.dtype == np.float32
    assert audio.flags.owndata
    assert audio.flags.writeable
    assert loaded(Patch()).render(render_duration=0.0001).shape == (2,)


def test_calls_are_independent():
    synth = loaded(factory_bank()[4])
    first = synth.render(60, 100, 0.1, 0.2)
    synth.render(70, 20, 0.2, 0.2)
    assert np.array_equal(synth.render(60, 100, 0.1, 0.2), first)


@pytest.mark.parametrize("rate", [8000, 192000])
def test_the_default_patch_sounds_at_any_rate(rate):
    assert np.abs(loaded(Patch(), rate=rate).render(60, 100, 0.5, 0.5)).max() > 0.1


def test_the_key_goes_up_on_its_frame():
    synth = loaded(Patch(), "clean")
    frames = 1001
    early, late = (synth.render(60, 100, f / RATE, 0.2) for f in (frames, frames + 1000))
    assert np.array_equal(early[:frames], late[:frames])
    assert not np.array_equal(early[frames : frames + 10], late[frames : frames + 10])
    assert not np.array_equal(synth.render(60, 100, (frames + 1) / RATE, 0.2), early)


def test_velocity_0_sounds_as_1():
    patch = Patch()
    for op in patch.op:
        op.velocity_sensitivity = 7
    synth = loaded(patch)
    assert np.array_equal(synth.render(60, 0, 0.1, 0.1), synth.render(60, 1, 0.1, 0.1))
    assert synth.render(60, 0, 0.1, 0.1).any()


def test_patches_and_presets_sound_alike():
    for voice in random_voices(7, 5):
        patch = Patch.from_raw(voice)
        one = loaded(patch)
        other = DexedSynth(RATE)
        other.load_preset(patch.to_preset())
        assert np.array_equal(one.render(60, 100, 0.05, 0.1), other.render(60, 100, 0.05, 0.1))
        other.load_preset(patch.to_preset().to_array())
        assert other.algorithm == patch.algorithm
        other.load_patch(patch.to_sysex())
        assert np.array_equal(one.render(60, 100, 0.05, 0.1), other.render(60, 100, 0.05, 0.1))


def test_switched_off_operators_are_silent():
    patch = Patch()
    patch.algorithm = 31
    patch.operators_on = 0b100000
    rows = loaded(patch).render_all_ops(60, 100, 0.1, 0.1)
    assert [bool(row.any()) for row in rows] == [True, False, False, False, False, False, True]


def test_later_changes_of_a_patch_are_not_heard():
    patch = Patch()
    synth = loaded(patch)
    before = synth.render(60, 100, 0.05, 0.1)
    patch.op[0].output_level = 0
    assert np.array_equal(synth.render(60, 100, 0.05, 0.1), before)


@pytest.mark.parametrize("kernel", KERNELS)
def test_normalized_feedback(kernel):
    """Only feedback that comes from one of several carriers changes."""
    for algorithm in range(32):
        patch = Patch()
        patch.algorithm, patch.feedback = algorithm, 6
        synth = loaded(patch, kernel)
        plain = synth.render(48, 100, 0.05, 0.05)
        synth.normalize_feedback = True
        source, _ = algorithms[algorithm].feedback_edge
        assert np.array_equal(plain, synth.render(48, 100, 0.05, 0.05)) == (
            source not in algorithms[algorithm].carriers
        )
        assert np.array_equal(
            synth.render(48, 100, 0.05, 0.05),
            OperatorGraph.from_patch(patch).render(RATE, 48, 100, 0.05, 0.05, kernel, normalize_feedback=True),
        )


def test_properties():
    synth = DexedSynth()
    assert (synth.sample_rate, synth.kernel, synth.algorithm, synth.normalize_feedback) == (44100.0, "chip", 0, False)
    assert type(synth.sample_rate) is float
    synth.load_preset(Preset(algorithm=21))
    assert synth.algorithm == 21
    for name in ("sample_rate", "algorithm", "kernel"):
        with pytest.raises(AttributeError):
            setattr(synth, name, 3)
    with pytest.raises(AttributeError, match="did you mean 'normalize_feedback'"):
        synth.normalise_feedback = True
    synth.normalize_feedback = np.bool_(True)
    assert synth.normalize_feedback is True
    with pytest.raises(TypeError, match="True or False, not 1"):
        synth.normalize_feedback = 1


@pytest.mark.parametrize("twin_of", [copy.copy, copy.deepcopy, lambda synth: pickle.loads(pickle.dumps(synth, 0))])
def test_twins_keep_voice_and_settings(twin_of):
    synth = loaded(some_voice(3, 5), "clean")
    synth.normalize_feedback = True
    twin = twin_of(synth)
    assert repr(twin) == repr(synth)
    assert twin.normalize_feedback
    assert np.array_equal(twin.render(60, 100, 0.05, 0.1), synth.render(60, 100, 0.05, 0.1))
    twin.load_patch(Patch())
    assert (synth.algorithm, twin.algorithm) == (5, 0)


def test_two_rates_in_two_threads():
    patch = factory_bank()[0]

    def notes(rate):
        synth = loaded(patch, rate=rate)
        return [synth.render(60, 100, 0.2, 0.3) for _ in range(8)]

    alone = {rate: notes(rate)[0] for rate in (22050, 48000)}
    with ThreadPoolExecutor(4) as pool:
        for rate, rows in zip([22050, 48000] * 4, pool.map(notes, [22050, 48000] * 4), strict=True):
            assert all(np.array_equal(row, alone[rate]) for row in rows)


@pytest.mark.parametrize("call", ["render", "render_all_ops"])
def test_without_a_voice(call):
    with pytest.raises(EngineError, match="load_patch"):
        getattr(DexedSynth(), call)()
    assert issubclass(EngineError, RuntimeError)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"midi_note": 128}, ValueError, "midi_note must be 0 to 127, not 128"),
        ({"midi_note": -1}, ValueError, "midi_note"),
        ({"midi_note": "60"}, TypeError, "midi_note"),
        ({"midi_note": True}, TypeError, "midi_note"),
        ({"velocity": 200}, ValueError, "velocity must be 0 to 127, not 200"),
        ({"note_duration": -0.1}, ValueError, "note_duration must be 0 to 3600 seconds"),
        ({"note_duration": float("nan")}, ValueError, "note_duration"),
        ({"note_duration": "long"}, TypeError, "note_duration"),
        ({"render_duration": float("inf")}, ValueError, "render_duration"),
        ({"render_duration": -1}, ValueError, "render_duration"),
    ],
)
def test_arguments_are_checked(arguments, error, message):
    for call in (loaded(Patch()).render, loaded(Patch()).render_all_ops):
        with pytest.raises(error, match=message):
            call(**arguments)


@pytest.mark.parametrize("rate", [0, 7999, 192001, -44100, float("nan"), float("inf"), 44100.5, "44100", None, True])
def test_rates_are_checked(rate):
    with pytest.raises((ValueError, TypeError), match="sample_rate must be"):
        DexedSynth(rate)


def test_kernels_are_checked():
    with pytest.raises(ValueError, match="kernel must be one of chip, clean, not 'opl'"):
        DexedSynth(kernel="opl")


@pytest.mark.parametrize(
    ("load", "voice", "error", "message"),
    [
        ("load_patch", None, TypeError, "takes a Patch, not NoneType"),
        ("load_patch", Preset(), TypeError, "not Preset; load_preset takes that"),
        ("load_patch", b"short", ValueError, "155"),
        ("load_preset", None, TypeError, "takes a Preset, not NoneType"),
        ("load_preset", Patch(), TypeError, "not Patch; load_patch takes that"),
        ("load_preset", np.zeros(155), ValueError, "Expected 145 elements, got 155"),
        ("load_preset", np.full(145, np.nan), ValueError, "feedback is nan"),
    ],
)
def test_refused_voices_leave_the_loaded_one(load, voice, error, message):
    synth = loaded(some_voice(9, 12))
    with pytest.raises(error, match=re.escape(message)):
        getattr(synth, load)(voice)
    assert synth.algorithm == 12


def test_presets_are_checked_when_they_are_loaded():
    preset = Preset.from_array(random_vectors(1, 1)[0])
    preset.op_left_curve[3] = 9
    with pytest.raises(ValueError, match=re.escape("op_left_curve[3] is 9; it goes from 0 to 3")):
        DexedSynth().load_preset(preset)


def test_lengths_and_surface_are_those_of_dexed():
    dexed = pytest.importorskip("dexed")
    theirs, ours = dexed.DexedSynth(RATE), DexedSynth(RATE)
    theirs.load_patch(dexed.Patch())
    ours.load_patch(Patch())
    for seconds in (0.0, 0.1, 0.12345, 1.0):
        assert ours.render(60, 100, 0.1, seconds).shape == theirs.render(60, 100, 0.1, seconds).shape
        assert ours.render_all_ops(60, 100, 0.1, seconds).shape == theirs.render_all_ops(60, 100, 0.1, seconds).shape
    assert {name for name in dir(theirs) if not name.startswith("_")} <= set(dir(ours))


def test_one_note_of_a_preset_is_that_of_its_patch():
    patch = factory_bank()[4]
    assert np.array_equal(render(patch.to_preset(), 48, hold=0.1), render(patch, 48, hold=0.1))


def test_a_typo_is_told_when_reading_too():
    with pytest.raises(AttributeError, match=r"^DexedSynth has no 'sampel_rate'; did you mean 'sample_rate'\?$"):
        _ = DexedSynth().sampel_rate  # type: ignore[attr-defined]
