# SPDX-License-Identifier: Apache-2.0
"""No output at all: an engine that sounds when somebody renders it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synth.audio.output import OutputReport

if TYPE_CHECKING:
    from synth.engine import Engine


class OfflineOutput:
    """Calls nobody back."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def report(self) -> OutputReport:
        """Say so."""
        return OutputReport("offline", "", self._engine.sample_rate, 0, None)

    def alive(self) -> bool:
        """True: there is nothing to die."""
        return True

    def stop(self) -> None:
        """Nothing to do."""
