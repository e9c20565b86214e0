# SPDX-License-Identifier: Apache-2.0
"""How fast the screen is, and what it costs: from an arrow key to the new voice, and its share of a processor.

    python tests/bench/screen.py [--keys 100] [--seconds 20]

`sixop play --face tui` runs on a pseudo terminal beside a JACK dummy server of 128 frames at 48 kHz. A note is latched
and the table walked with the arrow key; every other voice of the bank is silent, so the first sample of the next one is
found to the frame. A key's moment is JACK's clock, read just before the key is written; nothing is subtracted. With a
virtual XFM2 in this process, the moment counts when its edit buffer is the row's conversion. Bounds: a buffer and 5 ms
to the sound, 60 ms to the board, 2 % of one processor at rest, delays of notes as in `latency.py`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

_TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS.parent), str(_TESTS / "live")]

import numpy as np
from listening import bank_message, voice
from probe import Probe
from rich.console import Console
from rich.table import Table
from screens import DOWN, Screen
from servers import RATE, jack_server

from bridge.convert import convert
from bridge.virtual import VirtualXfm2
from synth.patch import Patch

SERVER = "sixop-bench"
FRAMES = 128
AUDIBLE = 1e-4
NOTE = 72
OPERATOR_1_LEVEL = 5 * 21 + 16
LATCHED_A3 = " n"
SETTLE_SECONDS = 5.0  # until what is read and imported in the background is there
KEY_SECONDS = 0.15  # between two keys: longer than a sound takes
WALK_SECONDS = 1 / 15  # an arrow key held down


def silent(name: str) -> Patch:
    """A voice with nothing to hear."""
    raw = voice(1, name).to_raw()
    raw[OPERATOR_1_LEVEL] = 0
    return Patch.from_raw(raw)


VOICES = [voice(1 + n % 4, f"LOUD {n}") if n % 2 else silent(f"MUTE {n}") for n in range(32)]


def cpu_seconds(pid: int) -> float:
    """What a process and its threads have used."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def to_the_sound(screen: Screen, probe: Probe, keys: int) -> np.ndarray:
    """Milliseconds from an arrow key to the first sample of its voice."""
    delays = []
    for _ in range(keys):
        probe.record(3.0)
        time.sleep(KEY_SECONDS)
        pressed = int(probe.must("now")[0])
        screen.type(DOWN)
        time.sleep(KEY_SECONDS)
        loud = np.flatnonzero(np.abs(probe.recording()[pressed:, 0]) > AUDIBLE)
        if len(loud):
            delays.append(1000 * loud[0] / RATE)
        screen.type(DOWN)  # a silent one again
        time.sleep(KEY_SECONDS)
    return np.array(delays)


def to_the_board(screen: Screen, board: VirtualXfm2, keys: int) -> np.ndarray:
    """Milliseconds from an arrow key to an edit buffer that is the row's voice; the table's first row is chosen."""
    programs = [bytes(convert(patch).program)[1:255] for patch in VOICES]  # 0 and 255 cannot be reached
    edit = board.board.edit[1]
    delays = []
    for key in range(1, keys + 1):
        wanted = programs[key % len(programs)]
        pressed = time.perf_counter()
        screen.type(DOWN)
        while bytes(edit[1:255]) != wanted and time.perf_counter() < pressed + 2:
            time.sleep(0.0005)
        delays.append(1000 * (time.perf_counter() - pressed))
        time.sleep(KEY_SECONDS)
    return np.array(delays)


def share(screen: Screen, seconds: float, walking: bool = False) -> float:
    """Percent of one processor that the screen's process uses."""
    before, start = cpu_seconds(screen.process.pid), time.perf_counter()
    while time.perf_counter() < start + seconds:
        if walking:
            screen.type(DOWN)
        time.sleep(WALK_SECONDS)
    return 100 * (cpu_seconds(screen.process.pid) - before) / (time.perf_counter() - start)


def notes(probe: Probe, count: int) -> np.ndarray:
    """Milliseconds from a MIDI note to its first sample."""
    answer = probe.must(f"latency {count} {NOTE} {AUDIBLE}")
    return np.array([int(word) for word in answer[3:]]) * 1000 / RATE


def row(table: Table, what: str, times: np.ndarray, bound: float) -> None:
    median, p99 = np.percentile(times, [50, 99])
    table.add_row(what, f"{median:.1f}", f"{p99:.1f}", f"{times.max():.1f}", f"{bound:.1f}", str(len(times)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keys", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20.0)
    wanted = parser.parse_args()
    buffer = 1000 * FRAMES / RATE
    table = Table("milliseconds", "median", "p99", "most", "bound", "of")
    with tempfile.TemporaryDirectory() as home, jack_server(SERVER, FRAMES), Probe(SERVER) as probe:
        os.environ["SIXOP_HOME"] = home
        bank = Path(home) / "bench.syx"
        bank.write_bytes(bank_message(VOICES))
        start = time.perf_counter()
        with Screen(str(bank), "--midi", "virtual", "--fresh") as screen:
            screen.wait_for("MUTE 10")
            started = time.perf_counter() - start
            probe.must("audio sixop:out_")
            time.sleep(SETTLE_SECONDS)
            at_rest = share(screen, wanted.seconds)
            screen.type(LATCHED_A3)
            time.sleep(1)
            row(table, "arrow key to its sound", to_the_sound(screen, probe, wanted.keys), buffer + 5)
            walking = share(screen, wanted.seconds, walking=True)
            screen.type("p" + DOWN)  # silence, and perhaps a voice that is none
            time.sleep(2)
        with Screen(str(bank), "--midi", "virtual", "--fresh") as screen:
            screen.wait_for("MUTE 10")
            screen.type(DOWN)
            probe.must("audio sixop:out_")
            probe.must("midi sixop-midi:in")
            time.sleep(4)
            row(table, "MIDI note to its sound", notes(probe, wanted.keys), buffer + 1)
        port = Path(home) / "board"
        playing = [str(bank), "--midi", "none", "--fresh", "--xfm2", str(port)]
        with VirtualXfm2(link=port) as board, Screen(*playing) as screen:
            screen.wait_for("verified")
            time.sleep(1)
            row(table, "arrow key to the board", to_the_board(screen, board, wanted.keys), 60)
    console = Console()
    console.print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; {FRAMES} frames at {RATE} Hz")
    console.print(table)
    console.print(f"screen up after {started:.1f} s; of one processor {at_rest:.1f} % at rest, {walking:.1f} % walking")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
