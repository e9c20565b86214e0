# SPDX-License-Identifier: Apache-2.0
"""`sixop bench`, and what changed since this processor's baseline was stored, if there is one.

    python tests/bench/speed.py [--update] [options of sixop bench]

With --update the figures become the new baseline: baselines/<processor>.json, one file for each model.
"""

from __future__ import annotations

import sys
from pathlib import Path

from synth.benchmark.machine import cpu_slug, this_machine
from synth.cli.main import run

BASELINES = Path(__file__).with_name("baselines")


def main() -> int:
    """Run the command; its exit code."""
    baseline = BASELINES / f"{cpu_slug(this_machine())}.json"
    options = [option for option in sys.argv[1:] if option != "--update"]
    if baseline.exists():
        options += ["--compare", str(baseline)]
    if "--update" in sys.argv:
        BASELINES.mkdir(exist_ok=True)
        options += ["--save", str(baseline)]
    return run(["bench", *options])


if __name__ == "__main__":
    sys.exit(main())
