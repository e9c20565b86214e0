# SPDX-License-Identifier: Apache-2.0
"""A voice as numbers to learn from: fractions of 0.0 to 1.0, and a few integers.

    preset = Preset(name="GLASS", algorithm=4, lfo_speed=0.3)
    preset.op_output_level[1] = 0.72               # operator 2, at 71 of 99
    vector = preset.to_array()                     # float32 (145,), laid out as `synth.vectors` says
    patch = Preset.from_array(vector).to_patch()

A Preset is such a vector and a name; its fields are windows on the vector. For JAX it is a pytree whose leaves are all
data, so nothing compiles anew when a field changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

import numpy as np

from synth._engine import ffi, lib
from synth.attributes import own
from synth.checks import numeric
from synth.parameters import NAME, NAME_LENGTH
from synth.patch import Patch
from synth.preset_fields import DEFAULT_VECTOR, SINGLES, fielded, readable, refusal, settle, specified
from synth.preset_numbers import More, Numbers
from synth.pytree import concatenated, is_traced, register_with_jax, scattered, whole
from synth.vectors import FIELDS, INTEGERS, LAYOUT, MAXIMA, POSITIONS, SCALES, VECTOR_SIZE, to_vectors

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from synth.preset_fields import FloatArray, IntArray

    Floats = NDArray[np.float32]
    Integers = NDArray[np.int32]

_OF_OPERATORS: Final = [field for field in FIELDS if field.name.startswith("op_")]
_OF_VOICE: Final = [field for field in FIELDS if field not in _OF_OPERATORS]
_FLOATS: Final = ffi.typeof("float[]")
_settle, _from_buffer = lib.sx_settle_vectors, ffi.from_buffer
_SHAPE: Final = (VECTOR_SIZE,)
_SINGLE: Final = np.dtype(np.float32)
_BLANK: Final = bytes(NAME) + b" " * NAME_LENGTH


def _places(fields: list[Any], *, integer: bool) -> NDArray[np.intp]:
    """Where the values of some fields are in a vector; of operators one operator a row."""
    ranges = [np.arange(VECTOR_SIZE)[field.places] for field in fields if field.integer == integer]
    return np.hstack([places.reshape(6, -1) for places in ranges] if fields is _OF_OPERATORS else ranges)


_GLOBAL_CONTINUOUS: Final = _places(_OF_VOICE, integer=False)
_GLOBAL_INTS: Final = _places(_OF_VOICE, integer=True)
_OP_CONTINUOUS: Final = _places(_OF_OPERATORS, integer=False)
_OP_INTS: Final = _places(_OF_OPERATORS, integer=True)


def _singles(values: ArrayLike) -> Floats:
    """Numbers as an array of float32 of their own; TypeError for anything else."""
    array = values if type(values) is np.ndarray else np.asarray(values)
    if not numeric(array.dtype):
        raise TypeError(f"a preset is made of numbers, not of {array.dtype.name} values")
    if array is not values and np.ma.is_masked(values):
        raise TypeError("a preset is made of numbers, and some are masked; use values.filled(...)")
    return np.array(array, np.float32, order="C")


def _as_row(array: Any) -> Any:
    """An array of 145 numbers in a row."""
    if np.size(array) != VECTOR_SIZE:
        many = np.shape(array)[1:] == _SHAPE
        raise ValueError(
            f"Expected {VECTOR_SIZE} elements, got {np.size(array)}{'; Preset.unstack takes many at once' * many}"
        )
    return array.reshape(VECTOR_SIZE)


@fielded
class Preset(Numbers):
    """One voice as floats: 123 fractions of 0.0 to 1.0 and 22 integers, in 28 fields.

    Defaults are those of `Patch()`. Each fraction is the DX7's number divided by its largest one (`SCALES`); arrays
    have operator 1 first. Single values read as float or int, arrays as writable float32 or int32 windows on the
    preset. Values are checked when they are assigned, what is written into an array when the preset is used next;
    integers given as floats are rounded, halves to the even one (the rule of `synth.vectors`).

    name: of the voice, up to ten characters count. It is kept by `copy`, `replace`, pickle and `to_patch`, but it is
    no field: it is not in vectors or JAX's leaves (what comes from these is named PRESET), and presets that differ in
    nothing else are equal. Hashing goes by content too, so a preset must not change while it is a key.

    Inside functions that JAX traces, fields may hold traced values, which nothing can check.

    Raises:
        ValueError: a value out of range, not finite, or of another shape.
        TypeError: no numbers, or an unknown field.
    """

    __slots__ = ()

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        _register(cls)

    feedback: float = specified(default=...)
    transpose: float = specified(default=...)  # 0.5 is none
    pitch_mod_sensitivity: float = specified(default=...)
    lfo_speed: float = specified(default=...)
    lfo_delay: float = specified(default=...)
    lfo_pitch_mod_depth: float = specified(default=...)
    lfo_amp_mod_depth: float = specified(default=...)
    osc_key_sync: int = specified(default=...)  # 0..1
    lfo_sync: int = specified(default=...)  # 0..1
    pitch_env_rates: FloatArray = specified(default=...)  # (4,)
    pitch_env_levels: FloatArray = specified(default=...)
    op_env_rates: FloatArray = specified(default=...)  # (6, 4)
    op_env_levels: FloatArray = specified(default=...)
    op_output_level: FloatArray = specified(default=...)  # (6,), and so are all from here on
    op_frequency_coarse: FloatArray = specified(default=...)
    op_frequency_fine: FloatArray = specified(default=...)
    op_detune: FloatArray = specified(default=...)  # 0.5 is none
    op_velocity_sensitivity: FloatArray = specified(default=...)
    op_amp_mod_sensitivity: FloatArray = specified(default=...)
    op_rate_scaling: FloatArray = specified(default=...)
    op_breakpoint: FloatArray = specified(default=...)
    op_left_depth: FloatArray = specified(default=...)
    op_right_depth: FloatArray = specified(default=...)
    algorithm: int = specified(default=...)  # 0..31
    lfo_wave: int = specified(default=...)  # 0..5
    op_frequency_mode: IntArray = specified(default=...)  # 0..1
    op_left_curve: IntArray = specified(default=...)  # 0..3
    op_right_curve: IntArray = specified(default=...)

    if TYPE_CHECKING:
        name: str = specified(default=..., kw_only=True)

    SCALES: ClassVar[dict[str, int]] = {f.name: int(MAXIMA[f.first]) for f in FIELDS if not f.integer}
    DATA_FIELDS: ClassVar[list[str]] = [field.name for field in FIELDS]
    META_FIELDS: ClassVar[list[str]] = []
    GLOBAL_CONTINUOUS_SIZE: ClassVar[int] = _GLOBAL_CONTINUOUS.size
    GLOBAL_INT_MAXES: ClassVar[list[int]] = [int(MAXIMA[f.first]) for f in _OF_VOICE if f.integer]
    OP_CONTINUOUS_SIZE: ClassVar[int] = _OP_CONTINUOUS.shape[1]
    OP_INT_MAXES: ClassVar[list[int]] = [int(MAXIMA[f.first]) for f in _OF_OPERATORS if f.integer]

    # -- arrays --------------------------------------------------------------

    def to_array(self) -> Floats:
        """The preset as a vector of its own, float32 (145,); under JAX's tracing a traced one.

        Raises:
            ValueError: an illegal value has been written into an array.
        """
        more = self._more
        if more is not None and more.leaves is not None and any(map(is_traced, more.leaves)):
            traced: Floats = concatenated(more.leaves, VECTOR_SIZE, INTEGERS)
            return traced
        return self._settled().copy()

    __array_ufunc__ = None  # a preset is no array: comparing with one is False, and nothing is added to it

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        if copy is False:
            raise ValueError("a preset becomes an array by copying only")
        return self.to_array().astype(dtype or np.float32, copy=False)

    @classmethod
    def from_array(cls, arr: ArrayLike) -> Self:
        """The preset of 145 numbers of any shape; integers are rounded, halves to the even one.

        Traced vectors of JAX are taken as well.

        Raises:
            ValueError: another number of values; NaN or a value out of range, with its field.
            TypeError: no numbers.
        """
        if type(arr) is not np.ndarray and is_traced(arr):
            return cls._of_leaves(cls.array_to_leaves(arr))
        if type(arr) is np.ndarray and arr.dtype is _SINGLE and arr.shape == _SHAPE:
            flat = arr.copy()  # the quickest way there is, for the usual case
        else:
            flat = _as_row(_singles(arr))
        if _settle(LAYOUT, _from_buffer(_FLOATS, flat), 1) >= 0:
            raise refusal(flat)
        return cls._of(flat)

    @staticmethod
    def stack(presets: Iterable[Preset]) -> Floats:
        """Many presets as one array, float32 (n, 145)."""
        if isinstance(presets, Preset) or not isinstance(presets, Iterable):
            raise TypeError(f"stack takes a list of presets, not {presets!r}")
        rows = list(presets)
        for row, preset in enumerate(rows):
            if not isinstance(preset, Preset):
                raise TypeError(f"stack takes presets, but row {row} is {preset!r}")
        return np.array([preset._settled() for preset in rows], np.float32).reshape(-1, VECTOR_SIZE)

    @classmethod
    def unstack(cls, array: ArrayLike) -> list[Self]:
        """The presets of an array (n, 145), as `from_array`; errors also name the row."""
        traced = is_traced(array)
        rows: Any = array if traced else _singles(array)
        if rows.shape == (0,):
            return []
        if rows.ndim != 2 or rows.shape[1] != VECTOR_SIZE:
            raise ValueError(f"Expected an array of shape (n, {VECTOR_SIZE}), got {rows.shape}")
        if traced:
            return [cls.from_array(row) for row in rows]
        settle(rows)
        return [cls._of(row.copy()) for row in rows]

    def global_continuous(self) -> Floats:
        """The fractions of the whole voice, float32 (15,): the first nine fields."""
        return self.to_array()[_GLOBAL_CONTINUOUS]

    def global_ints(self) -> Integers:
        """The integers of the whole voice, int32 (4,): osc_key_sync, lfo_sync, algorithm, lfo_wave."""
        return self.to_array()[_GLOBAL_INTS].astype(np.int32)

    def op_continuous(self) -> Floats:
        """The fractions of each operator, float32 (6, 18), in the order of the fields."""
        return self.to_array()[_OP_CONTINUOUS]

    def op_ints(self) -> Integers:
        """The integers of each operator, int32 (6, 3): frequency mode, left curve, right curve."""
        return self.to_array()[_OP_INTS].astype(np.int32)

    @classmethod
    def from_operator_bundles(
        cls, global_cont: ArrayLike, global_int: ArrayLike, op_cont: ArrayLike, op_int: ArrayLike
    ) -> Self:
        """The preset of what `global_continuous`, `global_ints`, `op_continuous` and `op_ints` give."""
        bundles = {"global_cont": global_cont, "global_int": global_int, "op_cont": op_cont, "op_int": op_int}
        places = (_GLOBAL_CONTINUOUS, _GLOBAL_INTS, _OP_CONTINUOUS, _OP_INTS)
        for where, (name, bundle) in zip(places, bundles.items(), strict=True):
            if np.shape(bundle) != where.shape:
                raise ValueError(f"{name} must have the shape {where.shape}, not {np.shape(bundle)}")
        if any(map(is_traced, bundles.values())):
            return cls.from_array(scattered(zip(places, bundles.values(), strict=True), VECTOR_SIZE))
        flat = np.empty(VECTOR_SIZE, np.float32)
        for where, bundle in zip(places, bundles.values(), strict=True):
            flat[where] = _singles(bundle)
        return cls.from_array(flat)

    @staticmethod
    def array_to_leaves(arr: Any) -> list[Any]:
        """A vector of 145 as JAX's 28 leaves, in the order of `DATA_FIELDS`; NumPy's or JAX's, traced or not.

        Fractions are float32, integers rounded int32, as the leaves of every preset are; ranges are not looked at.
        """
        flat = _as_row(arr if hasattr(arr, "reshape") else np.asarray(arr, np.float32)).astype(np.float32)
        ints = whole(flat[INTEGERS:])
        parts = [ints[f.first - INTEGERS :][: f.size] if f.integer else flat[f.places] for f in FIELDS]
        return [part.reshape(f.shape) if f.shape else part[0] for f, part in zip(FIELDS, parts, strict=True)]

    # -- patches -------------------------------------------------------------

    @classmethod
    def from_patch(cls, patch: Patch) -> Self:
        """The preset of a patch, with its name. Operator switches, which no stored voice holds, are left behind."""
        if not isinstance(patch, Patch):
            raise TypeError(f"from_patch takes a Patch, not {type(patch).__name__}")
        raw = patch.to_raw()
        exact = (raw[POSITIONS[:SINGLES]] / SCALES[:SINGLES]).tolist()
        return cls._of(to_vectors(raw[None])[0], More(patch.name, exact))

    def to_patch(self, name: str | None = None) -> Patch:
        """The patch with the nearest of the DX7's numbers, under this name or the preset's own."""
        patch = Patch._of(self.to_voice())
        patch.name = self.name if name is None else name
        return patch

    def to_voice(self) -> bytes:
        """What is heard of it as the 155 bytes of a voice, in VCED order; the name is blank.

        Raises:
            ValueError: an illegal value has been written into an array.
        """
        voice = bytearray(_BLANK)
        flat = self._settled()
        lib.sx_voices_of_vectors(LAYOUT, _from_buffer(_FLOATS, flat), 1, _from_buffer(voice))
        return bytes(voice)

    # -- identity ------------------------------------------------------------

    def copy(self) -> Self:
        """An independent preset with the same content and name."""
        twin = self._of(*self._content())
        if more := own(self):
            vars(twin).update(more)
        return twin

    def replace(self, **changes: Any) -> Self:
        """A copy with some fields, or the name, changed."""
        twin = self.copy()
        for name, value in changes.items():
            setattr(twin, name, value)
        return twin

    __copy__ = copy
    __replace__ = replace

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self)._restored, self._content(), own(self)

    @classmethod
    def _restored(cls, flat: Floats | None, more: More | None) -> Self:
        """What `_content` gave, perhaps long ago and elsewhere."""
        return cls._of(None if flat is None else cls.from_array(flat)._flat, more)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Preset):
            return NotImplemented
        return np.array_equal(self._comparable(), other._comparable())

    def __hash__(self) -> int:
        return hash(self._settled().tobytes())

    def __repr__(self) -> str:
        if self._leaves is not None:
            shown = [f"{field.name}={leaf!r}" for field, leaf in zip(FIELDS, self._leaves, strict=True)]
        else:
            flat = self._current()
            shown = []
            for field in FIELDS:
                numbers = flat[field.places]
                if not np.array_equal(numbers, DEFAULT_VECTOR[field.places]):
                    shown.append(f"{field.name}={readable(field, numbers)}")
        return f"{type(self).__name__}({', '.join([*shown, f'name={self.name!r}'])})"


def _register(kind: type[Preset]) -> None:
    register_with_jax(kind, Preset.DATA_FIELDS, kind._flatten, kind._of_leaves)


_register(Preset)
