# SPDX-License-Identifier: Apache-2.0
"""How lines run between two layers: as nets, each with a track of its own where it goes sideways.

A net joins operators of which each upper one modulates each lower one, at amount 1; where that is not so, every upper
one has a net of its own, and so has every edge with another amount. So a line that is followed down never lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from .layers import Segment


@dataclass(eq=False)
class Net:
    """Lines from all upper to all lower nodes. tops, bottoms: columns of its ends; track: counted from the top."""

    uppers: list[int]
    lowers: list[int]
    amount: float
    tops: list[int] = field(default_factory=list)
    bottoms: list[int] = field(default_factory=list)
    track: int | None = None

    @property
    def span(self) -> tuple[int, int]:
        """Leftmost and rightmost column."""
        return min(self.tops + self.bottoms), max(self.tops + self.bottoms)


def nets_of(segments: Sequence[Segment], amounts: Sequence[float], operators: int) -> list[Net]:
    """The nets of the lines between two layers. amounts: of each edge; nodes from `operators` on are bends."""
    nets = [Net([upper], [lower], amounts[edge]) for upper, lower, edge in segments if amounts[edge] != 1.0]
    plain = [(upper, lower) for upper, lower, edge in segments if amounts[edge] == 1.0]
    while plain:
        uppers, lowers = {plain[0][0]}, {plain[0][1]}
        size = 0
        while size != len(uppers) + len(lowers):
            size = len(uppers) + len(lowers)
            lowers |= {lower for upper, lower in plain if upper in uppers}
            uppers |= {upper for upper, lower in plain if lower in lowers}
        joined = [(upper, lower) for upper, lower in plain if upper in uppers]
        plain = [line for line in plain if line not in joined]
        whole = len(joined) == len(uppers) * len(lowers) and max(uppers | lowers) < operators
        groups = [sorted(uppers)] if whole else [[upper] for upper in sorted(uppers)]
        nets += [Net(group, sorted({low for up, low in joined if up in group}), 1.0) for group in groups]
    return nets


def set_ports(nets: Sequence[Net], columns: dict[int, int], apart: int) -> None:
    """Give the nets of each node columns side by side, in the order of where they lead."""
    ports: dict[tuple[bool, int], list[tuple[float, Net]]] = {}
    for net in nets:
        for down, ends, others in ((True, net.uppers, net.lowers), (False, net.lowers, net.uppers)):
            leads = sum(columns[other] for other in others) / len(others)
            for node in ends:
                ports.setdefault((down, node), []).append((leads, net))
    for (down, node), using in ports.items():
        using.sort(key=lambda port: port[0])
        for place, (_, net) in enumerate(using):
            column = columns[node] + (2 * place - len(using) + 1) * apart // 2
            (net.tops if down else net.bottoms).append(column)


def assign_tracks(nets: Sequence[Net]) -> int | None:
    """Give each net that goes sideways a track; returns how many there are, or None if no order of tracks will do.

    Where one net comes down and another goes on below, the first must have turned aside before.
    """
    before = {net: [other for other in nets if other is not net and set(other.tops) & set(net.bottoms)] for net in nets}
    try:
        order = list(TopologicalSorter(before).static_order())
    except CycleError:
        return None
    taken: list[list[tuple[int, int]]] = []
    first_free: dict[Net, int] = {}
    for net in order:
        first_free[net] = max((first_free[other] for other in before[net]), default=0)
        left, right = net.span
        if left == right:
            continue
        track = first_free[net]
        while track < len(taken) and any(left <= end and begin <= right for begin, end in taken[track]):
            track += 1
        if track == len(taken):
            taken.append([])
        taken[track].append((left, right))
        net.track = track
        first_free[net] = track + 1
    return len(taken)
