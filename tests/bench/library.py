# SPDX-License-Identifier: Apache-2.0
"""How quick a library is: reading a thousand files, listening to them, searching, likeness; and 300 000 places.

    python tests/bench/library.py [--files N] [--large N] [--keep FOLDER]

The voices are those of the folder of real banks, where it is there, and variants of them; else random ones. Processor
time stands beside the time on the clock, because a busy machine says little by its clock.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from strategies import BANKS, random_voices

from synth import packing, sysex
from synth.library import Library
from synth.library.job import Job

QUERIES = (
    "", "p", "pi", "pia", "piano", "vendor03 bass", "brass algorithm:5", "category:bass feedback:>5 sort:-level",
    "warm pad", "sort:-brightness", "xqzpad", "rohdes", "is:duplicate",
)  # fmt: skip
ROUNDS = 9


def make_files(folder: Path, files: int) -> None:
    """Banks of 32: the real voices once, then variants of them with some numbers moved."""
    rng = np.random.default_rng(1)
    if (BANKS / "corpus-2048.bin").exists():
        packed = np.fromfile(BANKS / "corpus-2048.bin", np.uint8).reshape(-1, 128)
        voices = packing.clamp(packing.unpack(packed))
    else:
        voices = random_voices(1, 2048)
    for number in range(files):
        if number < len(voices) // 32:
            bank = voices[number * 32 : number * 32 + 32]
        else:
            bank = voices[rng.integers(0, len(voices), 32)].astype(int)
            moved = rng.random(bank.shape) < 0.15
            moved[:, 126:] = False
            bank = packing.clamp(np.clip(bank + moved * rng.integers(-9, 10, bank.shape), 0, 99).astype(np.uint8))
        path = folder / f"vendor{number % 20:02}" / f"bank{number:05}.syx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sysex.bank_message(packing.pack(bank).tobytes(), 0))


def processor_time() -> float:
    """Seconds that this process and those it has waited for have worked."""
    return time.process_time() + sum(os.times()[2:4])


def timed(what: str, work: Callable[[], object], rounds: int = 1) -> object:
    """Do it, and print the median of its times."""
    clock, processor, result = [], [], None
    for _ in range(rounds):
        start, used = time.perf_counter(), processor_time()
        result = work()
        clock.append(time.perf_counter() - start)
        processor.append(processor_time() - used)
    scale, unit = (1, "s") if np.median(clock) > 1 else (1e3, "ms")
    first = f", first {clock[0] * scale:.1f}" if rounds > 1 else ""
    print(f"  {what:44} {np.median(clock) * scale:7.1f} {unit} (processor {np.median(processor) * scale:.1f}{first})")
    return result


def questions(library: Library) -> None:
    """What somebody asks while typing and listening."""
    for query in QUERIES:
        found = library.find(query)
        timed(f"find {query!r}: {found.total}", lambda query=query: library.find(query), ROUNDS)
    timed("all numbers in order", lambda: library.ids("sort:name"), ROUNDS)
    if library.stats().analysed:
        for by in ("ear", "parameters"):
            wanted = iter(range(100, 10000, 7))
            timed(f"similar by {by}", lambda by=by, wanted=wanted: library.similar(next(wanted), 20, by), ROUNDS)
        timed("map", library.map)
    timed("favourite", lambda: library.mark([7], "favourite"), ROUNDS)


def job(work: Job) -> dict[str, object]:
    """The last word of a process."""
    with work:
        return list(work)[-1]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=1000, help="banks of 32 to read and listen to")
    parser.add_argument("--large", type=int, default=9400, help="banks of the large library, 0 for none")
    parser.add_argument("--keep", type=Path, help="where to make it all, and leave it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        banks, path = folder / "banks", folder / "library.db"
        print(f"{options.files} files of 32 voices")
        make_files(banks, options.files)
        print(" ", timed("scan, in a process of its own", lambda: job(Job.scan(path, [banks]))))
        print(" ", timed("scan again", lambda: job(Job.scan(path, [banks]))))
        print(" ", timed("analyse, in a process of its own", lambda: job(Job.analyse(path))))
        with Library.open(path) as library:
            questions(library)
        if options.large:
            print(f"{options.large} files of 32 voices")
            make_files(folder / "large", options.large)
            large = folder / "large.db"
            print(" ", timed("scan", lambda: job(Job.scan(large, [folder / "large"]))))
            print(" ", timed("scan again", lambda: job(Job.scan(large, [folder / "large"]))))
            with Library.open(large) as library:
                questions(library)
            print(f"  {large.stat().st_size >> 20} MB on disk")
    return 0


if __name__ == "__main__":
    sys.exit(main())
