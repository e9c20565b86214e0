# SPDX-License-Identifier: Apache-2.0
"""How long voices and edits take on the virtual XFM2 at the speed of the real line, and what a bad line does.

    python tests/bench/xfm2.py [--loads N]

N loads (1000) go through a receive buffer of 64 bytes, and a fortieth of that over each line that loses bytes. The
voices are the factory bank, converted. Goals: verified in 100 ms from an unknown edit buffer and in 40 ms where only
differences are sent, an edit in 5 ms, and no erase ever.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice, pairwise

from rich.console import Console
from rich.table import Table

from bridge import convert
from bridge.device import Xfm2
from bridge.errors import BridgeError
from bridge.virtual import VirtualXfm2
from synth import factory_bank

PROGRAMS = [convert(patch).program for patch in factory_bank()]
LINES = ("loss=0.0001", "loss=0.001", "loss=0.01", "loss=0.001,loss_reply=0.001")


def milliseconds(work: Callable[[], object]) -> float:
    """How long the work takes, once."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


@contextmanager
def connected(faults: str = "") -> Iterator[tuple[VirtualXfm2, Xfm2]]:
    """A virtual board, and what talks to it."""
    with VirtualXfm2() as board, Xfm2.open(board.path) as xfm2:
        if faults:
            board.set_faults(faults)
        yield board, xfm2


def unknown() -> list[float]:
    """Each voice as the first of a connection that knows nothing of the edit buffer but that it is another voice."""
    times = []
    for before, program in pairwise(PROGRAMS):
        with VirtualXfm2() as board:
            board.board.edit[1][:] = before
            with Xfm2.open(board.path) as xfm2:
                xfm2._owner.call(1, lambda link: link._images.clear())
                times.append(milliseconds(lambda: xfm2.load(program)))  # noqa: B023 - done before the next
    return times


def known() -> list[float]:
    """One voice after the other."""
    with connected() as (_board, xfm2):
        xfm2.load(PROGRAMS[-1])
        return [milliseconds(lambda: xfm2.load(program)) for program in PROGRAMS]  # noqa: B023


def set_and_read() -> list[float]:
    """One parameter, set and read back."""
    with connected() as (_board, xfm2):
        return [milliseconds(lambda: xfm2.set(33, value)) for value in range(100)]  # noqa: B023


def wanted() -> list[float]:
    """One edit that nobody waits for, until the board has it."""
    with connected() as (board, xfm2):
        program = bytearray(PROGRAMS[0])
        xfm2.load(bytes(program))
        edit = board.board.edit[1]

        def turn() -> None:
            xfm2.want(bytes(program))
            while edit[33] != program[33]:
                time.sleep(0)

        times = []
        for program[33] in range(1, 101):
            times.append(milliseconds(turn))
            time.sleep(0.01)
        return times


def opening() -> list[float]:
    """Finding out what answers, and whether the line is clean."""
    with VirtualXfm2() as board:
        return [milliseconds(lambda: Xfm2.open(board.path).close()) for _ in range(10)]


def stored() -> list[float]:
    """A loaded voice stored, read back and compared."""
    with connected() as (_board, xfm2):
        xfm2.load(PROGRAMS[0])
        return [milliseconds(lambda: xfm2.write_program(n)) for n in range(1, 33)]  # noqa: B023


TIMES: Sequence[tuple[str, Callable[[], list[float]], str]] = (
    ("open a link", opening, ""),
    ("voice verified, from an unknown edit buffer", unknown, "100"),
    ("voice verified, only differences", known, "40"),
    ("edit, until the board has it", wanted, "5"),
    ("edit, read back", set_and_read, "5"),
    ("voice stored, read back", stored, ""),
)


def soak(faults: str, loads: int) -> list[str]:
    """The row of so many loads over a line with faults."""
    verified = recoveries = 0
    times = []
    with connected(f"{faults},seed=1") as (board, xfm2):
        start = board.misread, board.summary()["lost"]
        for program in islice(cycle(PROGRAMS), loads):
            began = time.perf_counter()
            try:
                recoveries += xfm2.load(program).recoveries
                verified += board.board.edit[1] == program
            except BridgeError:
                pass  # it was told
            times.append((time.perf_counter() - began) * 1000)
        misread = board.misread - start[0]
        lost = board.summary()["lost"] - start[1]
        erases = sum(command.erases for command in board.executed)
    return [
        faults,
        str(loads),
        str(verified),
        str(loads - verified),
        str(lost),
        f"{misread / loads:.2f}",
        str(erases),
        f"{statistics.median(times):.0f}",
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--loads", type=int, default=1000, help="voices through the small receive buffer")
    loads = parser.parse_args().loads
    console = Console(width=120)

    table = Table(title="On a clean line, ms")
    for heading in ("", "median", "worst", "goal"):
        table.add_column(heading, justify="right" if heading else "left")
    for label, measure, goal in TIMES:
        times = measure()
        table.add_row(label, f"{statistics.median(times):.1f}", f"{max(times):.1f}", goal)
    console.print(table)

    table = Table(title="Over other lines (a load that is not verified ended with an error)")
    for heading in ("faults", "loads", "verified", "errors", "bytes lost", "misread per load", "erases", "median ms"):
        table.add_column(heading, justify="left" if heading == "faults" else "right")
    table.add_row(*soak("rx_buffer=64", loads))
    for faults in LINES:
        table.add_row(*soak(faults, max(loads // 40, 1)))
    console.print(table)


if __name__ == "__main__":
    main()
