# SPDX-License-Identifier: Apache-2.0
"""How long a DX7 voice takes to become an XFM2 program and a report: ``python tests/bench/convert.py``."""

import sys
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from strategies import random_bank

from bridge.convert import convert
from synth.factory import factory_bank

ROUNDS = 20


def main() -> None:
    """Print the time per voice, of the factory bank and of a bank of random voices."""
    print("voices      median ms  slowest ms")
    for name, bank in (("factory", factory_bank()), ("random", random_bank(1))):
        times = []
        for voice in list(bank) * ROUNDS:
            start = time.perf_counter()
            convert(voice)
            times.append(1e3 * (time.perf_counter() - start))
        print(f"{name:10}  {median(times):9.3f}  {max(times):10.3f}")


if __name__ == "__main__":
    main()
