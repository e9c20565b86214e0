# SPDX-License-Identifier: Apache-2.0
"""The 512 parameters of an XFM2 program: the one table from which everything else is derived.

A program is 512 bytes, and byte n is parameter n (sources: the vendor's parameter header as five public
implementations carry it, compared with four editors). The initial values are what the board holds after its own
initialise command (two captures from hardware that agree).

Bytes without a known meaning are in the table too, as ``RESERVED81``: they travel unchanged through files and
backups, and nobody should write them by hand. Five of them are not zero in an initialised program.
"""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from bridge.errors import ParameterError
from bridge.protocol import SIZE

OPERATORS = 6

CURVES = ("-EXP", "-LIN", "+LIN", "+EXP")
WAVES = ("TRIANGLE", "SQUARE", "SAW UP", "SAW DOWN", "SINE", "RANDOM")
LFO_SYNCS = ("SINGLE FREE", "SINGLE KEY", "MULTI FREE", "MULTI KEY")
SWITCH = ("OFF", "ON")

ALGORITHM = "Operator/Algorithm"
OSCILLATORS = "Operator/Oscillators"
PITCH = "Operator/Pitch"
LEVEL = "Operator/Level"
KEYBOARD = "Operator/Keyboard tracking"
ENVELOPE = "Operator/Amp EG"
SENSITIVITY = "Operator/Mod sensitivity"
PITCH_ENVELOPE = "Pitch EG"
LFO = "LFO"
BY_LFO_PITCH = "Modulation/Pitch LFO"
BY_LFO_AMP = "Modulation/Amp LFO"
BY_BIAS = "Modulation/EG bias"
BY_PITCH = "Modulation/Pitch"
PROGRAM = "Program"
PROGRAM_ENVELOPE = "Program/EG"
EFFECTS = "Effects"
CONTROLS = "Performance controls"
ARPEGGIATOR = "Arpeggiator"
RESERVED = "Reserved"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One byte of a program."""

    number: int  #: 0..511, its place in the program
    name: str  #: unique, as editors of the board print it: LEVEL1, L1_1, PEG_RANGE
    section: str  #: the part of the program it belongs to
    operator: int  #: 1..6, or 0 for the whole program and for bitmaps over all operators
    init: int  #: value in an initialised program
    meaning: str  #: in words; what is inferred and not measured says so
    minimum: int = 0
    maximum: int = 255
    choices: tuple[str, ...] = ()  #: names of the values, for parameters that are no quantity
    documented: bool = True  #: False for a byte of unknown meaning

    @property
    def writable(self) -> bool:
        """True if writing it by hand is safe: its meaning is known."""
        return self.documented

    def accepts(self, value: int) -> bool:
        """True for a value in the documented range."""
        return self.minimum <= value <= self.maximum


def _one(
    number: int,
    name: str,
    section: str,
    init: int,
    meaning: str,
    maximum: int = 255,
    choices: tuple[str, ...] = (),
    operator: int = 0,
) -> Parameter:
    highest = len(choices) - 1 if choices else maximum
    return Parameter(number, name, section, operator, init, meaning, maximum=highest, choices=choices)


def _six(
    first: int,
    name: str,
    section: str,
    init: int,
    meaning: str,
    maximum: int = 255,
    choices: tuple[str, ...] = (),
    step: int = 1,
) -> Iterator[Parameter]:
    """The parameter of all operators, operator 1 at `first`; `#` in the name is the operator."""
    for index in range(OPERATORS):
        number = first + index * step
        row_init = _ODD_INIT.get(number, init)
        row_name = name.replace("#", str(index + 1))
        yield _one(number, row_name, section, row_init, meaning, maximum, choices, operator=index + 1)


# Operators that an initialised program does not treat like the others: operator 1 alone is heard, and operator 6
# has a slower second decay (a quirk of the board, in both captures).
_ODD_INIT = {1: 1, 122: 160}

_OPERATOR = (
    *_six(1, "ALGO#", ALGORITHM, 0, "what reaches the operator: bit 0 it is heard, bits 1-6 operators 1-6 modulate it, "
          "its own bit is feedback", 127),
    *_six(7, "FEEDBACK#", ALGORITHM, 0, "depth of the feedback that the own bit of ALGO switches on; law unknown"),
    *_six(15, "RATIO#", PITCH, 1, "times the note's frequency, 0 is half (inferred); times 32.703 Hz if fixed"),
    *_six(21, "RATIO_FINE#", PITCH, 0, "raises the frequency by 1/256 octave per step"),
    *_six(27, "FINE#", PITCH, 128, "detune in cents, 128 is none"),
    *_six(33, "LEVEL#", LEVEL, 255, "output level: loudness, or depth of modulation; roughly dB-linear (inferred)"),
    *_six(39, "VELO_SENS#", LEVEL, 0, "how much velocity changes the level"),
    *_six(45, "KEY_BP#", KEYBOARD, 60, "break point of the level scaling, a MIDI note; 60 is middle C", 127),
    *_six(51, "KEY_LDEPTH#", KEYBOARD, 0, "depth of the level scaling below the break point"),
    *_six(57, "KEY_RDEPTH#", KEYBOARD, 0, "depth of the level scaling above the break point"),
    *_six(63, "KEY_LCURVE#", KEYBOARD, 0, "curve of the level scaling below the break point", choices=CURVES),
    *_six(69, "KEY_RCURVE#", KEYBOARD, 0, "curve of the level scaling above the break point", choices=CURVES),
    *_six(75, "L1_#", ENVELOPE, 255, "level after the attack"),
    *_six(82, "L2_#", ENVELOPE, 255, "level after the first decay"),
    *_six(89, "L3_#", ENVELOPE, 255, "level after the second decay, held until key-up"),
    *_six(96, "L4_#", ENVELOPE, 0, "level after the first release"),
    *_six(103, "R1_#", ENVELOPE, 230, "attack rate from L0 to L1, 255 is fastest"),
    *_six(110, "R2_#", ENVELOPE, 255, "first decay rate from L1 to L2, 255 is fastest"),
    *_six(117, "R3_#", ENVELOPE, 255, "second decay rate from L2 to L3, 255 is fastest"),
    *_six(124, "R4_#", ENVELOPE, 160, "first release rate from key-up to L4, 255 is fastest"),
    *_six(140, "RATE_KEY#", ENVELOPE, 0, "how much faster the envelope runs for higher notes"),
    *_six(159, "AMS#", SENSITIVITY, 255, "how much the LFO changes the operator's level"),
    *_six(181, "L0_#", ENVELOPE, 0, "level at which the envelope starts"),
    *_six(187, "DLY_#", ENVELOPE, 0, "wait before the attack, 0 is none"),
    *_six(193, "L5_#", ENVELOPE, 0, "level after the second release"),
    *_six(199, "R5_#", ENVELOPE, 255, "second release rate from L4 to L5, 255 is fastest"),
    *_six(222, "PMS#", SENSITIVITY, 255, "how much the LFO changes the operator's pitch"),
    *_six(236, "WAVE1_#", OSCILLATORS, 0, "waveform of oscillator 1, 0 is sine, higher ones are fuller", 7),
    *_six(256, "LEVEL_L#", LEVEL, 255, "share of the left output", step=2),
    *_six(257, "LEVEL_R#", LEVEL, 255, "share of the right output", step=2),
    *_six(268, "WAVE2_#", OSCILLATORS, 0, "waveform of oscillator 2, 0 is sine, higher ones are fuller", 7),
    *_six(274, "OSC_MODE#", OSCILLATORS, 0, "which oscillators sound", choices=("1", "1+2")),
    *_six(280, "OSC_RATIO#", OSCILLATORS, 1, "frequency ratio of the two oscillators"),
    *_six(286, "PHASE#", OSCILLATORS, 0, "phase at which a note starts, if SYNC says so", choices=("0", "90", "180",
          "270")),
)  # fmt: skip

_MODULATION = (
    _one(130, "PEG_L1", PITCH_ENVELOPE, 128, "pitch after the attack, 128 is the note's own"),
    _one(131, "PEG_L2", PITCH_ENVELOPE, 128, "pitch after the first decay, 128 is the note's own"),
    _one(132, "PEG_L3", PITCH_ENVELOPE, 128, "pitch after the second decay, held until key-up"),
    _one(133, "PEG_L4", PITCH_ENVELOPE, 128, "pitch after the first release, 128 is the note's own"),
    _one(134, "PEG_R1", PITCH_ENVELOPE, 255, "attack rate, 255 is fastest"),
    _one(135, "PEG_R2", PITCH_ENVELOPE, 255, "first decay rate, 255 is fastest"),
    _one(136, "PEG_R3", PITCH_ENVELOPE, 255, "second decay rate, 255 is fastest"),
    _one(137, "PEG_R4", PITCH_ENVELOPE, 255, "first release rate, 255 is fastest"),
    _one(138, "PEG_RANGE", PITCH_ENVELOPE, 0, "octaves up and down; with 0 the pitch envelope does nothing"),
    _one(139, "PEG_VELO", PITCH_ENVELOPE, 0, "octaves that velocity adds to the range"),
    _one(146, "PEG_RATE_KEY", PITCH_ENVELOPE, 0, "how much faster the pitch envelope runs for higher notes"),
    _one(205, "PEG_L0", PITCH_ENVELOPE, 128, "pitch at which the envelope starts, 128 is the note's own"),
    _one(206, "PEG_DLY", PITCH_ENVELOPE, 0, "wait before the attack, 0 is none"),
    _one(207, "PEG_L5", PITCH_ENVELOPE, 128, "pitch after the second release, 128 is the note's own"),
    _one(208, "PEG_R5", PITCH_ENVELOPE, 255, "second release rate, 255 is fastest"),
    _one(149, "LFO_DEPTH_PITCH", LFO, 0, "vibrato depth, shared out by PMS; about 2.3 cents per step (by ear)"),
    _one(150, "LFO_DEPTH_AMP", LFO, 0, "tremolo depth, shared out by AMS"),
    _one(151, "LFO_SPEED", LFO, 100, "about 0.046 Hz per step"),
    _one(152, "LFO_SYNC", LFO, 0, "one LFO or one per voice, free or restarted by each key", choices=LFO_SYNCS),
    _one(153, "LFO_WAVE", LFO, 0, "shape of the LFO", choices=WAVES),
    _one(154, "LFO_FADE", LFO, 255, "how the LFO fades in; 255 is at once (inferred)"),
    _one(155, "PLFO_WHEEL", BY_LFO_PITCH, 30, "vibrato that the modulation wheel adds"),
    _one(156, "ALFO_WHEEL", BY_LFO_AMP, 0, "tremolo that the modulation wheel adds"),
    _one(157, "PLFO_AFTER", BY_LFO_PITCH, 30, "vibrato that aftertouch adds"),
    _one(158, "ALFO_AFTER", BY_LFO_AMP, 255, "tremolo that aftertouch adds"),
    _one(209, "PLFO_BREATH", BY_LFO_PITCH, 0, "vibrato that the breath controller adds"),
    _one(210, "ALFO_BREATH", BY_LFO_AMP, 0, "tremolo that the breath controller adds"),
    _one(211, "PLFO_FOOT", BY_LFO_PITCH, 0, "vibrato that the foot controller adds"),
    _one(212, "ALFO_FOOT", BY_LFO_AMP, 0, "tremolo that the foot controller adds"),
    _one(213, "EGBIAS_AFTER", BY_BIAS, 0, "volume that aftertouch controls"),
    _one(214, "EGBIAS_WHEEL", BY_BIAS, 0, "volume that the modulation wheel controls"),
    _one(215, "EGBIAS_BREATH", BY_BIAS, 0, "volume that the breath controller controls"),
    _one(216, "EGBIAS_FOOT", BY_BIAS, 0, "volume that the foot controller controls"),
    _one(217, "PITCH_AFTER", BY_PITCH, 128, "pitch shift by aftertouch, 128 is none (inferred)"),
    _one(218, "PITCH_BREATH", BY_PITCH, 128, "pitch shift by the breath controller, 128 is none (inferred)"),
    _one(219, "PITCH_FOOT", BY_PITCH, 128, "pitch shift by the foot controller, 128 is none (inferred)"),
    _one(220, "PITCH_RND", BY_PITCH, 0, "random pitch of each note"),
    *(
        row
        for control in range(1, 5)
        for row in (
            _one(418 + 2 * control, f"CTL_{control}H", CONTROLS, 0,
                 f"number of the parameter that control {control} moves, divided by 128 (inferred)", 3),
            _one(419 + 2 * control, f"CTL_{control}L", CONTROLS, 0,
                 f"number of the parameter that control {control} moves, the rest (inferred)", 127),
        )
    ),
)  # fmt: skip

_PROGRAM = (
    _one(13, "SYNC", OSCILLATORS, 0, "bitmap, bit 0 operator 1: the phase restarts with each note", 63),
    _one(14, "MODE", PITCH, 0, "bitmap, bit 0 operator 1: fixed frequency", 63),
    _one(172, "BEND_UP", PROGRAM, 2, "semitones of pitch bend upwards", 127),
    _one(173, "BEND_DOWN", PROGRAM, 2, "semitones of pitch bend downwards", 127),
    _one(174, "TRANSPOSE", PROGRAM, 24, "semitones, 24 is none", 48),
    _one(180, "VOLUME", PROGRAM, 200, "volume of the program"),
    _one(221, "PAN", PROGRAM, 127, "place between left and right"),
    _one(228, "LEGATO", PROGRAM, 0, "one voice that slurs, or many", choices=("POLY", "MONO LEGATO")),
    _one(229, "PORTA_MODE", PROGRAM, 0, "when notes glide", choices=("OFF", "ALWAYS", "FINGERED")),
    _one(230, "PORTA_TIME", PROGRAM, 0, "how long a glide takes"),
    _one(242, "VELO_OFFSET", PROGRAM, 0, "raises the lowest velocities", 127),
    _one(243, "VELO_CURVE", PROGRAM, 0, "named by the vendor, effect unknown"),
    _one(244, "EG_LOOP", PROGRAM_ENVELOPE, 0, "bitmap, bit 0 operator 1, bit 6 pitch: the envelope loops", 127),
    _one(245, "EG_LOOP_SEG", PROGRAM_ENVELOPE, 0, "bitmap like EG_LOOP: loop from the attack, else the first decay",
         127),
    _one(246, "EG_RESTART", PROGRAM_ENVELOPE, 255, "whether envelopes restart, which mono programs set to 0"),
    _one(251, "TUNING", PROGRAM, 0, "which tuning of the tuning bank, 0 is equal temperament"),
    _one(252, "WAVE_SET", PROGRAM, 0, "set of waveforms, on newer firmware"),
    _one(411, "OUTPUT", PROGRAM, 200, "level after the effects"),
    _one(412, "GAIN", PROGRAM, 0, "boost in steps of 3 or 6 dB (sources differ), on newer firmware", 3),
    _one(450, "ARP_MODE", ARPEGGIATOR, 0, "order of the notes", choices=("OFF", "UP", "DOWN", "UP DOWN", "AS PLAYED",
         "RANDOM")),
    _one(451, "ARP_TEMPO", ARPEGGIATOR, 0, "beats per minute, 0 follows the MIDI clock"),
    _one(452, "ARP_TEMPO_FINE", ARPEGGIATOR, 0, "named by the vendor, effect unknown"),
    _one(453, "ARP_MUL", ARPEGGIATOR, 0, "multiplies or divides the tempo"),
    _one(454, "ARP_OCTAVES", ARPEGGIATOR, 0, "octaves to run through"),
)  # fmt: skip

_EFFECTS = (
    _one(300, "DELAY_DRY", EFFECTS, 255, "share of the sound without the delay"),
    _one(301, "DELAY_WET", EFFECTS, 0, "share of the delay"),
    _one(302, "DELAY_MODE", EFFECTS, 0, "path of the echoes", choices=("STEREO", "CROSS", "BOUNCE")),
    _one(303, "DELAY_TIME", EFFECTS, 128, "time of an echo, 0 follows DELAY_TEMPO"),
    _one(304, "DELAY_FEEDBACK", EFFECTS, 0, "how much of an echo is echoed again"),
    _one(305, "DELAY_LO", EFFECTS, 255, "low-pass within the feedback, 255 is open"),
    _one(306, "DELAY_HI", EFFECTS, 0, "high-pass within the feedback, 0 is open"),
    _one(307, "DELAY_TEMPO", EFFECTS, 100, "beats per minute, 0 follows the MIDI clock"),
    _one(308, "DELAY_MUL", EFFECTS, 1, "multiplies the tempo"),
    _one(309, "DELAY_DIV", EFFECTS, 0, "divides the tempo"),
    _one(310, "PHASER_DRY", EFFECTS, 255, "share of the sound without the phaser"),
    _one(311, "PHASER_WET", EFFECTS, 0, "share of the phaser"),
    _one(312, "PHASER_MODE", EFFECTS, 0, "path of the phaser", choices=("MONO", "STEREO", "CROSS")),
    _one(313, "PHASER_DEPTH", EFFECTS, 128, "depth of the sweep"),
    _one(314, "PHASER_SPEED", EFFECTS, 10, "speed of the sweep"),
    _one(315, "PHASER_FEEDBACK", EFFECTS, 0, "resonance of the phaser"),
    _one(316, "PHASER_OFFSET", EFFECTS, 128, "centre of the sweep"),
    _one(317, "PHASER_STAGES", EFFECTS, 2, "number of stages; editors offer 4 to 12", 12),
    _one(318, "PHASER_LR_PHASE", EFFECTS, 128, "phase between left and right, 128 is about 90 degrees"),
    _one(319, "PHASER_WAVEFORM", EFFECTS, 0, "named by the vendor, effect unknown"),
    _one(320, "FILTER_LO", EFFECTS, 255, "low-pass frequency, 255 is open"),
    _one(321, "FILTER_HI", EFFECTS, 0, "high-pass frequency, 0 is open"),
    _one(330, "AM_SPEED", EFFECTS, 10, "speed of the amplitude modulation"),
    _one(331, "AM_RANGE", EFFECTS, 0, "range of the amplitude modulation"),
    _one(332, "AM_DEPTH", EFFECTS, 0, "depth of the amplitude modulation"),
    _one(333, "AM_LR_PHASE", EFFECTS, 120, "phase between left and right"),
    _one(340, "FIR_IMPULSE", EFFECTS, 0, "named by the vendor, effect unknown"),
    _one(350, "WAVESHAPER_DRY", EFFECTS, 255, "share without the waveshaper; known from the vendor's names alone"),
    _one(351, "WAVESHAPER_WET", EFFECTS, 0, "share of the waveshaper; known from the vendor's names alone"),
    _one(352, "WAVESHAPER_GAIN_PRE", EFFECTS, 0, "gain before the waveshaper; known from the vendor's names alone"),
    _one(353, "WAVESHAPER_GAIN_POST", EFFECTS, 0, "gain after the waveshaper; known from the vendor's names alone"),
    _one(354, "WAVESHAPER_SHAPE", EFFECTS, 0, "curve of the waveshaper; known from the vendor's names alone"),
    _one(360, "CHORUS_DRY", EFFECTS, 255, "share of the sound without the chorus"),
    _one(361, "CHORUS_WET", EFFECTS, 0, "share of the chorus"),
    _one(362, "CHORUS_MODE", EFFECTS, 0, "chorus or flanger", choices=("CHORUS LONG", "CHORUS SHORT", "FLANGER LONG",
         "FLANGER SHORT")),
    _one(363, "CHORUS_SPEED", EFFECTS, 50, "speed of the chorus"),
    _one(364, "CHORUS_DEPTH", EFFECTS, 0, "depth of the chorus"),
    _one(365, "CHORUS_FEEDBACK", EFFECTS, 0, "feedback of the chorus"),
    _one(366, "CHORUS_LR_PHASE", EFFECTS, 128, "phase between left and right"),
    _one(370, "DECIMATOR_DEPTH", EFFECTS, 0, "how far the sample rate is lowered"),
    _one(380, "BITCRUSHER_DEPTH", EFFECTS, 0, "bits taken away", 24),
    _one(390, "REVERB_DRY", EFFECTS, 255, "share of the sound without the reverb"),
    _one(391, "REVERB_WET", EFFECTS, 0, "share of the reverb"),
    _one(392, "REVERB_MODE", EFFECTS, 0, "kind of room", choices=("PLATE", "HALL")),
    _one(393, "REVERB_DECAY", EFFECTS, 100, "how long the reverb lasts"),
    _one(394, "REVERB_DAMP", EFFECTS, 0, "how fast its treble fades"),
    _one(395, "REVERB_D0", EFFECTS, 0, "named by the vendor, effect unknown"),
    _one(396, "REVERB_D1", EFFECTS, 0, "named by the vendor, effect unknown"),
    _one(397, "REVERB_D2", EFFECTS, 0, "named by the vendor, effect unknown"),
    _one(410, "FX_ROUTING", EFFECTS, 0, "whether the delay comes last of all but the reverb, or before the chorus",
         choices=("DELAY LAST", "DELAY FIRST")),
)  # fmt: skip

_UNKNOWN_INIT = {430: 5, 431: 5, 433: 100, 435: 1, 501: 1}
UNREACHABLE = {0: "always 0", 255: "no single write reaches it, because its address byte is the escape byte"}


def _unknown(number: int) -> Parameter:
    return Parameter(
        number,
        f"RESERVED{number}",
        RESERVED,
        operator=0,
        init=_UNKNOWN_INIT.get(number, 0),
        meaning=UNREACHABLE.get(number, "no known meaning; kept as it is"),
        documented=False,
    )


def _table() -> tuple[Parameter, ...]:
    known = {row.number: row for row in (*_OPERATOR, *_MODULATION, *_PROGRAM, *_EFFECTS)}
    return tuple(known.get(number) or _unknown(number) for number in range(SIZE))


PARAMETERS: tuple[Parameter, ...] = _table()
BY_NAME: dict[str, Parameter] = {parameter.name: parameter for parameter in PARAMETERS}
INIT_PROGRAM = bytes(parameter.init for parameter in PARAMETERS)


def _folded(name: str) -> str:
    return "".join(char for char in name.upper() if char.isalnum())


_BY_FOLDED_NAME = {_folded(name): parameter for name, parameter in BY_NAME.items()}


def find(text: str) -> Parameter:
    """The parameter that people mean by ``33``, ``LEVEL1``, ``level 1`` or ``level-1``.

    Raises:
        ParameterError: there is none; names the nearest ones.
    """
    wish = text.strip()
    if wish.isascii() and wish.isdigit():
        if len(wish) > 9 or int(wish) >= SIZE:
            raise ParameterError(f"there is no parameter {wish}; numbers go from 0 to {SIZE - 1}")
        return PARAMETERS[int(wish)]
    folded = _folded(wish)
    if folded in _BY_FOLDED_NAME:
        return _BY_FOLDED_NAME[folded]
    near = [_BY_FOLDED_NAME[name].name for name in difflib.get_close_matches(folded, _BY_FOLDED_NAME, 3, 0.5)]
    if near:
        raise ParameterError(f"there is no parameter {text!r}; did you mean {' or '.join(near)}?")
    raise ParameterError(f"there is no parameter {text!r}; give a number from 0 to {SIZE - 1} or a name such as LEVEL1")
