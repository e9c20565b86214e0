# SPDX-License-Identifier: Apache-2.0
"""Voices as vectors of 145 floats, for those who learn from them or search among them.

A vector holds what makes the sound of a voice and not its name, field by field, and within a field operator by
operator from operator 1 on. Quantities are fractions of their largest value, 0.0 to 1.0; the `integer` fields, whose
neighbouring values are not neighbouring sounds, hold the numbers themselves. The layout is that of dexed-py's Preset.

    vectors = to_vectors(voices)          # uint8 (n, 155) in VCED order -> float32 (n, 145)
    voices = from_vectors(vectors)        # and back; names become PRESET

One rule turns values into numbers, here, in `Preset`, in `render_batch` and under JAX: a value, as float32, times its
scale is rounded to the nearest whole number, halves to the even one (0.5 becomes 0, 1.5 becomes 2). A value is legal if
that gives a legal number, so the noise of arithmetic around 0.0 and 1.0 does no harm. From voices to vectors and back
nothing is lost but the name; operator switches are in neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from synth import packing
from synth._engine import ffi, lib
from synth.checks import as_array
from synth.parameters import BY_KEY, NAME, OPERATORS, PARAMETERS, VOICE_SIZE

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from synth.packing import Bytes


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

    @property
    def places(self) -> slice:
        """Where they are in a vector."""
        return slice(self.first, self.first + self.size)


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
INTEGERS: Final = next(field.first for field in FIELDS if field.integer)  # 123: the first place of a number itself
#: of each place in a vector: the VCED position, the largest number, and what a number is divided by
POSITIONS: Final[NDArray[np.intp]] = np.array([position for field in FIELDS for position in field.positions], np.intp)
MAXIMA: Final[NDArray[np.float64]] = np.array([PARAMETERS[position].maximum for position in POSITIONS], np.float64)
SCALES: Final[NDArray[np.float64]] = np.where(np.arange(VECTOR_SIZE) < INTEGERS, MAXIMA, 1.0)

_BYTES: Final = POSITIONS.astype(np.uint8)
_TABLES: Final = (ffi.from_buffer("uint8_t[]", _BYTES), *(ffi.from_buffer("double[]", t) for t in (MAXIMA, SCALES)))
LAYOUT: Final = ffi.new("sx_layout *", (*_TABLES, INTEGERS))  #: this table as C reads it


def to_vectors(voices: ArrayLike) -> NDArray[np.float32]:
    """Vectors, float32 (n, 145), of voices, whole numbers (n, 155) in VCED order; of one voice, (155,), one vector.

    Raises:
        TypeError, ValueError: no whole numbers, another shape, or a number out of its parameter's range. Names are
            not looked at.
    """
    given = _shaped("voices", voices, "iu", VOICE_SIZE)
    check_voices(given.reshape(-1, VOICE_SIZE))
    raw = np.ascontiguousarray(given, np.uint8)
    vectors = np.empty((*given.shape[:-1], VECTOR_SIZE), np.float32)
    rows = raw.size // VOICE_SIZE
    lib.sx_vectors_of_voices(LAYOUT, ffi.from_buffer("uint8_t[]", raw), rows, ffi.from_buffer("float[]", vectors))
    return vectors


def from_vectors(vectors: ArrayLike, name: str = "PRESET") -> Bytes:
    """Voices, uint8 (n, 155), of vectors, (n, 145) numbers, all with one name; of one vector, (145,), one voice.

    Values beyond their range, infinities too, are brought to its nearer end. The name is taken as `Patch.name` is.

    Raises:
        TypeError, ValueError: no numbers, another shape, or a value that is not a number.
    """
    from synth.patch import Patch

    values = _values(vectors)
    voices = np.empty((*values.shape[:-1], VOICE_SIZE), np.uint8)
    voices[..., NAME:] = np.frombuffer(Patch(name).to_bytes(), np.uint8)[NAME:]
    illegal = lib.sx_voices_of_vectors(LAYOUT, *_as_c(values), ffi.from_buffer("uint8_t[]", voices))
    if illegal >= 0 and np.isnan(values).any():
        row, place = (int(indices[0]) for indices in np.nonzero(np.isnan(values.reshape(-1, VECTOR_SIZE))))
        raise ValueError(f"{label(place)} in row {row} is not a number.")
    return voices


def check_voices(voices: NDArray[np.integer[Any]], first: int = 0) -> None:
    """ValueError for the first number, in rows of 155, that is out of its parameter's range; names are not looked at.

    first: the row of voices[0], as people count.
    """
    heard = voices[:, :NAME]
    illegal = (heard < packing.MINIMA[:NAME]) | (heard > packing.MAXIMA[:NAME])
    if illegal.any():
        row, position = np.unravel_index(int(illegal.argmax()), illegal.shape)
        parameter = PARAMETERS[int(position)]
        raise ValueError(
            f"voices must have {parameter.label} {parameter.minimum} to {parameter.maximum}, "
            f"not {voices[row, position]} in row {first + int(row)}, column {position}."
        )


def first_illegal(vectors: ArrayLike) -> tuple[int, int] | None:
    """Row and place of the first value that rounds to no legal number; None if there is none."""
    illegal = lib.sx_first_illegal(LAYOUT, *_as_c(_values(vectors)))
    return divmod(illegal, VECTOR_SIZE) if illegal >= 0 else None


def label(place: int) -> str:
    """The name of a place in a vector, 0..144, for messages: ``op_env_rates[0, 3]``, ``lfo_speed``."""
    if not 0 <= place < VECTOR_SIZE:
        raise IndexError(f"a vector has places 0 to {VECTOR_SIZE - 1}, not {place}")
    field = next(field for field in reversed(FIELDS) if field.first <= place)
    indices = np.unravel_index(place - field.first, field.shape)
    return f"{field.name}[{', '.join(str(index) for index in indices)}]" if field.shape else field.name


def highest(place: int) -> int:
    """The largest value at a place of a vector: 1 for a fraction."""
    return int(MAXIMA[place] / SCALES[place])


def _values(vectors: ArrayLike) -> NDArray[np.float32]:
    """The vectors as C reads them; what is beyond all floats becomes infinite."""
    values = _shaped("vectors", vectors, "biuf", VECTOR_SIZE)
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(values, np.float32)


def _shaped(name: str, values: ArrayLike, kinds: str, size: int) -> NDArray[Any]:
    """The values as an array of rows of one size, or one such row."""
    array = as_array(name, values)
    if array.dtype.kind not in kinds:
        raise TypeError(f"{name} must be {'whole ' * ('f' not in kinds)}numbers, not {array.dtype.name} values.")
    if array.ndim not in (1, 2) or array.shape[-1] != size:
        raise ValueError(f"{name} must have the shape (n, {size}) or ({size},), not {array.shape}.")
    return array


def _as_c(values: NDArray[np.float32]) -> tuple[Any, int]:
    return ffi.from_buffer("float[]", values), values.size // VECTOR_SIZE
