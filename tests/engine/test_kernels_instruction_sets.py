# SPDX-License-Identifier: Apache-2.0
"""The same bits from every instruction set the engine may be compiled for, and from the installed build."""

import numpy as np
import pytest
from builds import BUILDS, chorus, why_not
from strategies import random_voices

from synth import Engine, factory_bank
from synth.engine import KERNELS, ffi, lib

FRAMES = 24_000
VOICES = np.concatenate([[np.frombuffer(p.to_sysex(), np.uint8)[:155] for p in factory_bank()], random_voices(3, 24)])
RATES = (44_100, 48_000, 192_000)


def installed(kernel, rate):
    """What chorus.c plays, by the engine as it was installed: it picks its instruction set by itself."""
    engine = Engine(rate, 64, kernel=kernel)
    for i, voice in enumerate(VOICES):
        part, note = i % 16, 36 + i * 7 % 48
        engine.load(bytes(voice), part, frame=8 * i)
        engine.midi(bytes((0x90 | part, note, 1 + i * 5 % 127)), frame=8 * i)
        engine.midi(bytes((0x80 | part, note, 0)), frame=FRAMES // 2 + 8 * i)
    out = np.empty(FRAMES, np.float32)
    lib.sx_render(engine.handle, ffi.from_buffer("float[]", out), FRAMES, 1)
    return out


@pytest.mark.slow
@pytest.mark.parametrize("build", BUILDS)
def test_same_bits(build):
    if reason := why_not(build):
        pytest.skip(reason)
    for number, kernel in enumerate(KERNELS):
        for rate in RATES:
            ours = chorus(build, number, rate, VOICES, FRAMES)
            assert np.abs(ours).max() > 1
            assert ours.tobytes() == installed(kernel, rate).tobytes()
