# SPDX-License-Identifier: Apache-2.0
"""The bytes of a voice, and the windows that people have on them.

An operator is a window on its patch. When another operator is put in its place, a window somebody still holds keeps
what it showed, so that ``patch.op[0], patch.op[1] = patch.op[1], patch.op[0]`` swaps, as it does in a list.
"""

from __future__ import annotations

from typing import Any, Protocol
from weakref import ref


class Window(Protocol):
    """A view of some bytes."""

    _data: VoiceBytes

    def _span(self) -> tuple[int, int]:
        """The place of its first byte, and the one after its last."""


class VoiceBytes(bytearray):
    """The 155 bytes of a voice in VCED order."""

    __slots__ = ("_windows",)

    def __init__(self, values: bytes | bytearray) -> None:
        super().__init__(values)
        self._windows: dict[int, ref[Any]] = {}  # by identity, as windows compare by content

    def watch(self, window: Window) -> None:
        """Remember a window for as long as somebody holds it."""
        windows, key = self._windows, id(window)
        windows[key] = ref(window, lambda _: windows.pop(key, None))

    def replace_at(self, first: int, values: bytes, keep: object = None) -> None:
        """Put values from `first` on; windows on nothing but these places, except `keep`, take the old ones along."""
        end = first + len(values)
        leaving = []
        for known in list(self._windows.values()):
            window = known()
            if window is not None and window is not keep and first <= window._span()[0] and window._span()[1] <= end:
                leaving.append(window)
        if leaving:
            old = VoiceBytes(self)
            for window in leaving:
                self._windows.pop(id(window), None)
                window._data = old
                old.watch(window)
        self[first:end] = values
