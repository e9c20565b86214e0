# SPDX-License-Identifier: Apache-2.0
"""Function parameters by system exclusive: bytes in, parameters out. DX7 and TX7 have numbers of their own."""

import pytest

from synth.errors import SixopError
from synth.functions import FUNCTIONS
from synth.midi.sysex import FunctionChange, ParameterChange, Remark, read_sysex
from synth.midi.tx7 import PartVolume
from synth.patch import Patch
from synth.sysex import bulk

# The edit buffer of function parameters: 94 bytes, of which 2 to 16 count. Sensitivities of controllers are 0..15.
TX7 = {2: 1, 3: 7, 4: 0, 5: 55, 6: 1, 7: 1, 9: 15, 10: 1, 11: 8, 12: 2, 13: 4, 14: 3, 15: 12, 16: 4}
DX7 = {
    "mono": 1, "bend_range": 7, "bend_step": 0, "portamento_time": 55, "glissando": 1, "portamento_mode": 1,
    "wheel_range": 99, "wheel_assign": 1, "foot_range": 53, "foot_assign": 2,
    "aftertouch_range": 26, "aftertouch_assign": 3, "breath_range": 79, "breath_assign": 4,
}  # fmt: skip


def functions(values=TX7):
    data = bytearray(94)
    for number, value in values.items():
        data[number] = value
    return bytes(data)


@pytest.mark.parametrize(
    ("message", "meaning"),
    [
        ("f0 43 10 08 40 01 f7", FunctionChange(0, {"mono": 1})),
        ("f0 43 1f 08 41 0c f7", FunctionChange(15, {"bend_range": 12})),
        ("f0 43 10 08 41 7f f7", FunctionChange(0, {"bend_range": 12})),  # beyond its highest
        ("f0 43 10 08 45 2a f7", FunctionChange(0, {"portamento_time": 42})),
        ("f0 43 10 08 4d 07 f7", FunctionChange(0, {"aftertouch_assign": 7})),
        ("f0 43 10 08 4e 07 f7", None),  # our own number of the master tune is nothing to a DX7
        ("f0 43 11 04 02 01 f7", FunctionChange(1, {"mono": 1})),
        ("f0 43 10 04 05 2a f7", FunctionChange(0, {"portamento_time": 42})),
        ("f0 43 10 04 09 0f f7", FunctionChange(0, {"wheel_range": 99})),
        ("f0 43 10 04 09 7f f7", FunctionChange(0, {"wheel_range": 99})),
        ("f0 43 10 04 0f 00 f7", FunctionChange(0, {"breath_range": 0})),
        ("f0 43 10 04 40 40 f7", FunctionChange(0, {"master_tune": 256})),
        ("f0 43 10 04 40 00 f7", FunctionChange(0, {"master_tune": 0})),
        ("f0 43 10 04 01 03 f7", None),  # the channel of a TX7
        ("f0 43 12 04 1a 07 f7", PartVolume(2, 0.0)),
        ("f0 43 10 01 1b 2f f7", ParameterChange(0, 155, 0b101111)),
    ],
)
def test_what_a_parameter_change_says(message, meaning):
    assert read_sysex(bytes.fromhex(message)) == meaning


@pytest.mark.parametrize(("steps", "gain"), [(7, 1.0), (6, 0.5), (4, 0.125), (1, 1 / 64), (0, 1 / 64)])
def test_the_attenuator_of_a_tx7_halves_the_gain(steps, gain):
    volume = read_sysex(bytes((0xF0, 0x43, 0x10, 0x04, 26, steps, 0xF7)))
    assert 10 ** (volume.decibels / 20) == pytest.approx(gain)


def test_a_dump_of_function_parameters():
    assert read_sysex(bulk(0x01, functions(), 3)) == FunctionChange(3, DX7)
    assert set(DX7) == set(FUNCTIONS) - {"master_tune"}


def test_a_dump_that_is_damaged_is_repaired_and_told():
    message = bytearray(bulk(0x01, functions(TX7 | {3: 100})))
    message[-2] ^= 1
    read = read_sysex(bytes(message))
    assert read.values == DX7 | {"bend_range": 12}
    assert read.problems[0].startswith("wrong checksum")
    assert read.problems[1] == "bend_range is 100, beyond 12"


@pytest.mark.parametrize("size", [8, 50, 101, 103, 200])
def test_a_dump_that_is_not_whole_is_refused(size):
    whole = bulk(0x01, functions())
    message = whole[:-1].ljust(size - 1, b"\0")[: size - 1] + b"\xf7"
    with pytest.raises(SixopError, match=f"has 102 bytes, this has {size}: send it again"):
        read_sysex(message)


def test_64_memories_of_a_tx7_are_known_and_told():
    remark = read_sysex(bulk(0x02, bytes(4096)))
    assert isinstance(remark, Remark)
    assert "64 function memories of a TX7" in remark.text


@pytest.mark.parametrize("button", [0, 7, 41])
def test_buttons_pressed_from_afar_are_known_and_told(button):
    assert isinstance(read_sysex(bytes((0xF0, 0x43, 0x10, 0x08, button, 0x7F, 0xF7))), Remark)


def test_a_change_keeps_the_rest_of_the_voice():
    voice = Patch.init_voice()
    muted = ParameterChange(0, 155, 0b011110).applied_to(voice)
    assert muted.operators_on == 0b011110
    assert voice.operators_on == 0b111111
    edited = ParameterChange(0, 134, 127).applied_to(muted)
    assert edited.algorithm == 31
    assert edited.operators_on == 0b011110
