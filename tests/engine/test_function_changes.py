# SPDX-License-Identifier: Apache-2.0
"""Function parameters change while notes sound: without a click, without a hung note, and in a score as live."""

import random

import numpy as np
import pytest
from strategies import random_voices

from synth import Engine, Patch
from synth.functions import FUNCTIONS
from synth.score import Score

RATE = 48000
CHANGE = 12_345  # frame, in the middle of nothing
FRAMES = 24_000
KEYS = (60, 64)
NOTES = [bytes((0x90, key, 100)) for key in KEYS]


def vibrating():
    """One sine that vibrates and trembles as far as controllers say."""
    voice = Patch.init_voice()
    voice.pitch_mod_sensitivity = 7
    voice.lfo.delay = 0
    voice.op[0].amp_mod_sensitivity = 3
    voice.op[0].envelope.rates = [70, 70, 70, 40]
    return voice


def sound(kernel, before, changes):
    """Two notes with these messages and functions before them; the changes come at CHANGE."""
    engine = Engine(sample_rate=RATE, kernel=kernel)
    engine.load(vibrating())
    for frame, done in [(0, [*before, *NOTES]), (CHANGE, changes)]:
        for one in done:
            if isinstance(one, bytes):
                engine.midi(one, frame=frame)
            else:
                engine.set_function(*one, frame=frame)
    return engine.render(FRAMES)[:, 0].astype(np.float64)


def roughness(samples):
    """What clicks raise: the largest second difference."""
    return np.abs(np.diff(samples, 2)).max()


WHEEL, BREATH, BEND = bytes((0xB0, 1, 127)), bytes((0xB0, 2, 127)), bytes((0xE0, 0x7F, 0x7F))
CHANGES = {
    "mono": ([], [("mono", 1)]),
    "poly": ([("mono", 1)], [("mono", 0)]),
    "tune up": ([], [("master_tune", 511)]),
    "tune down": ([("master_tune", 511)], [("master_tune", 0)]),
    "bend range": ([BEND, ("bend_range", 0)], [("bend_range", 12)]),
    "bend step": ([BEND, ("bend_range", 12)], [("bend_step", 12)]),
    "vibrato": ([WHEEL, ("wheel_range", 0)], [("wheel_range", 99)]),
    "tremolo": ([WHEEL, ("wheel_assign", 2), ("wheel_range", 99)], [("wheel_range", 0)]),
    "bias": ([BREATH, ("breath_range", 99)], [("breath_assign", 4)]),
    "glissando": ([("portamento_time", 50)], [("glissando", 1)]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_clicks(change):
    before, changes = CHANGES[change]
    samples = sound("clean", before, changes)
    assert samples[CHANGE - 2000 : CHANGE].any()
    steady = max(roughness(samples[2000 : CHANGE - 100]), roughness(samples[CHANGE + 2000 : CHANGE + 8000]))
    # Tremolo that ends is a swell of 48 dB within a tick. A jump of a tenth of the amplitude would be 60 times rougher.
    assert roughness(samples[CHANGE - 100 : CHANGE + 2000]) <= 2.5 * steady


@pytest.mark.parametrize(
    ("by_range", "by_hand"),
    [
        (([WHEEL, ("wheel_assign", 2), ("wheel_range", 0)], [("wheel_range", 99)]),
         ([("wheel_assign", 2), ("wheel_range", 99)], [WHEEL])),
        (([WHEEL, ("wheel_range", 0)], [("wheel_range", 99)]),
         ([("wheel_range", 99)], [WHEEL])),
        (([BEND, ("bend_range", 0)], [("bend_range", 12)]),
         ([("bend_range", 12)], [BEND])),
    ],
)  # fmt: skip
def test_the_chip_makes_no_more_of_a_range_than_of_the_controller_itself(by_range, by_hand):
    np.testing.assert_array_equal(sound("chip", *by_range), sound("chip", *by_hand))


def performance(seed):
    """Frames and what happens there, as arguments of `set_function`, as voices or as messages."""
    dice = random.Random(seed)
    voices = [Patch.from_raw(voice) for voice in random_voices(seed, 4)]
    events, down, frame = [], [], 0
    for _ in range(300):
        frame += dice.randrange(400)
        kind = dice.random()
        if kind < 0.4:
            name = dice.choice(list(FUNCTIONS))
            events.append((frame, (name, dice.choice((0, dice.randint(0, FUNCTIONS[name].highest), 1)))))
        elif kind < 0.45:
            events.append((frame, dice.choice(voices)))
        elif kind < 0.5:
            events.append((frame, dice.randrange(64)))
        elif kind < 0.8 or not down:
            down.append(dice.randrange(40, 90))
            events.append((frame, bytes((0x90, down[-1], dice.randrange(1, 128)))))
        else:
            events.append((frame, bytes((0x80, down.pop(dice.randrange(len(down))), 64))))
        if dice.random() < 0.1:
            events.append((frame, bytes((0xB0, dice.choice((1, 2, 4, 64, 65, 66, 68)), dice.randrange(128)))))
    events += [(frame, bytes((0x80, key, 64))) for key in down]
    return [*events, *((frame, bytes((0xB0, pedal, 0))) for pedal in (64, 66, 68))], frame


@pytest.mark.parametrize("kernel", ["chip", "clean"])
@pytest.mark.parametrize("seed", range(4))
def test_a_score_equals_live_changes_and_no_note_hangs(seed, kernel):
    events, frames = performance(seed)
    live, scored, score = Engine(kernel=kernel, voices=8), Engine(kernel=kernel, voices=8), Score()
    for frame, event in events:
        if isinstance(event, bytes):
            live.midi(event, frame=frame)
            score.midi(frame, event)
        elif isinstance(event, Patch):
            live.load(event, frame=frame)
            score.load(frame, 0, event)
        elif isinstance(event, int):
            live.set_operators(event, frame=frame)
            score.set_operators(frame, event)
        else:
            live.set_function(*event, frame=frame)
            score.set_function(frame, *event)
    scored.play(score)
    for engine in (live, scored):
        engine.sound = engine.render(frames + 10)
        assert engine.stats().keys_held == 0
    np.testing.assert_array_equal(live.sound, scored.sound)


HANDS = [bytes.fromhex(message) for message in ("b2017f", "b2027f", "b2047f", "d27f", "e27f50", "b2417f")]


def test_each_parameter_does_in_a_score_what_it_does_live():
    for name, function in FUNCTIONS.items():
        live, scored, score = Engine(sample_rate=8000), Engine(sample_rate=8000), Score()
        value = 0 if function.first == function.highest else function.highest
        live.set_function(name, value, part=2, frame=0)
        score.set_function(0, name, value, 2)
        for message in (
            b"\xb2\x01\x7f",
            b"\xb2\x02\x7f",
            b"\xb2\x04\x7f",
            b"\xd2\x7f",
            b"\xe2\x7f\x50",
            b"\xb2\x41\x7f",
        ):
            live.midi(message, frame=0)
            score.midi(0, message)
        for frame, key in ((0, 60), (800, 67)):
            live.note_on(key, 100, part=2, frame=frame)
            score.midi(frame, bytes((0x92, key, 100)))
        scored.play(score)
        np.testing.assert_array_equal(live.render(4000), scored.render(4000))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda s: s.set_function(0, "monno", 1), "did you mean 'mono'"),
        (lambda s: s.set_function(0, "mono", 2), "mono must be 0 to 1, not 2"),
        (lambda s: s.set_function(0, "mono", 1, 16), "part must be 0 to 15"),
        (lambda s: s.set_operators(0, 64), "switches must be 0 to 63"),
        (lambda s: s.set_operators(-1, 63), "frame must be 0"),
    ],
)
def test_wrong_arguments_are_refused(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        wrong(Score())
