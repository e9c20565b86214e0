# SPDX-License-Identifier: Apache-2.0
"""Pictures of voices. `curves` needs NumPy alone; the figure needs matplotlib (`pip install 'sixop[plot]'`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from synth.plotting.curves import Curves as Curves
from synth.plotting.curves import envelope_curves as envelope_curves
from synth.plotting.curves import scaling_curves as scaling_curves

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def plot_patch(*arguments: Any, **named: Any) -> Figure:
    """A voice on one page; arguments as of `Patch.plot`, after the patch.

    Raises:
        ImportError: matplotlib is not installed.
    """
    try:
        from synth.plotting import figure
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "matplotlib":
            raise
        raise ImportError("Plots need matplotlib, which is not installed: pip install 'sixop[plot]'") from error
    return figure.plot_patch(*arguments, **named)
