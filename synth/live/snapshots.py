# SPDX-License-Identifier: Apache-2.0
"""How a session stands at the moment, as plain values to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from synth.checks import checked_int
from synth.functions import function_named
from synth.live.memory import Memory
from synth.player.settings import PARTS, unpack_voices

if TYPE_CHECKING:
    from synth.patch import Patch
    from synth.player.wire import Message


class Snapshots:
    """What the player has told so far. Each is a copy; commands on their way show once they have been obeyed."""

    _memory: Memory

    @property
    def bank_name(self) -> str:
        """Where the voices came from."""
        return self._memory.settings.bank_name

    @property
    def bank(self) -> list[Patch]:
        """The voices to choose from."""
        return unpack_voices(self._memory.settings.voices)

    def voice(self, channel: int = 1) -> dict[str, Any]:
        """What a channel plays: its `number` in the bank, its `name`, and whether it was `edited` or received alone."""
        part = checked_int("channel", channel, 1, PARTS) - 1
        memory = self._memory
        return {"number": memory.number(part), "name": memory.patch(part).name.rstrip(), "edited": memory.edited(part)}

    def patch(self, channel: int = 1) -> Patch:
        """What a channel plays, as a patch."""
        return self._memory.patch(checked_int("channel", channel, 1, PARTS) - 1)

    def function(self, name: str, channel: int = 1) -> int:
        """A function parameter of a channel, by its name in `synth.functions.FUNCTIONS`."""
        first = function_named(name).first
        part = str(checked_int("channel", channel, 1, PARTS) - 1)
        return self._memory.settings.functions.get(part, {}).get(name, first)

    @property
    def volume_db(self) -> float:
        """Volume of the whole instrument in decibels."""
        return self._memory.settings.volume_db

    @property
    def limiter(self) -> bool:
        """Whether the limiter is on."""
        return self._memory.settings.limiter

    def part_volume(self, channel: int) -> float:
        """Volume of a channel's part in decibels, besides its controllers."""
        part = checked_int("channel", channel, 1, PARTS) - 1
        return self._memory.settings.part_volumes.get(str(part), 0.0)

    def pan(self, channel: int) -> float:
        """Where a channel's part was put, -1 (left) to 1; its controller 10 may have moved it since."""
        part = checked_int("channel", channel, 1, PARTS) - 1
        return self._memory.settings.pans.get(str(part), 0.0)

    @property
    def zones(self) -> list[dict[str, Any]]:
        """Which keys of which inputs play which part, as for `Session.set_zones`."""
        return [dict(zone) for zone in self._memory.settings.zones]

    @property
    def learned(self) -> dict[int | str, str]:
        """Controllers, "bend" and "aftertouch", with what they have learned to do."""
        return dict(self._memory.learned)

    @property
    def inputs(self) -> list[str]:
        """Names of the open MIDI inputs."""
        return list(self._memory.inputs)

    @property
    def audio(self) -> Message:
        """Device, api, rate, frames and latency of the output; empty until it is open."""
        return dict(self._memory.audio)

    @property
    def meters(self) -> Message:
        """The newest meters; empty until the first have come."""
        return self._memory.meters
