# SPDX-License-Identifier: Apache-2.0
"""What counts as a number: anything that is one, of whatever library; nothing else, and no error without its name."""

import numpy as np
import pytest

from synth.checks import checked_bool, checked_choice, checked_float, checked_int, checked_seconds, checked_whole


class Index:
    def __index__(self):
        return 60


class OtherLibrary:
    """An array without dimensions that is not NumPy's."""

    shape = ()

    def __init__(self, value):
        self._value = value

    def item(self):
        return self._value


@pytest.mark.parametrize("value", [60, np.int8(60), np.array(60), np.uint64(60), Index(), OtherLibrary(60)])
def test_a_whole_number_may_come_in_many_forms(value):
    number = checked_int("note", value, 0, 127)
    assert (number, type(number)) == (60, int)


@pytest.mark.parametrize("value", [0.5, np.float32(0.5), np.array(0.5), OtherLibrary(0.5)])
def test_so_may_seconds(value):
    seconds = checked_seconds("hold", value)
    assert (seconds, type(seconds)) == (0.5, float)


@pytest.mark.parametrize("value", [True, np.True_, np.array(True), 60.0, "60", None, [60], np.array([60]), 1j])
def test_what_is_no_whole_number_is_refused_by_name(value):
    with pytest.raises(TypeError, match="note must be a whole number of 0 to 127"):
        checked_int("note", value, 0, 127)


@pytest.mark.parametrize("value", [128, -1, 10**400, -(10**5000)], ids=["128", "-1", "long", "longer"])
def test_what_is_out_of_range_too_however_long(value):
    with pytest.raises(ValueError, match=r"note must be 0 to 127, not .{1,40}\.$"):
        checked_int("note", value, 0, 127)


@pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf"), 10**400, np.float32("-inf")], ids=repr)
def test_no_time_is_negative_or_endless(value):
    with pytest.raises(ValueError, match="hold must be 0 to 3600 seconds, not "):
        checked_seconds("hold", value)


def test_a_rate_may_be_a_whole_float():
    assert checked_whole("rate", np.float32(44100.0), 8000, 192000) == 44100
    for wrong in (44100.5, float("nan"), float("inf"), 1e308):
        with pytest.raises(ValueError, match="rate must be"):
            checked_whole("rate", wrong, 8000, 192000)


def test_a_switch_is_no_word():
    assert [checked_bool("limiter", value) for value in (True, False, 1, 0, np.True_, np.array(False))] == [1, 0] * 3
    for wrong in ("no", "", None, 2, -1, 0.0, [], np.array([True])):
        with pytest.raises(TypeError, match="limiter must be True or False, not "):
            checked_bool("limiter", wrong)


def test_a_choice_is_a_word():
    for wrong in (np.array(["chip", "x"]), 1, None, "Chip"):
        with pytest.raises(ValueError, match="kernel must be one of chip, clean"):
            checked_choice("kernel", wrong, ("chip", "clean"))


def test_units_are_named():
    with pytest.raises(TypeError, match=r"gain must be a number of dB, not '1'\."):
        checked_float("gain", "1", -96, 24, "dB")
