# SPDX-License-Identifier: Apache-2.0
"""The 155 parameters of a DX7 voice: the one table from which everything else is derived.

A voice has two binary forms (source: DX7 owner's manual, MIDI data format):

* VCED, one byte per parameter in the order of this table: what travels in a single-voice dump
  and what the engine takes. Operator 6 comes first, operator 1 last.
* VMEM, 128 bytes: what travels in a 32-voice dump. Small parameters share a byte; `byte`,
  `shift` and `width` say where each one sits. Bits that belong to no parameter are zero.

Defaults are those of the DX7's INIT VOICE. `PARAMETERS[n]` is voice parameter `n` of a parameter
change message. Parameter 155, the six operator switches, is not part of a stored voice and not in the table.
"""

from dataclasses import dataclass, replace

VOICE_SIZE = 155  # bytes of a voice in VCED order
PACKED_SIZE = 128  # bytes of a voice in VMEM order
OPERATORS = 6
OPERATOR_SIZE = 21  # VCED bytes of one operator
OPERATOR_PACKED_SIZE = 17  # VMEM bytes of one operator
ALL_OPERATORS_ON = 0x3F  # bit 5 operator 1 ... bit 0 operator 6
INIT_NAME = "INIT VOICE"
NAME_LENGTH = len(INIT_NAME)

# First VCED position of each section.
PITCH_ENVELOPE = 126
COMMON = 134
LFO = 137
NAME = 145

CURVES = ("-LIN", "-EXP", "+EXP", "+LIN")
WAVES = ("TRIANGLE", "SAW DOWN", "SAW UP", "SQUARE", "SINE", "S/HOLD")
MODES = ("RATIO", "FIXED")
SWITCH = ("OFF", "ON")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a voice."""

    key: str  #: dotted name, as the attributes of a Patch: "op1.output_level", "lfo.speed"
    name: str  #: as the DX7 manual prints it
    maximum: int  #: largest legal value
    default: int  #: value in INIT VOICE
    byte: int  #: VMEM byte that holds it
    shift: int = 0  #: lowest bit within that byte
    width: int = 7  #: number of bits; 7 for a parameter that has the byte to itself
    unit: str = ""  #: what one step means, empty for a plain 0..99 scale
    choices: tuple[str, ...] = ()  #: names of the values, for parameters that are no quantity
    minimum: int = 0
    position: int = 0  #: VCED byte, which is also the parameter number
    operator: int = 0  #: 1..6, or 0 for the parameters of the whole voice

    @property
    def label(self) -> str:
        """The name with its operator, for messages: ``OP1 OUTPUT LEVEL``."""
        return f"OP{self.operator} {self.name}" if self.operator else self.name

    @property
    def discrete(self) -> bool:
        """True if neighbouring values are not neighbouring sounds: algorithm, waves, curves, modes, switches."""
        return bool(self.choices) or self.key == "algorithm"


def _envelope(name: str, levels: tuple[int, int, int, int], byte: int, key: str) -> tuple[Parameter, ...]:
    rates = tuple(Parameter(f"{key}rate{n + 1}", f"{name} RATE {n + 1}", 99, 99, byte + n) for n in range(4))
    return rates + tuple(
        Parameter(f"{key}level{n + 1}", f"{name} LEVEL {n + 1}", 99, level, byte + 4 + n)
        for n, level in enumerate(levels)
    )


# One operator, in VCED order; bytes are relative to the operator's first.
_OPERATOR = (
    *_envelope("EG", (99, 99, 99, 0), 0, ""),
    Parameter("breakpoint", "BREAK POINT", 99, 0, 8, unit="semitones above A-1"),
    Parameter("left_depth", "LEFT DEPTH", 99, 0, 9),
    Parameter("right_depth", "RIGHT DEPTH", 99, 0, 10),
    Parameter("left_curve", "LEFT CURVE", 3, 0, 11, 0, 2, choices=CURVES),
    Parameter("right_curve", "RIGHT CURVE", 3, 0, 11, 2, 2, choices=CURVES),
    Parameter("rate_scaling", "RATE SCALING", 7, 0, 12, 0, 3),
    Parameter("amp_mod_sensitivity", "AMP MOD SENSITIVITY", 3, 0, 13, 0, 2),
    Parameter("velocity_sensitivity", "KEY VELOCITY SENSITIVITY", 7, 0, 13, 2, 3),
    Parameter("output_level", "OUTPUT LEVEL", 99, 0, 14),
    Parameter("frequency_mode", "OSCILLATOR MODE", 1, 0, 15, 0, 1, choices=MODES),
    Parameter("frequency_coarse", "FREQUENCY COARSE", 31, 1, 15, 1, 5, unit="x pitch (0 is 0.5), or decade of Hz"),
    Parameter("frequency_fine", "FREQUENCY FINE", 99, 0, 16, unit="% of coarse, or 1/100 decade"),
    Parameter("detune", "DETUNE", 14, 7, 12, 3, 4, unit="steps of about 1 cent, 7 is none"),
)

# The whole voice, in VCED order after the operators.
_COMMON = (
    *_envelope("PITCH EG", (50, 50, 50, 50), 102, "pitch_envelope."),
    Parameter("algorithm", "ALGORITHM", 31, 0, 110, unit="number, counted from 0"),
    Parameter("feedback", "FEEDBACK", 7, 0, 111, 0, 3, unit="doublings"),
    Parameter("osc_key_sync", "OSCILLATOR SYNC", 1, 1, 111, 3, 1, choices=SWITCH),
    Parameter("lfo.speed", "LFO SPEED", 99, 35, 112),
    Parameter("lfo.delay", "LFO DELAY", 99, 0, 113),
    Parameter("lfo.pitch_mod_depth", "LFO PITCH MOD DEPTH", 99, 0, 114),
    Parameter("lfo.amp_mod_depth", "LFO AMP MOD DEPTH", 99, 0, 115),
    Parameter("lfo.sync", "LFO SYNC", 1, 1, 116, 0, 1, choices=SWITCH),
    Parameter("lfo.wave", "LFO WAVE", 5, 0, 116, 1, 3, choices=WAVES),
    Parameter("pitch_mod_sensitivity", "PITCH MOD SENSITIVITY", 7, 3, 116, 4, 3),
    Parameter("transpose", "TRANSPOSE", 48, 24, 117, unit="semitones, 24 is none"),
    *(
        Parameter(f"name{n + 1}", f"VOICE NAME CHAR {n + 1}", 127, ord(char), 118 + n, minimum=32, unit="ASCII")
        for n, char in enumerate(INIT_NAME)
    ),
)


def _table() -> tuple[Parameter, ...]:
    rows: list[Parameter] = []
    for place, number in enumerate(range(OPERATORS, 0, -1)):
        for row in _OPERATOR:
            sounding = number == 1 and row.key == "output_level"  # INIT VOICE: only operator 1 is heard
            rows.append(
                replace(
                    row,
                    key=f"op{number}.{row.key}",
                    byte=place * OPERATOR_PACKED_SIZE + row.byte,
                    default=99 if sounding else row.default,
                    operator=number,
                )
            )
    return tuple(replace(row, position=position) for position, row in enumerate((*rows, *_COMMON)))


PARAMETERS: tuple[Parameter, ...] = _table()
BY_KEY: dict[str, Parameter] = {parameter.key: parameter for parameter in PARAMETERS}
INIT_VOICE = bytes(parameter.default for parameter in PARAMETERS)


def operator_position(index: int) -> int:
    """First VCED byte of operator `index`, 0 for operator 1 to 5 for operator 6."""
    return (OPERATORS - 1 - index) * OPERATOR_SIZE


def operators_switched_on(switches: int) -> tuple[bool, ...]:
    """For operator 1 to 6 whether it is on, of switches as `ALL_OPERATORS_ON` are."""
    return tuple(bool(switches >> bit & 1) for bit in reversed(range(OPERATORS)))
