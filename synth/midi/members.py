# SPDX-License-Identifier: Apache-2.0
"""The MPE zones of one input: which channels are whose members, and what these do to their notes alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from synth.controllers import TIMBRE
from synth.messages import BEND, CONTROL, PRESSURE
from synth.midi.mpe import (
    BEND_CENTRE,
    CHANNELS,
    RPN_BEND_RANGE,
    Data,
    Layout,
    Parameters,
    bend_units,
    entered_range,
)
from synth.midi.outcome import Touch
from synth.midi.router import TouchRoute

Touched = list[tuple[int, Touch]]
"""Touches, each with the channel it comes from."""


class Members:
    """Follows what the members of one input send. Channels are 0..15, members 1..16: the channel and one."""

    def __init__(self, layout: Layout) -> None:
        self.lay_out(layout)
        self._parameters = Parameters()
        self._ranges: dict[int, int] = {}  # manager -> cents of its members' bend, if the input has said so
        self._bends: dict[int, int] = {}  # channel -> its bend, -8192..8191

    def lay_out(self, layout: Layout) -> None:
        """The zones are so from now on."""
        self.layout = layout
        self.managers = layout.managers()  #: of each channel: its manager, or itself

    def number(self, channel: int) -> int:
        """The number of the member that a channel is; 0 if it is none."""
        return channel + 1 if self.managers[channel] != channel else 0

    def led_by(self, manager: int) -> list[int]:
        """The manager and its members."""
        return [channel for channel in range(CHANNELS) if self.managers[channel] == manager]

    def enters(self, message: bytes) -> Data | None:
        """What one of `PARAMETER_CONTROLLERS` enters, on any channel."""
        return self._parameters.follow(message)

    def moved(self, message: bytes, data: Data | None, routes: Sequence[TouchRoute]) -> Touched:
        """What a member's message does, which may enter `data`, to the parts that its zone plays."""
        kind, channel = message[0] & 0xF0, message[0] & 0x0F
        if kind == PRESSURE:
            return [self._touch(channel, route, "aftertouch", message[1]) for route in routes]
        if kind == BEND:
            return self._bend(channel, (message[2] << 7 | message[1]) - BEND_CENTRE, routes)
        if data is not None and data.parameter == RPN_BEND_RANGE and routes:
            return self._stretch(self.managers[channel], data, routes)
        if kind == CONTROL and message[1] == TIMBRE:
            return [self._touch(channel, route, route.timbre, message[2]) for route in routes if route.timbre]
        return []

    def _touch(self, channel: int, route: TouchRoute, name: str, value: int) -> tuple[int, Touch]:
        return channel, Touch(route.part, self.number(channel), name, value)

    def _bend(self, channel: int, bend: int, routes: Sequence[TouchRoute]) -> Touched:
        self._bends[channel] = bend
        said = self._ranges.get(self.managers[channel])
        return [
            self._touch(channel, route, "bend", bend_units(bend, route.cents if said is None else said))
            for route in routes
        ]

    def _stretch(self, manager: int, data: Data, routes: Sequence[TouchRoute]) -> Touched:
        """What one member says of the range of its bend holds for all of its zone."""
        self._ranges[manager] = entered_range(self._ranges.get(manager, routes[0].cents), data)
        bent = [channel for channel in self.led_by(manager) if channel in self._bends]
        return [touched for channel in bent for touched in self._bend(channel, self._bends[channel], routes)]

    def forget_range(self, manager: int) -> None:
        """Its members' bends reach as far as at first."""
        self._ranges.pop(manager, None)

    def forget_bends(self, channels: Iterable[int]) -> None:
        """They are at rest."""
        for channel in channels:
            self._bends.pop(channel, None)
