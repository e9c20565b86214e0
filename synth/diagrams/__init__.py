# SPDX-License-Identifier: Apache-2.0
"""Diagrams of how operators are wired: words, text drawings, Mermaid and SVG, each a function of a `Wiring`."""

from .drawn import Drawn as Drawn
from .text import ascii_art as ascii_art
from .vector import svg as svg
from .wiring import OP_LABELS as OP_LABELS
from .wiring import Wiring as Wiring
from .words import mermaid as mermaid
from .words import summary as summary
