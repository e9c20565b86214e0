# SPDX-License-Identifier: Apache-2.0
"""Where zones split a keyboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from synth.midi.router import Router
from synth.midi.zones import read_zones
from synth.notes import HIGHEST

Parts = frozenset[int]
"""Parts 1..16 that play together; 0 is the part of whatever channel a note comes on."""


def split(zones: Sequence[Mapping[str, Any]], inputs: Sequence[str]) -> tuple[Parts, ...]:
    """The parts that each of the 128 keys plays, on whatever channel; empty if all keys play the same.

    zones: as `Session.zones` has them. inputs: names of the open ones; of several, the first that is split counts.
    Without any it is what an input with no zones of its own would play.
    """
    router = Router(read_zones(zones)[0])
    for name in inputs or ("",):
        here = router.zones_of(name)
        keys = tuple(
            frozenset(zone.part or 0 for zone in here if zone.low <= key <= zone.high) for key in range(HIGHEST + 1)
        )
        if len(set(keys)) > 1:
            return keys
    return ()
