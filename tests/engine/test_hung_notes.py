# SPDX-License-Identifier: Apache-2.0
"""Whatever is played, in whatever order: once all keys and pedals are up, every voice comes to rest."""

import random
from collections import Counter

import numpy as np
import pytest
from strategies import random_voices

from synth import Engine, Patch
from synth.engine import FUNCTIONS

EVENTS = 600
PARTS = 3
PEDALS = (64, 66, 67, 68)
CONTROLLERS = (1, 2, 4, 5, 6, 7, 11, 38, 65, 96, 97, 98, 99, 100, 101, *PEDALS, *PEDALS)
MODES = (121, 123, 124, 125, 126, 127)


def ending(voice):
    """The voice with a release that ends soon, in silence."""
    patch = Patch.from_raw(voice)
    for operator in patch.op:
        operator.envelope.rates = [*operator.envelope.rates[:3], 75]
        operator.envelope.levels = [*operator.envelope.levels[:3], 0]
    return patch


class Player:
    """Plays at random and remembers which keys are down."""

    def __init__(self, seed, **options):
        self.random = random.Random(seed)
        self.voices = [ending(voice) for voice in random_voices(seed, 8)]
        self.engine = Engine(parts=PARTS, **options)
        self.down = Counter()

    def act(self):
        part = self.random.randrange(PARTS)
        kind = self.random.random()
        if kind < 0.45:
            key = self.random.randrange(50, 74)
            self.engine.note_on(key, self.random.randrange(1, 128), part=part)
            self.down[part, key] += 1
        elif kind < 0.75 and self.down:
            self.let_go(self.random.choice(list(self.down)))
        elif kind < 0.88:
            controller = self.random.choice(CONTROLLERS)
            self.engine.midi(bytes((0xB0 | part, controller, self.random.randrange(128))))
        elif kind < 0.91:
            mode = self.random.choice(MODES)
            self.engine.midi(bytes((0xB0 | part, mode, mode == 126)))
        elif kind < 0.93:
            self.engine.midi(bytes((0xA0 | part, self.random.randrange(50, 74), self.random.randrange(128))))
        elif kind < 0.96:
            name = self.random.choice(list(FUNCTIONS))
            self.engine.set_function(name, self.random.randint(0, FUNCTIONS[name].highest), part=part)
        else:
            self.engine.load(self.random.choice(self.voices), part=part)

    def let_go(self, held):
        part, key = held
        self.engine.note_off(key, part=part)
        self.down -= Counter([held])

    def finish(self):
        while self.down:
            self.let_go(self.random.choice(list(self.down)))
        for part in range(PARTS):
            for pedal in PEDALS:
                self.engine.midi(bytes((0xB0 | part, pedal, 0)))


@pytest.mark.parametrize("steal", [True, False])
@pytest.mark.parametrize("voices", [1, 3, 16, 64])
@pytest.mark.parametrize("seed", range(6))
def test_every_voice_comes_to_rest(seed, voices, steal):
    player = Player(seed, voices=voices, steal=steal)
    for _ in range(EVENTS):
        player.act()
        player.engine.render_native(player.random.randrange(300))
    player.finish()
    player.engine.render_native(1)
    assert player.engine.stats().keys_held == 0
    tail = player.engine.render_native(3 * 49_096)
    assert player.engine.stats().voices_sounding == 0
    assert not tail[-1000:].any()


@pytest.mark.parametrize("seed", range(6))
def test_what_was_played_before_does_not_spoil_what_comes_after(seed):
    """Each key, pressed alone, still sounds and ends; nothing stays in a stack of keys."""
    player = Player(seed, voices=4)
    for _ in range(EVENTS):
        player.act()
        player.engine.render_native(64)
    player.finish()
    player.engine.render_native(3 * 49_096)
    plain = Patch.init_voice()
    for part in range(PARTS):
        player.engine.load(plain, part=part)
        for key in range(50, 74):
            player.engine.note_on(key, 100, part=part)
            assert np.abs(player.engine.render_native(1000)).max() > 1000
            player.engine.note_off(key, part=part)
            player.engine.render_native(1000)
            assert player.engine.stats().keys_held == 0
