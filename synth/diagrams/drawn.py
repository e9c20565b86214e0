# SPDX-License-Identifier: Apache-2.0
"""What an algorithm and a graph have in common: they can be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .wiring import Wiring


class Drawn:
    """Text and pictures of a wiring. `labels` are the operators' names: their numbers from 0 if none are given."""

    __slots__ = ()

    def _wiring(self) -> Wiring:
        raise NotImplementedError

    def summary(self, *, labels: Sequence[str] | None = None) -> str:
        """Carriers, modulators, every modulation with its amount, and feedback, in words."""
        from .words import summary

        return summary(self._wiring(), labels)

    def to_ascii(self, *, labels: Sequence[str] | None = None, plain: bool = False) -> str:
        """A drawing in text: modulators above what they modulate, carriers in double frames.

        plain: ASCII alone, for places that do not show box drawing characters.
        """
        from .text import ascii_art

        return ascii_art(self._wiring(), labels, plain=plain)

    def to_mermaid(self, *, labels: Sequence[str] | None = None) -> str:
        """A Mermaid flowchart. Mermaid draws up to 500 edges unless it is told otherwise; graphs can have more."""
        from .words import mermaid

        return mermaid(self._wiring(), labels)

    def to_svg(self, *, labels: Sequence[str] | None = None) -> str:
        """The text of an SVG picture, in the colours of the reader's theme, light or dark."""
        from .vector import svg

        return svg(self._wiring(), labels)

    def _repr_svg_(self) -> str:
        return self.to_svg()
