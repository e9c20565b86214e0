# SPDX-License-Identifier: Apache-2.0
"""An independent process that renders its share of a batch on one processor: ``python -m synth.benchmark.half``.

Its first line of input says what to render; each later one makes it render, and has the seconds as its answer.
"""

import json
import os
import sys

import numpy as np

from synth.benchmark.materials import factory_voices
from synth.benchmark.playing import render_rows
from synth.benchmark.stopwatch import seconds_of


def main() -> None:
    """Answer until the input ends."""
    share = json.loads(sys.stdin.readline())
    if share["processor"] is not None:
        os.sched_setaffinity(0, {share["processor"]})
    patches = factory_voices()
    out = np.full((len(share["pairs"]), share["frames"]), 1.0, np.float32)
    print("true", flush=True)
    rows = render_rows(patches, share["pairs"], share["kernel"], share["rate"], out, threads=1)
    for _ in sys.stdin:
        print(seconds_of(rows), flush=True)


if __name__ == "__main__":
    main()
