# SPDX-License-Identifier: Apache-2.0
"""The 32 algorithms as edges, and patches rendered through them."""

from __future__ import annotations

from typing import Any

import numpy as np
from synth._engine import lib

from synth import Patch
from synth.graph_engine import render_graph

GRID = 2.0**21
OPERATORS = 6


def wiring_of(algorithm: int) -> tuple[list[tuple[int, int, float]], tuple[int, int], list[int]]:
    """Edges, the feedback's source and target, and carriers of algorithm 0..31; operators count from 0."""
    numbers = range(1, OPERATORS + 1)
    edges = [(s - 1, t - 1, 1.0) for s in numbers for t in numbers if lib.sx_modulates(algorithm, s, t)]
    path = lib.sx_feedback_path(algorithm)
    return edges, (path // 8 - 1, path % 8 - 1), [n - 1 for n in numbers if lib.sx_is_carrier(algorithm, n)]


def as_graph(
    patch: Patch, note: int, velocity: int, hold: float, seconds: float, rate: int, kernel: str, **others: Any
) -> np.ndarray:
    """The patch through its algorithm's edges, for so many seconds; others: of `render_graph`, instead of these."""
    edges, (source, target), carriers = wiring_of(patch.algorithm)
    arguments = {
        "edges": edges,
        "feedback": [(source, target, patch.feedback)],
        "carriers": carriers,
        "stems": False,
        "normalize_feedback": False,
        "operators_on": [bool(patch.operators_on >> (5 - op) & 1) for op in range(OPERATORS)],
    }
    return render_graph(
        patch.to_bytes(),
        OPERATORS,
        note=note,
        velocity=velocity,
        hold_frames=round(hold * rate),
        frames=round(seconds * rate),
        sample_rate=rate,
        kernel=kernel,
        **{**arguments, **others},
    )
