# SPDX-License-Identifier: Apache-2.0
"""Sample for sample what the DX7's two sound chips compute, against renders by an independent model of them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from strategies import SHARED

from synth import Patch, render_native, render_native_events

# one voice of the collection has a name of zeros
pytestmark = pytest.mark.filterwarnings("ignore::synth.errors.VoiceWarning")

NOTES = SHARED / "reference"
SEQUENCES = NOTES / "events"


def renders(folder: Path) -> list[Any]:
    index = folder / "index.json"
    return json.loads(index.read_text())["renders"] if index.exists() else []


def assert_same(ours: np.ndarray, reference: np.ndarray) -> None:
    differing = np.flatnonzero(ours != reference)
    assert not differing.size, (
        f"{differing.size} of {len(ours)} samples differ, the first at frame {differing[0]}: "
        f"{ours[differing[0]]} instead of {reference[differing[0]]}"
    )


@pytest.mark.parametrize("entry", renders(NOTES), ids=lambda e: f"{e['file']}-{e['name'].strip()}")
def test_single_note(entry):
    reference, _ = soundfile.read(NOTES / entry["file"], dtype="int16")
    patch = Patch.from_raw(bytes.fromhex(entry["voice"]))
    ours = render_native(patch, entry["note"], entry["velocity"], entry["hold_frames"], entry["total_frames"])
    assert_same(ours, reference)


@pytest.mark.parametrize("entry", renders(SEQUENCES), ids=lambda e: f"{e['file']}-{e['name'].strip()}")
def test_many_notes(entry):
    reference, _ = soundfile.read(SEQUENCES / entry["file"], dtype="int32")
    patch = Patch.from_raw(bytes.fromhex(entry["voice"]))
    ours = render_native_events(patch, [tuple(event) for event in entry["events"]], entry["total_frames"])
    assert_same(ours, reference >> 8)  # 24 bits in the upper part of 32
