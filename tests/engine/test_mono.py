# SPDX-License-Identifier: Apache-2.0
"""Mono mode: one voice, legato without a new attack, and the direction that the first two keys set."""

import numpy as np
import pytest
from measuring import cents, frequency, native_engine, plain, tempered

from synth.patch import Envelope

STEP = 6000  # native frames between two actions
MONO_ON, POLY_ON = bytes((0xB0, 126, 1)), bytes((0xB0, 127, 0))


def sounding(*actions, patch=None):
    """The note that sounds after each action: +n presses key n, -n lets it go; None is silence."""
    engine = native_engine(patch)
    engine.set_function("mono", 1, frame=0)
    for number, key in enumerate(actions):
        if key > 0:
            engine.note_on(key, 100, frame=number * STEP)
        else:
            engine.note_off(-key, frame=number * STEP)
    sound = engine.render_native(len(actions) * STEP)
    return [heard(sound[n * STEP + 2000 : (n + 1) * STEP]) for n in range(len(actions))]


def heard(sound):
    return round(69 + float(cents(frequency(sound), tempered(69))) / 100) if np.abs(sound).max() > 10 else None


def test_one_key_at_a_time():
    assert sounding(60, -60, 64, -64) == [60, None, 64, None]


def test_upwards_further_keys_take_over_only_if_higher():
    assert sounding(60, 64, 62, 67, 65) == [60, 64, 64, 67, 67]


def test_downwards_further_keys_take_over_only_if_lower():
    assert sounding(60, 55, 57, 50, 53) == [60, 55, 55, 50, 50]


def test_upwards_letting_go_returns_to_the_highest_key():
    assert sounding(60, 64, 62, 67, -67, -64, -62, -60) == [60, 64, 64, 67, 64, 62, 60, None]


def test_downwards_letting_go_returns_to_the_lowest_key():
    assert sounding(60, 55, 57, 50, -50, -55, -57, -60) == [60, 55, 55, 50, 55, 57, 60, None]


def test_letting_a_silent_key_go_changes_nothing():
    assert sounding(60, 64, 67, -64, -60) == [60, 64, 67, 67, 67]


def test_direction_is_set_anew_by_the_next_two_keys():
    assert sounding(60, 64, -64, -60, 60, 55, 64) == [60, 64, 60, None, 60, 55, 55]


def test_a_key_twice_is_one_key():
    assert sounding(60, 60, -60) == [60, 60, None]


def percussive():
    patch = plain()
    patch.op[0].envelope = Envelope(rates=(99, 60, 60, 99), levels=(99, 0, 0, 0))
    return patch


def test_legato_does_not_attack_again():
    engine = native_engine(percussive())
    engine.set_function("mono", 1, frame=0)
    engine.note_on(60, 100, frame=0)
    engine.note_on(64, 100, frame=40_000)  # long after the sound has died away
    engine.note_off(60, frame=50_000)
    engine.note_off(64, frame=60_000)
    engine.note_on(67, 100, frame=70_000)
    sound = np.abs(engine.render_native(75_000))
    assert sound[40_000:70_000].max() < 10
    assert sound[70_000:].max() > 5000


def test_mono_and_poly_by_channel_mode_messages():
    engine = native_engine()
    engine.midi(MONO_ON, frame=0)
    for key in (60, 64, 67):
        engine.note_on(key, 100, frame=0)
    engine.render_native(500)
    assert engine.stats().keys_held == 1
    engine.midi(POLY_ON)
    for key in (60, 64, 67):
        engine.note_on(key, 100)
    engine.render_native(500)
    assert engine.stats().keys_held == 3


@pytest.mark.parametrize("mono", [0, 1])
def test_a_change_of_mode_lets_the_keys_go(mono):
    """Keys of the other mode would be let go by nobody."""
    engine = native_engine()
    engine.set_function("mono", 1 - mono, frame=0)
    for key in (60, 64, 67):
        engine.note_on(key, 100, frame=0)
    engine.set_function("mono", mono, frame=1000)
    engine.render_native(2000)
    assert engine.stats().keys_held == 0
    for key in (60, 64, 67):
        engine.note_off(key)
    engine.set_function("mono", 1)
    engine.note_on(60, 100)
    engine.render_native(2000)
    assert engine.stats().keys_held == 1
    engine.note_off(60)
    engine.render_native(2000)
    assert engine.stats().keys_held == 0


def test_setting_the_mode_that_is_on_changes_nothing():
    engine = native_engine()
    engine.note_on(60, 100, frame=0)
    engine.set_function("mono", 0, frame=1000)
    engine.render_native(2000)
    assert engine.stats().keys_held == 1


def test_more_keys_than_the_stack_holds_are_survived():
    keys = range(40, 60)
    engine = native_engine()
    engine.set_function("mono", 1, frame=0)
    for key in keys:
        engine.note_on(key, 100, frame=0)
    engine.render_native(500)
    assert engine.stats().keys_held == 1
    for key in keys:
        engine.note_off(key)
    engine.render_native(500)
    assert engine.stats().keys_held == 0


@pytest.mark.parametrize("order", [(60, 64, 67), (67, 64, 60), (64, 60, 67)])
def test_the_pedal_holds_the_last_key(order):
    engine = native_engine()
    engine.set_function("mono", 1, frame=0)
    engine.midi(bytes((0xB0, 64, 127)), frame=0)
    for number, key in enumerate(order):
        engine.note_on(key, 100, frame=1000 * number)
    for number, key in enumerate(order):
        engine.note_off(key, frame=5000 + 1000 * number)
    assert np.abs(engine.render_native(20_000)[15_000:]).max() > 5000
    engine.midi(bytes((0xB0, 64, 0)))
    assert not engine.render_native(10_000)[5000:].any()
