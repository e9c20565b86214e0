# SPDX-License-Identifier: Apache-2.0
"""Diagrams of how operators are wired: words, text drawings, Mermaid and SVG, each a function of a `Wiring`.

`ascii_art`, `svg`, `mermaid` and `summary` bring their modules along when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .drawn import Drawn as Drawn
from .wiring import OP_LABELS as OP_LABELS
from .wiring import Wiring as Wiring

if TYPE_CHECKING:
    from .text import ascii_art as ascii_art
    from .vector import svg as svg
    from .words import mermaid as mermaid
    from .words import summary as summary

_HOMES = {"ascii_art": "text", "svg": "vector", "mermaid": "words", "summary": "words"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
