# SPDX-License-Identifier: Apache-2.0
"""How to get from one edit buffer to another: which frames, in which windows. Pure: no port, no time.

A *window* is what may be on its way before the board has answered: frames, and behind them a *fence*, a harmless read
with an answer of one byte. Three rules keep the board safe:

1. A window has at most `WINDOW` bytes, so that a receive buffer of 64 bytes cannot overflow.
2. A hazardous frame is a window of its own. Whatever is lost in another window, no byte in it can erase or store.
3. Where bytes were lost, every frame is a window of its own (`slow`), so that a misread one is noticed at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bridge import protocol
from bridge.protocol import BYTE_SECONDS, ESCAPE, SIZE, Variant

WINDOW = 60
FENCE = protocol.get(0).frame
NO_ADDRESS: dict[Variant, int] = {"n-256": ESCAPE, "n-255": SIZE - 1}  # the parameter only a block load reaches

_CHANNELS = (b"*\x0a", b"*\x0b", b"*\x0c")  # MIDI channels and layer mode: no dump would show the damage

Change = tuple[int, int]
"""Parameter number, and its new value."""


@dataclass(frozen=True, slots=True)
class Window:
    """Frames that go out in one write with a fence behind them."""

    frames: bytes
    changes: tuple[Change, ...]
    hazardous: bool = False

    @property
    def size(self) -> int:
        """Bytes on the wire, with the fence."""
        return len(self.frames) + len(FENCE)


def differences(old: bytes | bytearray, new: bytes, variant: Variant = "n-256") -> list[Change]:
    """What has to be set to get from one edit buffer to the other.

    The parameters out of reach are left alone: the one without an address, and 0, which the board keeps for itself.
    """
    return [(n, new[n]) for n in range(1, SIZE) if old[n] != new[n] and n != NO_ADDRESS[variant]]


def windows(changes: Sequence[Change], variant: Variant = "n-256", slow: bool = False) -> Iterator[Window]:
    """The changes as windows, the hazardous ones last."""
    waiting: list[Window] = []
    frames, gathered = b"", list[Change]()
    for number, value in changes:
        frame = protocol.set_value(number, value, variant).frame
        if is_hazardous(frame):
            waiting.append(Window(frame, ((number, value),), hazardous=True))
            continue
        if gathered and (slow or len(frames) + len(frame) + len(FENCE) > WINDOW):
            yield Window(frames, tuple(gathered))
            frames, gathered = b"", []
        frames += frame
        gathered.append((number, value))
    if gathered:
        yield Window(frames, tuple(gathered))
    yield from waiting


def is_hazardous(frame: bytes) -> bool:
    """True if a board that misses the frame's letter could erase, store, or change what a dump does not show."""
    return protocol.exposes_hazard(frame) or any(pair in frame[1:] for pair in _CHANNELS)


def seconds(plan: Sequence[Window], round_trip: float) -> float:
    """How long windows take; `round_trip` in seconds, from a fence to its answer."""
    return sum(window.size * BYTE_SECONDS + round_trip * (1 + window.hazardous) for window in plan)
