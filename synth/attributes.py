# SPDX-License-Identifier: Apache-2.0
"""Objects that refuse attributes they do not have, with the nearest name."""

from __future__ import annotations

import difflib
from typing import Any


def own(thing: object) -> dict[str, Any] | None:
    """Where a subclass without __slots__ keeps attributes that its base does not know; None for all others."""
    return vars(thing) if type(thing).__dictoffset__ else None


class Strict:
    """Takes no attributes but its class's, unless a subclass without __slots__ has a place for others."""

    __slots__ = ()

    def __setattr__(self, name: str, value: object) -> None:
        if not hasattr(type(self), name) and own(self) is None:
            raise AttributeError(_unknown(self, name), name=name, obj=self)
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(_unknown(self, name), name=name, obj=self)


def _unknown(thing: object, name: str) -> str:
    words = f"{type(thing).__name__} has no {name!r}"
    if name.startswith("_"):  # which libraries ask for by the thousand
        return words
    near = difflib.get_close_matches(name, [known for known in dir(type(thing)) if not known.startswith("_")], 1)
    return f"{words}; did you mean {near[0]!r}?" if near else words
