# SPDX-License-Identifier: Apache-2.0
"""What the XFM2 has and a DX7 voice lacks: set on purpose, so that nothing is left over from what was there before."""

from functools import lru_cache
from typing import NamedTuple

from bridge.parameters import ARPEGGIATOR, BY_NAME, CONTROLS, EFFECTS, INIT_PROGRAM, OPERATORS, PARAMETERS
from bridge.profile import Profile

_AS_INITIALISED = -1


class Purpose(NamedTuple):
    """Some XFM2 parameters, the one value or values they get, and why."""

    names: tuple[str, ...]
    value: int | str  #: a number, the key of the profile that says it, or _AS_INITIALISED
    reason: str


def _of_section(section: str) -> tuple[str, ...]:
    return tuple(parameter.name for parameter in PARAMETERS if parameter.section == section)


def _six(*names: str) -> tuple[str, ...]:
    return tuple(name.replace("#", str(operator)) for name in names for operator in range(1, OPERATORS + 1))


_PURPOSES = (
    Purpose((*_six("DLY_#"), "PEG_DLY"), 0, "envelopes start with the key"),
    Purpose((*_six("R5_#"), "PEG_R5"), 255, "level 5 is level 4, so nothing is left to do after the release"),
    Purpose(("PEG_VELO",), 0, "touch does not change the pitch envelope's range"),
    Purpose(("PEG_RATE_KEY",), 0, "the pitch envelope is as fast on all keys"),
    Purpose(("PLFO_WHEEL",), "wheel_vibrato", "sixop's engine starts with vibrato on the wheel; PMS limits it"),
    Purpose(("ALFO_WHEEL",), "wheel_tremolo", "the wheel is for vibrato alone"),
    Purpose(("PLFO_AFTER",), "aftertouch_vibrato", "aftertouch has no use until its player gives it one"),
    Purpose(("ALFO_AFTER",), "aftertouch_tremolo", "else aftertouch would be full tremolo, as initialised"),
    Purpose(
        ("PLFO_BREATH", "ALFO_BREATH", "PLFO_FOOT", "ALFO_FOOT", "EGBIAS_AFTER", "EGBIAS_WHEEL", "EGBIAS_BREATH",
         "EGBIAS_FOOT"),
        0,
        "breath, foot and bias have no use until their player gives them one",
    ),
    Purpose(("PITCH_AFTER", "PITCH_BREATH", "PITCH_FOOT"), 128, "no controller shifts the pitch"),
    Purpose(("PITCH_RND",), 0, "every note is in tune"),
    Purpose(("BEND_UP", "BEND_DOWN"), 2, "two semitones, as sixop's engine starts"),
    Purpose(_six("WAVE1_#", "WAVE2_#", "OSC_MODE#"), 0, "one sine per operator"),
    Purpose(_six("OSC_RATIO#"), 1, "one sine per operator"),
    Purpose(_six("PHASE#"), 0, "phases start at zero"),
    Purpose(_six("LEVEL_L#", "LEVEL_R#"), 255, "every carrier in the middle, at full level"),
    Purpose(("LEGATO", "PORTA_MODE", "PORTA_TIME"), 0, "polyphonic, without portamento"),
    Purpose(("EG_LOOP", "EG_LOOP_SEG"), 0, "no envelope loops"),
    Purpose(("TUNING",), 0, "equal temperament; another one would bend the ratios too"),
    Purpose(
        ("VOLUME", "PAN", "OUTPUT", "GAIN", "VELO_OFFSET", "VELO_CURVE", "EG_RESTART", "WAVE_SET"),
        _AS_INITIALISED,
        "as the board initialises them",
    ),
    Purpose(_of_section(EFFECTS), _AS_INITIALISED, "no effect is heard, as the board initialises them"),
    Purpose((*_of_section(ARPEGGIATOR), *_of_section(CONTROLS)), _AS_INITIALISED, "off, as the board initialises them"),
)  # fmt: skip


def purposes(profile: Profile) -> list[tuple[tuple[int, ...], tuple[int, ...], str]]:
    """Numbers, their values, and why."""
    rows = []
    for purpose in _PURPOSES:
        numbers = tuple(sorted(BY_NAME[name].number for name in purpose.names))
        rows.append((numbers, tuple(_value(purpose.value, number, profile) for number in numbers), purpose.reason))
    return rows


@lru_cache(maxsize=16)
def plain_program(profile: Profile) -> bytes:
    """A program with everything set that no DX7 voice says."""
    program = bytearray(INIT_PROGRAM)
    for numbers, values, _reason in purposes(profile):
        for number, value in zip(numbers, values, strict=True):
            program[number] = value
    return bytes(program)


def _value(value: int | str, number: int, profile: Profile) -> int:
    if isinstance(value, str):
        return int(getattr(profile, value))
    return INIT_PROGRAM[number] if value == _AS_INITIALISED else value
