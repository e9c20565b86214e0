# SPDX-License-Identifier: Apache-2.0
"""How a patch shows itself: as text, as JSON, as pictures, in notebooks, as sound.

The work is done elsewhere, and loaded when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from .fields import Section

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .diagrams import Wiring
    from .differences import Differences
    from .notebook import Player
    from .patch import Patch


class PatchViews(Section):
    """The methods of `Patch` that make something to read, to see or to hear of it."""

    __slots__ = ()

    @property
    def _patch(self) -> Patch:
        return cast("Patch", self)

    def summary(self) -> str:
        """The voice as a sheet of a dozen lines, in the numbers of the DX7's panel: algorithm from 1, detune signed."""
        from .voicesheet import sheet

        return sheet(self._patch)

    def to_ascii(self) -> str:
        """The algorithm drawn with letters: who modulates whom, who is heard, and where the feedback is."""
        from .diagrams import OP_LABELS, ascii_art

        return ascii_art(self._wiring(), OP_LABELS)

    def to_mermaid(self) -> str:
        """The algorithm as a flowchart for Mermaid, which renders in notebooks and on many sites."""
        from .diagrams import OP_LABELS, mermaid

        return mermaid(self._wiring(), OP_LABELS)

    def to_svg(self) -> str:
        """The algorithm as a picture: the text of an SVG file."""
        from .diagrams import OP_LABELS, svg

        return svg(self._wiring(), OP_LABELS)

    def _wiring(self) -> Wiring:
        from .algorithm_table import algorithms

        patch = self._patch
        title = f"{patch.display_name}, algorithm {patch.algorithm + 1}"
        return algorithms[patch.algorithm].wiring(patch.feedback, title)

    def to_json(self, indent: int | None = None) -> str:
        """The voice as JSON: the attributes by their names, waves, curves and modes as names. Nothing is lost.

        indent: blanks per level, for people to read and edit; None for a single line.
        """
        from .voicejson import to_json

        return to_json(self._patch, indent)

    def diff(self, other: Patch) -> Differences:
        """The parameters in which two patches differ: rows of (label, ours, theirs), printed as a table.

        Values are those of the DX7's panel: algorithm from 1, transpose and detune signed, names of waves and curves.
        """
        from .differences import differences

        return differences(self._patch, other)

    def plot(
        self,
        note: int = 60,
        velocity: int = 100,
        hold: float = 1.0,
        tail: float = 0.5,
        *,
        kernel: str = "chip",
        figure: Figure | None = None,
    ) -> Figure:
        """One note of the voice on a page: algorithm, envelopes and LFO as the engine runs them, sound and spectra.

        note, velocity: 0..127. hold, tail: seconds. kernel: "chip" or "clean". figure: a matplotlib figure to draw
        on, such as ``plt.figure()``; a new one otherwise, which notebooks show and whose ``savefig`` writes files.
        Carriers are green, modulators grey; levels are in dB below one carrier at full level. Operators whose level
        follows the keys have a line under the algorithm.

        Raises:
            ImportError: matplotlib is not installed.
            ValueError, TypeError: an argument, by its name.
        """
        from .plotting import plot_patch

        return plot_patch(self._patch, note, velocity, hold, tail, kernel=kernel, figure=figure)

    def listen(
        self,
        note: int = 60,
        velocity: int = 100,
        hold: float = 1.0,
        tail: float = 0.5,
        sample_rate: int = 48000,
        kernel: str = "chip",
    ) -> Player:
        """One note as an audio player, which notebooks show; arguments as of `render`."""
        from .notebook import play

        return play(self._patch, sample_rate, note=note, velocity=velocity, hold=hold, tail=tail, kernel=kernel)

    def _repr_html_(self) -> str:
        from .notebook import patch_html

        return patch_html(self._patch)
