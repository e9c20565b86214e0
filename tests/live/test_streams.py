# SPDX-License-Identifier: Apache-2.0
"""An engine is never freed under a stream that runs. In a process of its own, which a mistake would crash."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.live

DROPPED = """
import gc, time
from synth.audio import stream
from synth.audio.devices import choose, outputs, restart_portaudio
from synth.engine import Engine

def start():
    device = choose(outputs())
    return stream.DeviceOutput(Engine(sample_rate=device.rate), device, None)

restart_portaudio()
start()  # and drop it
gc.collect()
time.sleep(0.3)
(engine,) = stream.open_streams
before = engine.stats().blocks
time.sleep(0.2)
assert engine.stats().blocks > before > 0, "the stream plays on"

output = start()
output.stop()
output.stop()
assert stream.open_streams == {engine}
"""


def test_a_dropped_stream_keeps_its_engine_and_a_stopped_one_lets_go(jackd: object) -> None:
    done = subprocess.run([sys.executable, "-c", DROPPED], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
