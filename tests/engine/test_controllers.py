# SPDX-License-Identifier: Apache-2.0
"""Wheel, foot, breath and aftertouch: three things each may be assigned to, and how they add up."""

import numpy as np
import pytest
from measuring import amplitude, cents, decibels, frames_of, native_engine, pitch_track, plain, tempered

PITCH, AMPLITUDE, BIAS = 1, 2, 4
MESSAGES = {
    "wheel": lambda value: bytes((0xB0, 1, value)),
    "foot": lambda value: bytes((0xB0, 4, value)),
    "breath": lambda value: bytes((0xB0, 2, value)),
    "aftertouch": lambda value: bytes((0xD0, value)),
}
# Peak deviation upwards in cents by pitch modulation sensitivity, all depths full; and the firmware's numbers for
# the sensitivities, of which whole steps remain: 127 upwards and 128 downwards make a difference where they are few.
DEVIATION = {1: 37, 2: 84, 3: 149, 4: 252, 5: 420, 6: 700, 7: 1177}
SENSITIVITY = (0, 10, 20, 33, 55, 92, 153, 255)
OCTAVE = 6.0206  # dB of 256 attenuation steps


def wobbling(pitch=0, amplitude=0, speed=30):
    """A sine with a square LFO, 4.8 Hz, and these sensitivities; its own depths are 0."""
    patch = plain()
    patch.lfo.wave = "square"
    patch.lfo.speed = speed
    patch.pitch_mod_sensitivity = pitch
    patch.op[0].amp_mod_sensitivity = amplitude
    return patch


def played(patch, settings, frames=30_000):
    """Note 81 with controllers set: {source: (range, assignment, value)}."""
    engine = native_engine(patch)
    for source in MESSAGES:
        ranged, assigned, value = settings.get(source, (0, 0, 0))
        engine.set_function(f"{source}_range", ranged, frame=0)
        engine.set_function(f"{source}_assign", assigned, frame=0)
        engine.midi(MESSAGES[source](value), frame=0)
    engine.note_on(81, 100, frame=0)
    return engine.render_native(frames)


def deviation(sound):
    """Lowest and highest pitch in cents from note 81."""
    _, hertz = pitch_track(sound[2000:])
    return cents(np.percentile(hertz, [5, 95]), tempered(81))


def depth(sound):
    """Loudest against softest, in dB."""
    levels = np.sort([amplitude(run) for run in np.array_split(sound[2000:], 200)])
    return decibels(levels[-20] / levels[20])


@pytest.mark.parametrize("source", MESSAGES)
@pytest.mark.parametrize(("sensitivity", "expected"), DEVIATION.items())
def test_vibrato(source, sensitivity, expected):
    low, high = deviation(played(wobbling(pitch=sensitivity), {source: (99, PITCH, 127)}))
    steps_down = SENSITIVITY[sensitivity] * 128 >> 8
    assert low == pytest.approx(-1200 * 253 * steps_down / 2 / 16384, abs=3)
    assert high == pytest.approx(expected, rel=0.02, abs=3)


@pytest.mark.parametrize("source", MESSAGES)
def test_assigned_to_nothing_does_nothing(source):
    still = played(wobbling(7, 3), {})
    assert np.array_equal(played(wobbling(7, 3), {source: (99, 0, 127)}), still)


@pytest.mark.parametrize("source", MESSAGES)
def test_at_rest_does_nothing(source):
    assert np.array_equal(played(wobbling(7, 3), {source: (99, PITCH + AMPLITUDE, 0)}), played(wobbling(7, 3), {}))


@pytest.mark.parametrize(("sensitivity", "expected"), {0: 0.0, 1: 9.6, 2: 19.3, 3: 38.6}.items())
@pytest.mark.parametrize("source", MESSAGES)
def test_tremolo(source, sensitivity, expected):
    """Wheel full leaves 3/256 of the way: 205 steps of 1/256 octave, twice, four or eight times."""
    sound = played(wobbling(amplitude=sensitivity), {source: (99, AMPLITUDE, 127)})
    assert expected == pytest.approx((205 << sensitivity if sensitivity else 0) / 256 * OCTAVE, abs=0.1)
    assert depth(sound) == pytest.approx(expected, abs=0.5)


def test_range_scales_the_controller():
    _, high = deviation(played(wobbling(pitch=7), {"wheel": (50, PITCH, 127)}))
    assert high == pytest.approx(1177 * 50 / 99, rel=0.03)


def test_contributions_add_up():
    alone = deviation(played(wobbling(pitch=7), {"wheel": (99, PITCH, 40)}))[1]
    both = deviation(played(wobbling(pitch=7), {"wheel": (99, PITCH, 40), "breath": (99, PITCH, 40)}))[1]
    assert both == pytest.approx(2 * alone, rel=0.03)


def test_contributions_add_to_the_lfo_depth_of_the_voice():
    patch = wobbling(pitch=7)
    patch.lfo.pitch_mod_depth = 30
    own = deviation(played(patch, {}, 60_000)[30_000:])[1]
    both = deviation(played(patch, {"foot": (99, PITCH, 40)}, 60_000)[30_000:])[1]
    alone = deviation(played(wobbling(pitch=7), {"foot": (99, PITCH, 40)}))[1]
    assert both == pytest.approx(own + alone, rel=0.03)


def test_contributions_saturate():
    two = {"wheel": (99, PITCH, 127), "foot": (99, PITCH, 127)}
    four = dict.fromkeys(MESSAGES, (99, PITCH, 127))
    assert np.array_equal(played(wobbling(pitch=7), two), played(wobbling(pitch=7), four))


# ---- pressure of keys --------------------------------------------------------------


def pressed(*messages, mono=0):
    """Note 81 with aftertouch assigned to pitch, and then these messages."""
    engine = native_engine(wobbling(pitch=7))
    engine.set_function("mono", mono, frame=0)
    engine.set_function("aftertouch_range", 99, frame=0)
    engine.set_function("aftertouch_assign", PITCH, frame=0)
    engine.note_on(81, 100, frame=0)
    for message in messages:
        engine.midi(bytes.fromhex(message), frame=0)
    return engine.render_native(20_000)


@pytest.mark.parametrize(
    ("messages", "same"),
    [
        (["a05164"], ["d064"]),
        (["a05164", "d032"], ["d064"]),  # the most of channel and keys counts
        (["a05132", "d064"], ["d064"]),
        (["a05164", "d000"], ["d064"]),
        (["a05164", "a05100"], []),
        (["a05164", "a05132"], ["d032"]),
        (["a03c64"], []),  # that key is not down
        (["a15164"], []),  # not on this channel
        (["a05164", "b07900"], []),
        (["d064", "b07900"], []),
        (["b0407f", "a05164", "805140"], ["b0407f", "805140"]),  # let go, though the pedal holds its sound
        (["b0407f", "a05164", "905100"], ["b0407f", "905100"]),
        (["b0407f", "a05164", "b07b00"], ["b0407f", "b07b00"]),
        (["a05164", "b07800", "905164"], ["b07800", "905164"]),
    ],
)
@pytest.mark.parametrize("mono", [0, 1])
def test_pressure_of_a_key_counts_while_the_key_is_down(messages, same, mono):
    assert np.array_equal(pressed(*messages, mono=mono), pressed(*same, mono=mono))


def test_pressure_of_the_hardest_pressed_key_counts_for_all_voices_of_the_part():
    chord = ["905d64", "906964"]
    assert np.array_equal(pressed(*chord, "a05128", "a05d64", "a06932"), pressed(*chord, "d064"))
    assert np.array_equal(pressed(*chord, "a05128", "a05d64", "805d40"), pressed(*chord, "d028", "805d40"))


# ---- envelope bias -----------------------------------------------------------------


def loudness(value, sensitivity=3, ranged=99):
    sound = played(wobbling(amplitude=sensitivity), {"breath": (ranged, BIAS, value)})
    return decibels(amplitude(sound[5000:]) / amplitude(played(plain(), {})[5000:]))


def test_breath_closed_silences_an_operator_by_48_decibels():
    assert loudness(0) == pytest.approx(-48, abs=0.6)


@pytest.mark.parametrize(("sensitivity", "expected"), {0: 0, 1: -12, 2: -24, 3: -48}.items())
def test_bias_by_amplitude_sensitivity(sensitivity, expected):
    assert loudness(0, sensitivity) == pytest.approx(expected, abs=0.6)


def test_breath_opens_the_operator_to_its_full_level():
    levels = [loudness(value) for value in (0, 32, 64, 96, 127)]
    assert levels == sorted(levels)
    assert levels[-1] == pytest.approx(0, abs=0.1)


def test_a_smaller_range_closes_less():
    """Half the range leaves half of the way open: (127/256) ** 1, as sensitivity 3 is linear."""
    assert loudness(0, ranged=50) == pytest.approx(-6, abs=0.6)


def test_half_closed_breath_leaves_the_tremolo_the_other_half():
    """The LFO halfway down takes half of what the bias has left: 3/4 closed, not all, so 12 dB instead of 48."""
    patch = wobbling(amplitude=3, speed=1)
    patch.lfo.wave = "triangle"
    patch.lfo.amp_mod_depth = 99
    sound = played(patch, {"breath": (99, BIAS, 64)}, 100_000)
    halfway = frames_of(0.25 / 0.125)  # a quarter of eight seconds
    level = amplitude(sound[halfway - 500 : halfway + 500]) / amplitude(played(plain(), {})[5000:])
    assert decibels(level) == pytest.approx(-12, abs=0.7)


def test_closed_breath_lets_no_blip_through_when_the_patch_changes():
    """The new patch's first note may come before the tick that reads the controllers again."""
    engine = native_engine(wobbling(amplitude=3))
    engine.set_function("breath_range", 99, frame=0)
    engine.set_function("breath_assign", BIAS, frame=0)
    engine.load(wobbling(amplitude=3, speed=31), frame=20_010)
    engine.note_on(81, 100, frame=20_012)
    assert np.abs(engine.render_native(30_000)).max() < 60


def test_nothing_assigned_leaves_the_operator_open():
    assert np.array_equal(played(wobbling(amplitude=3), {}), played(plain(), {}))
