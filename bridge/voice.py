# SPDX-License-Identifier: Apache-2.0
"""A DX7 voice as a conversion sees it: its values, and what follows from several of them together."""

from typing import NamedTuple

from bridge import dx7
from bridge.algorithms import Alg46, carriers, feedback_path
from bridge.curve import clamped, nearest
from bridge.frequency import fixed_frequency, ratio_frequency
from bridge.profile import Profile
from synth.parameters import COMMON, NAME, OPERATOR_SIZE, PITCH_ENVELOPE, operator_position, operators_switched_on

_BOOSTS = (2, 3)  # curves +EXP and +LIN


class OperatorValues(NamedTuple):
    """The 21 bytes of an operator, in the order of a voice."""

    rate1: int
    rate2: int
    rate3: int
    rate4: int
    level1: int
    level2: int
    level3: int
    level4: int
    break_point: int
    left_depth: int
    right_depth: int
    left_curve: int
    right_curve: int
    rate_scaling: int
    amp_sensitivity: int
    velocity: int
    output_level: int
    fixed: int
    coarse: int
    fine: int
    detune: int


class Operator:
    """One operator, 1..6, of a voice."""

    __slots__ = ("carrier", "frequency", "level", "level_curve", "number", "on", "silent", "value", "voice")

    def __init__(self, voice: "Voice", number: int, on: bool) -> None:
        place = operator_position(number - 1)
        value = OperatorValues(*voice.raw[place : place + OPERATOR_SIZE])
        profile = voice.profile
        self.voice = voice
        self.number = number
        self.on = on
        self.value = value
        self.carrier = number in voice.carriers
        boosted = (value.left_depth and value.left_curve in _BOOSTS) or (
            value.right_depth and value.right_curve in _BOOSTS
        )
        self.silent = not on or not (value.output_level or boosted)
        """True if no key and no touch makes the operator heard."""
        self.level_curve = profile.carrier_level if self.carrier else profile.modulator_level
        self.level = self._level() if on else 0
        make = fixed_frequency if value.fixed else ratio_frequency
        self.frequency = make(value.coarse, value.fine, value.detune, profile)

    def _level(self) -> int:
        level, profile = self.value.output_level, self.voice.profile
        trim = profile.carrier_trim[len(self.voice.carriers)] if self.carrier else profile.modulator_trim
        return clamped(self.level_curve[level] + (trim if level else 0))


class Common(NamedTuple):
    """The bytes of a voice between pitch envelope and name."""

    algorithm: int
    feedback: int
    key_sync: int
    speed: int
    delay: int
    pitch_depth: int
    amp_depth: int
    lfo_sync: int
    wave: int
    pitch_sensitivity: int
    transpose: int


class Voice:
    """A whole voice, with the profile and the reading of algorithms 4 and 6 by which it is converted."""

    __slots__ = ("alg46", "algorithm", "carriers", "common", "feedback_path", "operators", "pitch_levels",
                 "pitch_range", "profile", "raw", "tremolo", "vibrato", "vibrato_depth",
                 "vibrato_sensitivity")  # fmt: skip

    def __init__(self, raw: bytes, switches: int, profile: Profile, alg46: Alg46) -> None:
        self.raw = raw
        self.profile = profile
        self.alg46 = alg46
        self.algorithm = raw[COMMON]
        self.carriers = carriers(self.algorithm)
        self.feedback_path = feedback_path(self.algorithm)
        self.operators = tuple(
            Operator(self, number, is_on) for number, is_on in enumerate(operators_switched_on(switches), 1)
        )
        self.pitch_levels = tuple(raw[PITCH_ENVELOPE + 4 : PITCH_ENVELOPE + 8])
        self.pitch_range = _pitch_range(self.pitch_levels, profile)
        self.common = Common(*raw[COMMON:NAME])
        self.vibrato_depth, self.vibrato_sensitivity = _vibrato(self.common, profile)
        by_hand = profile.wheel_vibrato or profile.aftertouch_vibrato
        self.vibrato = bool(self.common.pitch_sensitivity and (self.common.pitch_depth or by_hand))
        """True if the LFO can bend the pitch."""
        by_hand = profile.wheel_tremolo or profile.aftertouch_tremolo
        heard = any(op.value.amp_sensitivity and not op.silent for op in self.operators)
        self.tremolo = bool(heard and (self.common.amp_depth or by_hand))
        """True if the LFO can change a level."""

    @property
    def looped(self) -> int:
        """The operator that feeds operator 6 in algorithms 4 and 6; 0 in all others."""
        source, target = self.feedback_path
        return source if source != target else 0


def _pitch_range(levels: tuple[int, ...], profile: Profile) -> int:
    """The smallest range that holds all four levels, in octaves; 0 if none leaves the key's pitch."""
    if all(level == dx7.FLAT_PITCH for level in levels):
        return 0
    for octaves in sorted(profile.pitch_ranges):
        if all(-128 <= profile.pitch_level.at(level) * 4 / octaves < 127.5 for level in levels):
            return octaves
    return max(profile.pitch_ranges)


def pitch_level(level: int, octaves: int, profile: Profile) -> int:
    """A level of the board's pitch envelope, for a level of the DX7's and a range in octaves (0: without effect)."""
    return clamped(128 + profile.pitch_level.at(level) * 4 / octaves) if octaves else 128


def _vibrato(common: Common, profile: Profile) -> tuple[int, int]:
    """Depth and sensitivity. A depth that the board cannot reach is made up for by the sensitivity."""
    depth = common.pitch_depth * dx7.vibrato_cents(1, 7) / profile.pitch_depth_cents
    sensitivity = profile.pitch_sensitivity[common.pitch_sensitivity]
    if depth > 255:
        return 255, clamped(depth * sensitivity / 255)
    return nearest(depth), sensitivity
