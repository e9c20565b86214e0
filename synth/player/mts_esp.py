# SPDX-License-Identifier: Apache-2.0
"""MTS-ESP: a master program on this computer says what every key sounds, and may change its mind while notes sound.

The protocol is that of ODDSound's shared library libMTS, which masters install; the package `mtsespy` speaks it. A
client does not hear of changes, it looks: at one channel in turn every time, and at all when that one has changed. So
a new scale is heard within a turn or two, and looking costs little. Channel n tunes part n.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from synth.errors import TuningError
from synth.player.settings import PARTS
from synth.player.tunings import Keys
from synth.tuning import HIGHEST_HERTZ, KEYS, MUTE

PACKAGE: Final = "mtsespy"
NEEDED: Final = "MTS-ESP needs the package mtsespy: pip install 'sixop[mts-esp]'"
_LIBRARIES: Final = {
    "linux": "/usr/local/lib/libMTS.so",
    "darwin": "/Library/Application Support/MTS-ESP/libMTS.dylib",
}
"""Where the package looks for libMTS, by `sys.platform`; on Windows the system knows the folder."""


class Master:
    """The master, as its client sees it: `tables` and `scale` follow it. One thread looks."""

    def __init__(self) -> None:
        """Become a client.

        Raises:
            TuningError: the package is not installed.
        """
        try:
            self._mts: Any = import_module(PACKAGE)
        except ImportError as error:
            raise TuningError(NEEDED) from error
        self._client = self._mts.register_client()
        self._turn = 0
        self.tables: list[Keys] | None = None  #: what the keys of the 16 parts sound; None: there is no master
        self.scale = ""  #: the name of the master's scale

    @property
    def missing(self) -> str | None:
        """A sentence if no master can ever be seen, because libMTS is not there."""
        library = _LIBRARIES.get(sys.platform)
        if library is None or Path(library).exists() or self._mts.has_master(self._client):
            return None
        return f"MTS-ESP: there is no {library}, so no master can be heard; a master program installs it"

    def look(self) -> bool:
        """Look at the master; True if anything is different from the last time."""
        if not self._mts.has_master(self._client):
            changed, self.tables, self.scale = self.tables is not None, None, ""
            return changed
        self._turn = (self._turn + 1) % PARTS
        scale = self._mts.get_scale_name(self._client)
        if self.tables is not None and self._keys(self._turn) == self.tables[self._turn] and scale == self.scale:
            return False
        self.scale = scale
        self.tables = [self._keys(channel) for channel in range(PARTS)]
        return True

    def _keys(self, channel: int) -> Keys:
        mts, client = self._mts, self._client
        return tuple(
            MUTE
            if mts.should_filter_note(client, key, channel)
            else _sounding(mts.note_to_frequency(client, key, channel))
            for key in range(KEYS)
        )

    def close(self) -> None:
        """Be a client no more."""
        self._mts.deregister_client(self._client)


def _sounding(hertz: float) -> float:
    """A frequency that the engine can play; any other is mute."""
    return hertz if 0.0 < hertz <= HIGHEST_HERTZ else MUTE
