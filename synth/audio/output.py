# SPDX-License-Identifier: Apache-2.0
"""What a player needs to know of its audio output, be it a device or the clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class OutputReport:
    """An output as it turned out, for people: the first two lines `sixop play` prints."""

    device: str
    """Name of the device, or why there is none."""
    api: str
    """Host API of the device, "" without one."""
    rate: int
    """Hz."""
    buffer_frames: int
    """Frames per callback; 0 if the server varies them."""
    output_latency: float | None
    """Seconds from callback to loudspeaker as the server reports them; None if it does not know."""


class Output(Protocol):
    """A running source of callbacks for one engine."""

    def report(self) -> OutputReport:
        """Describe the output; exact once the first callbacks have come."""

    def alive(self) -> bool:
        """False once the audio server or device has gone. Returns at once, always."""

    def stop(self) -> None:
        """End the callbacks. May hang if the server has gone: ask `alive` first."""
