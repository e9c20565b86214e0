# SPDX-License-Identifier: Apache-2.0
"""What a controller may be made to do: another controller, a function parameter of the DX7, or a command.

Bend and aftertouch may be made to do the same, as sources with numbers of their own above the controllers'. Aftertouch
is a channel's pressure. Of the bend it is how far it is from its centre, either way, because it always returns there.

"breath", 2                        the controller of that name or number, 0..119
"bend_range", "portamento_time"    a function parameter, over its whole range
"next_voice", "previous_voice"     a command, when the controller reaches 64 from below
"none"                             nothing
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from synth.controllers import (
    ALL_SOUND_OFF,
    BREATH,
    EXPRESSION,
    FOOT,
    HOLD_2,
    LEGATO,
    PORTAMENTO,
    SOFT,
    SOSTENUTO,
    SUSTAIN,
    VOLUME,
    WHEEL,
)
from synth.functions import FUNCTIONS
from synth.matching import hint
from synth.messages import BEND, CONTROL, PRESSURE

PEDALS: Final = frozenset((SUSTAIN, PORTAMENTO, SOSTENUTO, SOFT, LEGATO, HOLD_2))
"""Controllers that hold something: what they start must be ended."""

RESERVED: Final = frozenset((0, 6, 32, 38, 64, *range(96, 102), *range(120, 128)))
"""Controllers that MIDI itself or every player needs: bank select, data entry, sustain, RPN and NRPN, channel mode.
They are never learned."""

HIGHEST_CONTROLLER: Final = ALL_SOUND_OFF - 1
"""From there on they are channel mode messages."""

AFTERTOUCH_SOURCE: Final = 128
BEND_SOURCE: Final = 129
SOURCES: Final = {"aftertouch": AFTERTOUCH_SOURCE, "bend": BEND_SOURCE}
"""What may learn beside controllers, by name."""
SOURCE_NUMBERS: Final = BEND_SOURCE + 1
_BEND_CENTRE = 8192

CONTROLLERS: Final = {
    "wheel": WHEEL,
    "breath": BREATH,
    "foot": FOOT,
    "volume": VOLUME,
    "expression": EXPRESSION,
    "sustain": SUSTAIN,
    "portamento": PORTAMENTO,
    "sostenuto": SOSTENUTO,
    "soft": SOFT,
    "legato": LEGATO,
}
"""Controllers by name."""

COMMANDS: Final = ("next_voice", "previous_voice", "panic")
NONE: Final = "none"

_FUNCTIONS = tuple(name for name, function in FUNCTIONS.items() if function.highest <= 127)  # all but the master tune
NAMES: Final = tuple(dict.fromkeys((*CONTROLLERS, *_FUNCTIONS, *COMMANDS, NONE)))

IDENTITY: Final = bytes(range(128))


@dataclass(frozen=True)
class ControlTarget:
    """What a source does: controller `number`, function `name`, command `name`, nothing, or what it always does."""

    kind: Literal["controller", "function", "command", "none", "itself"]
    name: str
    number: int = 0
    values: bytes = IDENTITY
    """128 bytes: what is sent for each value of the controller; for a function its own value."""


def control_target(wanted: object, values: tuple[int, int] | None = None) -> ControlTarget:
    """The target of that name or controller number.

    Args:
        wanted: one of `NAMES`, or a controller of 0..119.
        values: what is sent when the controller is at 0 and at 127; a pair that falls turns it around.

    Raises:
        ValueError: there is no such target; the message goes on after what was to be set.
    """
    spread = IDENTITY if values is None else _spread(*values)
    if isinstance(wanted, str) and wanted.isdecimal():
        wanted = int(wanted)
    if isinstance(wanted, int) and not isinstance(wanted, bool):
        if 0 <= wanted <= HIGHEST_CONTROLLER:
            return ControlTarget("controller", str(wanted), wanted, spread)
        raise ValueError(
            f"must be a controller of 0 to {HIGHEST_CONTROLLER}, not {wanted}: above are channel mode messages"
        )
    if not isinstance(wanted, str):
        raise ValueError("must be the name or number of a controller, a function or a command")
    name = wanted.strip().lower().replace(" ", "_").replace("-", "_")
    if name in CONTROLLERS:
        return ControlTarget("controller", name, CONTROLLERS[name], spread)
    if name in _FUNCTIONS:
        highest = FUNCTIONS[name].highest
        return ControlTarget("function", name, values=bytes(sent * (highest + 1) // 128 for sent in spread))
    if name in COMMANDS:
        return ControlTarget("command", name, values=spread)
    if name == NONE:
        return ControlTarget("none", name)
    raise ValueError(f"cannot be {wanted[:40]!r}; {hint(name, NAMES)}")


def _spread(low: int, high: int) -> bytes:
    return bytes(round(low + (high - low) * value / 127) for value in range(128))


def source_of(message: bytes) -> tuple[int, int] | None:
    """The source that a whole channel message moves, and where to (0..127); None if it is none."""
    kind = message[0] & 0xF0
    if kind == CONTROL:
        return message[1], message[2]
    if kind == PRESSURE:
        return AFTERTOUCH_SOURCE, message[1]
    if kind == BEND:
        return BEND_SOURCE, min(abs((message[2] << 7 | message[1]) - _BEND_CENTRE) >> 6, 127)
    return None


def source_number(name: str) -> int | None:
    """The number of a source: a controller's, 0..119, or that of one by name; None for anything else."""
    if name in SOURCES:
        return SOURCES[name]
    number = int(name) if name.isdecimal() and len(name) <= len(str(HIGHEST_CONTROLLER)) else None
    return number if number is not None and number <= HIGHEST_CONTROLLER else None


def source_name(number: int) -> str:
    """The inverse of `source_number`."""
    return next((name for name, source in SOURCES.items() if source == number), str(number))
