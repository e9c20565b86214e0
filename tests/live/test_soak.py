# SPDX-License-Identifier: Apache-2.0
"""Twenty seconds of the soak (`tests/bench/soak.py` is the long form): random playing on ports that come and go.

Times are not judged here, nor blocks missed, which depend on the machine.
"""

from __future__ import annotations

import pytest
from soaking import Soak, two_instruments

pytestmark = pytest.mark.live

SECONDS, EVERY = 20.0, 5.0
MOST_GROWTH_KB = 4096  # while pools still fill


def test_nothing_hangs_grows_or_ends(jackd: object) -> None:
    with two_instruments(256, "sixoptest-soak") as (session, resting, twins):
        soak = Soak(session, resting, twins, seed=6)
        samples = list(soak.run(SECONDS, EVERY))
        outcome = soak.outcome
        assert not outcome.restarts
        assert not outcome.surprises
        assert outcome.rests >= 2
        assert (outcome.hung, outcome.lost) == (0, 0)
        assert outcome.unplugged > 5
        assert outcome.plugs > 5
        assert samples[-1].notes > 300
        assert samples[-1].held == 0
        first, last = samples[0].footprint, samples[-1].footprint
        assert last.kilobytes < first.kilobytes + MOST_GROWTH_KB
        assert not session.ended.is_set()
