# SPDX-License-Identifier: Apache-2.0
"""What kind of instrument a sound is, guessed from what is heard.

A linear discriminant over the vectors of `features`: for each category a bias and a weight for each number, learned
from voices whose names tell what they are (`tests/bench/categories.py --update` writes `timbre.csv`, and prints how
often the guess is right). Where no category is likely enough, none is guessed.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SURE_ENOUGH: Final = 0.6  # likelihood from which on a guess is made
_SILENT: Final = -80.0 / 20  # the level of a vector whose sound is silent


def categories(vectors: NDArray[np.float32]) -> list[str]:
    """A category for each of n vectors, empty where none is likely."""
    names, weights = _table()
    likely = likelihoods(vectors, weights)
    best = likely.argmax(axis=1)
    heard = vectors[:, -5] > _SILENT
    return [
        names[one] if row[one] >= SURE_ENOUGH and sounds else ""
        for one, row, sounds in zip(best, likely, heard, strict=True)
    ]


def likelihoods(vectors: NDArray[np.float32], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, categories) of n vectors; weights (categories, 1 + VECTOR), the first is the bias."""
    scores = weights[:, 0] + vectors.astype(np.float64) @ weights[:, 1:].T
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=1, keepdims=True))


def learned(vectors: NDArray[np.float32], labels: NDArray[np.intp], count: int) -> NDArray[np.float64]:
    """Weights for `count` categories from vectors whose category is known: Gaussians with one covariance."""
    data = vectors.astype(np.float64)
    means = np.array([data[labels == label].mean(axis=0) for label in range(count)])
    priors = np.bincount(labels, minlength=count) / len(labels)
    spread = np.cov((data - means[labels]).T)
    spread += _SHRINKAGE * np.diag(np.diag(spread)) + 1e-3 * np.eye(len(spread))
    slopes = np.linalg.solve(spread, means.T).T
    bias = np.log(priors) - 0.5 * np.sum(slopes * means, axis=1)
    return np.concatenate([bias[:, None], slopes], axis=1)


_SHRINKAGE: Final = 0.3  # of the covariance towards its diagonal


@cache
def _table() -> tuple[list[str], NDArray[np.float64]]:
    text = (files("synth.library") / "timbre.csv").read_text("utf-8")
    rows = list(csv.reader(text.splitlines()))
    return [row[0] for row in rows], np.array([row[1:] for row in rows], np.float64)
