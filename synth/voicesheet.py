# SPDX-License-Identifier: Apache-2.0
"""A voice for readers: as a sheet of text in the words of the DX7's manual, or as the same facts to print as JSON.

Numbers are those of the DX7's panel: algorithm 1..32, operators 1..6, transpose and detune signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from synth.algorithm_table import algorithms
from synth.notes import note_name
from synth.parameters import ALL_OPERATORS_ON, OPERATORS, operators_switched_on

if TYPE_CHECKING:
    from synth.patch import Patch
    from synth.sections import Operator

_NO_TRANSPOSE: Final = 24
_NO_DETUNE: Final = 7
_FIRST_BREAKPOINT_NOTE: Final = 21  # breakpoint 0 is A-1, 39 is C3
_GAP: Final = "  "  # between two columns

_HEADINGS: Final = (
    "op", "", "frequency", "detune", "level", "velocity", "AMS",
    "rates", "levels", "rate scaling", "left", "breakpoint", "right",
)  # fmt: skip
_RIGHT_ALIGNED: Final = ("frequency", "detune", "level", "velocity", "AMS")


def carriers(algorithm: int) -> list[int]:
    """The operators, 1..6, that are heard in an algorithm of 0..31."""
    return [operator + 1 for operator in algorithms[algorithm].carriers]


def brief(patch: Patch) -> dict[str, Any]:
    """What tells voices apart at first sight: name, algorithm, carriers, feedback, wave of the LFO."""
    return {
        "name": patch.name.rstrip(),
        "algorithm": patch.algorithm + 1,
        "carriers": carriers(patch.algorithm),
        "feedback": patch.feedback,
        "lfo": patch.lfo.wave,
    }


def facts(patch: Patch) -> dict[str, Any]:
    """Everything about a voice as text, numbers, lists and dicts."""
    lfo, pitch = patch.lfo, patch.pitch_envelope
    return {
        **brief(patch),
        "transpose": patch.transpose - _NO_TRANSPOSE,
        "osc_key_sync": patch.osc_key_sync,
        "pitch_mod_sensitivity": patch.pitch_mod_sensitivity,
        "lfo": {
            "wave": lfo.wave,
            "speed": lfo.speed,
            "delay": lfo.delay,
            "pitch_mod_depth": lfo.pitch_mod_depth,
            "amp_mod_depth": lfo.amp_mod_depth,
            "sync": lfo.sync,
        },
        "pitch_envelope": {"rates": list(pitch.rates), "levels": list(pitch.levels)},
        "operators": [_operator_facts(number, operator) for number, operator in enumerate(patch.op, 1)],
    }


def sheet(patch: Patch) -> str:
    """The voice in a dozen lines: name, algorithm, common settings, and a row for each operator."""
    return "\n".join([patch.name.rstrip(), *common_lines(patch), *_aligned(operator_table(patch))])


def common_lines(patch: Patch) -> list[str]:
    """What concerns the whole voice, in a few lines of text."""
    lfo, pitch = patch.lfo, patch.pitch_envelope
    common = (
        f"feedback {patch.feedback}   transpose {patch.transpose - _NO_TRANSPOSE:+d}   "
        f"oscillator key sync {_switch(patch.osc_key_sync)}"
    )
    modulation = (
        f"LFO {lfo.wave}, speed {lfo.speed}, delay {lfo.delay}, sync {_switch(lfo.sync)}; depth: "
        f"pitch {lfo.pitch_mod_depth} (sensitivity {patch.pitch_mod_sensitivity}), amplitude {lfo.amp_mod_depth}"
    )
    lines = [
        f"algorithm {patch.algorithm + 1}: {_routes(patch.algorithm)}",
        common,
        modulation,
        f"pitch envelope: rates {_numbers(pitch.rates)}, levels {_numbers(pitch.levels)}",
    ]
    if patch.operators_on != ALL_OPERATORS_ON:
        on = [str(number) for number in range(1, OPERATORS + 1) if is_on(patch, number)]
        lines.append(f"operators switched on: {' '.join(on) or 'none'}")
    return lines


def operator_table(patch: Patch) -> list[tuple[str, ...]]:
    """A row of texts for each operator, after one of headings."""
    return [_HEADINGS, *(_row(patch, number) for number in range(1, OPERATORS + 1))]


def is_on(patch: Patch, number: int) -> bool:
    """Whether operator `number`, 1..6, is switched on."""
    return operators_switched_on(patch.operators_on)[number - 1]


def frequency(operator: Operator) -> str:
    """``x 1.00`` of the note, or ``440.0 Hz`` where fixed."""
    value = operator.frequency_ratio
    return f"{value:.1f} Hz" if operator.frequency_mode else f"x {value:.2f}"


def _operator_facts(number: int, operator: Operator) -> dict[str, Any]:
    return {
        "operator": number,
        "frequency": frequency(operator),
        "detune": operator.detune - _NO_DETUNE,
        "output_level": operator.output_level,
        "velocity_sensitivity": operator.velocity_sensitivity,
        "amp_mod_sensitivity": operator.amp_mod_sensitivity,
        "rates": list(operator.envelope.rates),
        "levels": list(operator.envelope.levels),
        "rate_scaling": operator.rate_scaling,
        "breakpoint": operator.breakpoint,
        "left": [operator.left_curve, operator.left_depth],
        "right": [operator.right_curve, operator.right_depth],
    }


def _row(patch: Patch, number: int) -> tuple[str, ...]:
    operator = patch.op[number - 1]
    role = "carrier" if number in carriers(patch.algorithm) else "modulator"
    return (
        str(number),
        role,
        frequency(operator),
        f"{operator.detune - _NO_DETUNE:+d}",
        str(operator.output_level),
        str(operator.velocity_sensitivity),
        str(operator.amp_mod_sensitivity),
        _numbers(operator.envelope.rates),
        _numbers(operator.envelope.levels),
        str(operator.rate_scaling),
        f"{operator.left_curve} {operator.left_depth}",
        note_name(operator.breakpoint + _FIRST_BREAKPOINT_NOTE),
        f"{operator.right_curve} {operator.right_depth}",
    )


def _routes(algorithm: int) -> str:
    """The algorithm in words: who is heard, who modulates whom, and where the feedback is."""
    modulations = [f"{source + 1}>{target + 1}" for source, target in algorithms[algorithm].edges]
    heard = "+".join(map(str, carriers(algorithm)))
    source, target = (operator + 1 for operator in algorithms[algorithm].feedback_edge)
    feedback = f"{source}" if source == target else f"{source}>{target}"
    return f"heard {heard}   modulation {' '.join(modulations) or 'none'}   feedback {feedback}"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows as lines with their columns aligned; the first holds the headings."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    aligned = [str.rjust if heading in _RIGHT_ALIGNED else str.ljust for heading in rows[0]]
    return [
        _GAP.join(align(text, width) for align, text, width in zip(aligned, row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _switch(on: bool) -> str:
    return "on" if on else "off"


def _numbers(values: Iterable[int]) -> str:
    return " ".join(f"{value:2d}" for value in values)
