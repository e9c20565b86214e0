# SPDX-License-Identifier: Apache-2.0
"""Each of the 155 parameters at its lowest, middle and highest value, against numbers worked out by hand."""

from __future__ import annotations

import pytest

from bridge.convert import convert
from synth.parameters import PARAMETERS
from synth.patch import Patch

# Of operator 1: the board's numbers (those of operator n are n - 1 further on), and what three or more values become.
# With several numbers, each value becomes as many.
OPERATOR: dict[str, tuple[tuple[int, ...], dict[int, tuple[int, ...]]]] = {
    "rate1": ((103,), {0: (0,), 50: (150,), 99: (255,)}),
    "rate2": ((110,), {0: (0,), 50: (110,), 99: (255,)}),
    "rate3": ((117,), {0: (0,), 50: (110,), 99: (255,)}),
    "rate4": ((124,), {0: (0,), 25: (45,), 50: (110,), 75: (180,), 99: (255,)}),
    "level1": ((75,), {0: (0,), 50: (129,), 99: (255,)}),
    "level2": ((82,), {0: (0,), 50: (129,), 99: (255,)}),
    "level3": ((89,), {0: (0,), 50: (129,), 99: (255,)}),
    "level4": ((96, 181, 193), {0: (0, 0, 0), 50: (129, 129, 129), 99: (255, 255, 255)}),
    "breakpoint": ((45,), {0: (17,), 39: (56,), 99: (116,)}),
    "left_depth": ((51,), {0: (0,), 50: (129,), 99: (255,)}),
    "right_depth": ((57,), {0: (0,), 50: (129,), 99: (255,)}),
    "left_curve": ((63,), {0: (1,), 1: (0,), 2: (3,), 3: (2,)}),
    "right_curve": ((69,), {0: (1,), 1: (0,), 2: (3,), 3: (2,)}),
    "rate_scaling": ((140,), {0: (0,), 4: (146,), 7: (255,)}),
    "amp_mod_sensitivity": ((159,), {0: (0,), 1: (66,), 2: (109,), 3: (255,)}),
    "velocity_sensitivity": ((39,), {0: (0,), 4: (146,), 7: (255,)}),
    "output_level": ((33,), {0: (0,), 50: (129,), 99: (255,)}),
    "frequency_coarse": ((15,), {0: (0,), 1: (1,), 16: (16,), 31: (31,)}),
    "frequency_fine": ((21, 27), {0: (0, 128), 10: (35, 129), 50: (150, 127), 99: (254, 129)}),
    "detune": ((27,), {0: (121,), 7: (128,), 14: (135,)}),
}

VOICE: dict[str, tuple[tuple[int, ...], dict[int, tuple[int, ...]]]] = {
    "pitch_envelope.rate1": ((134,), {0: (0,), 50: (150,), 99: (255,)}),
    "pitch_envelope.rate2": ((135,), {0: (0,), 50: (110,), 99: (255,)}),
    "pitch_envelope.rate3": ((136,), {0: (0,), 50: (110,), 99: (255,)}),
    "pitch_envelope.rate4": ((137,), {0: (0,), 50: (110,), 99: (255,)}),
    "pitch_envelope.level1": ((130, 138), {0: (0, 4), 50: (128, 0), 99: (255, 4)}),
    "pitch_envelope.level2": ((131, 138), {0: (0, 4), 50: (128, 0), 51: (132, 1), 99: (255, 4)}),
    "pitch_envelope.level3": ((132, 138), {0: (0, 4), 50: (128, 0), 90: (226, 2), 99: (255, 4)}),
    "pitch_envelope.level4": (
        (133, 138, 205, 207),
        {0: (0, 4, 0, 0), 50: (128, 0, 128, 128), 99: (255, 4, 255, 255)},
    ),
    "algorithm": (
        (1, 2, 3, 4, 5, 6),
        {0: (5, 0, 17, 32, 64, 64), 15: (45, 0, 16, 0, 64, 64), 31: (1, 1, 1, 1, 1, 65)},
    ),
    "feedback": (
        (7, 8, 9, 10, 11, 12),
        {0: (0,) * 6, 4: (0, 0, 0, 0, 0, 146), 7: (0, 0, 0, 0, 0, 255)},
    ),
    "osc_key_sync": ((13,), {0: (0,), 1: (63,)}),
    "lfo.speed": ((151,), {0: (1,), 35: (126,), 50: (180,), 63: (227,), 70: (255,), 99: (255,)}),
    "lfo.delay": ((154,), {0: (255,), 50: (126,), 99: (0,)}),
    # INIT VOICE has a sensitivity of 3, which is 33.
    "lfo.pitch_mod_depth": (
        (149, 222, 223, 224, 225, 226, 227),
        {0: (0, *(33,) * 6), 17: (89, *(33,) * 6), 48: (251, *(33,) * 6), 99: (255, *(67,) * 6)},
    ),
    "lfo.amp_mod_depth": ((150,), {0: (0,), 50: (129,), 99: (255,)}),
    "lfo.sync": ((152,), {0: (0,), 1: (1,)}),
    "lfo.wave": ((153,), {0: (0,), 1: (3,), 2: (2,), 3: (1,), 4: (4,), 5: (5,)}),
    "pitch_mod_sensitivity": (
        (222, 223, 224, 225, 226, 227),
        {
            0: (0,) * 6,
            1: (10,) * 6,
            2: (20,) * 6,
            3: (33,) * 6,
            4: (55,) * 6,
            5: (92,) * 6,
            6: (153,) * 6,
            7: (255,) * 6,
        },
    ),
    "transpose": ((174,), {0: (0,), 24: (24,), 48: (48,)}),
    **{f"name{place}": ((), {32: (), 80: (), 127: ()}) for place in range(1, 11)},
}

CASES: list[tuple[str, tuple[int, ...], int, tuple[int, ...]]] = [
    *(
        (f"op{operator}.{key}", tuple(number + operator - 1 for number in numbers), value, becomes)
        for operator in range(1, 7)
        for key, (numbers, values) in OPERATOR.items()
        for value, becomes in values.items()
    ),
    *(
        (f"op{operator}.frequency_mode", (14,), value, (value << (operator - 1),))
        for operator in range(1, 7)
        for value in (0, 1)
    ),
    *((key, numbers, value, becomes) for key, (numbers, values) in VOICE.items() for value, becomes in values.items()),
]


def voice_with(key: str, value: int) -> Patch:
    """INIT VOICE but for one parameter."""
    raw = bytearray(Patch.init_voice().to_bytes())
    raw[next(parameter.position for parameter in PARAMETERS if parameter.key == key)] = value
    return Patch.from_raw(raw)


def test_all_155_are_tried_from_end_to_end() -> None:
    tried: dict[str, set[int]] = {}
    for key, _numbers, value, _becomes in CASES:
        tried.setdefault(key, set()).add(value)
    assert len(tried) == 155
    for parameter in PARAMETERS:
        assert {parameter.minimum, parameter.maximum} <= tried[parameter.key]
        assert len(tried[parameter.key]) >= 3 or parameter.maximum == 1


@pytest.mark.parametrize(("key", "numbers", "value", "becomes"), CASES)
def test_value(key: str, numbers: tuple[int, ...], value: int, becomes: tuple[int, ...]) -> None:
    done = convert(voice_with(key, value))
    assert tuple(done.program[number] for number in numbers) == becomes
    row = next(row for row in done.report if row.parameter == key)
    assert (row.value, row.numbers, row.values) == (value, numbers, becomes)

    plain = convert(Patch.init_voice()).program
    moved = {number for number in range(512) if done.program[number] != plain[number]}
    assert moved <= {*numbers, *FIXED.get(key, ())}


# A fixed operator says its frequency in other numbers than one that follows the keys.
FIXED = {f"op{operator}.frequency_mode": (14 + operator, 20 + operator, 26 + operator) for operator in range(1, 7)}
