# SPDX-License-Identifier: Apache-2.0
"""Preset: fields, defaults, what is refused, identity."""

import copy
import dataclasses
import inspect
import pickle
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from strategies import patches, random_voices

from synth import Patch, Preset, render_batch, vectors

SCALARS = [field.name for field in vectors.FIELDS if not field.shape]
ARRAYS = [field.name for field in vectors.FIELDS if field.shape]

legal_vectors = st.integers(0, 2**32 - 1).map(lambda seed: random_vectors(seed, 1)[0])


def random_vectors(seed: int, count: int) -> np.ndarray:
    """Legal vectors, float32 (count, 145), whose fractions are any and whose integers are whole."""
    random = np.random.default_rng(seed)
    rows = random.random((count, 145), np.float32)
    whole = slice(vectors.INTEGERS, None)
    rows[:, whole] = random.integers(0, vectors.MAXIMA[whole], (count, 145 - vectors.INTEGERS), endpoint=True)
    return rows


def test_defaults_are_those_of_a_patch():
    assert Preset() == Patch().to_preset()
    assert Preset().transpose == 0.5
    assert Preset().lfo_wave == 4
    assert Preset().osc_key_sync == 1
    assert Preset().name == "PRESET"


@pytest.mark.parametrize("field", vectors.FIELDS, ids=lambda field: field.name)
def test_fields_have_their_kinds_and_shapes(field):
    value = getattr(Preset(), field.name)
    if not field.shape:
        assert type(value) is (int if field.integer else float)
    else:
        assert value.shape == field.shape
        assert value.dtype == (np.int32 if field.integer else np.float32)
        assert value.flags.writeable


@pytest.mark.parametrize("field", vectors.FIELDS, ids=lambda field: field.name)
def test_what_is_assigned_is_read_back_and_stands_at_its_place(field):
    value = np.linspace(0, vectors.highest(field.first), max(field.size, 2), dtype=np.float32)[-field.size :]
    value = np.rint(value) if field.integer else value
    built = Preset(**{field.name: value.reshape(field.shape)})
    assigned = Preset()
    setattr(assigned, field.name, value.reshape(field.shape).tolist())
    assert built == assigned
    assert np.array_equal(getattr(built, field.name), value.reshape(field.shape))
    assert np.array_equal(built.to_array()[field.places], value)


def test_what_is_given_one_by_one_is_remembered_to_all_its_digits():
    preset = Preset(feedback=0.3)
    preset.transpose = 0.7
    for twin in (preset, preset.copy(), pickle.loads(pickle.dumps(preset))):
        assert (twin.feedback, twin.transpose, twin.lfo_speed) == (0.3, 0.7, 35 / 99)
    row = preset.to_array()
    assert Preset.from_array(row).feedback == row[0].item()
    assert Patch().to_preset().lfo_speed == 35 / 99
    assert "feedback=0.3," in repr(Preset(feedback=0.3))


def test_arrays_are_windows():
    preset = Preset()
    rates, curves = preset.op_env_rates, preset.op_left_curve
    rates[2, 1] = 0.25
    curves[5] = 3
    assert preset.to_array()[vectors.FIELDS[9].first + 9] == 0.25
    assert preset.op_ints()[5, 1] == 3
    assert preset.to_patch().op[5].left_curve == "log"
    preset.op_left_curve = [1] * 6
    preset.op_env_rates = np.zeros((6, 4))
    assert curves.tolist() == [1] * 6
    assert not rates.any()


def test_assigning_keeps_what_was_written_into_other_arrays():
    preset = Preset()
    preset.op_left_curve[0] = 2
    preset.op_right_curve = [3] * 6
    preset.algorithm = 7
    assert preset.op_ints()[0].tolist() == [0, 2, 3]
    assert preset.algorithm == 7


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (lambda: Preset(feedback=1.5), "feedback is 1.5; it goes from 0 to 1.0"),
        (lambda: Preset(feedback=-0.1), "feedback is -0.1; it goes from 0 to 1.0"),
        (lambda: Preset(feedback=float("nan")), "feedback is nan"),
        (lambda: Preset(feedback=1e300), "feedback is inf"),
        (lambda: Preset(algorithm=32), "algorithm is 32; it goes from 0 to 31"),
        (lambda: Preset(algorithm=-1), "algorithm is -1; it goes from 0 to 31"),
        (lambda: setattr(Preset(), "lfo_wave", 6), "lfo_wave is 6; it goes from 0 to 5"),
        (lambda: setattr(Preset(), "op_left_curve", [0, 0, 4, 0, 0, 0]), "op_left_curve[2] is 4; it goes from 0 to 3"),
        (lambda: Preset(op_env_rates=np.full((6, 4), 2.0)), "op_env_rates[0, 0] is 2"),
        (
            lambda: Preset(op_env_rates=np.ones(24)),
            "op_env_rates takes 24 numbers of shape (6, 4), not an array of sha",
        ),
        (
            lambda: Preset(op_detune=np.full(5, 0.5)),
            "op_detune takes 6 numbers of shape (6,), not an array of shape (5",
        ),
        (lambda: Preset(op_detune=0.5), "op_detune takes 6 numbers of shape (6,), not 0.5"),
        (lambda: Preset(feedback=[0.5, 0.5]), "feedback takes one number, not an array of shape (2,)"),
        (lambda: Preset(op_env_rates=[[1], [1, 2]]), "not rows of several lengths"),
        (lambda: Preset.from_array(np.full(145, np.nan)), "feedback is nan"),
        (lambda: Preset.from_array(np.zeros(144)), "Expected 145 elements, got 144"),
        (lambda: Preset.from_array(np.zeros((2, 145))), "Expected 145 elements, got 290; Preset.unstack"),
        (lambda: Preset.unstack(np.zeros(145)), "Expected an array of shape (n, 145), got (145,)"),
        (lambda: Preset.array_to_leaves(np.zeros(3)), "Expected 145 elements, got 3"),
        (
            lambda: Preset.from_operator_bundles(np.zeros(14), [0] * 4, np.zeros((6, 18)), np.zeros((6, 3))),
            "global_cont",
        ),
    ],
)
def test_refused_by_value(use, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        use()


@pytest.mark.parametrize(
    "use",
    [
        lambda: Preset(lfo_wave="sine"),
        lambda: Preset(feedback=None),
        lambda: Preset(op_detune=["a"] * 6),
        lambda: Preset(feedback=object()),
        lambda: Preset(feedback=1j),
        lambda: Preset(name=5),
        lambda: Preset.from_patch("patch"),
        lambda: Preset.stack([Preset(), 3]),
        lambda: Preset() + np.zeros(145),
        lambda: Preset(*[0.0] * 29),
        lambda: Preset(0.0, feedback=0.0),
    ],
)
def test_refused_by_type(use):
    with pytest.raises(TypeError):
        use()


def test_typos_are_refused_with_the_nearest_name():
    preset = Preset()
    with pytest.raises(AttributeError, match="did you mean 'algorithm'"):
        preset.algoritm = 3
    with pytest.raises(AttributeError, match="did you mean 'feedback'"):
        preset.feedbak  # noqa: B018
    with pytest.raises(TypeError, match="did you mean 'op_detune'"):
        Preset(op_detunes=np.zeros(6))


def test_refused_values_change_nothing():
    preset = Preset(algorithm=4)
    for name, value in (("algorithm", 40), ("op_env_rates", np.full((6, 4), 9)), ("op_left_curve", [9] * 6)):
        with pytest.raises(ValueError, match=name):
            setattr(preset, name, value)
    assert preset == Preset(algorithm=4)


@pytest.mark.parametrize("use", [Preset.to_array, Preset.to_patch, Preset.op_ints, hash, repr, copy.copy])
def test_what_is_written_into_arrays_is_checked_when_used(use):
    preset = Preset()
    preset.op_env_levels[1, 2] = np.nan
    if use is repr:
        assert "nan" in use(preset)
    else:
        with pytest.raises(ValueError, match=re.escape("op_env_levels[1, 2] is nan")):
            use(preset)


def test_integers_are_rounded_halves_to_even_everywhere():
    values = [0.5, 1.5, 2.5, 14.4999, 14.9999]
    vector = Preset().to_array()
    for value, expected in zip(values, [0, 2, 2, 14, 15], strict=True):
        vector[125] = value
        assert Preset(algorithm=value).algorithm == expected
        assert Preset.from_array(vector).algorithm == expected
        assert Preset.from_array(vector).to_patch().algorithm == expected
        assert vectors.from_vectors(vector[None])[0, 134] == expected


def test_noise_at_the_ends_is_clipped():
    vector = Preset(feedback=1.0).to_array()
    vector[0], vector[3], vector[125] = np.nextafter(np.float32(1), 2), -1e-9, -0.4
    kept = Preset.from_array(vector)
    assert (kept.feedback, kept.lfo_speed, kept.algorithm) == (1.0, 0.0, 0)


# ---- patches and vectors -----------------------------------------------------


@given(patches)
def test_patch_to_preset_and_back_loses_nothing_but_switches(patch):
    preset = patch.to_preset()
    assert preset == Preset.from_patch(patch)
    back = preset.to_patch()
    assert back.to_bytes() == patch.to_bytes()
    assert back.name == patch.name == preset.name
    assert Preset.from_array(preset.to_array()).to_patch(patch.name).to_bytes() == patch.to_bytes()


def test_names():
    assert Patch(name="BELL").to_preset().to_patch().name == "BELL      "
    assert Preset(name="BELL").to_patch("OTHER").name == "OTHER     "
    assert Preset.from_array(Preset(name="BELL").to_array()).name == "PRESET"
    preset = Preset(name="BELL")
    for twin in (preset.copy(), copy.copy(preset), copy.deepcopy(preset), pickle.loads(pickle.dumps(preset))):
        assert twin.name == "BELL"
    assert preset.replace(algorithm=3).name == "BELL"


@given(legal_vectors)
def test_vectors_go_in_and_come_out_unchanged(vector):
    preset = Preset.from_array(vector.reshape(5, 29))
    assert np.array_equal(preset.to_array(), vector)
    assert preset == Preset.from_array(vector.tolist())
    bundles = preset.global_continuous(), preset.global_ints(), preset.op_continuous(), preset.op_ints()
    assert Preset.from_operator_bundles(*bundles) == preset
    assert eval(repr(preset)) == preset


@given(arrays.arrays(np.float32, 145, elements=st.floats(width=32)))
def test_any_floats_are_legal_or_refused_by_name(vector):
    try:
        preset = Preset.from_array(vector)
    except ValueError as error:
        _, place = vectors.first_illegal(vector[None])
        assert vectors.label(place) in str(error)
    else:
        assert np.array_equal(preset.to_array(), Preset.from_array(preset.to_array()).to_array())
        assert Patch.from_raw(preset.to_patch().to_raw()) == preset.to_patch()


def test_order_of_memory_does_not_matter():
    vector = random_vectors(1, 1)[0]
    turned = np.asfortranarray(vector.reshape(5, 29))
    assert np.array_equal(Preset.from_array(turned).to_array(), vector)
    assert np.array_equal(Preset.from_array(np.repeat(vector, 2)[::2].astype(np.float64)).to_array(), vector)


def test_arrays_given_are_neither_changed_nor_kept():
    vector = random_vectors(2, 1)[0]
    before = vector.copy()
    preset = Preset.from_array(vector)
    vector[:] = 0
    assert np.array_equal(preset.to_array(), before)
    preset.to_array()[:] = 0
    (row,) = Preset.unstack(before[None])
    row.op_env_rates[:] = 0
    assert np.array_equal(preset.to_array(), before)


@pytest.mark.parametrize("count", [0, 1, 700])
def test_many_at_once(count):
    rows = random_vectors(3, count)
    presets = Preset.unstack(rows)
    assert len(presets) == count
    stacked = Preset.stack(presets)
    assert stacked.shape == (count, 145)
    assert np.array_equal(stacked, rows)
    assert presets == [Preset.from_array(row) for row in rows]
    if count:
        assert np.array_equal(np.stack([preset.to_array() for preset in presets]), rows)


def test_a_bad_row_is_named():
    rows = random_vectors(4, 9)
    rows[6, 145 - 1] = 3.6
    with pytest.raises(ValueError, match=re.escape("op_right_curve[5] is 3.6 in row 6; it goes from 0 to 3")):
        Preset.unstack(rows)


def test_batches_take_presets():
    patches = [Patch.from_raw(voice) for voice in random_voices(5, 3)]
    presets = [patch.to_preset() for patch in patches]
    wanted = render_batch(patches, hold=0.05, tail=0.05)
    assert np.array_equal(render_batch(presets, hold=0.05, tail=0.05), wanted)
    assert np.array_equal(render_batch(presets[1], hold=0.05, tail=0.05), wanted[1:2])


# ---- identity ----------------------------------------------------------------


def test_equality_and_hash_go_by_content_but_not_by_name():
    one, other = Preset(algorithm=3, name="A"), Preset(name="B")
    assert one != other
    other.algorithm = 3
    assert one == other
    assert hash(one) == hash(other)
    other.op_detune[0] = 0.75
    assert one != other
    assert one != "a preset"
    assert (one == one.to_array()) is False
    assert len({Preset(), Preset(), one}) == 2


@pytest.mark.parametrize("twin_of", [Preset.copy, copy.copy, copy.deepcopy, lambda p: pickle.loads(pickle.dumps(p))])
def test_twins_are_independent(twin_of):
    preset = Preset(algorithm=9)
    preset.op_left_curve[1] = 2
    twin = twin_of(preset)
    assert twin == preset
    twin.op_left_curve[1] = 0
    twin.op_detune[1] = 0
    assert preset.op_left_curve[1] == 2
    assert preset.op_detune[1] == 0.5


def test_tools_for_dataclasses_work():
    preset = Preset(algorithm=3, name="BELL")
    assert [field.name for field in dataclasses.fields(preset)] == list(inspect.signature(Preset).parameters)[:28]
    twin = dataclasses.replace(preset, algorithm=4)
    assert (twin, twin.name) == (Preset(algorithm=4), preset.name)
    assert dataclasses.asdict(preset)["algorithm"] == 3


def test_fields_tell_their_ranges():
    assert Preset.algorithm.__doc__ == "0 to 31; one number"
    assert Preset.op_env_rates.__doc__ == "0 to 1.0, of 99; shape (6, 4)"


def test_presets_turn_into_arrays():
    presets = [Preset(algorithm=3), Preset(feedback=0.5)]
    assert np.array_equal(np.asarray(presets), Preset.stack(presets))
    assert np.asarray(presets[0], np.float64).dtype == np.float64
    with pytest.raises(ValueError, match="copying"):
        np.array(presets[0], copy=False)


def test_positional_arguments():
    assert Preset(0.25, 0.5, 0.75) == Preset(feedback=0.25, transpose=0.5, pitch_mod_sensitivity=0.75)


@pytest.mark.parametrize("values", [np.zeros(145, complex), ["0"] * 145, [None] * 145, object(), {"a": 1}, Preset])
def test_what_is_no_numbers_is_no_preset(values):
    with pytest.raises(TypeError, match="a preset is made of numbers"):
        Preset.from_array(values)
