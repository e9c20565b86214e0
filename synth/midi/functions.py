# SPDX-License-Identifier: Apache-2.0
"""What the function parameters of each part are, whoever has set them: a command, system exclusive, or a controller.

Some are controllers' as well: portamento time (5), mono and poly (126, 127), bend range (registered parameter 0).

A DX7 without a foot switch for portamento glides as soon as a portamento time is set. So does a part that has not heard
controller 65: `pedal` is what has to be played for it. The engine itself waits for the controller.
"""

from __future__ import annotations

from synth import controllers
from synth.controllers import PORTAMENTO, RESET_CONTROLLERS
from synth.functions import FUNCTIONS
from synth.messages import CONTROL
from synth.producer import PARTS

_NO_PARAMETER, _BEND_RANGE = 0x3FFF, 0


class Functions:
    """The function parameters of 16 parts, 0..15."""

    def __init__(self) -> None:
        first = {name: function.first for name, function in FUNCTIONS.items()}
        self._values = [dict(first) for _ in range(PARTS)]
        self._registered = [_NO_PARAMETER] * PARTS
        self._has_pedal = [False] * PARTS
        self._glides = [False] * PARTS  # a portamento time was set, and not by controller 5

    def set(self, part: int, name: str, value: int) -> bool:
        """A part's function parameter has this value from now on; False if it had it before."""
        if name == "portamento_time":
            self._glides[part] = value > 0
        return self._change(part, name, value)

    def of(self, part: int) -> dict[str, int]:
        """All function parameters of a part, by name."""
        return dict(self._values[part])

    def hear(self, message: bytes) -> tuple[str, int] | None:
        """The function parameter that a channel message changes for its part, and the new value."""
        if message[0] & 0xF0 != CONTROL:
            return None
        part, controller, value = message[0] & 0x0F, message[1], message[2]
        meant = self._meant(part, controller, value)
        return meant if meant is not None and self._change(part, *meant) else None

    def pedal(self, part: int) -> bytes | None:
        """Controller 65 as it has to be for a part that has heard none; None if nothing has to be played."""
        if self._has_pedal[part] or not self._glides[part]:
            return None
        return bytes((CONTROL | part, PORTAMENTO, 127))

    def _change(self, part: int, name: str, value: int) -> bool:
        changed = self._values[part][name] != value
        self._values[part][name] = value
        return changed

    def _meant(self, part: int, controller: int, value: int) -> tuple[str, int] | None:
        match controller:
            case controllers.PORTAMENTO_TIME:  # scaled as the firmware does
                return "portamento_time", value * 100 // 128
            case controllers.MONO if value <= 1:
                return "mono", 1
            case controllers.POLY:
                return "mono", 0
            case controllers.DATA if self._registered[part] == _BEND_RANGE:
                return "bend_range", min(value, FUNCTIONS["bend_range"].highest)
            case controllers.PORTAMENTO:
                self._has_pedal[part] = True
            case controllers.UNREGISTERED_LOW | controllers.UNREGISTERED:
                self._registered[part] = _NO_PARAMETER
            case controllers.REGISTERED_LOW:
                self._registered[part] = self._registered[part] & 0x3F80 | value
            case controllers.REGISTERED:
                self._registered[part] = value << 7 | self._registered[part] & 0x7F
            case controllers.RESET_CONTROLLERS:
                self._registered[part] = _NO_PARAMETER
        return None


def resets(message: bytes) -> bool:
    """True of a channel message that lets go of the portamento pedal as of all controllers."""
    return message[0] & 0xF0 == CONTROL and message[1] == RESET_CONTROLLERS
