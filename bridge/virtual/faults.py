# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with a line, as text: `loss=0.01,seed=1`."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong, and how often; without arguments nothing does.

    Attributes:
        loss: probability (0..1) that a byte towards the board is lost.
        loss_reply: the same for a byte towards the host.
        wrong: probability (0..1) that a byte towards the host is another one.
        seed: of all chance; the same bytes meet the same faults.
        delay_ms: how much later every reply comes, in ms.
        unplug_after: the cable is pulled after so many bytes towards the board.
        replug_ms: and put in again after so many ms; None: never.
        rx_buffer: bytes the board can keep while it is busy; what exceeds it is lost. None: no limit.
        silent: the board never answers.
        drop: offsets of bytes towards the board that are lost.

    Bytes are counted from 0, from when the faults begin.
    """

    loss: float = 0.0
    loss_reply: float = 0.0
    wrong: float = 0.0
    seed: int = 0
    delay_ms: float = 0.0
    unplug_after: int | None = None
    replug_ms: float | None = None
    rx_buffer: int | None = None
    silent: bool = False
    drop: frozenset[int] = frozenset()

    @classmethod
    def parse(cls, text: str) -> Faults:
        """The faults a text like `loss=0.01,seed=1,silent,drop=17+18` asks for.

        Raises:
            ValueError: a fault that is not known, or a value that makes no sense; says what would.
        """
        wanted: dict[str, Any] = {}
        for part in filter(None, (piece.strip() for piece in text.split(","))):
            key, given, value = (piece.strip() for piece in part.partition("="))
            if key not in _KINDS:
                raise ValueError(f"there is no fault {key!r}; there are {', '.join(_KINDS)}")
            meaning, convert = _KINDS[key]
            if key == "silent" and not given:
                value = "1"
            try:
                wanted[key] = convert(value)
            except ValueError:
                raise ValueError(f"the fault {key} is {meaning}, not {value!r}") from None
        return cls(**wanted)


class Dice:
    """Chance by probability, one stream of it per direction."""

    def __init__(self, seed: int, direction: str) -> None:
        self._random = random.Random(f"{seed} {direction}")

    def hit(self, probability: float) -> bool:
        """True as often as asked. Rolls only if there is something to decide."""
        return probability > 0 and self._random.random() < probability

    def another(self, byte: int) -> int:
        """Any byte but this one."""
        return byte ^ self._random.randint(1, 255)


def _probability(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise ValueError
    return value


def _milliseconds(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 3_600_000:
        raise ValueError
    return value


def _whole(text: str) -> int:
    value = int(text)
    if value < 0:
        raise ValueError
    return value


def _at_least_one(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError
    return value


def _yes(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError
    return text == "1"


def _offsets(text: str) -> frozenset[int]:
    return frozenset(_whole(piece) for piece in text.split("+"))


_KINDS: dict[str, tuple[str, Any]] = {
    "loss": ("a probability from 0 to 1", _probability),
    "loss_reply": ("a probability from 0 to 1", _probability),
    "wrong": ("a probability from 0 to 1", _probability),
    "seed": ("a whole number", int),
    "delay_ms": ("a number of milliseconds", _milliseconds),
    "unplug_after": ("a number of bytes from 1 on", _at_least_one),
    "replug_ms": ("a number of milliseconds", _milliseconds),
    "rx_buffer": ("a number of bytes from 1 on", _at_least_one),
    "silent": ("1 or 0, or nothing", _yes),
    "drop": ("offsets of bytes such as 17+18", _offsets),
}
