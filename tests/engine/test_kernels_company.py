# SPDX-License-Identifier: Apache-2.0
"""A voice sounds the same to the last bit whoever plays beside it, wherever it sits among the others.

The company plays on parts whose volume is 0, so that it adds nothing but zeros to the output.
"""

import random

import numpy as np
import pytest
from strategies import random_voices

from synth import Engine, factory_bank
from synth.engine import KERNELS
from synth.patch import PitchEnvelope

START = 12_000  # frames; by then volumes have arrived at 0
FRAMES = 12_000
VOICES = 64
HEARD = 0  # the part that is listened to
SILENT = range(1, 16)
ALGORITHMS = (1, 4, 6, 17, 32)  # in 4 and 6 the feedback goes through three and two operators


def listened(algorithm):
    """A factory voice with much feedback, and with its phases at their start."""
    patch = factory_bank()[algorithm % 32].copy()
    patch.algorithm = algorithm - 1
    patch.feedback = 6
    patch.osc_key_sync = True
    return patch


def band(kernel, patch):
    """An engine with random voices on its silent parts."""
    engine = Engine(48_000, VOICES, kernel=kernel)
    for part, voice in zip(SILENT, random_voices(7, len(SILENT)), strict=True):
        engine.load(bytes(voice), part, frame=0)
        engine.midi(bytes((0xB0 | part, 7, 0)), frame=0)
    engine.load(patch, HEARD, frame=0)
    return engine


def company(engine, count, spread=0):
    """So many notes on the silent parts, up to `spread` frames after the start; some end soon."""
    dice = random.Random(count)
    for _ in range(count):
        frame = START + dice.randint(0, spread)
        part, key = dice.choice(SILENT), dice.randrange(24, 108)
        engine.note_on(key, dice.randrange(1, 128), part, frame=frame)
        if dice.random() < 0.5:
            engine.note_off(key, part, frame=frame + dice.randint(1, FRAMES))


def listen(engine, before=0, after=0, spread=0):
    """The listened note, with so many others started before and after it."""
    company(engine, before)
    engine.note_on(60, 100, HEARD, frame=START)
    engine.note_off(60, HEARD, frame=START + FRAMES // 2)
    company(engine, after, spread)
    sound = engine.render(START + FRAMES)
    stats = engine.stats()
    assert (stats.notes_on, stats.notes_stolen) == (before + 1 + after, 0)
    assert np.abs(sound).max() > 0.01
    return sound.tobytes()


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_others_that_come_and_go(kernel, algorithm):
    patch = listened(algorithm)
    alone = listen(band(kernel, patch))
    for others in (1, 7, 16, 40, 63):
        assert listen(band(kernel, patch), after=others, spread=3000) == alone


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_any_place_among_64(kernel, algorithm):
    """Without pitch that moves: the DX7 itself moves voices 9 to 16 a tick later than voices 1 to 8."""
    patch = listened(algorithm)
    patch.pitch_mod_sensitivity = 0
    patch.pitch_envelope = PitchEnvelope()
    first = listen(band(kernel, patch))
    for before in (1, 3, 8, 15, 16, 31, 47, 63):
        assert listen(band(kernel, patch), before, 63 - before) == first
