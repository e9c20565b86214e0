# SPDX-License-Identifier: Apache-2.0
"""How to get from one edit buffer to another: which frames, in which windows. Pure: no port, no time.

A *window* is what may be on its way before the board has answered: frames, and behind them a *fence*, a harmless read
with an answer of one byte. Four rules keep the board safe:

1. A window has at most `WINDOW` bytes, so that a receive buffer of 64 bytes cannot overflow.
2. A hazardous frame is a window of its own. Whatever is lost in another window, no byte in it can erase or store.
3. A frame with a byte that could select the other unit is a window of its own, so that no frame behind it can reach
   that unit.
4. Where bytes were lost, every frame is a window of its own (`slow`), so that a misread one is noticed at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bridge import protocol
from bridge.protocol import BYTE_SECONDS, ESCAPE, SIZE, Variant

WINDOW = 60
FENCE_SIZE = 2
NO_ADDRESS: dict[Variant, int] = {"n-256": ESCAPE, "n-255": SIZE - 1}  # the parameter only a block load reaches

_SELECTORS = frozenset(b"12")
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
        return len(self.frames) + FENCE_SIZE


def differences(old: bytes | bytearray, new: bytes, variant: Variant = "n-256") -> list[Change]:
    """What has to be set to get from one edit buffer to the other.

    The parameters out of reach are left alone: the one without an address, and 0, which the board keeps for itself.
    """
    return [(n, new[n]) for n in range(1, SIZE) if old[n] != new[n] and n != NO_ADDRESS[variant]]


def windows(changes: Sequence[Change], variant: Variant = "n-256", slow: bool = False) -> Iterator[Window]:
    """The changes as windows: those of many frames first, the hazardous ones last."""
    alone: list[Window] = []
    hazardous: list[Window] = []
    frames, gathered = b"", list[Change]()
    for number, value in changes:
        frame = protocol.set_value(number, value, variant).frame
        if is_hazardous(frame):
            hazardous.append(Window(frame, ((number, value),), hazardous=True))
            continue
        if not _SELECTORS.isdisjoint(frame[1:]):
            alone.append(Window(frame, ((number, value),)))
            continue
        if gathered and (slow or len(frames) + len(frame) + FENCE_SIZE > WINDOW):
            yield Window(frames, tuple(gathered))
            frames, gathered = b"", []
        frames += frame
        gathered.append((number, value))
    if gathered:
        yield Window(frames, tuple(gathered))
    yield from alone
    yield from hazardous


def is_hazardous(frame: bytes) -> bool:
    """True if a board that misses the frame's letter could erase, store, or change what a dump does not show."""
    return protocol.exposes_hazard(frame) or any(pair in frame[1:] for pair in _CHANNELS)


def fence_parameter(image: bytes | bytearray, changes: Sequence[Change] = ()) -> int:
    """The parameter (1..254) that a fence reads: its value is none that an acknowledgement has, its byte no command.

    So an answer to something that nobody asked is not taken for the fence's. 0 if there is none.
    """
    moving = {number for number, _ in changes}
    for number in range(ESCAPE - 1, 0, -1):
        if image[number] > 1 and number not in protocol.LETTERS and number not in moving:
            return number
    return 0


def seconds(plan: Sequence[Window], round_trip: float) -> float:
    """How long windows take; `round_trip` in seconds, from a fence to its answer."""
    return sum(window.size * BYTE_SECONDS + round_trip * (1 + window.hazardous) for window in plan)
