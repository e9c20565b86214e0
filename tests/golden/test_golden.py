# SPDX-License-Identifier: Apache-2.0
"""Renders of our own voices, which equal those made when the engine matched the reference to the last sample."""

import json

import numpy as np
import pytest
from make import FILE, SPARSE, golden, play
from performances import PERFORMANCES

GOLDEN = json.loads(FILE.read_text(encoding="utf-8"))


def test_every_performance_has_its_golden_render():
    assert GOLDEN.keys() == PERFORMANCES.keys()


@pytest.mark.parametrize("name", PERFORMANCES)
def test_golden_render(name):
    samples = play(PERFORMANCES[name])
    kept = np.array(GOLDEN[name][f"every_{SPARSE}"])
    differing = np.flatnonzero(samples[::SPARSE] != kept)
    assert not differing.size, f"departs between frames {(differing[0] - 1) * SPARSE} and {differing[0] * SPARSE}"
    assert golden(samples)["sha256"] == GOLDEN[name]["sha256"]


@pytest.mark.parametrize("name", PERFORMANCES)
def test_golden_render_is_worth_keeping(name):
    """Loud, and not the same as another one."""
    kept = GOLDEN[name][f"every_{SPARSE}"]
    assert max(map(abs, kept)) > 1000
    assert sum(other[f"every_{SPARSE}"] == kept for other in GOLDEN.values()) == 1
