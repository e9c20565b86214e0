# SPDX-License-Identifier: Apache-2.0
"""Where dexed-py's users gain: both packages on the same tasks, in one run.

    python tests/bench/dexed_py.py

Times are the best of several rounds, in one process; importing is timed in fresh ones. Without dexed-py its column is
empty. The quick start is read from the reference material (see tests/README.md), and left out where that is missing.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "parity"), str(TESTS / "graph")]

from better_calls import BETTER
from peer_calls import SAME
from strategies import SHARED, random_voices
from test_diagram_text import everything

import synth
from synth.benchmark.stopwatch import seconds_of

ROUNDS = 3
PRESETS = 100_000
QUICK_START = SHARED / "seeds" / "dexed_quickstart.txt"

IMPORTING = """
import numpy, sys, time
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * __import__("os").sysconf("SC_PAGE_SIZE")
before, start = resident(), time.perf_counter()
import {package}
for name in {package}.__all__:
    getattr({package}, name)
print(time.perf_counter() - start, resident() - before)
"""


def best(work: Any, rounds: int = ROUNDS) -> float:
    """The quickest of some rounds, in seconds."""
    return min(seconds_of(work) for _ in range(rounds))


def quick_start(package: ModuleType) -> str:
    """How many blocks run: in order, `presets` defined."""
    if not QUICK_START.is_file():
        return "-"
    script = str(TESTS / "parity" / "quick_start.py")
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, script, package.__name__, str(QUICK_START), folder]
        failed = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return f"{13 - len(failed)} of 13"


def behaviour(package: ModuleType) -> str:
    """How many of the calls that should have dexed-py's result do."""
    if package is not synth:
        return f"{len(SAME) + len(BETTER)} calls"
    try:
        from comparing import agree, result_of
    except ImportError:
        return ""
    dexed = importlib.import_module("dexed")
    raw, same = random_voices(5, 1)[0], 0
    for call in SAME:
        with tempfile.TemporaryDirectory() as theirs, tempfile.TemporaryDirectory() as ours:
            same += agree(result_of(dexed, call, raw, Path(theirs)), result_of(synth, call, raw, Path(ours)))
    different = len(SAME) - same
    return f"{same} the same, {len(BETTER)} better" + (f", {different} different" if different else "")


def presets_to_array(package: ModuleType, presets: list[Any]) -> str:
    """Seconds for all of them: one by one as in the quick start, and at once where that can be done."""
    seconds = best(lambda: np.stack([preset.to_array() for preset in presets]), 2)
    at_once = best(lambda: synth.Preset.stack(presets), 3) if package is synth else None
    return f"{seconds:.2f} s" + (f", at once {at_once:.2f} s" if at_once else "")


def presets_from_array(package: ModuleType, array: np.ndarray) -> str:
    """As `presets_to_array`, the other way."""
    seconds = best(lambda: [package.Preset.from_array(row) for row in array], 2)
    at_once = best(lambda: synth.Preset.unstack(array), 3) if package is synth else None
    return f"{seconds:.2f} s" + (f", at once {at_once:.2f} s" if at_once else "")


def graph(package: ModuleType) -> Any:
    """Six operators in a chain, with feedback."""
    graph = package.OperatorGraph(6)
    for operator in range(5, 0, -1):
        graph.connect(operator, operator - 1)
    return graph.set_carriers([0]).set_feedback(5, 5, 7)


def like_the_synth(package: ModuleType) -> str:
    """The 32 algorithms as graphs against the synth: the same samples, or how far apart."""
    ratios = []
    for algorithm in range(32):
        patch = package.Patch()
        patch.algorithm = algorithm
        player = package.DexedSynth(44100)
        player.load_patch(patch)
        expected = player.render(60, 100, 0.2, 0.25)
        played = package.OperatorGraph.from_algorithm(algorithm).render(44100, 60, 100, 0.2, 0.25)
        frames = min(len(expected), len(played))
        error = float(np.square(expected[:frames] - played[:frames], dtype=np.float64).sum())
        power = float(np.square(expected[:frames], dtype=np.float64).sum())
        ratios.append(np.inf if error == 0.0 else 10.0 * np.log10(power / error))
    same = sum(ratio == np.inf for ratio in ratios)
    return "identical samples" if same == 32 else f"SNR {np.median(ratios):.0f} dB, {same} of 32 identical"


def importing(package: ModuleType) -> tuple[float, float]:
    """Seconds and bytes on top of NumPy, every public name touched; the best of fresh processes, all compiled."""
    command = [sys.executable, "-c", IMPORTING.format(package=package.__name__)]
    runs = []
    with tempfile.TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": compiled}
        for _ in range(3 * ROUNDS):
            done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
            runs.append([float(figure) for figure in done.stdout.split()])
    seconds, sizes = zip(*runs, strict=True)
    return min(seconds), min(sizes)


def at_8_khz(package: ModuleType) -> str:
    """What the default patch gives."""
    player = package.DexedSynth(8000)
    player.load_patch(package.Patch())
    peak = float(np.abs(player.render(60, 100, 0.2, 0.3)).max())
    return f"sound, peak {peak:.2f}" if peak > 0.0 else "silence"


def two_rates(package: ModuleType) -> str:
    """Renders that fail while two threads render at two rates."""

    def play(rate: int) -> int:
        player = package.DexedSynth(rate)
        player.load_patch(package.Patch())
        failed = 0
        for _ in range(100):
            try:
                player.render(60, 100, 0.2, 0.25)
            except RuntimeError:
                failed += 1
        return failed

    with ThreadPoolExecutor(2) as pool:
        failed = sum(pool.map(play, (44100, 48000)))
    return f"{failed} of 200 renders fail" if failed else "works"


def lateness(package: ModuleType) -> str:
    """Samples from the end of the key to the first sample that differs from a key held on, over 64 lengths."""
    rate = 44100
    player = package.DexedSynth(rate)
    player.load_patch(package.Patch())
    held = player.render(60, 100, 0.2, 0.3)
    late = []
    for frame in range(4410, 4410 + 64):
        released = player.render(60, 100, frame / rate, 0.3)
        late.append(int(np.flatnonzero(released != held)[0]) - frame)
    return f"{min(late)} to {max(late)}"


def edges_missing(package: ModuleType) -> str:
    """In how many of the algorithms as graphs a reader of `to_ascii` misses an edge."""
    missing = 0
    for algorithm in range(32):
        graph = package.OperatorGraph.from_algorithm(algorithm)
        wanted = {(str(source), str(target)) for source, target, _ in graph.get_connections()}
        drawing = graph.to_ascii()
        shown = everything(drawing)[1] if package is synth else re.findall(r"(?=\[(\d+)\]-+>\[(\d+)\])", drawing)
        missing += not wanted <= set(shown)
    return f"{missing} of 32 algorithms" if missing else "none"


def rows(package: ModuleType, array: np.ndarray) -> dict[str, str]:
    """Each task's name and result."""
    from_array = presets_from_array(package, array)  # while there are no others, as when a file is read
    presets = [package.Preset.from_array(row) for row in array]
    preset, player, chain = presets[0], package.DexedSynth(), graph(package)
    seconds, size = importing(package)
    return {
        "quick start blocks that run, with `presets` defined": quick_start(package),
        "public behaviour, call by call": behaviour(package),
        f"{PRESETS} presets to an array": presets_to_array(package, presets),
        f"{PRESETS} presets from an array": from_array,
        "6-operator graph, one second": f"{1e3 * best(lambda: chain.render(44100, 60, 100, 1.0, 1.0)):.3f} ms",
        "graph against synth, 32 algorithms": like_the_synth(package),
        "load_preset": f"{1e6 * best(lambda: [player.load_preset(preset) for _ in range(100)]) / 100:.1f} us",
        "import, with every name": f"{1e3 * seconds:.0f} ms, {size / 1e6:.1f} MB",
        "default patch at 8 kHz": at_8_khz(package),
        "two rates in two threads": two_rates(package),
        "note-off, samples late": lateness(package),
        "edges missing in to_ascii": edges_missing(package),
    }


def main() -> None:
    """Print both columns."""
    voices = random_voices(1, PRESETS)
    array = synth.vectors.to_vectors(voices)
    try:
        dexed = importlib.import_module("dexed")
    except ImportError:
        dexed = None
    ours = rows(synth, array)
    theirs = rows(dexed, array) if dexed else {}
    table = Table("task", f"dexed-py {dexed.__version__}" if dexed else "dexed-py", "sixop")
    for task, result in ours.items():
        table.add_row(task, theirs.get(task, ""), result)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
