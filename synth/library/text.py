# SPDX-License-Identifier: Apache-2.0
"""Text as it is kept and as it is searched."""

from __future__ import annotations

import unicodedata
from typing import Final

_STEERING: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")  # controls, formats, nothing, ends of lines


def readable(text: str) -> str:
    """Text that can be kept: bytes of an argument or a path that are no letters become question marks."""
    return text.encode("utf-8", "replace").decode()


def visible(text: str) -> str:
    r"""Text on one line that does nothing to a terminal: controls and marks of direction are written as ``\x1b``."""
    if text.isprintable():
        return text
    return "".join(_escaped(char) if unicodedata.category(char) in _STEERING else char for char in text)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode()


def tidy(name: str) -> str:
    """A name as it is kept and looked for: with single blanks, and its accents written in one way."""
    return unicodedata.normalize("NFC", " ".join(readable(name).split()))


def folded(text: str) -> str:
    """Text as it is searched: without accents. The indices do not tell capitals from small letters."""
    if text.isascii():
        return text
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
