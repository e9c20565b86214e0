# SPDX-License-Identifier: Apache-2.0
"""Sixteen parts side by side, operator switches, master tune."""

import numpy as np
import pytest
from measuring import cents, frequency, native_engine, plain, tempered

from synth import Engine, Patch

PARTS = range(16)
FUNCTIONS = ("bend_range", "wheel_range", "wheel_assign", "portamento_time", "mono", "master_tune")


def voice(part):
    """A different sound for each part, with an LFO of its own speed."""
    patch = Patch.init_voice()
    patch.algorithm = 2 * part
    patch.feedback = part % 8
    patch.lfo.speed = 5 * part + 10
    patch.lfo.pitch_mod_depth = 50
    patch.pitch_mod_sensitivity = 4
    for number, operator in enumerate(patch.op):
        operator.output_level = 99 - 5 * number
        operator.frequency_coarse = 1 + (number + part) % 5
        operator.envelope.rates = [90, 40 + 2 * part, 30, 60]
    return patch


def band(heard):
    """Each part in `heard` plays its voice, bends and turns its wheel; the order of parts does not change."""
    engine = Engine(voices=64)
    for part in heard:
        engine.load(voice(part), part=part, frame=0)
        engine.set_function("wheel_range", 6 * part, part=part, frame=0)
        engine.midi(bytes((0xE0 | part, 0, 8 * part)), frame=0)
        engine.midi(bytes((0xB0 | part, 1, 8 * part)), frame=0)
        engine.note_on(40 + 2 * part, 100, part=part, frame=0)
        engine.note_off(40 + 2 * part, part=part, frame=9000 + 100 * part)
    return engine.render_native(12_000)


def test_sixteen_parts_sound_as_if_each_were_alone():
    assert np.array_equal(band(PARTS), sum(band([part]) for part in PARTS))


def test_a_part_beyond_the_engines_is_not_heard():
    engine = Engine(parts=4)
    engine.note_on(60, 100, part=4, frame=0)
    assert not engine.render_native(3000).any()
    assert engine.stats().notes_on == 0


def test_a_note_off_reaches_its_own_part_only():
    engine = Engine()
    for part in (0, 1):
        engine.note_on(60, 100, part=part, frame=0)
    engine.note_off(60, part=1, frame=1000)
    engine.note_off(60, part=1, frame=1001)
    engine.render_native(2000)
    assert engine.stats().keys_held == 1


# ---- operator switches -----------------------------------------------------------------


def all_carriers(levels=(99,) * 6):
    """Algorithm 32: six sines, the nth harmonic from operator n."""
    patch = Patch.init_voice()
    patch.algorithm = 31
    for number, (operator, level) in enumerate(zip(patch.op, levels, strict=True)):
        operator.frequency_coarse = number + 1
        operator.output_level = level
    return patch


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6])
def test_switched_off_operator_is_one_of_level_0(number):
    """Bit 5 is operator 1, bit 0 operator 6."""
    switched = all_carriers()
    switched.operators_on = 0x3F & ~(1 << (6 - number))
    levels = tuple(0 if n == number else 99 for n in range(1, 7))
    sounds = []
    for patch in (switched, all_carriers(levels)):
        engine = native_engine(patch)
        engine.note_on(60, 100, frame=0)
        sounds.append(engine.render_native(9000))
    assert np.array_equal(*sounds)


def test_switches_take_effect_at_the_next_note():
    patch = all_carriers()
    muted = all_carriers()
    muted.operators_on = 0
    engine = native_engine(patch)
    engine.note_on(60, 100, frame=0)
    engine.load(muted, frame=2000)
    engine.note_on(64, 100, frame=4000)
    alone = native_engine(patch)
    alone.note_on(60, 100, frame=0)
    assert np.array_equal(engine.render_native(9000), alone.render_native(9000))


def test_loading_a_voice_switches_all_operators_on():
    muted = plain()
    muted.operators_on = 0
    engine = native_engine(muted)
    engine.load(plain(), frame=100)
    engine.note_on(60, 100, frame=200)
    assert engine.render_native(3000).any()


# ---- master tune -----------------------------------------------------------------------


@pytest.mark.parametrize(("tune", "expected"), [(0, -75), (128, -37.5), (256, 0), (384, 37.5), (511, 74.7)])
def test_master_tune_is_75_cents_either_way(tune, expected):
    engine = native_engine()
    engine.set_function("master_tune", tune, frame=0)
    engine.note_on(81, 100, frame=0)
    sound = engine.render_native(30_000)
    assert float(cents(frequency(sound[1000:]), tempered(81))) == pytest.approx(expected, abs=2)


def test_master_tune_of_one_part_leaves_the_others():
    engine = native_engine()
    engine.set_function("master_tune", 0, part=5, frame=0)
    engine.note_on(81, 100, frame=0)
    assert float(cents(frequency(engine.render_native(30_000)[1000:]), tempered(81))) == pytest.approx(0, abs=2)
