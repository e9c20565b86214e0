# SPDX-License-Identifier: Apache-2.0
"""How often categories are guessed right: by name against a list made by hand, by sound against names.

    python tests/bench/categories.py [--update] FILE...

FILE: voices to learn from, by default the 2048 of the shared folder, as packed voices. By sound is measured five times,
each time on a fifth of the voices that was not learned from. --update writes what was learned from all of them.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from strategies import BANKS

from synth import load_voices
from synth.library import analysis, timbre
from synth.library.categories import CATEGORIES, from_name
from synth.library.content import content

NAMED = Path(__file__).resolve().parents[1] / "library" / "named.tsv"
TABLE = Path(timbre.__file__).with_name("timbre.csv")


def by_name() -> tuple[int, int, int]:
    """Of the list made by hand: how many are right, wrong, and left open."""
    with NAMED.open(encoding="utf-8") as file:
        rows = [(name, category) for name, category in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    guesses = [(from_name(name), category) for name, category in rows]
    right = sum(guess == category for guess, category in guesses)
    left_open = sum(not guess and bool(category) for guess, category in guesses)
    return right, len(rows) - right - left_open, left_open


def main() -> int:
    """Measure, print, and perhaps write."""
    files = [Path(name) for name in sys.argv[1:] if not name.startswith("-")]
    files = files or [file for file in [BANKS / "corpus-2048.bin"] if file.exists()]
    voices = [voice for file in files for voice in load_voices(file)]
    named = [(voice, from_name(voice.name)) for voice in {content(voice): voice for voice in voices}.values()]
    known = [(voice, CATEGORIES.index(category)) for voice, category in named if category]
    print("by name: {} right, {} wrong, {} left open".format(*by_name()))
    if not known:
        print("by sound: no voices to learn from; name files of them")
        return 0
    vectors = analysis.vectors([content(voice) for voice, _ in known])
    labels = np.array([label for _, label in known])
    fifth = np.arange(len(labels)) % 5
    likely = np.zeros((len(labels), len(CATEGORIES)))
    for part in range(5):
        weights = timbre.learned(vectors[fifth != part], labels[fifth != part], len(CATEGORIES))
        likely[fifth == part] = timbre.likelihoods(vectors[fifth == part], weights)
    best = likely.argmax(axis=1)
    sure = likely.max(axis=1) >= timbre.SURE_ENOUGH
    print(f"by sound: {len(labels)} of {len(named)} sounds have telling names; {np.mean(best == labels):.1%} right")
    print(f"   where sure enough, {np.mean(sure):.1%} of them: {np.mean(best[sure] == labels[sure]):.1%} right")
    for label, category in enumerate(CATEGORIES):
        of_it = labels == label
        print(f"   {category:10} {of_it.sum():4}  {np.mean(best[of_it] == label):6.1%}")
    if "--update" in sys.argv:
        weights = timbre.learned(vectors, labels, len(CATEGORIES))
        with TABLE.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            for category, row in zip(CATEGORIES, weights, strict=True):
                writer.writerow([category, *(f"{value:.4g}" for value in row)])
    return 0


if __name__ == "__main__":
    sys.exit(main())
