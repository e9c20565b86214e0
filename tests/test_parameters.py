# SPDX-License-Identifier: Apache-2.0
"""The table against the facts printed in the DX7's manual."""

import numpy as np
import pytest

from synth import packing
from synth.parameters import BY_KEY, INIT_VOICE, PARAMETERS, operator_position


def test_155_parameters_in_vced_order():
    assert [p.position for p in PARAMETERS] == list(range(155))
    assert len(BY_KEY) == 155


@pytest.mark.parametrize(
    ("key", "position", "maximum", "byte", "shift", "width"),
    [
        ("op6.rate1", 0, 99, 0, 0, 7),
        ("op6.breakpoint", 8, 99, 8, 0, 7),
        ("op6.left_curve", 11, 3, 11, 0, 2),
        ("op6.right_curve", 12, 3, 11, 2, 2),
        ("op6.rate_scaling", 13, 7, 12, 0, 3),
        ("op6.detune", 20, 14, 12, 3, 4),
        ("op6.amp_mod_sensitivity", 14, 3, 13, 0, 2),
        ("op6.velocity_sensitivity", 15, 7, 13, 2, 3),
        ("op1.rate1", 105, 99, 85, 0, 7),
        ("op1.output_level", 121, 99, 99, 0, 7),
        ("op1.frequency_mode", 122, 1, 100, 0, 1),
        ("op1.frequency_coarse", 123, 31, 100, 1, 5),
        ("op1.frequency_fine", 124, 99, 101, 0, 7),
        ("pitch_envelope.rate1", 126, 99, 102, 0, 7),
        ("pitch_envelope.level4", 133, 99, 109, 0, 7),
        ("algorithm", 134, 31, 110, 0, 7),
        ("feedback", 135, 7, 111, 0, 3),
        ("osc_key_sync", 136, 1, 111, 3, 1),
        ("lfo.speed", 137, 99, 112, 0, 7),
        ("lfo.sync", 141, 1, 116, 0, 1),
        ("lfo.wave", 142, 5, 116, 1, 3),
        ("pitch_mod_sensitivity", 143, 7, 116, 4, 3),
        ("transpose", 144, 48, 117, 0, 7),
        ("name1", 145, 127, 118, 0, 7),
        ("name10", 154, 127, 127, 0, 7),
    ],
)
def test_places_and_ranges_of_the_manual(key, position, maximum, byte, shift, width):
    p = BY_KEY[key]
    assert (p.position, p.maximum, p.byte, p.shift, p.width) == (position, maximum, byte, shift, width)


def test_no_two_parameters_share_a_bit_and_every_byte_is_used():
    bits = [(p.byte, bit) for p in PARAMETERS for bit in range(p.shift, p.shift + p.width)]
    assert len(bits) == len(set(bits))
    assert max(bit for _, bit in bits) == 6
    assert {byte for byte, _ in bits} == set(range(128))


def test_every_range_fits_its_field():
    for p in PARAMETERS:
        assert p.minimum <= p.default <= p.maximum < 1 << p.width, p.key


def test_init_voice():
    level = [INIT_VOICE[operator_position(index) + 16] for index in range(6)]
    assert level == [99, 0, 0, 0, 0, 0]
    assert INIT_VOICE[126:145] == bytes([99] * 4 + [50] * 4 + [0, 0, 1, 35, 0, 0, 0, 1, 0, 3, 24])
    assert INIT_VOICE[145:] == b"INIT VOICE"


def test_choices_name_every_value():
    for p in PARAMETERS:
        assert not p.choices or len(p.choices) == p.maximum + 1, p.key
    # The 22 whole-number entries of the 145-value vector: 4 of the voice, 3 of each operator.
    assert sum(p.discrete for p in PARAMETERS) == 4 + 6 * 3


def test_labels_name_the_operator():
    assert BY_KEY["op2.output_level"].label == "OP2 OUTPUT LEVEL"
    assert BY_KEY["lfo.speed"].label == "LFO SPEED"


def test_each_parameter_travels_through_its_own_field():
    for p in PARAMETERS:
        voice = np.zeros((1, 155), np.uint8)
        voice[0, p.position] = p.maximum
        packed = packing.pack(voice)
        assert packed[0, p.byte] == p.maximum << p.shift
        assert np.count_nonzero(packed) == 1
        assert np.array_equal(packing.unpack(packed), voice), p.key


def test_unpack_drops_and_reports_bits_of_no_parameter():
    packed = np.full((1, 128), 0xFF, np.uint8)
    spare = packing.spare_bits(packed)
    assert spare[0, 11] == 0xF0  # two curves of two bits
    assert spare[0, 14] == 0x80  # output level has the byte to itself
    assert packing.unpack(packed).max() == 127
