# SPDX-License-Identifier: Apache-2.0
"""Voices as vectors of 145 floats, for those who learn from them or search among them.

A vector holds what makes the sound of a voice and not its name, field by field, and within a field operator by
operator from operator 1 on. Quantities are fractions of their largest value, 0.0 to 1.0; the `integer` fields, whose
neighbouring values are not neighbouring sounds, hold the numbers themselves. The layout is that of dexed-py's Preset.

    vectors = to_vectors(voices)          # uint8 (n, 155) in VCED order -> float32 (n, 145)
    voices = from_vectors(vectors)        # and back; names become PRESET

Going back, values are rounded to the nearest legal number, halves to the even one. From voices to vectors and back
nothing is lost but the name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from synth.parameters import BY_KEY, NAME, NAME_LENGTH, OPERATORS, PARAMETERS, VOICE_SIZE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synth.packing import Bytes

_ROWS_AT_ONCE: Final = 512  # converted while they are in the cache


@dataclass(frozen=True)
class Field:
    """Some neighbouring places of a vector."""

    name: str
    first: int  #: place in the vector
    shape: tuple[int, ...]  #: (), (4,), (6,) or (6, 4); operators first
    integer: bool  #: True: the number itself, False: a fraction of the largest value
    positions: tuple[int, ...]  #: VCED position of each value

    @property
    def size(self) -> int:
        """How many values the field has."""
        return len(self.positions)


_ENVELOPE_RATES = tuple(f"rate{n}" for n in range(1, 5))
_ENVELOPE_LEVELS = tuple(f"level{n}" for n in range(1, 5))

# Name of a field, and the parameters in it: of the whole voice, or of each operator.
_QUANTITIES: dict[str, tuple[str, ...]] = {
    "feedback": ("feedback",),
    "transpose": ("transpose",),
    "pitch_mod_sensitivity": ("pitch_mod_sensitivity",),
    "lfo_speed": ("lfo.speed",),
    "lfo_delay": ("lfo.delay",),
    "lfo_pitch_mod_depth": ("lfo.pitch_mod_depth",),
    "lfo_amp_mod_depth": ("lfo.amp_mod_depth",),
    "pitch_env_rates": tuple(f"pitch_envelope.{key}" for key in _ENVELOPE_RATES),
    "pitch_env_levels": tuple(f"pitch_envelope.{key}" for key in _ENVELOPE_LEVELS),
    "op_env_rates": _ENVELOPE_RATES,
    "op_env_levels": _ENVELOPE_LEVELS,
    "op_output_level": ("output_level",),
    "op_frequency_coarse": ("frequency_coarse",),
    "op_frequency_fine": ("frequency_fine",),
    "op_detune": ("detune",),
    "op_velocity_sensitivity": ("velocity_sensitivity",),
    "op_amp_mod_sensitivity": ("amp_mod_sensitivity",),
    "op_rate_scaling": ("rate_scaling",),
    "op_breakpoint": ("breakpoint",),
    "op_left_depth": ("left_depth",),
    "op_right_depth": ("right_depth",),
}
_INTEGERS: dict[str, tuple[str, ...]] = {
    "osc_key_sync": ("osc_key_sync",),
    "lfo_sync": ("lfo.sync",),
    "algorithm": ("algorithm",),
    "lfo_wave": ("lfo.wave",),
    "op_frequency_mode": ("frequency_mode",),
    "op_left_curve": ("left_curve",),
    "op_right_curve": ("right_curve",),
}


def _fields() -> tuple[Field, ...]:
    fields: list[Field] = []
    first = 0
    for name, keys in (_QUANTITIES | _INTEGERS).items():
        several = (len(keys),) if len(keys) > 1 else ()
        if name.startswith("op_"):
            keys = tuple(f"op{number}.{key}" for number in range(1, OPERATORS + 1) for key in keys)
            several = (OPERATORS, *several)
        positions = tuple(BY_KEY[key].position for key in keys)
        fields.append(Field(name, first, several, name in _INTEGERS, positions))
        first += len(positions)
    return tuple(fields)


FIELDS: Final = _fields()
VECTOR_SIZE: Final = sum(field.size for field in FIELDS)  # 145
#: of each place in a vector: the VCED position, the largest number, and what a number is divided by
POSITIONS: Final[NDArray[np.intp]] = np.array([position for field in FIELDS for position in field.positions], np.intp)
MAXIMA: Final[NDArray[np.float64]] = np.array([PARAMETERS[position].maximum for position in POSITIONS], np.float64)
SCALES: Final[NDArray[np.float64]] = np.where(
    np.concatenate([np.full(field.size, field.integer) for field in FIELDS]), 1.0, MAXIMA
)
_SINGLE_SCALES: Final = SCALES.astype(np.float32)
_PLACES: Final = np.argsort(np.concatenate([POSITIONS, np.arange(NAME, VOICE_SIZE)]))  # back to the order of VCED


def to_vectors(voices: Bytes) -> NDArray[np.float32]:
    """Vectors, float32 (n, 145), of legal voices, uint8 (n, 155)."""
    vectors = np.empty((len(voices), VECTOR_SIZE), np.float32)
    for at in range(0, len(voices), _ROWS_AT_ONCE):
        some = slice(at, at + _ROWS_AT_ONCE)
        np.divide(np.take(voices[some], POSITIONS, axis=1), _SINGLE_SCALES, out=vectors[some])
    return vectors


def from_vectors(vectors: NDArray[np.floating[Any]], name: str = "PRESET") -> Bytes:
    """Voices, uint8 (n, 155), of vectors, (n, 145) floats, all with one name of up to ten ASCII characters.

    Values beyond their range are brought to its nearer end; ValueError for one that is not a number.
    """
    voices = np.empty((len(vectors), VOICE_SIZE), np.uint8)
    reordered = np.empty((_ROWS_AT_ONCE, VOICE_SIZE), np.uint8)
    reordered[:, VECTOR_SIZE:] = np.frombuffer(name[:NAME_LENGTH].ljust(NAME_LENGTH).encode("ascii"), np.uint8)
    for at in range(0, len(vectors), _ROWS_AT_ONCE):
        some = slice(at, at + _ROWS_AT_ONCE)
        numbers = _numbers(vectors[some])
        if np.isnan(numbers).any():
            row, place = (int(indices[0]) for indices in np.nonzero(np.isnan(numbers)))
            raise ValueError(f"{label(place)} in row {at + row} is not a number.")
        reordered[: len(numbers), :VECTOR_SIZE] = np.clip(numbers, 0.0, MAXIMA, out=numbers)
        voices[some] = np.take(reordered[: len(numbers)], _PLACES, axis=1)
    return voices


def first_illegal(vectors: NDArray[np.floating[Any]]) -> tuple[int, int] | None:
    """Row and place of the first value that rounds to no legal number; None if there is none."""
    for at in range(0, len(vectors), _ROWS_AT_ONCE):
        numbers = _numbers(vectors[at : at + _ROWS_AT_ONCE])
        illegal = ~((numbers >= 0.0) & (numbers <= MAXIMA))  # a NaN is neither
        if illegal.any():
            row, place = np.unravel_index(int(illegal.argmax()), illegal.shape)
            return at + int(row), int(place)
    return None


def label(place: int) -> str:
    """The name of a place in a vector, for messages: ``op_env_rates[3]``, ``lfo_speed``."""
    field = next(field for field in reversed(FIELDS) if field.first <= place)
    return f"{field.name}[{place - field.first}]" if field.size > 1 else field.name


def highest(place: int) -> int:
    """The largest value at a place of a vector: 1 for a fraction."""
    return int(MAXIMA[place] / SCALES[place])


def _numbers(vectors: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    numbers: NDArray[np.float64] = np.multiply(vectors, SCALES, dtype=np.float64)
    np.rint(numbers, out=numbers)
    return numbers
