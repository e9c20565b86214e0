# SPDX-License-Identifier: Apache-2.0
"""The accuracy that is promised of the `clean` kernel: notes as the DX7 plays them, tones purer than it could."""

import random

import numpy as np
import pytest
from accuracy_notes import RATE, own_notes, reference_notes
from accuracy_players import Kernel
from accuracy_table import distances, rows_of_notes, rows_of_rates, rows_of_tones
from measures import level_difference, mel_distance
from measuring import UNITY

from synth import Engine, factory_bank, render_native_events

CLEAN = Kernel("clean")


def assert_kept(rows):
    missed = [
        f"{row.section}: {row.measure} is {row.measured:g} {row.unit}, promised {row.goal:g}"
        for row in rows
        if not row.met
    ]
    assert not missed, "\n".join(missed)


@pytest.mark.skipif(not reference_notes(), reason="no reference renders")
def test_notes_of_the_reference_renders():
    assert_kept(rows_of_notes("reference renders", distances(CLEAN, reference_notes())))


def test_notes_of_our_own_voices_as_the_chip_plays_them():
    assert_kept(rows_of_notes("own voices", distances(CLEAN, own_notes())))


def test_tones():
    assert_kept(rows_of_tones(CLEAN))


def test_sample_rates():
    assert_kept(rows_of_rates(CLEAN))


def melody(seed, length=32, most=RATE * 2):
    """Notes that overlap: (frame, "on" or "off", note, velocity)."""
    dice = random.Random(seed)
    events = []
    for number in range(length):
        start, note = number * most // length, dice.randrange(36, 84)
        events += [(start, "on", note, dice.randrange(20, 128)), (start + dice.randrange(500, 9000), "off", note, 0)]
    return sorted(events, key=lambda event: event[0])


def test_melodies_as_the_chip_plays_them():
    """Twice as many notes as voices: those that are taken again go on from where their envelopes are."""
    levels, spectra = [], []
    for seed, patch in enumerate(factory_bank()):
        events = melody(seed)
        frames = events[-1][0] + RATE // 4
        engine = Engine(RATE, 16, 1, "clean", steal=False)
        engine.load(patch, frame=0)
        for frame, kind, note, velocity in events:
            if kind == "on":
                engine.note_on(note, velocity, frame=frame)
            else:
                engine.note_off(note, frame=frame)
        ours = engine.render(frames)[:, 0].astype(float)
        chip = render_native_events(patch, events, frames).astype(float) / UNITY
        levels.append(abs(level_difference(ours, chip, frames)))
        spectra.append(mel_distance(ours, chip, RATE, frames))
    assert np.median(levels) < 0.05
    assert np.median(spectra) < 0.3
    assert np.percentile(spectra, 90) < 1.3
