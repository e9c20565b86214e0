# SPDX-License-Identifier: Apache-2.0
"""Write golden.json from the engine as it is now.

    python tests/golden/make.py

Run it only after the engine has matched the reference renders to the last sample
(tests/engine/test_reference.py): whatever it computes now becomes the truth.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
from performances import PERFORMANCES, Performance

from synth import render_native_events

FILE = Path(__file__).with_name("golden.json")
SPARSE = 151  # of that many samples one is kept to show where a render departs; the hash covers all


def play(performance: Performance) -> np.ndarray:
    """int32 (frames,) in chip units at 49 096.354 Hz."""
    return render_native_events(performance.patch, performance.events, performance.frames)


def golden(samples: np.ndarray) -> dict[str, object]:
    """What is kept of a render."""
    return {
        "sha256": hashlib.sha256(samples.astype("<i4").tobytes()).hexdigest(),
        f"every_{SPARSE}": samples[::SPARSE].tolist(),
    }


def text() -> str:
    """golden.json, one line a render."""
    lines = [f"{json.dumps(name)}: {json.dumps(golden(play(p)))}" for name, p in PERFORMANCES.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
