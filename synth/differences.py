# SPDX-License-Identifier: Apache-2.0
"""In what two voices differ, parameter by parameter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from synth.parameters import NAME, OPERATORS, PARAMETERS, Parameter
from synth.patch_views import PatchViews
from synth.voicesheet import is_on

if TYPE_CHECKING:
    from synth.patch import Patch

_SWITCH: Final = ("off", "on")
_PANEL: Final = {"algorithm": 1, "transpose": -24, "detune": -7}  # what the DX7's panel adds to these


class Difference(NamedTuple):
    """One parameter that differs, as the DX7's panel shows it: algorithm from 1, transpose and detune signed."""

    label: str  #: "OP1 OUTPUT LEVEL", "LFO WAVE"
    ours: int | str
    theirs: int | str


class Differences(tuple[Difference, ...]):
    """The rows in which two voices differ, none if they are equal; printed as a table."""

    __slots__ = ()

    def __repr__(self) -> str:
        if not self:
            return "no difference"
        labels, ours, theirs = (max(len(str(value)) for value in column) for column in zip(*self, strict=True))
        return "\n".join(f"{row.label:{labels}}  {row.ours!s:>{ours}}  {row.theirs!s:>{theirs}}" for row in self)


def differences(ours: Patch, theirs: Patch) -> Differences:
    """The name, what concerns the whole voice, then operator 1 to 6.

    Raises:
        TypeError: `theirs` is no Patch.
    """
    if not isinstance(theirs, PatchViews):
        raise TypeError(f"a patch is compared with another patch, not with {type(theirs).__name__}")
    return Differences(_rows(ours, theirs))


def _rows(ours: Patch, theirs: Patch) -> Iterator[Difference]:
    if ours.name != theirs.name:
        yield Difference("VOICE NAME", ours.name.rstrip(), theirs.name.rstrip())
    mine, other = ours.to_bytes(), theirs.to_bytes()
    for parameter in sorted(PARAMETERS[:NAME], key=lambda parameter: parameter.operator):
        a, b = mine[parameter.position], other[parameter.position]
        if a != b:
            yield Difference(parameter.label, _shown(parameter, a), _shown(parameter, b))
    for number in range(1, OPERATORS + 1):
        if is_on(ours, number) != is_on(theirs, number):
            yield Difference(f"OP{number} SWITCH", _SWITCH[is_on(ours, number)], _SWITCH[is_on(theirs, number)])


def _shown(parameter: Parameter, value: int) -> int | str:
    """The value on the DX7's panel."""
    key = parameter.key.rpartition(".")[2]
    return parameter.choices[value].lower() if parameter.choices else value + _PANEL.get(key, 0)
