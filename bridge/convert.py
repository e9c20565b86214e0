# SPDX-License-Identifier: Apache-2.0
"""A DX7 voice as an XFM2 program, and the report of how well that went."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from bridge.algorithms import READINGS, Alg46
from bridge.profile import DEFAULT, Profile, load_profile
from bridge.purpose import plain_program
from bridge.report import KINDS, Row, Verdict, counts
from bridge.rules import OPERATOR_ENTRIES, VOICE_ENTRIES, Entry
from bridge.voice import Voice
from synth.patch import Patch

_SILENT = "no effect: the operator is silent"


@dataclass(frozen=True)
class Conversion:
    """An XFM2 program made from a DX7 voice."""

    program: bytes  #: 512, byte n is parameter n
    report: tuple[Row, ...]  #: 155 rows, in the order of a voice
    name: str  #: of the voice; the board keeps none

    @cached_property
    def _counts(self) -> dict[str, int]:
        return counts(self.report)

    @property
    def exact(self) -> int:
        """How many of the 155 parameters came over as they are, or have no effect in this voice."""
        return self._counts["exact"]

    @property
    def approximated(self) -> int:
        """How many came over nearly, or by a law of the board that is not proved."""
        return self._counts["approximated"]

    @property
    def lost(self) -> int:
        """How many are heard on the DX7 and not on the board."""
        return self._counts["lost"]

    def __bytes__(self) -> bytes:
        return self.program

    def as_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            "name": self.name,
            **{kind: self._counts[kind] for kind in KINDS},
            "program": list(self.program),
            "report": [row.as_dict() for row in self.report],
        }


def convert(patch: Patch, profile: str | Path | Profile = DEFAULT, alg46: Alg46 = "self") -> Conversion:
    """The program that comes nearest to a voice.

    `profile` is a Profile, the name of one that comes with sixop, or a file. `alg46` says how algorithms 4 and 6 are
    read: with operator 6 feeding back on itself (`self`), or with their loop of several operators (`loop`).
    An operator that is switched off gets the level 0.

    Raises:
        ProfileError: there is no such profile, or it makes no sense.
        TypeError, ValueError: this is no Patch, or no reading of algorithms 4 and 6.
    """
    if not isinstance(patch, Patch):
        raise TypeError(f"convert takes a Patch, not {type(patch).__name__}; Patch.from_sysex makes one from bytes")
    if alg46 not in READINGS:
        raise ValueError(f"alg46 must be {' or '.join(READINGS)}, not {alg46!r}")
    chosen = load_profile(profile)
    voice = Voice(patch.to_bytes(), patch.operators_on, chosen, alg46)
    program = bytearray(plain_program(chosen))
    report = []
    for entries in OPERATOR_ENTRIES:
        operator = voice.operators[entries[0].parameter.operator - 1]
        for entry, value in zip(entries, operator.value, strict=True):
            verdict = entry.rule.convert(operator, value)
            if operator.silent and verdict.kind != "exact":
                verdict = Verdict(verdict.values, "exact", _SILENT)
            report.append(_row(entry, value, verdict))
    for shared in VOICE_ENTRIES:
        value = voice.raw[shared.parameter.position]
        report.append(_row(shared, value, shared.rule.convert(voice, value)))
    for row in report:
        for number, byte in zip(row.numbers, row.values, strict=True):
            program[number] = byte
    return Conversion(bytes(program), tuple(report), patch.name.rstrip())


def _row(entry: Entry[Any], value: int, verdict: Verdict) -> Row:
    parameter = entry.parameter
    values, kind, reason, error, unit = verdict
    return Row(parameter.key, parameter.label, value, entry.numbers, values, kind, error, unit, reason)
