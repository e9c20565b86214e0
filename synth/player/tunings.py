# SPDX-License-Identifier: Apache-2.0
"""Who says what the keys of each part sound: the player's own tuning, or an MTS-ESP master while there is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from synth.player.settings import PARTS
from synth.tuning import KEYS, TuningChange

Keys = tuple[float | None, ...]
"""What the 128 keys of a part sound, as in `Tuning.hertz`."""

_UNTUNED: Final[Keys] = (None,) * KEYS


class Tunings:
    """Follows both, so that the own tuning is there when the master goes, with all that messages changed meanwhile."""

    def __init__(self, keys: Sequence[float | None] | None = None) -> None:
        self._own: list[Keys] = [_UNTUNED if keys is None else tuple(keys)] * PARTS
        self._heard = list(self._own)
        self._has_master = False

    def retune(self, change: TuningChange) -> bool:
        """The own tuning changes. True if that is heard now."""
        for part in change.parts:
            self._own[part] = tuple(change.keys.get(key, hertz) for key, hertz in enumerate(self._own[part]))
            if not self._has_master:
                self._heard[part] = self._own[part]
        return not self._has_master

    def follow(self, master: Sequence[Keys] | None) -> list[TuningChange]:
        """A master tunes the 16 parts so from now on, or there is none any more: what has to be changed for that."""
        self._has_master = master is not None
        wanted = self._own if master is None else master
        groups: dict[Keys, list[int]] = {}
        for part, keys in enumerate(wanted):
            if keys != self._heard[part]:
                groups.setdefault(keys, []).append(part)
        self._heard = list(wanted)
        return [TuningChange(dict(enumerate(keys)), tuple(parts), sounding=True) for keys, parts in groups.items()]
