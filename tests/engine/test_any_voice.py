# SPDX-License-Identifier: Apache-2.0
"""Any 155 bytes are a playable voice: bounded sound, no voice that hangs; random ones and those of the world."""

import numpy as np
import pytest
from strategies import BANKS, random_voices

from synth import Engine, Patch, Score, render
from synth.packing import unpack

LOUDEST = 16_384  # chip units of one voice: carrier compensation keeps all algorithms below one full carrier
HOLD, NEXT = 900, 1200  # native frames


def play_all(voices, hold=HOLD, space=NEXT):
    """Each voice plays one note on one engine, each on another key and velocity. Chip units, and the engine."""
    score = Score()
    for number, voice in enumerate(voices):
        key, velocity = (37 * number) % 128, 1 + (53 * number) % 127
        start = number * space
        score.load(start, 0, voice)
        score.midi(start, bytes((0x90, key, velocity)))
        score.midi(start + hold, bytes((0x80, key, 0)))
    engine = Engine(voices=1, parts=1)
    engine.play(score)
    return engine.render_native(len(voices) * space), engine


def assert_sane(voices):
    sound, engine = play_all(voices)
    notes = np.abs(sound.reshape(len(voices), NEXT))
    # the first frames hold what the note before leaves in 128 frames of fading
    assert notes[:, :128].max() <= 2 * LOUDEST
    assert notes[:, 128:].max() <= LOUDEST
    assert engine.stats().keys_held == 0
    assert engine.stats().notes_on == len(voices)
    assert (notes.max(axis=1) > 0).mean() > 0.3


@pytest.mark.parametrize("seed", range(10))
def test_10_000_random_voices_are_bounded_and_none_hangs(seed):
    assert_sane([voice.tobytes() for voice in random_voices(seed, 1000)])


def test_any_bytes_at_all_are_bounded_and_none_hangs():
    """Values out of range are clamped by the engine itself."""
    bytes_at_random = np.random.default_rng(1).integers(0, 256, (1000, 155), dtype=np.uint8)
    assert_sane([voice.tobytes() for voice in bytes_at_random])


@pytest.mark.parametrize("value", [0, 1, 63, 64, 99, 127, 128, 255])
def test_voices_of_one_value(value):
    sound, _ = play_all([bytes([value] * 155)] * 128)
    assert np.abs(sound).max() <= 2 * LOUDEST


@pytest.fixture(scope="module")
def corpus():
    file = BANKS / "corpus-2048.bin"
    if not file.exists():
        pytest.skip(f"no voices of the world in {file}")
    return np.fromfile(file, np.uint8).reshape(-1, 128)


def test_voices_of_the_world(corpus):
    voices = [voice.tobytes() for voice in unpack(corpus)]
    assert len(voices) == 2048
    assert_sane(voices)


def test_release_ends_every_voice_with_level_4_at_0():
    """At release rate 80 and faster nothing is left after half a second: at rest, not merely quiet."""
    voices = random_voices(99, 1000)
    for number in range(6):
        voices[:, 21 * number + 3] = np.maximum(voices[:, 21 * number + 3], 80)
        voices[:, 21 * number + 7] = 0
    for voice in voices[::5]:
        engine = Engine(voices=1, parts=1)
        engine.load(voice.tobytes(), frame=0)
        engine.note_on(60, 100, frame=0)
        engine.note_off(60, frame=3000)
        tail = engine.render_native(3000 + 24_548)[-100:]
        assert not tail.any()
        assert engine.stats().voices_sounding == 0


@pytest.mark.parametrize("rate", [8000, 48_000, 192_000])
@pytest.mark.parametrize("output", ["clean", "dx7"])
def test_floats_are_finite_and_bounded(rate, output):
    """1.0 is a carrier at level 99; a voice may be loud by 16384/8552 of it, and the filters ring a little."""
    for voice in random_voices(5, 60):
        sound = render(Patch.from_raw(voice), 60, 127, 0.05, 0.02, rate, output=output)
        assert np.isfinite(sound).all()
        assert np.abs(sound).max() < 1.5 * LOUDEST / 8552
