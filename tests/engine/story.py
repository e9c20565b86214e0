# SPDX-License-Identifier: Apache-2.0
"""A piece of music at random: notes, controllers, patches, functions and volumes, each on a frame of its own."""

import random
from dataclasses import dataclass, field
from typing import Any

from strategies import random_voices

from synth import Engine, Producer, Score
from synth.engine import FUNCTIONS

CONTROLLERS = (1, 2, 4, 5, 7, 11, 64, 65, 120, 121, 123, 126, 127)


@dataclass(frozen=True)
class Action:
    """A method of `Producer`, its arguments, and the frame on which it takes effect."""

    frame: int
    method: str
    arguments: tuple[Any, ...]
    options: dict[str, Any] = field(default_factory=dict)

    def send(self, producer: Producer) -> None:
        getattr(producer, self.method)(*self.arguments, frame=self.frame, **self.options)

    @property
    def is_for_scores(self) -> bool:
        """A score holds channel messages and patches."""
        return self.method in ("midi", "load")

    def write(self, score: Score) -> None:
        if self.method == "load":
            score.load(self.frame, self.options["part"], self.arguments[0])
        else:
            score.midi(self.frame, self.arguments[0])


def brief(voice: bytes, dice: random.Random) -> bytes:
    """The voice with releases that end soon, and phases that run on: it comes to rest again and again."""
    changed = bytearray(voice)
    for operator in range(6):
        changed[21 * operator + 3] = dice.randint(70, 99)  # rate 4
        changed[21 * operator + 7] = 0  # level 4
    changed[136] = 0  # oscillator sync
    return bytes(changed)


def story(seed: int, frames: int, actions: int = 60, parts: int = 3) -> list[Action]:
    """Actions on distinct frames, in their order; of every other seed with brief voices."""
    dice = random.Random(seed)
    voices = [bytes(voice) for voice in random_voices(seed, 5)]
    if seed % 2:
        voices = [brief(voice, dice) for voice in voices]
    result = [Action(part, "load", (dice.choice(voices),), {"part": part}) for part in range(parts)]
    for frame in sorted(dice.sample(range(parts, frames), actions)):
        part = dice.randrange(parts)
        kind = dice.random()
        key, value = dice.randrange(36, 96), dice.randrange(1, 128)
        if kind < 0.45:
            action = Action(frame, "midi", (bytes((0x90 | part, key, value)),))
        elif kind < 0.6:
            action = Action(frame, "midi", (bytes((0x80 | part, key, 0)),))
        elif kind < 0.75:
            action = Action(frame, "midi", (bytes((0xB0 | part, dice.choice(CONTROLLERS), value)),))
        elif kind < 0.82:
            action = Action(frame, "midi", (bytes((0xE0 | part, 0, value)),))
        elif kind < 0.9:
            action = Action(frame, "load", (dice.choice(voices),), {"part": part})
        elif kind < 0.96:
            name = dice.choice(list(FUNCTIONS))
            action = Action(frame, "set_function", (name, dice.randint(0, FUNCTIONS[name].highest)), {"part": part})
        else:
            action = Action(frame, "set_volume", (dice.uniform(-20.0, 0.0),))
        result.append(action)
    return result


def in_pieces(engine: Engine, method: str, frames: int, seed: int) -> list[Any]:
    """Render with blocks of any size, many of them odd and some empty."""
    dice = random.Random(seed)
    pieces = []
    while frames > 0:
        size = min(frames, dice.choice((0, 1, 2, 7, 31, 32, 64, 127, 128, 129, 441, 1024, 1025, 5000)))
        pieces.append(getattr(engine, method)(size))
        frames -= size
    return pieces
