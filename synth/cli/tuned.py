# SPDX-License-Identifier: Apache-2.0
"""The tuning that a configuration asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from synth.cli.configured import doubt
from synth.errors import TuningError

if TYPE_CHECKING:
    from synth.config.stack import Configuration
    from synth.tuning import Tuning

_SCALE, _KEYBOARD = "tuning.scale", "tuning.keyboard"


def wanted_tuning(context: typer.Context, settings: Configuration) -> Tuning | None:
    """What the keys sound; None: what they do on a DX7, also if the files that the configuration names are wrong.

    Raises:
        TuningError: a file that an option names is wrong.
    """
    scale, keyboard = settings[_SCALE], settings[_KEYBOARD]
    if scale is None and keyboard is None:
        return None
    from synth.tuning import Tuning

    try:
        return Tuning.from_scl(scale, keyboard)
    except TuningError as error:
        if settings.by_option(_SCALE) or settings.by_option(_KEYBOARD):
            raise
        doubt(context, settings, _KEYBOARD if scale is None else _SCALE, error, "the keys sound as on a DX7")
        return None
