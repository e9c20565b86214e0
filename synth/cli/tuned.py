# SPDX-License-Identifier: Apache-2.0
"""The tuning that a configuration asks for."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from synth.cli.configured import doubt
from synth.errors import TuningError

if TYPE_CHECKING:
    from synth.config.stack import Configuration
    from synth.tuning import Tuning

_SCALE, _KEYBOARD, _MASTER = "tuning.scale", "tuning.keyboard", "tuning.mts_esp"


def wanted_tuning(context: typer.Context, settings: Configuration) -> Tuning | None:
    """What the keys sound; None: what they do on a DX7, also if the files that the configuration names are wrong.

    Raises:
        TuningError: a file that an option names is wrong.
    """
    scale, keyboard = settings[_SCALE], settings[_KEYBOARD]
    if scale is None and keyboard is None:
        return None
    from synth.tuning import Tuning

    instead = "the keys sound as on a DX7" if scale is None or keyboard is None else "it is left out"
    right: dict[str, Path | None] = {_SCALE: scale, _KEYBOARD: keyboard}
    for key, files in ((_SCALE, (scale, None)), (_KEYBOARD, (None, keyboard))):
        try:
            Tuning.from_scl(*files)
        except TuningError as error:
            if settings.by_option(key):
                raise
            doubt(context, settings, key, error, instead)
            right[key] = None
    return Tuning.from_scl(*right.values()) if any(right.values()) else None


def wanted_master(context: typer.Context, settings: Configuration) -> bool:
    """Whether an MTS-ESP master shall be followed; no, if only the configuration wants it and its package is missing.

    Raises:
        TuningError: an option wants it, and the package is missing.
    """
    from synth.player.mts_esp import NEEDED, PACKAGE

    if not settings[_MASTER] or find_spec(PACKAGE) is not None:
        return bool(settings[_MASTER])
    error = TuningError(NEEDED)
    if settings.by_option(_MASTER):
        raise error
    doubt(context, settings, _MASTER, error, "the keys keep their own tuning")
    return False
