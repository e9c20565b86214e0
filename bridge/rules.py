# SPDX-License-Identifier: Apache-2.0
"""One rule for each DX7 parameter: which XFM2 parameters it governs, in words, and as a function.

The conversion, its report and `sixop xfm2 table` all come from `RULES`. Where several DX7 parameters share one of the
board's, as detune and frequency do, their rules agree on its value.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bridge import dx7
from bridge.algorithms import routing
from bridge.curve import Curve
from bridge.parameters import BY_NAME, OPERATORS
from bridge.profile import KEYS, Profile
from bridge.report import Kind, Verdict
from bridge.voice import Operator, Voice, pitch_level
from synth.parameters import BY_KEY, NAME_LENGTH, PARAMETERS, Parameter

EXACT: Kind = "exact"
APPROXIMATED: Kind = "approximated"
LOST: Kind = "lost"

_SEMITONE = 100.0  # cents
_BRIEF = 0.01  # s; shorter waits are not missed
_ALL_SYNCED = 0b111111
_WAVES = (0, 3, 2, 1, 4, 5)  # triangle, saw down, saw up, square, sine, random
_ZONE = 1.0  # semitones to either side of the break point that the DX7 leaves alone

Subject = TypeVar("Subject", Voice, Operator)


@dataclass(frozen=True, slots=True)
class Rule(Generic[Subject]):
    """How one DX7 parameter is converted."""

    key: str  #: of the DX7 parameter, without its operator
    names: tuple[str, ...]  #: of the XFM2 parameters; # stands for the operator
    words: str  #: the rule for people; {key} stands for what the profile says
    convert: Callable[[Subject, int], Verdict]  #: from the DX7 value

    def describe(self, profile: Profile) -> str:
        """The rule in words, with the numbers of a profile."""
        law = dx7.FIXED_LAWS[profile.fixed_frequency_law]
        return self.words.format(fixed_hz=law.words, **{key: profile.says(key) for key in KEYS})


def _rounded(curve: Curve, value: int, reason: str, copies: int = 1) -> Verdict:
    """A value by a curve whose law is not proved: what is known of its error is how it was rounded."""
    return Verdict((curve[value],) * copies, APPROXIMATED, reason, curve.rounding(value), "steps")


def _rounded_level(curve: Curve, value: int, reason: str, copies: int = 1) -> Verdict:
    """The same for a level: the error in dB, if the board's steps are what they seem."""
    return Verdict((curve[value],) * copies, APPROXIMATED, reason, curve.rounding(value) * dx7.DB_PER_BOARD_STEP, "dB")


# ---- operators: envelope ----


def _rate(stage: int) -> Rule[Operator]:
    def convert(operator: Operator, value: int) -> Verdict:
        levels = operator.value[4:8]
        profile = operator.voice.profile
        curve = profile.attack_rate if stage == 1 else profile.rate
        values = (curve[value],)
        start, end = levels[stage - 2], levels[stage - 1]
        if stage <= 2 and max(start, end) < dx7.INAUDIBLE and (wait := dx7.silent_seconds(value)) > _BRIEF:
            return Verdict(values, LOST, "the DX7 waits between two silent levels, the board may not", wait, "s")
        if len(set(levels)) == 1 if stage == 4 else start == end:
            return Verdict(values, EXACT, "no effect: the level stays the same")
        return _rounded(curve, value, "curve tuned by ear; the board's times are unpublished")

    key = "attack_rate" if stage == 1 else "rate"
    return Rule(f"rate{stage}", (f"R{stage}_#",), f"curve {{{key}}}", convert)


def _level(stage: int) -> Rule[Operator]:
    def convert(operator: Operator, value: int) -> Verdict:
        curve = operator.voice.profile.eg_level
        if value in (0, 99):
            return Verdict((curve[value],), EXACT, "silence" if value == 0 else "full level")
        return _rounded_level(curve, value, _INFERRED_LEVEL)

    return Rule(f"level{stage}", (f"L{stage}_#",), "curve {eg_level}", convert)


def _level4(operator: Operator, value: int) -> Verdict:
    curve = operator.voice.profile.eg_level
    if value == 0:
        return Verdict((curve[0],) * 3, EXACT, "silence")
    return _rounded_level(curve, value, "never falls silent: whether the board frees such a voice is unknown", copies=3)


_INFERRED_LEVEL = "the board's levels seem to be in dB as the DX7's are (inferred)"

# ---- operators: keyboard ----


def _break_point(operator: Operator, value: int) -> Verdict:
    offset = operator.voice.profile.break_point_offset
    if not (operator.value.left_depth or operator.value.right_depth):
        return Verdict((value + offset,), EXACT, "no effect: both depths are 0")
    away = abs(offset - _FIRMWARE_OFFSET)
    return Verdict(
        (value + offset,),
        APPROXIMATED,
        "the DX7 has a zone of three notes there, and steps of three notes",
        _ZONE + away,
        "semitones",
    )


_FIRMWARE_OFFSET = 17  # the middle of the zone: break point 39 is the note 56


def _depth(operator: Operator, value: int) -> Verdict:
    curve = operator.voice.profile.scaling_depth
    if value == 0:
        return Verdict((curve[0],), EXACT, "no level scaling")
    return _rounded(curve, value, "straight line; the board's slope is unknown")


def _curve(side: str) -> Rule[Operator]:
    def convert(operator: Operator, value: int) -> Verdict:
        depth = operator.value.left_depth if side == "left" else operator.value.right_depth
        reason = "the same curve by name; its shape is the board's own" if depth else "no effect: the depth is 0"
        return Verdict((operator.voice.profile.scaling_curves[value],), EXACT, reason)

    name = f"KEY_{side[0].upper()}CURVE#"
    return Rule(f"{side}_curve", (name,), "-LIN -EXP +EXP +LIN become {scaling_curves}", convert)


def _rate_scaling(operator: Operator, value: int) -> Verdict:
    curve = operator.voice.profile.rate_scaling
    if value == 0:
        return Verdict((curve[0],), EXACT, "no rate scaling")
    return _rounded(curve, value, "straight line; the board's slope is unknown")


# ---- operators: sensitivities and level ----


def _amp_sensitivity(operator: Operator, value: int) -> Verdict:
    values = (operator.voice.profile.amp_sensitivity[value],)
    if value == 0:
        return Verdict(values, EXACT, "no tremolo")
    if not operator.voice.tremolo:
        return Verdict(values, EXACT, "no effect: the LFO's amp mod depth is 0")
    curve = operator.voice.profile.amp_sensitivity
    return _rounded(curve, value, "weights in proportion to the DX7's; the board's law is unknown")


def _velocity(operator: Operator, value: int) -> Verdict:
    curve = operator.voice.profile.velocity
    if value == 0:
        return Verdict((curve[0],), EXACT, "no touch")
    return _rounded(curve, value, "straight line; the board's law is unknown")


def _output_level(operator: Operator, value: int) -> Verdict:
    values = (operator.level,)
    if not operator.on:
        return Verdict(values, EXACT, "the operator is switched off")
    if operator.silent:
        return Verdict(values, EXACT, "silence")
    if operator.carrier and (value, operator.level) == (99, 255):
        return Verdict(values, EXACT, "full level")
    reason = _INFERRED_LEVEL
    if not operator.carrier:
        reason = "depth of modulation: the board's law is inferred, its top end doubtful"
    return Verdict(values, APPROXIMATED, reason, operator.level_curve.rounding(value) * dx7.DB_PER_BOARD_STEP, "dB")


# ---- operators: frequency ----


def _mode(operator: Operator, value: int) -> Verdict:
    bitmap = sum(op.value.fixed << (op.number - 1) for op in operator.voice.operators)
    reason = "the board's bend, transpose and tuning may move it" if value else "follows the keys"
    return Verdict((bitmap,), EXACT, reason)


def _coarse(operator: Operator, value: int) -> Verdict:
    ratio = (operator.frequency.ratio,)
    if operator.value.fixed:
        return _fixed(operator, ratio)
    return Verdict(ratio, EXACT, "half the note, as 0 is taken to be" if value == 0 else "copied")


def _fine(operator: Operator, value: int) -> Verdict:
    frequency = operator.frequency
    values = (frequency.ratio_fine, frequency.fine)
    if operator.value.fixed:
        return _fixed(operator, values)
    if value == 0:
        return Verdict(values, EXACT, "a whole ratio")
    return Verdict(values, APPROXIMATED, "1/256 octave a step, the rest in cents", frequency.error_cents, "cents")


def _fixed(operator: Operator, values: tuple[int, ...]) -> Verdict:
    error = operator.frequency.error_cents
    if error > _SEMITONE:
        return Verdict(values, LOST, "below the board's lowest fixed frequency", error / 1200, "octaves")
    base = operator.voice.profile.fixed_base_hz
    if operator.frequency.ratio == 0:
        reason = f"{base / 2:.2f} Hz and up (inferred)"
    else:
        reason = f"in multiples of {base:g} Hz (one source)"
    return Verdict(values, APPROXIMATED, reason, error, "cents")


def _detune(operator: Operator, value: int) -> Verdict:
    values = (operator.frequency.fine,)
    if value == dx7.NO_DETUNE:
        return Verdict(values, EXACT, "no detune")
    if not operator.value.fixed:
        step = operator.voice.profile.detune_cents
        away = max(abs(cents - step) for cents in dx7.DETUNE_CENTS) * abs(value - dx7.NO_DETUNE)
        reason = "a step is 2 cents at C2 and 0.5 at A6 on the DX7, and here one size; the error is at those ends"
        return Verdict(values, APPROXIMATED, reason, away, "cents")
    if value < dx7.NO_DETUNE and not operator.voice.profile.fixed_detune_down_cents:
        return Verdict(values, EXACT, "no effect: fixed frequencies are detuned upwards only")
    reason = "whole cents; the size of the DX7's step was measured on one"
    return Verdict(values, APPROXIMATED, reason, operator.frequency.error_cents, "cents")


OPERATOR_RULES: tuple[Rule[Operator], ...] = (
    *(_rate(stage) for stage in (1, 2, 3, 4)),
    *(_level(stage) for stage in (1, 2, 3)),
    Rule("level4", ("L4_#", "L0_#", "L5_#"), "curve {eg_level}; the DX7 starts and ends there", _level4),
    Rule("breakpoint", ("KEY_BP#",), "+ {break_point_offset}: a MIDI note", _break_point),
    Rule("left_depth", ("KEY_LDEPTH#",), "curve {scaling_depth}", _depth),
    Rule("right_depth", ("KEY_RDEPTH#",), "curve {scaling_depth}", _depth),
    _curve("left"),
    _curve("right"),
    Rule("rate_scaling", ("RATE_KEY#",), "curve {rate_scaling}", _rate_scaling),
    Rule("amp_mod_sensitivity", ("AMS#",), "curve {amp_sensitivity}", _amp_sensitivity),
    Rule("velocity_sensitivity", ("VELO_SENS#",), "curve {velocity}", _velocity),
    Rule(
        "output_level",
        ("LEVEL#",),
        "carriers {carrier_level}, modulators {modulator_level} and {modulator_trim}; 0 if switched off",
        _output_level,
    ),
    Rule("frequency_mode", ("MODE",), "bit of the operator, lowest bit operator 1", _mode),
    Rule(
        "frequency_coarse",
        ("RATIO#",),
        "copied, 0 is half; if fixed: Hz = {fixed_hz}, in multiples of {fixed_base_hz}, of which 0 is half",
        _coarse,
    ),
    Rule(
        "frequency_fine",
        ("RATIO_FINE#", "FINE#"),
        "256 log2(1 + fine/100), the rest in cents in FINE; if fixed: 256 log2(Hz / multiple)",
        _fine,
    ),
    Rule(
        "detune",
        ("FINE#",),
        "128 + {detune_cents} cents a step and the rest of the fine ratio; if fixed {fixed_detune_up_cents} "
        "up, {fixed_detune_down_cents} down",
        _detune,
    ),
)

# ---- pitch envelope ----


def _pitch_rate(stage: int) -> Rule[Voice]:
    def convert(voice: Voice, value: int) -> Verdict:
        levels, profile = voice.pitch_levels, voice.profile
        curve = profile.pitch_attack_rate if stage == 1 else profile.pitch_rate
        values = (curve[value],)
        if len(set(levels)) == 1 if stage == 4 else levels[stage - 2] == levels[stage - 1]:
            return Verdict(values, EXACT, "no effect: the level stays the same")
        return _rounded(curve, value, "the board's law is unknown; curve of the operators' envelopes")

    key = "pitch_attack_rate" if stage == 1 else "pitch_rate"
    return Rule(f"pitch_envelope.rate{stage}", (f"PEG_R{stage}",), f"curve {{{key}}}", convert)


def _pitch_level(stage: int) -> Rule[Voice]:
    ends = stage == 4

    def convert(voice: Voice, value: int) -> Verdict:
        level = pitch_level(value, voice.pitch_range, voice.profile)
        values = (level, voice.pitch_range, *((level, level) if ends else ()))
        if value == dx7.FLAT_PITCH:
            return Verdict(values, EXACT, "the key's own pitch")
        per_step = voice.pitch_range * 1200 / 128
        wanted = voice.profile.pitch_level.at(value) * 37.5  # cents of 1/32 octave
        error = abs(wanted - (level - 128) * per_step)
        if error < 0.01:
            return Verdict(values, EXACT, "if the board's full scale is its range (inferred)")
        return Verdict(values, APPROXIMATED, "beyond the steps of the board's range", error, "cents")

    names = (f"PEG_L{stage}", "PEG_RANGE", *(("PEG_L0", "PEG_L5") if ends else ()))
    words = "128 + 1/32 octaves x 4 / range; range 0 if all four are 50, else the smallest of {pitch_ranges} that fits"
    also = "; the DX7 starts and ends there" if ends else ""
    return Rule(f"pitch_envelope.level{stage}", names, words + also, convert)


# ---- algorithm ----


def _algorithm(voice: Voice, value: int) -> Verdict:
    values = routing(value, voice.alg46)
    if voice.looped and voice.alg46 == "loop":
        return Verdict(values, APPROXIMATED, f"a loop as on the DX7, but as strong as LEVEL{voice.looped} makes it")
    if voice.looped and voice.common.feedback:
        return Verdict(values, APPROXIMATED, f"operator 6 feeds back on itself in place of operator {voice.looped}")
    count = len(voice.carriers)
    if count > 1:
        quieter = dx7.CARRIER_DB[count]
        return Verdict(values, EXACT, f"the DX7 turns {count} carriers down by {quieter:g} dB; the board may not")
    return Verdict(values, EXACT, "the same connections")


def _feedback(voice: Voice, value: int) -> Verdict:
    source, target = voice.feedback_path
    amount = voice.profile.feedback[value]
    values = tuple(amount if operator == target else 0 for operator in range(1, OPERATORS + 1))
    if voice.operators[source - 1].silent:
        return Verdict(values, EXACT, f"no effect: operator {source} is silent")
    if voice.looped and voice.alg46 == "loop":
        strength = f"LEVEL{voice.looped} is the strength of the loop, FEEDBACK6 probably has no part in it"
        return Verdict(values, APPROXIMATED if value else LOST, strength)
    if value == 0:
        return Verdict(values, EXACT, "no feedback")
    rounding = voice.profile.feedback.rounding(value)
    return Verdict(values, APPROXIMATED, "the board's law is unknown", rounding, "steps")


def _key_sync(_voice: Voice, value: int) -> Verdict:
    return Verdict((_ALL_SYNCED if value else 0,), EXACT, "all operators" if value else "free running")


# ---- LFO ----

_IDLE = "no effect: the LFO reaches neither pitch nor level"


def _lfo_moves(voice: Voice) -> bool:
    return voice.vibrato or voice.tremolo


def _speed(voice: Voice, value: int) -> Verdict:
    hz, curve = dx7.lfo_hz(value), voice.profile.lfo_hz
    speed = round(curve.where(hz))
    if not _lfo_moves(voice):
        return Verdict((speed,), EXACT, _IDLE)
    reason = f"{hz:.2f} Hz by a law measured in part"
    if hz > curve.at(255):
        reason = f"{hz:.2f} Hz is beyond the board's fastest, about {curve.at(255):.1f} Hz"
    return Verdict((speed,), APPROXIMATED, reason, abs(hz - curve.at(speed)), "Hz")


def _delay(voice: Voice, value: int) -> Verdict:
    values = (voice.profile.lfo_fade[value],)
    if not _lfo_moves(voice):
        return Verdict(values, EXACT, _IDLE)
    if value == 0:
        return Verdict(values, EXACT, "at once, if the direction of FADE is as inferred")
    silence, ramp = dx7.lfo_delay_seconds(value)
    seconds = f"{silence:.2f} s of silence and {ramp:.2f} s of ramp"
    reason = f"{seconds} become a ramp alone; its times and direction are inferred"
    return Verdict(values, APPROXIMATED, reason, silence, "s")


def _pitch_depth(voice: Voice, value: int) -> Verdict:
    values = (voice.vibrato_depth, *(voice.vibrato_sensitivity,) * OPERATORS)
    if value == 0:
        return Verdict(values, EXACT, "no vibrato but by hand")
    if voice.common.pitch_sensitivity == 0:
        return Verdict(values, EXACT, "no effect: the sensitivity is 0")
    return _vibrato(voice, values)


def _pitch_sensitivity(voice: Voice, value: int) -> Verdict:
    values = (voice.vibrato_sensitivity,) * OPERATORS
    if value == 0:
        return Verdict(values, EXACT, "no vibrato")
    if voice.common.pitch_depth == 0:
        return Verdict(values, EXACT, "for vibrato by hand alone: the depth is 0")
    return _vibrato(voice, values)


def _vibrato(voice: Voice, values: tuple[int, ...]) -> Verdict:
    common = voice.common
    wanted = dx7.vibrato_cents(common.pitch_depth, common.pitch_sensitivity)
    most = voice.profile.pitch_depth_cents
    error = abs(wanted - most * voice.vibrato_depth * voice.vibrato_sensitivity / 255)
    return Verdict(values, APPROXIMATED, f"{wanted:.0f} cents up and down, by a depth tuned by ear", error, "cents")


def _amp_depth(voice: Voice, value: int) -> Verdict:
    values = (voice.profile.amp_depth[value],)
    if value == 0:
        return Verdict(values, EXACT, "no tremolo but by hand")
    if not voice.tremolo:
        return Verdict(values, EXACT, "no effect: no operator is sensitive to it")
    return _rounded(voice.profile.amp_depth, value, "straight line; the board's law is unknown")


def _lfo_sync(_voice: Voice, value: int) -> Verdict:
    return Verdict((value,), EXACT, "one LFO for all voices, " + ("restarted by each key" if value else "free"))


def _wave(_voice: Voice, value: int) -> Verdict:
    return Verdict((_WAVES[value],), EXACT, "the same wave")


# ---- the rest ----


def _transpose(_voice: Voice, value: int) -> Verdict:
    return Verdict((value,), EXACT, "copied")


def _name(_voice: Voice, _value: int) -> Verdict:
    return Verdict((), EXACT, "kept by sixop: the board stores no names")


_SIX = tuple(range(1, OPERATORS + 1))
_SENSITIVITIES = tuple(f"PMS{operator}" for operator in _SIX)

VOICE_RULES: tuple[Rule[Voice], ...] = (
    *(_pitch_rate(stage) for stage in (1, 2, 3, 4)),
    *(_pitch_level(stage) for stage in (1, 2, 3, 4)),
    Rule(
        "algorithm",
        tuple(f"ALGO{operator}" for operator in _SIX),
        "bitmaps: bit 0 heard, bit n modulated by operator n, its own bit feedback; 4 and 6 by --alg46",
        _algorithm,
    ),
    Rule(
        "feedback",
        tuple(f"FEEDBACK{operator}" for operator in _SIX),
        "curve {feedback} for the operator with feedback, 0 for the others",
        _feedback,
    ),
    Rule("osc_key_sync", ("SYNC",), "63 if on, else 0", _key_sync),
    Rule("lfo.speed", ("LFO_SPEED",), "the same Hz by {lfo_hz} (step>Hz); never beyond 255", _speed),
    Rule("lfo.delay", ("LFO_FADE",), "curve {lfo_fade}", _delay),
    Rule(
        "lfo.pitch_mod_depth",
        ("LFO_DEPTH_PITCH", *_SENSITIVITIES),
        "12.04 / {pitch_depth_cents} steps a step; beyond 255 PMS grows instead, so that the product stays",
        _pitch_depth,
    ),
    Rule("lfo.amp_mod_depth", ("LFO_DEPTH_AMP",), "curve {amp_depth}", _amp_depth),
    Rule("lfo.sync", ("LFO_SYNC",), "copied: 0 free, 1 restarted by each key", _lfo_sync),
    Rule("lfo.wave", ("LFO_WAVE",), "triangle 0, saw down 3, saw up 2, square 1, sine 4, S/H 5", _wave),
    Rule("pitch_mod_sensitivity", _SENSITIVITIES, "curve {pitch_sensitivity}, all operators", _pitch_sensitivity),
    Rule("transpose", ("TRANSPOSE",), "copied, 24 is none", _transpose),
    *(Rule(f"name{place}", (), "kept on the host, the board stores no names", _name)
      for place in range(1, NAME_LENGTH + 1)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry(Generic[Subject]):
    """One DX7 parameter of a voice with its rule."""

    parameter: Parameter
    rule: Rule[Subject]
    numbers: tuple[int, ...]  #: the XFM2 parameters it governs


def _entry(rule: Rule[Subject], operator: int) -> Entry[Subject]:
    key = f"op{operator}.{rule.key}" if operator else rule.key
    numbers = tuple(BY_NAME[name.replace("#", str(operator))].number for name in rule.names)
    return Entry(BY_KEY[key], rule, numbers)


OPERATOR_ENTRIES: tuple[tuple[Entry[Operator], ...], ...] = tuple(
    tuple(_entry(rule, operator) for rule in OPERATOR_RULES) for operator in range(OPERATORS, 0, -1)
)
"""Those of operator 6, of operator 5 ... of operator 1, as in a voice."""

VOICE_ENTRIES: tuple[Entry[Voice], ...] = tuple(_entry(rule, 0) for rule in VOICE_RULES)

ENTRIES: tuple[Entry[Operator] | Entry[Voice], ...] = (
    *(entry for operator in OPERATOR_ENTRIES for entry in operator),
    *VOICE_ENTRIES,
)
"""All 155, in the order of a voice."""

assert [entry.parameter for entry in ENTRIES] == list(PARAMETERS)
