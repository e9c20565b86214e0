# SPDX-License-Identifier: Apache-2.0
"""An hour of random playing: no note may hang, no memory grow, no block be missed that a resting instrument has.

    python tests/bench/soak.py [--minutes 60] [--seed 1] [--frames 128]

Ten musicians play a real player through JACK ports on 16 channels: notes, pedals, wheels, pressure, all controllers,
program changes, voices, banks, parameter changes and tunings, whole and broken; their ports come and go. Beside it an
instrument rests on a server of its own, with as many silent ports that come and go; what it misses is the machine's
doing. Both servers are dummies. Blocks missed may be more than at rest by three standard errors, which is chance.

Every minute a line; at the end a verdict, and exit code 1 if anything is wrong. Every ten seconds all keys are let go:
then nothing may be held ("hung"). Where the server missed a block, messages are lost and letting go is repeated ("again").
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

_TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS.parent), str(_TESTS), str(_TESTS / "live")]

from servers import jack_server, on_server
from soaking import Outcome, Sample, Soak

from synth import factory_bank
from synth.session import Session

PLAYED, AT_REST = (f"sixop-soak-{which}-{os.getpid()}" for which in ("played", "at-rest"))
MOST_GROWTH_KB = 1024  # an hour
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
    halves = outcome.samples[: len(outcome.samples) // 2], outcome.samples[len(outcome.samples) // 2 :]
    threads, files = (
        [max((getattr(sample.footprint, what) for sample in half), default=0) for half in halves]
        for what in ("threads", "files")
    )
    more, error = outcome.excess()
    return [
        ("notes that hung", f"{outcome.hung} in {outcome.rests} rests", not outcome.hung),
        ("messages lost without a missed block", f"{outcome.lost}", not outcome.lost),
        ("let go again after a missed block", f"{outcome.again}", True),
        ("growth of memory", f"{outcome.growth():.0f} kB an hour", outcome.growth() <= MOST_GROWTH_KB),
        ("threads, first half and second", f"{threads[0]} and {threads[1]}", threads[1] <= threads[0]),
        ("open files, first half and second", f"{files[0]} and {files[1]}", files[1] <= files[0]),
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
    seconds = 60 * options.minutes
    voices = list(factory_bank())
    with jack_server(PLAYED, options.frames), jack_server(AT_REST, options.frames):
        with Session(voices, audio="system", midi=["auto"]) as resting, on_server(PLAYED):
            resting.wait_ready()
            with Session(voices, audio="system", midi=["auto"]) as session:
                session.wait_ready()
                soak = Soak(session, resting, (PLAYED, AT_REST), options.seed)
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
