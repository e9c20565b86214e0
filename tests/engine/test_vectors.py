# SPDX-License-Identifier: Apache-2.0
"""Vectors of 145 floats: their layout, and the way there and back."""

import re

import numpy as np
import pytest
from strategies import random_voices

from synth import Patch, Preset, vectors
from synth.parameters import BY_KEY, NAME, PARAMETERS

LAYOUT = [  # first place, field, shape, largest number, integer
    (0, "feedback", (), 7, False),
    (1, "transpose", (), 48, False),
    (2, "pitch_mod_sensitivity", (), 7, False),
    (3, "lfo_speed", (), 99, False),
    (4, "lfo_delay", (), 99, False),
    (5, "lfo_pitch_mod_depth", (), 99, False),
    (6, "lfo_amp_mod_depth", (), 99, False),
    (7, "pitch_env_rates", (4,), 99, False),
    (11, "pitch_env_levels", (4,), 99, False),
    (15, "op_env_rates", (6, 4), 99, False),
    (39, "op_env_levels", (6, 4), 99, False),
    (63, "op_output_level", (6,), 99, False),
    (69, "op_frequency_coarse", (6,), 31, False),
    (75, "op_frequency_fine", (6,), 99, False),
    (81, "op_detune", (6,), 14, False),
    (87, "op_velocity_sensitivity", (6,), 7, False),
    (93, "op_amp_mod_sensitivity", (6,), 3, False),
    (99, "op_rate_scaling", (6,), 7, False),
    (105, "op_breakpoint", (6,), 99, False),
    (111, "op_left_depth", (6,), 99, False),
    (117, "op_right_depth", (6,), 99, False),
    (123, "osc_key_sync", (), 1, True),
    (124, "lfo_sync", (), 1, True),
    (125, "algorithm", (), 31, True),
    (126, "lfo_wave", (), 5, True),
    (127, "op_frequency_mode", (6,), 1, True),
    (133, "op_left_curve", (6,), 3, True),
    (139, "op_right_curve", (6,), 3, True),
]


def test_layout():
    assert vectors.VECTOR_SIZE == 145
    found = [(f.first, f.name, f.shape, vectors.MAXIMA[f.first], f.integer) for f in vectors.FIELDS]
    assert found == LAYOUT
    assert all(np.prod(field.shape, dtype=int) == field.size for field in vectors.FIELDS)
    assert sorted(vectors.POSITIONS) == list(range(NAME)), "every parameter that sounds, once"


def test_operator_one_comes_first():
    by_name = {field.name: field for field in vectors.FIELDS}
    assert by_name["op_output_level"].positions[0] == BY_KEY["op1.output_level"].position
    assert by_name["op_env_rates"].positions[:5] == tuple(
        BY_KEY[key].position for key in ("op1.rate1", "op1.rate2", "op1.rate3", "op1.rate4", "op2.rate1")
    )
    assert by_name["pitch_env_levels"].positions[3] == BY_KEY["pitch_envelope.level4"].position


def test_quantities_are_fractions_and_integers_themselves():
    patch = Patch()
    patch.algorithm = 21
    patch.lfo.wave = "sine"
    patch.transpose = 36
    patch.op[2].detune = 3
    (vector,) = vectors.to_vectors(patch.to_raw()[None])
    assert vector.dtype == np.float32
    assert vector[125] == 21
    assert vector[126] == 4
    assert vector[1] == 0.75
    assert vector[83] == np.float32(3 / 14)


@pytest.mark.parametrize("count", [0, 1, 511, 512, 513, 2000])
def test_there_and_back_loses_nothing_but_the_name(count):
    voices = random_voices(7, count)
    there = vectors.to_vectors(voices)
    back = vectors.from_vectors(there, "OTHER")
    assert there.shape == (count, 145)
    assert np.array_equal(back[:, :NAME], voices[:, :NAME])
    assert all(row.tobytes() == b"OTHER     " for row in back[:, NAME:])
    assert np.array_equal(vectors.to_vectors(back), there)


def test_every_number_of_every_parameter_survives():
    voices = np.tile(np.array([p.default for p in PARAMETERS], np.uint8), (128, 1))
    for p in PARAMETERS:
        voices[:, p.position] = np.clip(np.arange(128), p.minimum, p.maximum)
    there = vectors.to_vectors(voices)
    assert there[:, :123].min() == 0.0
    assert there[:, :123].max() == 1.0
    for kind in (np.float16, np.float32, np.float64):
        assert np.array_equal(vectors.from_vectors(there.astype(kind))[:, :NAME], voices[:, :NAME])


@pytest.mark.parametrize("column", range(145))
def test_rounding_is_to_the_nearest_and_halves_to_even(column):
    rows = np.zeros((5, 145), np.float32)
    rows[:, column] = np.array([0.0, 0.49, 0.5, 0.51, 1.5]) / vectors.SCALES[column]
    found = vectors.from_vectors(rows)[:, vectors.POSITIONS[column]]
    exact = rows[:, column] * vectors.SCALES[column]  # a fraction of a half is a half only if it is a float
    assert found.tolist() == np.minimum(np.rint(exact), vectors.MAXIMA[column]).tolist()
    assert found[[0, 1, 3]].tolist() == [0, 0, 1]
    if column >= vectors.INTEGERS:
        assert found[[2, 4]].tolist() == [0, min(2, int(vectors.MAXIMA[column]))]


def test_what_is_beyond_a_range_is_brought_back_into_it():
    assert not vectors.from_vectors(np.full((1, 145), -3.0))[0, :NAME].any()
    assert np.array_equal(
        vectors.from_vectors(np.full((1, 145), np.inf))[0, :NAME], [p.maximum for p in PARAMETERS[:NAME]]
    )


def test_no_number_is_refused_by_name():
    rows = np.zeros((600, 145), np.float32)
    rows[555, 16] = np.nan
    with pytest.raises(ValueError, match=re.escape("op_env_rates[0, 1] in row 555 is not a number.")):
        vectors.from_vectors(rows)


def test_doubles_are_rounded_as_floats_first():
    """So that a voice is the same whichever way it goes: here, in a Preset, in a batch."""
    doubles = np.zeros((2, 145))
    doubles[:, 125] = 2.5 + 1e-10, 2.5 - 1e-10
    assert (vectors.from_vectors(doubles)[:, vectors.POSITIONS[125]] == 2).all()
    assert [Preset.from_array(row).algorithm for row in doubles] == [2, 2]
    rng = np.random.default_rng(24)
    doubles = rng.random((3000, 145)) * (vectors.MAXIMA / vectors.SCALES)
    assert np.array_equal(vectors.from_vectors(doubles), vectors.from_vectors(doubles.astype(np.float32)))


@pytest.mark.filterwarnings("error")
def test_doubles_beyond_all_floats():
    assert vectors.from_vectors(np.full(145, 1e300))[134] == 31
    assert vectors.first_illegal(np.full(145, -1e300)) == (0, 0)


def test_first_illegal():
    rows = vectors.to_vectors(random_voices(3, 1500))
    assert vectors.first_illegal(rows) is None
    rows[1400, 3] = 1.004  # 99.4
    rows[1400, 125] = 31.5001
    rows[1401, 0] = -1
    assert vectors.first_illegal(rows) == (1400, 125)
    rows[700, 7] = np.nan
    assert vectors.first_illegal(rows) == (700, 7)


def test_labels():
    assert vectors.label(0) == "feedback"
    assert vectors.label(38) == "op_env_rates[5, 3]"
    assert vectors.label(144) == "op_right_curve[5]"
    assert [vectors.highest(place) for place in (0, 122, 125, 139)] == [1, 1, 31, 3]


@pytest.mark.parametrize(
    ("act", "values", "kind", "words"),
    [
        (vectors.to_vectors, np.zeros((3, 100), np.uint8), ValueError, "voices must have the shape (n, 155)"),
        (vectors.to_vectors, np.zeros((1, 2, 155), np.uint8), ValueError, "not (1, 2, 155)"),
        (vectors.to_vectors, np.zeros((1, 155)), TypeError, "voices must be whole numbers, not float64 values"),
        (vectors.to_vectors, np.full((2, 155), 255), ValueError, "OP6 EG RATE 1 0 to 99, not 255 in row 0"),
        (vectors.to_vectors, np.full((2, 155), -1), ValueError, "not -1 in row 0"),
        (vectors.from_vectors, np.zeros((3, 100)), ValueError, "vectors must have the shape (n, 145) or (145,)"),
        (vectors.from_vectors, 5.0, ValueError, "not ()"),
        (vectors.from_vectors, np.zeros((1, 145), complex), TypeError, "not complex128 values"),
        (vectors.from_vectors, [["0"] * 145], TypeError, "vectors must be numbers"),
        (vectors.first_illegal, np.zeros((3, 100)), ValueError, "not (3, 100)"),
        (vectors.label, 145, IndexError, "0 to 144"),
        (vectors.label, -1, IndexError, "0 to 144"),
    ],
)
def test_what_is_no_vector_or_voice_is_refused(act, values, kind, words):
    with pytest.raises(kind, match=re.escape(words)):
        act(values)


def test_one_vector_is_one_voice():
    (voice,) = random_voices(5, 1)
    (vector,) = vectors.to_vectors(voice[None])
    assert np.array_equal(vectors.to_vectors(voice), vector)
    assert np.array_equal(vectors.from_vectors(vector), vectors.from_vectors(vector[None])[0])


def test_names_are_taken_as_a_patch_takes_them():
    voice = vectors.from_vectors(np.zeros(145), "Ünïcøde, long")
    assert voice[NAME:].tobytes() == b"Unic?de, l"
    with pytest.raises(TypeError, match="text"):
        vectors.from_vectors(np.zeros(145), None)
