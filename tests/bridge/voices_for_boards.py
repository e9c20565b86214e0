# SPDX-License-Identifier: Apache-2.0
"""Programs to send, and how to wait for what a thread does."""

import random
import time
from collections.abc import Callable

from bridge.parameters import INIT_PROGRAM
from bridge.protocol import HAZARDS


def program(seed: int, changes: int = 90) -> bytes:
    """The INIT program with so many bytes changed, five of the hazardous parameters and values among them."""
    chance = random.Random(seed)
    data = bytearray(INIT_PROGRAM)
    for number in chance.sample([n for n in range(1, 480) if n != 255], changes):
        data[number] = chance.randrange(256)
    data[35], data[36], data[86] = chance.randrange(128), chance.randrange(128), chance.randrange(128)
    data[chance.choice(range(121, 154))] = chance.choice(sorted(HAZARDS))
    data[chance.choice(range(260, 400))] = chance.choice(sorted(HAZARDS))
    return bytes(data)


def any_program(seed: int) -> bytes:
    """512 bytes of which hardly any is as in the INIT program."""
    chance = random.Random(seed)
    data = bytearray(chance.randbytes(512))
    data[0] = 0
    data[480:505] = bytes(25)
    return bytes(data)


def eventually(condition: Callable[[], object], seconds: float = 10.0) -> bool:
    """True once the condition holds; False if it does not within the time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.005)
    return bool(condition())
