# SPDX-License-Identifier: Apache-2.0
"""An hour of random playing: no note may hang, no memory grow, no block be missed that a resting instrument has.

    python tests/bench/soak.py [--minutes 60] [--seed 1] [--frames 128]

Ten musicians play a real player through JACK ports on 16 channels: notes, pedals, wheels, pressure, all controllers,
program changes, voices, banks, parameter changes and tunings, whole and broken; their ports come and go. Beside it an
instrument rests on a server of its own, with as many silent ports that come and go; what it misses is the machine's
doing. Both servers are dummies. Blocks missed may be more than at rest by three standard errors, which is chance.

Every minute a line; at the end a verdict, and exit code 1 if anything is wrong. Every ten seconds all keys are let
go: then nothing may be held. Where the server missed a block, messages are lost, and keys are let go again.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from pathlib import Path

_TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS.parent), str(_TESTS), str(_TESTS / "live")]

from soak_outcome import Outcome, Sample
from soaking import Soak, two_instruments

MOST_GROWTH_KB = 1024
MOST_PLUG_SECONDS = 2.0

HEADER = " minute      sent     notes  sounding  held   memory  threads  files  missed  at rest  worst answer"


def line(sample: Sample) -> str:
    """One line of the table."""
    foot = sample.footprint
    return (
        f"{sample.seconds / 60:7.1f}{sample.sent:10}{sample.notes:10}{sample.sounding:10}{sample.held:6}"
        f"{foot.kilobytes / 1024:6.1f} MB{foot.threads:9}{foot.files:7}{sample.missed:8}{sample.missed_at_rest:9}"
        f"{1000 * sample.worst_wait:11.0f} ms"
    )


def verdicts(outcome: Outcome) -> list[tuple[str, str, bool]]:
    """What was asked, what came out, and whether that is good."""
    last = outcome.samples[-1]
    early, late = outcome.full[0], outcome.full[-1]
    more, error = outcome.excess()
    return [
        ("notes that hung", f"{outcome.hung} in {outcome.rests} rests", not outcome.hung),
        ("messages lost without a missed block", f"{outcome.lost}", not outcome.lost),
        ("let go again after a missed block", f"{outcome.again}", True),
        ("growth of memory", f"{outcome.growth():.0f} kB after the first quarter", outcome.growth() <= MOST_GROWTH_KB),
        ("threads with every cable in", f"{early.threads}, then {late.threads}", late.threads <= early.threads),
        ("open files with every cable in", f"{early.files}, then {late.files}", late.files <= early.files),
        (
            "missed blocks, played and at rest",
            f"{last.missed} and {last.missed_at_rest}, from line to line {more:+.1f} more, +-{error:.1f}",
            more <= 3 * error,
        ),
        ("worst answer to a voice", f"{1000 * max(s.worst_wait for s in outcome.samples):.0f} ms", True),
        (
            f"slowest return of {outcome.plugs} ports",
            f"{outcome.worst_plug:.2f} s",
            outcome.worst_plug <= MOST_PLUG_SECONDS,
        ),
        ("players that ended", "; ".join(outcome.restarts) or "0", not outcome.restarts),
        ("warnings nobody caused", "; ".join(sorted(set(outcome.surprises))) or "0", not outcome.surprises),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--frames", type=int, default=128, help="of a block, at 48 kHz")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # no server is left behind
    os.environ["SIXOP_HOME"] = tempfile.mkdtemp(prefix="sixop-soak-")  # nobody's settings are read or written
    seconds = 60 * options.minutes
    with two_instruments(options.frames) as (session, resting, twins):
        soak = Soak(session, resting, twins, options.seed)
        print(f"{options.minutes:g} minutes of seed {options.seed}, {options.frames} frames\n{HEADER}", flush=True)
        for sample in soak.run(seconds, min(60.0, seconds / 12)):
            print(line(sample), flush=True)
    found = verdicts(soak.outcome)
    print()
    for asked, answer, good in found:
        print(f"{'good' if good else 'BAD ':4}  {asked}: {answer}")
    return 0 if all(good for *_, good in found) else 1


if __name__ == "__main__":
    sys.exit(main())
